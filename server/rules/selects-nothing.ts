import { t } from '@vscode/l10n';
import { folderOf } from './duplicate-object.ts';
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
    if (index.selectedBy(facts.namespace, labels).length > 0) return [];
    const owners = index.inNamespace(facts.namespace).filter(({ what }) => what.pod);
    if (owners.length === 0) return [];
    // Where none of the pods are beside it, those that it is for may well be elsewhere.
    const near = owners.some((owner) => folderOf(owner.uri) === folderOf(uri));
    const severity = facts.kind === 'Service' && near ? 'warning' : 'hint';
    const message = t('No pods of this workspace in namespace "{0}" carry {1}', facts.namespace, formatLabels(labels));
    return [{ at: object.at(path), onName: true, message, severity }];
  },
};

/** `app=web, tier=front` */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
