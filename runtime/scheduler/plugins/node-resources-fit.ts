import type { NodeInfo } from '../framework/node-info.ts';
import { maxScore, type Plugin, type Rejection } from '../framework/plugin.ts';
import { parseResources, podRequests, type Resources, scoredRequests } from '../framework/resources.ts';

/** Leaves out nodes without room for what the pod asks, and prefers the emptiest (strategy `LeastAllocated`). */
export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  filter(pod) {
    const requests = podRequests(pod);
    return { check: (node) => shortage(requests, node) };
  },
  score(pod) {
    const requests = scoredRequests(pod);
    return {
      score(node) {
        const scores = ['cpu', 'memory'].flatMap((name) => leastAllocated(name, requests[name] ?? 0, node));
        return scores.length === 0 ? 0 : Math.floor(scores.reduce((sum, score) => sum + score, 0) / scores.length);
      },
    };
  },
  wakes(event) {
    switch (event.type) {
      case 'node added':
      case 'node updated': {
        const allocatable = parseResources(event.node.status?.allocatable);
        const before = event.type === 'node updated' ? parseResources(event.previous.status?.allocatable) : {};
        const grown = Object.keys(allocatable).filter((name) => (allocatable[name] ?? 0) > (before[name] ?? 0));
        if (grown.length === 0) return undefined;
        return (pod) => {
          const requests = podRequests(pod);
          const enough = Object.keys(requests).every((name) => (requests[name] ?? 0) <= (allocatable[name] ?? 0));
          return enough && grown.some((name) => name === 'pods' || (requests[name] ?? 0) > 0);
        };
      }
      // At least its place is free now.
      case 'pod deleted':
        return () => true;
      case 'pod updated': {
        const before = podRequests(event.previous);
        const after = podRequests(event.pod);
        const shrunk = Object.keys(before).filter((name) => (after[name] ?? 0) < (before[name] ?? 0));
        return shrunk.length === 0 ? undefined : (pod) => shrunk.some((name) => (podRequests(pod)[name] ?? 0) > 0);
      }
      default:
        return undefined;
    }
  },
};

function shortage(requests: Resources, node: NodeInfo): Rejection | undefined {
  const reasons: string[] = [];
  let unresolvable = false;
  if (node.pods.size + 1 > (node.allocatable.pods ?? 0)) reasons.push('Too many pods');
  for (const name in requests) {
    const wanted = requests[name] ?? 0;
    const allocatable = node.allocatable[name] ?? 0;
    if (wanted === 0 || wanted <= allocatable - (node.requested[name] ?? 0)) continue;
    reasons.push(`Insufficient ${name}`);
    // Even an empty node would be too small.
    if (wanted > allocatable) unresolvable = true;
  }
  return reasons.length > 0 ? { reasons, unresolvable } : undefined;
}

function leastAllocated(name: string, wanted: number, node: NodeInfo): number[] {
  const capacity = node.allocatable[name] ?? 0;
  if (capacity === 0) return [];
  const used = (node.scored[name] ?? 0) + wanted;
  return [used > capacity ? 0 : Math.floor(((capacity - used) * maxScore) / capacity)];
}
