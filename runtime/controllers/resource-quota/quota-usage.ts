import type { ResourceQuota } from '../../api/generated/types/core/v1.ts';
import type { KubeObject } from '../../api/object.ts';
import { type Quantity, zero } from '../../api/quantity.ts';
import { evaluatorsFor, type QuotaEvaluator, scopesOf } from '../../api/quota/index.ts';
import { addLists, listsEqual, maskList, maxLists, type ResourceList, readList } from '../../api/resource-list.ts';

/** The evaluators that a quota needs. */
export function evaluatorsOf(quota: ResourceQuota): readonly QuotaEvaluator[] {
  return evaluatorsFor(Object.keys(quota.spec?.hard ?? {}));
}

/** Whether objects of an evaluator's resource count against a quota. */
export function concerns(quota: ResourceQuota, evaluator: QuotaEvaluator): boolean {
  return Object.keys(quota.spec?.hard ?? {}).some((name) => evaluator.matchesResource(name));
}

/** What of a quota is used by the objects that `list` gives. `now` is in milliseconds since the epoch. Follows upstream's `CalculateUsage`. */
export function calculateUsage(
  quota: ResourceQuota,
  evaluators: readonly QuotaEvaluator[],
  list: (evaluator: QuotaEvaluator) => readonly KubeObject[],
  now: number,
): ResourceList {
  const hard = Object.keys(quota.spec?.hard ?? {});
  const scopes = scopesOf(quota);
  let used: ResourceList = new Map<string, Quantity>();
  for (const evaluator of evaluators) {
    const names = hard.filter((name) => evaluator.matchesResource(name));
    used = addLists(used, new Map(names.map((name) => [name, zero])));
    for (const object of list(evaluator)) {
      if (scopes.every((scope) => evaluator.matchesScope(scope, object))) used = addLists(used, evaluator.usage(object, now));
    }
  }
  return maskList(used, hard);
}

/** What a quota's status should say. */
export interface QuotaStatus {
  readonly used: ResourceList;
  /** The status says something else. */
  readonly dirty: boolean;
  /** Some of what was used is in use no more. */
  readonly lowers: boolean;
}

/** What a quota's status should say after a count. What nobody could count now stays as it was counted before. */
export function statusOf(quota: ResourceQuota, counted: ResourceList): QuotaStatus {
  const hard = readList(quota.spec?.hard);
  const before = readList(quota.status?.used);
  const used = maskList(new Map([...before, ...counted]), hard.keys());
  const known = quota.status?.hard !== undefined && quota.status.used !== undefined && listsEqual(readList(quota.status.hard), hard);
  const kept = maskList(before, hard.keys());
  return { used, dirty: !known || !listsEqual(before, used), lowers: !listsEqual(maxLists(kept, used), used) };
}

/** What a count is when it must not lower anything: the larger of what was used before and what was counted. */
export function withoutLowering(quota: ResourceQuota, counted: ResourceList): ResourceList {
  return maxLists(maskList(readList(quota.status?.used), counted.keys()), counted);
}
