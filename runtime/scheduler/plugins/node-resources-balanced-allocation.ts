import { maxScore, type Plugin } from '../framework/plugin.ts';
import { podRequests } from '../framework/resources.ts';

/** Prefers nodes on which CPU and memory would be used to a similar part, so that neither strands the other. */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  score(pod) {
    const requests = podRequests(pod);
    // A pod that asks for nothing tips no balance.
    if (!requests.cpu && !requests.memory) return undefined;
    return {
      score(node) {
        const fractions = ['cpu', 'memory'].flatMap((name) => {
          const capacity = node.allocatable[name] ?? 0;
          return capacity === 0 ? [] : [Math.min(1, ((node.requested[name] ?? 0) + (requests[name] ?? 0)) / capacity)];
        });
        const [cpu = 0, memory = 0] = fractions;
        const deviation = fractions.length === 2 ? Math.abs(cpu - memory) / 2 : 0;
        return Math.floor((1 - deviation) * maxScore);
      },
    };
  },
};
