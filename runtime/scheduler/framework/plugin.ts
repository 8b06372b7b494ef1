import type { Pod } from '../../api/generated/types/core/v1.ts';
import type { ClusterEvent } from './cluster-event.ts';
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

/** A plugin's verdict on the nodes for one pod, with what it found out about the cluster beforehand. */
export interface NodeFilter {
  /** The names of the only nodes that can come into question; the others are not even looked at. */
  readonly nodes?: ReadonlySet<string>;
  /** Whether the node can take the pod; undefined when it can. */
  check(node: NodeInfo): Rejection | undefined;
  /** Takes into account, on trial, that `other` comes to the node (1) or leaves it (-1). Left out where `check` sees it on the node itself. */
  adjust?(node: NodeInfo, other: Pod, by: 1 | -1): void;
  /** The same state again, so that a trial does not touch this one; goes with `adjust`. */
  copy?(): NodeFilter;
}

/** A plugin's opinion of the nodes that can take a pod. */
export interface NodeScorer {
  /** How well the node suits, on any scale; see `normalize`. */
  score(node: NodeInfo): number;
  /** Turns the scores of all nodes into 0 to 100, in place; left out when `score` already gives that. */
  normalize?(scores: number[], nodes: readonly NodeInfo[]): void;
}

/** A plugin has something to say at some of these points; each instance lives as long as the scheduler. */
export interface Plugin {
  /** The name upstream's plugin has, as it stands in a scheduler configuration. */
  readonly name: string;
  /** Prepares to look at nodes for a pod. Undefined: any node will do; a rejection: none will. */
  filter?(pod: Pod, nodes: readonly NodeInfo[]): NodeFilter | Rejection | undefined;
  /** Prepares to score `feasible`, which are some of `nodes`, for a pod. Undefined: all are alike. */
  score?(pod: Pod, nodes: readonly NodeInfo[], feasible: readonly NodeInfo[]): NodeScorer | undefined;
  /** What a point of this plugin counts beside the others'. */
  readonly weight?: number;
  /**
   * What an event means for the pods this plugin has rejected: which of them should be tried again. Undefined: none of them.
   * Upstream: the plugins' queueing hints.
   */
  wakes?(event: ClusterEvent): ((pod: Pod) => boolean) | undefined;
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
