import type { Pod } from '../api/generated/types/core/v1.ts';
import { describeNodes } from './framework/fit-error.ts';
import type { FilterResult, Framework } from './framework/framework.ts';
import type { NodeInfo } from './framework/node-info.ts';

/** Pods that would have to go so that another one fits on a node. */
export interface Victims {
  readonly node: string;
  readonly pods: readonly Pod[];
}

/** Either a place that eviction would make, or the sentence why there is none. */
export type PreemptionResult = { readonly victims: Victims } | { readonly message: string };

const priority = (pod: Pod): number => pod.spec?.priority ?? 0;

/**
 * Looks for a node on which the pod would fit if pods of lower priority were evicted, and the fewest and least important of them.
 * Upstream: plugin DefaultPreemption; pod disruption budgets are not weighed yet.
 */
export function preempt(pod: Pod, result: FilterResult, nodes: readonly NodeInfo[], framework: Framework): PreemptionResult {
  if (pod.spec?.preemptionPolicy === 'Never') return { message: 'preemption: not eligible due to preemptionPolicy=Never.' };
  const nominated = nodes.find((node) => node.name === pod.status?.nominatedNodeName);
  if (nominated && [...nominated.pods.values()].some((other) => priority(other) < priority(pod) && other.metadata?.deletionTimestamp)) {
    return { message: 'preemption: not eligible due to a terminating pod on the nominated node.' };
  }
  const reasons: string[] = [];
  const candidates: Victims[] = [];
  for (const node of nodes) {
    if (result.rejected.get(node.name)?.unresolvable) {
      reasons.push('Preemption is not helpful for scheduling');
      continue;
    }
    const victims = victimsOn(pod, node, nodes, framework);
    if (victims) candidates.push(victims);
    else reasons.push('No preemption victims found for incoming pod');
  }
  const [best] = candidates.sort(compareVictims);
  return best ? { victims: best } : { message: `preemption: ${describeNodes(nodes.length, reasons)}` };
}

function victimsOn(pod: Pod, node: NodeInfo, nodes: readonly NodeInfo[], framework: Framework): Victims | undefined {
  const lower = [...node.pods.values()].filter((other) => priority(other) < priority(pod));
  if (lower.length === 0) return undefined;
  const trial = node.copy();
  const others = nodes.map((other) => (other === node ? trial : other));
  for (const other of lower) trial.remove(other.metadata?.uid ?? '');
  if (!framework.fits(pod, trial, others)) return undefined;
  // Spare as many as possible, the most important first.
  const victims: Pod[] = [];
  for (const other of lower.sort(byImportance)) {
    trial.add(other);
    if (framework.fits(pod, trial, others)) continue;
    trial.remove(other.metadata?.uid ?? '');
    victims.push(other);
  }
  return { node: node.name, pods: victims };
}

function byImportance(a: Pod, b: Pod): number {
  return priority(b) - priority(a) || (a.status?.startTime ?? '').localeCompare(b.status?.startTime ?? '');
}

/** The node whose most important victim matters least, then the one with the smallest sum, then with the fewest victims. */
function compareVictims(a: Victims, b: Victims): number {
  const highest = (victims: Victims) => Math.max(Number.NEGATIVE_INFINITY, ...victims.pods.map(priority));
  const sum = (victims: Victims) => victims.pods.reduce((total, pod) => total + priority(pod), 0);
  return highest(a) - highest(b) || sum(a) - sum(b) || a.pods.length - b.pods.length;
}
