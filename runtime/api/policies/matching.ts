import type { MatchResources, NamedRuleWithOperations } from '../generated/types/admissionregistration/v1.ts';
import type { ApiObject } from '../object.ts';
import { selectorFromLabelSelector } from '../selectors/index.ts';
import { notFound } from '../status.ts';
import type { PolicyContext, PolicyResource, PolicyWrite } from './write.ts';

/**
 * The resource in whose version a webhook or policy wants to see the write, or nothing when the write is none of its business. Follows upstream's
 * `ShouldCallHook` and `Matcher.Matches`. Throws 404 when the namespace is not there.
 */
export function matchedResource<R extends PolicyResource>(
  match: MatchResources,
  attributes: PolicyWrite<R>,
  context: PolicyContext<R>,
): R | undefined {
  const { resourceRules = [], excludeResourceRules = [], matchPolicy, objectSelector } = match;
  const find = (rules: readonly NamedRuleWithOperations[]) =>
    matching(rules, attributes, attributes.resource) ??
    (matchPolicy === 'Exact' ? undefined : equivalents(attributes.resource, context).find((each) => matching(rules, attributes, each)));
  const wanted = find(resourceRules);
  if (wanted === undefined || find(excludeResourceRules) !== undefined) return undefined;
  const selector = selectorFromLabelSelector(objectSelector);
  const selects = (object: ApiObject | undefined) => object?.metadata !== undefined && selector.matches(object.metadata.labels ?? {});
  const everything = Object.keys(objectSelector ?? {}).length === 0;
  if (!everything && !selects(attributes.object) && !selects(attributes.oldObject)) return undefined;
  return inNamespace(match, attributes, context) ? wanted : undefined;
}

/** The same objects in the other versions in which they are served. */
function equivalents<R extends PolicyResource>({ kind }: R, { resources }: PolicyContext<R>): readonly R[] {
  return [...resources.all()].filter(
    (other) => other.kind.group === kind.group && other.kind.plural === kind.plural && other.kind.version !== kind.version,
  );
}

function matching<R extends PolicyResource>(
  rules: readonly NamedRuleWithOperations[],
  attributes: PolicyWrite<R>,
  resource: R,
): R | undefined {
  return rules.some((rule) => matches(rule, attributes, resource)) ? resource : undefined;
}

function includes(list: readonly string[] | undefined, value: string): boolean {
  return list?.some((each) => each === '*' || each === value) === true;
}

function matches<R extends PolicyResource>(
  rule: NamedRuleWithOperations,
  { operation, subresource, namespace, name }: PolicyWrite<R>,
  { kind }: R,
): boolean {
  const isNamespaced = namespace !== '' && !(kind.group === '' && kind.plural === 'namespaces');
  const scope = rule.scope ?? '*';
  return (
    (scope === '*' || scope === (isNamespaced ? 'Namespaced' : 'Cluster')) &&
    includes(rule.operations, operation) &&
    includes(rule.apiGroups, kind.group) &&
    includes(rule.apiVersions, kind.version) &&
    ((rule.resourceNames ?? []).length === 0 || rule.resourceNames?.includes(name) === true) &&
    rule.resources?.some((each) => {
      const [wanted = '', part = ''] = each.split('/');
      return (wanted === '*' || wanted === kind.plural) && (part === '*' || part === subresource);
    }) === true
  );
}

/** Of kinds without namespaces only namespaces themselves have labels that count. */
function inNamespace<R extends PolicyResource>(
  { namespaceSelector }: MatchResources,
  attributes: PolicyWrite<R>,
  { reader }: PolicyContext<R>,
): boolean {
  if (Object.keys(namespaceSelector ?? {}).length === 0) return true;
  const { resource, namespace, object, oldObject } = attributes;
  const isNamespace = resource.kind.group === '' && resource.kind.plural === 'namespaces';
  if (namespace === '' && !isNamespace) return true;
  const found = isNamespace ? (object ?? oldObject) : reader.get('', 'namespaces', '', namespace);
  if (found === undefined) throw notFound({ group: '', resource: 'namespaces' }, namespace);
  return selectorFromLabelSelector(namespaceSelector).matches(found.metadata.labels ?? {});
}
