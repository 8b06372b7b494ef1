import type { Node } from '../../api/generated/types/core/v1.ts';
import { conditionOf } from './node-health.ts';

/** Nodes a second whose pods may be driven off, in a zone that is well otherwise. */
const evictionRate = 0.1;
/** The same in a large zone where most nodes are lost; in a small one nothing is done then. */
const secondaryRate = 0.01;
const largeZone = 50;
const unhealthyShare = 0.55;

/** Which zone a node is in; nodes without one share a zone of their own. */
export function zoneKey(node: Node): string {
  const labels = node.metadata?.labels ?? {};
  return `${labels['topology.kubernetes.io/region'] ?? ''}:${labels['topology.kubernetes.io/zone'] ?? ''}`;
}

/**
 * How many nodes a second may be tainted, by zone. When many nodes are lost at once, the fault is likelier in the network than in all of
 * them, and driving pods about would only harm; when every node of every zone is lost (`undefined`), it is the control plane that is cut off.
 */
export function evictionRates(nodes: readonly Node[]): ReadonlyMap<string, number> | undefined {
  const zones = new Map<string, { ready: number; lost: number }>();
  for (const node of nodes) {
    const zone = zones.get(zoneKey(node)) ?? { ready: 0, lost: 0 };
    if (conditionOf(node, 'Ready')?.status === 'True') zone.ready++;
    else zone.lost++;
    zones.set(zoneKey(node), zone);
  }
  if (zones.size > 0 && [...zones.values()].every(({ ready }) => ready === 0)) return undefined;
  return new Map(
    [...zones].map(([key, { ready, lost }]) => {
      const partial = ready > 0 && lost > 2 && lost / (ready + lost) >= unhealthyShare;
      return [key, !partial ? evictionRate : ready + lost > largeZone ? secondaryRate : 0];
    }),
  );
}
