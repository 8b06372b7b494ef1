/** Why a pod fits nowhere, as far as it goes into a message. */
export interface Misfit {
  /** How many nodes there are. */
  readonly nodes: number;
  /** All reasons of all nodes, repeated as often as they hold. */
  readonly reasons: readonly string[];
  /** Why the pod cannot go anywhere whatever the nodes are like; takes the place of `reasons`. */
  readonly general?: string;
  /** Why nothing could be done about it. */
  readonly postFilter?: string;
}

/**
 * The sentence of a `FailedScheduling` event: `0/3 nodes are available: 1 Insufficient cpu, 2 Too many pods.`, and why nothing could be done.
 * Upstream: `FitError.Error()` of kube-scheduler's framework.
 */
export function describeMisfit({ nodes, reasons, general, postFilter }: Misfit): string {
  let sentence = `0/${nodes} nodes are available:`;
  if (general !== undefined) sentence += ` ${general}.`;
  else if (reasons.length > 0) sentence += ` ${countedReasons(reasons)}.`;
  return postFilter === undefined ? sentence : `${sentence} ${postFilter}`;
}

function countedReasons(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}
