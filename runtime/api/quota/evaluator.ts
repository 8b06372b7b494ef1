import type { ResourceQuota, ScopedResourceSelectorRequirement } from '../generated/types/core/v1.ts';
import type { KubeObject } from '../object.ts';
import type { ResourceList } from '../resource-list.ts';

export type Scope = ScopedResourceSelectorRequirement;

/** A write, as far as it decides whether quotas have a say. */
export interface QuotaWrite {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly subresource: string;
}

/** How objects of one resource count against quotas. Follows the `Evaluator` of `k8s.io/apiserver/pkg/quota/v1`. */
export interface QuotaEvaluator {
  readonly group: string;
  readonly plural: string;
  /** Whether such a write may use up more. */
  handles(write: QuotaWrite): boolean;
  /** Whether objects of this resource count against a quota's resource of this name. */
  matchesResource(name: string): boolean;
  /** Whether an object is in a scope. */
  matchesScope(scope: Scope, object: KubeObject): boolean;
  /** What an object uses. `now` is in milliseconds since the epoch. @throws Error when an amount is no quantity. */
  usage(object: KubeObject, now: number): ResourceList;
  /** What an object must say of itself to be held against these resources, and does not. */
  missing?(object: KubeObject, names: readonly string[]): string | undefined;
}

/** The name that counts objects: `count/pods`, `count/deployments.apps`. */
export function countName(group: string, plural: string): string {
  return group === '' ? `count/${plural}` : `count/${plural}.${group}`;
}

/** All scopes of a quota, those of its selector included. */
export function scopesOf({ spec }: ResourceQuota): readonly Scope[] {
  const named = (spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' }));
  return [...named, ...(spec?.scopeSelector?.matchExpressions ?? [])];
}

/** Whether a scope's requirement holds for a value, which is empty when the object has none. */
export function scopeHolds({ operator, values = [] }: Scope, value: string): boolean {
  switch (operator) {
    case 'Exists':
      return value !== '';
    case 'DoesNotExist':
      return value === '';
    case 'In':
      return value !== '' && values.includes(value);
    case 'NotIn':
      return value === '' || !values.includes(value);
    default:
      return false;
  }
}
