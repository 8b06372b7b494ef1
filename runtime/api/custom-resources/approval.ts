import type { CustomResourceDefinition, CustomResourceDefinitionStatus } from '../generated/types/apiextensions/v1.ts';
import { quote } from '../validation/field-error.ts';
import { conditionOf, sameCondition, withCondition } from './definition.ts';

/** Says where a definition in a group of the Kubernetes community was approved. */
export const approvalAnnotation = 'api-approved.kubernetes.io';

const type = 'KubernetesAPIApprovalPolicyConformant';
const wanted = `protected groups must have approval annotation ${quote(approvalAnnotation)}`;
const policy = 'see https://github.com/kubernetes/enhancements/pull/1111';

export interface Approval {
  readonly state: 'approved' | 'bypassed' | 'missing' | 'invalid';
  readonly message: string;
}

/** What the annotation of a definition says; undefined for groups that need no approval. Follows upstream's apihelpers/helpers.go. */
export function approvalOf({ metadata, spec }: CustomResourceDefinition): Approval | undefined {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(spec?.group ?? '')) return undefined;
  const value = metadata?.annotations?.[approvalAnnotation] ?? '';
  if (value === '') return { state: 'missing', message: `${wanted}, ${policy}` };
  if (value.startsWith('unapproved')) return { state: 'bypassed', message: `not approved: ${quote(value)}` };
  if (URL.canParse(value) && new URL(value).host !== '') return { state: 'approved', message: `approved in ${value}` };
  return { state: 'invalid', message: `${wanted} with either a URL or a reason starting with "unapproved", ${policy}` };
}

const outcomes: Readonly<Record<Approval['state'], { readonly status: string; readonly reason: string }>> = {
  approved: { status: 'True', reason: 'ApprovedAnnotation' },
  bypassed: { status: 'False', reason: 'UnapprovedAnnotation' },
  missing: { status: 'False', reason: 'MissingAnnotation' },
  invalid: { status: 'False', reason: 'InvalidAnnotation' },
};

/** The status of a definition with the condition that tells of its approval, where one is needed. `now` is RFC 3339. */
export function approvalCondition(definition: CustomResourceDefinition, now: string): CustomResourceDefinitionStatus {
  const { status = {} } = definition;
  const approval = approvalOf(definition);
  if (approval === undefined) return status;
  const condition = { type, ...outcomes[approval.state], message: approval.message };
  if (sameCondition(conditionOf(definition, type), condition)) return status;
  return { ...status, conditions: withCondition(status.conditions ?? [], condition, now) };
}
