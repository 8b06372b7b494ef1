import type { Pod } from '../api/generated/types/core/v1.ts';
import type { PodDisruptionBudget } from '../api/generated/types/policy/v1.ts';
import { splitByBudgets } from './disruption-budgets.ts';
import { describeMisfit } from './framework/fit-error.ts';
import type { FilterResult } from './framework/framework.ts';
import type { NodeInfo } from './framework/node-info.ts';
import type { PodFilters } from './framework/pod-filters.ts';
import { priorityOf } from './framework/pods.ts';

/** Pods that would have to go so that another one fits on a node. */
export interface Victims {
  readonly node: string;
  /** The most important first. */
  readonly pods: readonly Pod[];
  /** How many of them go against a disruption budget. */
  readonly violations: number;
}

/**
 * A place that eviction would make, or the sentence why there is none. `hopeless`: no eviction helps, so that a node the pod was
 * nominated for before is none any more.
 */
export type PreemptionResult = { readonly victims: Victims } | { readonly message: string; readonly hopeless: boolean };

const notHelpful = 'Preemption is not helpful for scheduling';

/**
 * Looks for a node on which the pod would fit if pods of lower priority were evicted, and the fewest and least important of them, best
 * without going against a disruption budget. Upstream: plugin DefaultPreemption.
 * @param now for pods that have not been started yet, in the form of their `startTime`
 */
export function preempt(
  pod: Pod,
  result: FilterResult,
  nodes: readonly NodeInfo[],
  budgets: readonly PodDisruptionBudget[],
  now: string,
): PreemptionResult {
  const obstacle = ineligible(pod, result, nodes);
  if (obstacle !== undefined) return { message: `preemption: not eligible due to ${obstacle}.`, hopeless: false };
  const reasons: string[] = [];
  const candidates: Victims[] = [];
  for (const node of nodes) {
    const rejection = result.rejected.get(node.name);
    if (!result.filters || !rejection || rejection.unresolvable) {
      reasons.push(notHelpful);
      continue;
    }
    const found = victimsOn(pod, node, result.filters, budgets, now);
    if ('node' in found) candidates.push(found);
    else reasons.push(...found.reasons);
  }
  const best = choose(candidates, now);
  if (best) return { victims: best };
  return { message: `preemption: ${describeMisfit({ nodes: nodes.length, reasons })}`, hopeless: true };
}

function ineligible(pod: Pod, result: FilterResult, nodes: readonly NodeInfo[]): string | undefined {
  if (pod.spec?.preemptionPolicy === 'Never') return 'preemptionPolicy=Never';
  const nominated = nodes.find((node) => node.name === pod.status?.nominatedNodeName);
  // A nominated node that is no good any more is no reason to wait.
  if (!nominated || (result.rejected.get(nominated.name) ?? result.others ?? result.general)?.unresolvable) return undefined;
  const leaving = [...nominated.pods.values()].some((other) => priorityOf(other) < priorityOf(pod) && isBeingPreempted(other));
  return leaving ? 'a terminating pod on the nominated node' : undefined;
}

function isBeingPreempted({ metadata, status }: Pod): boolean {
  const target = status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
  return metadata?.deletionTimestamp !== undefined && target?.status === 'True' && target.reason === 'PreemptionByScheduler';
}

function victimsOn(
  pod: Pod,
  node: NodeInfo,
  filters: PodFilters,
  budgets: readonly PodDisruptionBudget[],
  now: string,
): Victims | { readonly reasons: readonly string[] } {
  const lower = [...node.pods.values()].filter((other) => priorityOf(other) < priorityOf(pod));
  if (lower.length === 0) return { reasons: ['No preemption victims found for incoming pod'] };
  const trial = filters.trial(node);
  for (const other of lower) trial.filters.move(trial.node, other, -1);
  const rejection = trial.filters.check(trial.node);
  if (rejection) return rejection;
  const sorted = lower.sort((a, b) => byImportance(a, b, now));
  const { violating, allowed } = splitByBudgets(sorted, budgets);
  const victims = new Set<Pod>();
  // Spare as many as possible: first those that a budget protects, of each kind the most important first.
  for (const other of [...violating, ...allowed]) {
    trial.filters.move(trial.node, other, 1);
    if (!trial.filters.check(trial.node)) continue;
    trial.filters.move(trial.node, other, -1);
    victims.add(other);
  }
  return {
    node: node.name,
    pods: sorted.filter((other) => victims.has(other)),
    violations: violating.filter((other) => victims.has(other)).length,
  };
}

/** The higher priority first, among equals the one that runs longer. */
function byImportance(a: Pod, b: Pod, now: string): number {
  return priorityOf(b) - priorityOf(a) || compare(a.status?.startTime ?? now, b.status?.startTime ?? now);
}

/**
 * The node with the fewest violations of budgets; of those the one whose most important victim matters least; then the one with the
 * smallest sum of priorities, with the fewest victims, and where the most important ones have run for the shortest time.
 */
function choose(candidates: readonly Victims[], now: string): Victims | undefined {
  const highest = ({ pods }: Victims) => priorityOf(pods[0] ?? {});
  // Shifted so that every victim counts, whatever the sign of its priority.
  const sum = ({ pods }: Victims) => pods.reduce((total, pod) => total + priorityOf(pod) + 2 ** 31, 0);
  const started = (victims: Victims) =>
    victims.pods
      .filter((pod) => priorityOf(pod) === highest(victims))
      .map((pod) => pod.status?.startTime ?? now)
      .sort(compare)[0] ?? now;
  const [best] = [...candidates].sort(
    (a, b) =>
      a.violations - b.violations ||
      highest(a) - highest(b) ||
      sum(a) - sum(b) ||
      a.pods.length - b.pods.length ||
      compare(started(b), started(a)),
  );
  return best;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
