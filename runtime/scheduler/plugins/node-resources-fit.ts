import type { NodeInfo } from '../framework/node-info.ts';
import { maxScore, type Plugin } from '../framework/plugin.ts';
import { podRequests, scoredRequests } from '../framework/resources.ts';

/** Leaves out nodes without room for what the pod asks, and prefers the emptiest (strategy `LeastAllocated`). */
export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  filter(pod, node) {
    const reasons: string[] = [];
    let unresolvable = false;
    if (node.pods.size + 1 > (node.allocatable.pods ?? 0)) reasons.push('Too many pods');
    const requests = podRequests(pod);
    for (const name in requests) {
      const wanted = requests[name] ?? 0;
      const allocatable = node.allocatable[name] ?? 0;
      if (wanted === 0 || wanted <= allocatable - (node.requested[name] ?? 0)) continue;
      reasons.push(`Insufficient ${name}`);
      // Even an empty node would be too small.
      if (wanted > allocatable) unresolvable = true;
    }
    return reasons.length > 0 ? { reasons, unresolvable } : undefined;
  },
  score(pod, node) {
    const requests = scoredRequests(pod);
    const scores = ['cpu', 'memory'].flatMap((name) => leastAllocated(name, requests[name] ?? 0, node));
    return scores.length === 0 ? 0 : Math.floor(scores.reduce((sum, score) => sum + score, 0) / scores.length);
  },
};

function leastAllocated(name: string, wanted: number, node: NodeInfo): number[] {
  const capacity = node.allocatable[name] ?? 0;
  if (capacity === 0) return [];
  const used = (node.scored[name] ?? 0) + wanted;
  return [used > capacity ? 0 : Math.floor(((capacity - used) * maxScore) / capacity)];
}
