/**
 * The sentence of a `FailedScheduling` event: how many nodes were looked at, each reason with the number of nodes it holds for, and
 * what preemption found. Upstream: `FitError.Error()` of kube-scheduler's framework.
 * @param reasons all reasons of all nodes, repeated as often as they hold
 */
export function describeFailure(nodes: number, reasons: readonly string[], preemption?: string): string {
  if (nodes === 0) return 'no nodes available to schedule pods';
  const sentence = describeNodes(nodes, reasons);
  return preemption === undefined ? sentence : `${sentence} ${preemption}`;
}

/** `0/3 nodes are available: 1 Insufficient cpu, 2 Too many pods.` */
export function describeNodes(nodes: number, reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const texts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodes} nodes are available:${texts.length > 0 ? ` ${texts.join(', ')}.` : ''}`;
}
