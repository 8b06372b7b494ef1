import type { MutatingWebhook, ValidatingWebhook } from '../../../api/generated/types/admissionregistration/v1.ts';
import type { KubeObject } from '../../../api/object.ts';
import { type Conditions, compileConditions, judgeConditions, matchConditionsBudget } from '../../../api/policies/match-conditions.ts';
import { matchedResource } from '../../../api/policies/matching.ts';
import { forbidden } from '../../../api/status.ts';
import type { Resource } from '../../registry/resource.ts';
import type { AdmissionContext, Attributes } from '../admission.ts';
import { valuesOf } from '../policies/values.ts';
import { versionedBy } from '../versions.ts';

/** One webhook of a configuration. */
export interface Hook {
  /** Tells it from all others: configuration, name, and which of that name. */
  readonly id: string;
  /** The name of its configuration. */
  readonly configuration: string;
  readonly webhook: MutatingWebhook & ValidatingWebhook;
}

type ConfigurationPlural = 'mutatingwebhookconfigurations' | 'validatingwebhookconfigurations';

/** All webhooks, by the name of their configuration and then as they stand in it. */
export function hooksOf({ reader }: AdmissionContext, plural: ConfigurationPlural): readonly Hook[] {
  return reader.list('admissionregistration.k8s.io', plural).flatMap((configuration: KubeObject) => {
    // A stored object has the structure of its definition.
    const { webhooks = [] } = configuration as { webhooks?: (MutatingWebhook & ValidatingWebhook)[] };
    const { name = '', uid = '' } = configuration.metadata ?? {};
    return webhooks.map((webhook, index) => ({ id: `${uid}/${webhook.name}/${index}`, configuration: name, webhook }));
  });
}

/** Webhooks have no say in what says which webhooks there are, so that a bad one can be taken away. */
export function isExempt({ resource }: Attributes): boolean {
  return resource.kind.group === 'admissionregistration.k8s.io';
}

/** Match conditions, compiled once as long as their configuration stands. */
const conditionsOf = new WeakMap<Hook['webhook'], Conditions>();

/**
 * The resource in whose version a webhook wants to see the write, if at all. Follows upstream's `ShouldCallHook`. Throws 404 when the namespace is not
 * there, and 403 when the match conditions cannot be told and the webhook must not be passed over.
 */
export async function resourceFor({ webhook }: Hook, attributes: Attributes, context: AdmissionContext): Promise<Resource | undefined> {
  const { rules = [], ...match } = webhook;
  const resource = matchedResource({ ...match, resourceRules: rules }, attributes, context);
  if (resource === undefined) return undefined;
  const conditions = conditionsOf.get(webhook) ?? compileConditions(webhook.matchConditions, false);
  if (conditions === undefined) return resource;
  conditionsOf.set(webhook, conditions);
  const values = valuesOf(attributes, resource, await versionedBy(resource, attributes), context, false);
  const { matches, error } = judgeConditions(conditions, conditions.compiler.evaluation(values, matchConditionsBudget));
  if (error !== undefined && webhook.failurePolicy !== 'Ignore') throw forbidden(attributes.resource.subject, attributes.name, error);
  return matches ? resource : undefined;
}
