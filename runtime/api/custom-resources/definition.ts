import type {
  CustomResourceDefinition,
  CustomResourceDefinitionCondition,
  CustomResourceDefinitionVersion,
} from '../generated/types/apiextensions/v1.ts';
import type { JsonSchema } from './json-schema.ts';

/** Keeps a definition until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

/** The schema of a version; one without fields when there is none. */
export function schemaOf(version: CustomResourceDefinitionVersion): JsonSchema {
  // The definition has been validated, so that the schema is what the type says.
  return (version.schema?.openAPIV3Schema as JsonSchema | undefined) ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
}

/** A condition of a definition: `Established`, `NamesAccepted`, `NonStructuralSchema`, `KubernetesAPIApprovalPolicyConformant`, `Terminating`. */
export function conditionOf(definition: CustomResourceDefinition, type: string): CustomResourceDefinitionCondition | undefined {
  return definition.status?.conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(definition: CustomResourceDefinition, type: string): boolean {
  return conditionOf(definition, type)?.status === 'True';
}

/** The conditions with one of them set; its time moves on only when its status changes. */
export function withCondition(
  conditions: readonly CustomResourceDefinitionCondition[],
  condition: Omit<CustomResourceDefinitionCondition, 'lastTransitionTime'>,
  now: string,
): CustomResourceDefinitionCondition[] {
  const old = conditions.find(({ type }) => type === condition.type);
  const lastTransitionTime = old?.status === condition.status ? (old.lastTransitionTime ?? now) : now;
  const { type, status, ...rest } = condition;
  const made = { type, status, lastTransitionTime, ...rest };
  return old === undefined ? [...conditions, made] : conditions.map((each) => (each === old ? made : each));
}

/** Whether a change leaves a condition as it is, but for its time. */
export function sameCondition(
  a: Omit<CustomResourceDefinitionCondition, 'lastTransitionTime'> | undefined,
  b: Omit<CustomResourceDefinitionCondition, 'lastTransitionTime'> | undefined,
): boolean {
  return a?.type === b?.type && a?.status === b?.status && a?.reason === b?.reason && a?.message === b?.message;
}
