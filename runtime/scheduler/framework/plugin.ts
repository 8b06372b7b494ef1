import type { Pod } from '../../api/generated/types/core/v1.ts';
import type { NodeInfo } from './node-info.ts';

/**
 * Why a node cannot take a pod. `unresolvable`: evicting other pods would not change it, so preemption need not try.
 * Upstream: `Unschedulable` and `UnschedulableAndUnresolvable` of kube-scheduler's framework.
 */
export interface Rejection {
  /** Texts as they are counted in a `FailedScheduling` event. */
  readonly reasons: readonly string[];
  readonly unresolvable: boolean;
}

/** A plugin has something to say at some of these points; each instance lives as long as the scheduler. */
export interface Plugin {
  /** The name upstream's plugin has, as it stands in a scheduler configuration. */
  readonly name: string;
  /** Work done once for a pod, before its nodes are looked at; the result is handed to `filter` and `score`. */
  prepare?(pod: Pod, nodes: readonly NodeInfo[]): unknown;
  /** Whether the node can take the pod; undefined when it can. */
  filter?(pod: Pod, node: NodeInfo, prepared: unknown): Rejection | undefined;
  /** How well the node suits the pod, on any scale; see {@link Plugin.normalize}. */
  score?(pod: Pod, node: NodeInfo, prepared: unknown): number;
  /** Turns the raw scores of all nodes that fit into 0 to 100, in place; left out when `score` already gives that. */
  normalize?(scores: number[]): void;
  /** What a point of this plugin counts beside the others'. */
  readonly weight?: number;
}

export const maxScore = 100;

/** Scales scores so that the highest becomes 100; with `reverse` the lowest raw score is the best. Upstream: `helper.DefaultNormalizeScore`. */
export function normalizeScores(scores: number[], reverse: boolean): void {
  const highest = Math.max(0, ...scores);
  for (const [i, score] of scores.entries()) {
    const scaled = highest === 0 ? 0 : Math.floor((score * maxScore) / highest);
    scores[i] = reverse ? maxScore - scaled : scaled;
  }
}
