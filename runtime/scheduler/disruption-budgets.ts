import type { Pod } from '../api/generated/types/core/v1.ts';
import type { PodDisruptionBudget } from '../api/generated/types/policy/v1.ts';
import { readSelector } from './framework/affinity-terms.ts';

/**
 * Tells the pods that can go one after the other, in the given order, from those whose going would break a disruption budget.
 * Upstream: `filterPodsWithPDBViolation`.
 */
export function splitByBudgets(pods: readonly Pod[], budgets: readonly PodDisruptionBudget[]): { violating: Pod[]; allowed: Pod[] } {
  const left = budgets.map((budget) => ({
    budget,
    // A budget without a condition protects nothing here.
    selector: readSelector(budget.spec?.selector),
    disruptions: budget.status?.disruptionsAllowed ?? 0,
  }));
  const violating: Pod[] = [];
  const allowed: Pod[] = [];
  for (const pod of pods) {
    const { labels, namespace, name = '' } = pod.metadata ?? {};
    let violates = false;
    for (const entry of labels === undefined ? [] : left) {
      if (entry.budget.metadata?.namespace !== namespace || entry.selector.empty || !entry.selector.matches(labels)) continue;
      // Its going is already counted.
      if (entry.budget.status?.disruptedPods?.[name] !== undefined) continue;
      if (--entry.disruptions < 0) violates = true;
    }
    (violates ? violating : allowed).push(pod);
  }
  return { violating, allowed };
}
