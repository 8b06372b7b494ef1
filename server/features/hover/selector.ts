import { t } from '@vscode/l10n';
import type { Field } from '../../documents/field.ts';
import { selects } from '../../index/facts.ts';
import { andMore, type Hovered, type HoverPart } from './part.ts';

/** So many of what is selected are named. */
const listed = 8;

const selectors =
  /^(core\.v1\.(Service|ReplicationController)Spec\.selector|apps\.v1\.\w+Spec\.selector|batch\.v1\.JobSpec\.selector|policy\.v1\.PodDisruptionBudgetSpec\.selector|networking\.v1\.NetworkPolicy(Spec|Peer)\.podSelector|core\.v1\.(PodAffinityTerm|TopologySpreadConstraint)\.labelSelector|meta\.v1\.LabelSelector\.match(Labels|Expressions))$/;

/** What a selector matches in the workspace now. */
export const selector: HoverPart = (hovered) => {
  const { owner, field, path, rest } = hovered;
  if (!selectors.test(owner) || rest.length > 0 || path.includes('namespaceSelector')) return undefined;
  const inside = owner.startsWith('meta.v1.');
  const whole = inside ? hovered.object.at([...hovered.object.path, ...path.slice(0, -1)]) : field;
  const isPlain = /\.(Service|ReplicationController)Spec\./.test(owner);
  const requirements = isPlain ? labelsOf(whole) : requirementsOf(whole);
  if (requirements === undefined) return undefined;
  if (requirements.length === 0) {
    return owner === 'core.v1.ServiceSpec.selector'
      ? t('Selects nothing.')
      : t('An empty selector matches **every** pod of the namespace.');
  }
  return matching(hovered, requirements);
};

type Requirement = (labels: Readonly<Record<string, string>>) => boolean;

function labelsOf(field: Field): Requirement[] {
  return field.entries().flatMap(([name, value]) => {
    const wanted = value.text;
    return wanted === undefined ? [] : [(labels: Readonly<Record<string, string>>) => selects({ [name]: wanted }, labels)];
  });
}

/** The requirements of a label selector; undefined when one of them is not whole. */
function requirementsOf(field: Field): Requirement[] | undefined {
  const found = labelsOf(field.get('matchLabels'));
  for (const expression of field.get('matchExpressions').items()) {
    const key = expression.get('key').text;
    const values = expression
      .get('values')
      .items()
      .flatMap((item) => item.text ?? []);
    if (key === undefined) return undefined;
    const requirement = operators[expression.get('operator').text ?? '']?.(key, values);
    if (!requirement) return undefined;
    found.push(requirement);
  }
  return found;
}

const operators: Readonly<Record<string, (key: string, values: readonly string[]) => Requirement>> = {
  In: (key, values) => (labels) => values.includes(labels[key] ?? ''),
  NotIn: (key, values) => (labels) => labels[key] === undefined || !values.includes(labels[key]),
  Exists: (key) => (labels) => labels[key] !== undefined,
  DoesNotExist: (key) => (labels) => labels[key] === undefined,
};

function matching({ names, namespace }: Hovered, requirements: readonly Requirement[]): string {
  const pods = [...names.inNamespace(namespace)].filter(({ pod }) => pod && requirements.every((fits) => fits(pod.labels)));
  if (pods.length === 0) return t('Matches no pods in this workspace.');
  const named = pods.slice(0, listed).map(({ kind, name }) => `\`${kind}/${name}\``);
  return t('Matches the pods of {0}.', andMore(named.join(', '), pods.length - listed));
}
