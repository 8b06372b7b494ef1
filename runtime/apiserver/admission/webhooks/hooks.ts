import type { MutatingWebhook, RuleWithOperations, ValidatingWebhook } from '../../../api/generated/types/admissionregistration/v1.ts';
import type { KubeObject } from '../../../api/object.ts';
import { selectorFromLabelSelector } from '../../../api/selectors/index.ts';
import { notFound } from '../../../api/status.ts';
import type { ApiObject } from '../../registry/api-object.ts';
import type { Resource } from '../../registry/resource.ts';
import type { AdmissionContext, Attributes } from '../admission.ts';

/** One webhook of a configuration. */
export interface Hook {
  /** Tells it from all others: configuration, name, and which of that name. */
  readonly id: string;
  readonly webhook: MutatingWebhook & ValidatingWebhook;
}

type ConfigurationPlural = 'mutatingwebhookconfigurations' | 'validatingwebhookconfigurations';

/** All webhooks, by the name of their configuration and then as they stand in it. */
export function hooksOf({ reader }: AdmissionContext, plural: ConfigurationPlural): readonly Hook[] {
  return reader.list('admissionregistration.k8s.io', plural).flatMap((configuration: KubeObject) => {
    // A stored object has the structure of its definition.
    const { webhooks = [] } = configuration as { webhooks?: (MutatingWebhook & ValidatingWebhook)[] };
    return webhooks.map((webhook, index) => ({ id: `${configuration.metadata?.uid ?? ''}/${webhook.name}/${index}`, webhook }));
  });
}

/** Webhooks have no say in what says which webhooks there are, so that a bad one can be taken away. */
export function isExempt({ resource }: Attributes): boolean {
  return resource.kind.group === 'admissionregistration.k8s.io';
}

/**
 * The resource in whose version a webhook wants to see the write, or nothing when the write is none of its business. Follows upstream's
 * `ShouldCallHook`. Throws 404 when the namespace is not there.
 */
export function resourceFor({ webhook }: Hook, attributes: Attributes, context: AdmissionContext): Resource | undefined {
  const { rules = [], matchPolicy, objectSelector } = webhook;
  const wanted =
    matching(rules, attributes, attributes.resource) ??
    (matchPolicy === 'Exact' ? undefined : equivalents(attributes.resource, context).find((each) => matching(rules, attributes, each)));
  if (wanted === undefined) return undefined;
  const selector = selectorFromLabelSelector(objectSelector);
  const selects = (object: ApiObject | undefined) => object !== undefined && selector.matches(object.metadata.labels ?? {});
  if (!selects(attributes.object) && !selects(attributes.oldObject)) return undefined;
  return inNamespace(webhook, attributes, context) ? wanted : undefined;
}

/** The same objects in the other versions in which they are served. */
function equivalents({ kind }: Resource, { resources }: AdmissionContext): readonly Resource[] {
  return [...resources.all()].filter(
    (other) => other.kind.group === kind.group && other.kind.plural === kind.plural && other.kind.version !== kind.version,
  );
}

function matching(rules: readonly RuleWithOperations[], attributes: Attributes, resource: Resource): Resource | undefined {
  return rules.some((rule) => matches(rule, attributes, resource)) ? resource : undefined;
}

function includes(list: readonly string[] | undefined, value: string): boolean {
  return list?.some((each) => each === '*' || each === value) === true;
}

function matches(rule: RuleWithOperations, { operation, subresource, namespace }: Attributes, { kind }: Resource): boolean {
  const isNamespaced = namespace !== '' && !(kind.group === '' && kind.plural === 'namespaces');
  const scope = rule.scope ?? '*';
  return (
    (scope === '*' || scope === (isNamespaced ? 'Namespaced' : 'Cluster')) &&
    includes(rule.operations, operation) &&
    includes(rule.apiGroups, kind.group) &&
    includes(rule.apiVersions, kind.version) &&
    rule.resources?.some((each) => {
      const [wanted = '', part = ''] = each.split('/');
      return (wanted === '*' || wanted === kind.plural) && (part === '*' || part === subresource);
    }) === true
  );
}

/** Of kinds without namespaces only namespaces themselves have labels that count. */
function inNamespace({ namespaceSelector }: Hook['webhook'], attributes: Attributes, { reader }: AdmissionContext): boolean {
  if (Object.keys(namespaceSelector ?? {}).length === 0) return true;
  const { resource, namespace, object, oldObject } = attributes;
  const isNamespace = resource.kind.group === '' && resource.kind.plural === 'namespaces';
  if (namespace === '' && !isNamespace) return true;
  const found = isNamespace ? (object ?? oldObject) : reader.get('', 'namespaces', '', namespace);
  if (found === undefined) throw notFound({ group: '', resource: 'namespaces' }, namespace);
  return selectorFromLabelSelector(namespaceSelector).matches(found.metadata.labels ?? {});
}
