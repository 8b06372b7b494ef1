import type { MatchResources, NamedRuleWithOperations } from '../../api/generated/types/admissionregistration/v1.ts';
import { selectorFromLabelSelector } from '../../api/selectors/index.ts';
import { notFound } from '../../api/status.ts';
import type { ApiObject } from '../registry/api-object.ts';
import type { Resource } from '../registry/resource.ts';
import type { AdmissionContext, Attributes } from './admission.ts';

/**
 * The resource in whose version a webhook or policy wants to see the write, or nothing when the write is none of its business. Follows upstream's
 * `ShouldCallHook` and `Matcher.Matches`. Throws 404 when the namespace is not there.
 */
export function matchedResource(match: MatchResources, attributes: Attributes, context: AdmissionContext): Resource | undefined {
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
function equivalents({ kind }: Resource, { resources }: AdmissionContext): readonly Resource[] {
  return [...resources.all()].filter(
    (other) => other.kind.group === kind.group && other.kind.plural === kind.plural && other.kind.version !== kind.version,
  );
}

function matching(rules: readonly NamedRuleWithOperations[], attributes: Attributes, resource: Resource): Resource | undefined {
  return rules.some((rule) => matches(rule, attributes, resource)) ? resource : undefined;
}

function includes(list: readonly string[] | undefined, value: string): boolean {
  return list?.some((each) => each === '*' || each === value) === true;
}

function matches(rule: NamedRuleWithOperations, { operation, subresource, namespace, name }: Attributes, { kind }: Resource): boolean {
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
function inNamespace({ namespaceSelector }: MatchResources, attributes: Attributes, { reader }: AdmissionContext): boolean {
  if (Object.keys(namespaceSelector ?? {}).length === 0) return true;
  const { resource, namespace, object, oldObject } = attributes;
  const isNamespace = resource.kind.group === '' && resource.kind.plural === 'namespaces';
  if (namespace === '' && !isNamespace) return true;
  const found = isNamespace ? (object ?? oldObject) : reader.get('', 'namespaces', '', namespace);
  if (found === undefined) throw notFound({ group: '', resource: 'namespaces' }, namespace);
  return selectorFromLabelSelector(namespaceSelector).matches(found.metadata.labels ?? {});
}
