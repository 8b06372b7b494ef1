import { t } from '@vscode/l10n';
import { didYouMean } from '../documents/did-you-mean.ts';
import type { Labels } from '../index/facts.ts';
import { nearest } from '../schemas/distance.ts';
import { folderOf } from './folders.ts';
import { namespacesOf } from './moved-namespaces.ts';
import type { Rule } from './rule.ts';

/** Services, disruption budgets and network policies whose selector chooses no pods, though pods of the namespace are here. */
export const selectsNothing: Rule = {
  id: 'selects-nothing',
  title: 'Selector that chooses no pods',
  why: 'A Service without pods refuses connections, and a budget or policy without pods protects nothing.',
  severity: 'warning',
  scope: 'workspace',
  check({ uri, object, facts, index }) {
    if (!['Service', 'PodDisruptionBudget', 'NetworkPolicy'].includes(facts.kind) || !facts.selector) return [];
    const { labels, path } = facts.selector;
    if (Object.keys(labels).length === 0) return [];
    if (namespacesOf(index, facts.namespace).some((one) => index.selectedBy(one, labels).length > 0)) return [];
    const owners = index.inNamespace(facts.namespace).filter(({ what }) => what.pod);
    if (owners.length === 0) return [];
    // Where none of the pods are beside it, those that it is for may well be elsewhere.
    const near = owners.some((owner) => folderOf(owner.uri) === folderOf(uri));
    const severity = facts.kind === 'Service' && near ? 'warning' : 'hint';
    const message = t('No pods of this workspace in namespace "{0}" carry {1}', facts.namespace, formatLabels(labels));
    const pods = owners.flatMap(({ what }) => (what.pod ? [what.pod.labels] : []));
    const misspelt = misspeltValue(labels, pods);
    if (!misspelt) return [{ at: object.at(path), onName: true, message, severity }];
    const [name, meant] = misspelt;
    const selector = object.at(path);
    const at = facts.kind === 'Service' ? selector.get(name) : selector.get('matchLabels', name);
    return [{ at, message: message + didYouMean(meant), severity, fix: { replace: meant } }];
  },
};

/** The label of a selector that would choose pods with a value that comes near, and that value. */
function misspeltValue(labels: Labels, pods: readonly Labels[]): readonly [string, string] | undefined {
  for (const [name, value] of Object.entries(labels)) {
    const { [name]: _, ...others } = labels;
    const alike = pods.filter((pod) => Object.entries(others).every(([key, wanted]) => pod[key] === wanted));
    const meant = nearest(value, new Set(alike.flatMap((pod) => pod[name] ?? [])));
    if (meant !== undefined) return [name, meant];
  }
  return undefined;
}

/** `app=web, tier=front` */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
