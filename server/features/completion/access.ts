import { t } from '@vscode/l10n';
import { kinds } from '../../../runtime/api/generated/kinds.ts';
import { builtInResources, resourceOf, specialVerbs, usualVerbs } from '../../schemas/resources.ts';
import { type Choice, type Context, choices, type Source, type Sources, siblingsOf } from './context.ts';

function listed(context: Context, list: string): ReadonlySet<string> {
  return new Set(
    siblingsOf(context.node)
      ?.items(list)
      .map((item) => item.value?.text ?? ''),
  );
}

function groupLabel(group: string): string {
  return group === ''
    ? t('the core group: pods, services, configmaps …')
    : `${builtInResources.find((resource) => resource.group === group)?.name ?? ''} …`;
}

/** API groups; those of the resources that are named already come first. */
function* apiGroups(context: Context): Iterable<Choice> {
  const named = listed(context, 'resources');
  const groups = new Set([...builtInResources.map(({ group }) => group), ...context.kinds.all().map(({ group }) => group)]);
  for (const group of groups) {
    const fits = builtInResources.some((resource) => resource.group === group && named.has(resource.name));
    yield { text: group === '' ? '""' : group, detail: groupLabel(group), rank: fits ? 0 : group === '' ? 1 : 3 };
  }
  yield { text: '"*"', detail: t('all groups'), rank: 9 };
}

/** Resources of the groups that are named; of all while none is. */
function* resources(context: Context): Iterable<Choice> {
  const groups = listed(context, 'apiGroups');
  const fits = ({ group }: { readonly group: string }) => groups.size === 0 || groups.has(group) || groups.has('*');
  const seen = new Set<string>();
  for (const { name, group, kind } of builtInResources) {
    if (!fits({ group }) || seen.has(name)) continue;
    seen.add(name);
    yield { text: name, detail: `${kind}${group === '' ? '' : ` · ${group}`}`, rank: name.includes('/') ? 4 : 2 };
  }
  for (const known of context.kinds.all()) {
    if (known.builtIn || !fits(known)) continue;
    yield { text: resourceOf(known), detail: `${known.kind} · ${known.group}`, rank: 2 };
  }
  yield { text: '"*"', detail: t('all resources'), rank: 9 };
}

/** Verbs that the named resources know. */
function* verbs(context: Context): Iterable<Choice> {
  const named = listed(context, 'resources');
  const known = builtInResources.filter(({ name }) => named.has(name)).flatMap((resource) => resource.verbs);
  const special = [...named].flatMap((name) => specialVerbs[name] ?? []);
  const offered = known.length > 0 ? usualVerbs.filter((verb) => known.includes(verb)) : usualVerbs;
  for (const [rank, text] of [...new Set([...offered, ...special])].entries()) yield { text, rank };
  yield { text: '"*"', detail: t('all verbs'), rank: 40 };
}

/** Names of objects of the resources that are named. */
function* resourceNames(context: Context): Iterable<Choice> {
  for (const name of listed(context, 'resources')) {
    const kind = kinds.find(({ plural }) => plural === name);
    if (!kind) continue;
    for (const object of context.names.objects(kind.kind, kind.namespaced ? context.namespace : '')) {
      if (object.name !== '') yield { text: object.name, detail: `${object.kind} · ${object.origin}`, rank: 0 };
    }
  }
}

const versions: Source = (context) => [
  ...[...new Set(context.kinds.all().map(({ apiVersion }) => apiVersion.slice(apiVersion.indexOf('/') + 1)))].map((text) => ({ text })),
  { text: '"*"', detail: t('all versions'), rank: 9 },
];

/** Fields of rules about who may do what, and of what webhooks and policies look at. */
export const accessSources: Sources = {
  'rbac.v1.PolicyRule.apiGroups': apiGroups,
  'rbac.v1.PolicyRule.resources': resources,
  'rbac.v1.PolicyRule.verbs': verbs,
  'rbac.v1.PolicyRule.resourceNames': resourceNames,
  'rbac.v1.PolicyRule.nonResourceURLs': () => choices('/healthz /livez /readyz /metrics /version /api /apis /openapi/v3'),
  'rbac.v1.RoleRef.kind': () => choices('Role ClusterRole'),
  'rbac.v1.RoleRef.apiGroup': () => choices('rbac.authorization.k8s.io'),
  'rbac.v1.Subject.kind': () => choices('ServiceAccount User Group'),
  'rbac.v1.Subject.apiGroup': () => choices('rbac.authorization.k8s.io'),
  'admissionregistration.v1.RuleWithOperations.apiGroups': apiGroups,
  'admissionregistration.v1.RuleWithOperations.apiVersions': versions,
  'admissionregistration.v1.RuleWithOperations.resources': resources,
  'admissionregistration.v1.RuleWithOperations.operations': () => choices('CREATE UPDATE DELETE CONNECT "*"'),
  'admissionregistration.v1.NamedRuleWithOperations.apiGroups': apiGroups,
  'admissionregistration.v1.NamedRuleWithOperations.apiVersions': versions,
  'admissionregistration.v1.NamedRuleWithOperations.resources': resources,
  'admissionregistration.v1.NamedRuleWithOperations.operations': () => choices('CREATE UPDATE DELETE CONNECT "*"'),
  'authorization.v1.ResourceAttributes.verb': () => usualVerbs.map((text, rank) => ({ text, rank })),
  'authorization.v1.ResourceAttributes.resource': resources,
  'authorization.v1.ResourceAttributes.group': apiGroups,
};
