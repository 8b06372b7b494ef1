/** Why a pod fits nowhere, as far as it goes into a message. */
export interface Misfit {
  /** How many nodes there are. */
  readonly nodes: number;
  /** All reasons of all nodes, repeated as often as they hold. */
  readonly reasons: readonly string[];
  /** Why the pod cannot go anywhere whatever the nodes are like; takes the place of `reasons`. */
  readonly general?: string;
  /** What preemption found. */
  readonly preemption?: string;
}

/**
 * The sentence of a `FailedScheduling` event: `0/3 nodes are available: 1 Insufficient cpu, 2 Too many pods.`, and what preemption found.
 * Upstream: `FitError.Error()` of kube-scheduler's framework.
 */
export function describeMisfit({ nodes, reasons, general, preemption }: Misfit): string {
  let sentence = `0/${nodes} nodes are available:`;
  if (general !== undefined) sentence += ` ${general}.`;
  else if (reasons.length > 0) sentence += ` ${countedReasons(reasons)}.`;
  return preemption === undefined ? sentence : `${sentence} ${preemption}`;
}

function countedReasons(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}
