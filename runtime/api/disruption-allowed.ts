import type { Condition } from './generated/types/meta/v1.ts';

const type = 'DisruptionAllowed';

/**
 * The conditions of a PodDisruptionBudget with the one that says whether pods may go; its time moves only with its status. Follows upstream's
 * `UpdateDisruptionAllowedCondition`.
 *
 * @param now RFC 3339
 */
export function withDisruptionAllowed(
  conditions: readonly Condition[],
  wanted: Omit<Condition, 'type' | 'lastTransitionTime'>,
  now: string,
): Condition[] {
  const before = conditions.find((condition) => condition.type === type);
  const lastTransitionTime = before?.status === wanted.status ? before.lastTransitionTime : now;
  const next: Condition = { type, ...wanted, lastTransitionTime };
  return before === undefined ? [...conditions, next] : conditions.map((condition) => (condition === before ? next : condition));
}
