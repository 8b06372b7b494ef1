import type { Container, ContainerStatus, Pod } from './generated/types/core/v1.ts';
import { compareQuantities, parseQuantity } from './quantity.ts';
import type { WrittenList } from './resource-list.ts';

/**
 * What a container holds while its pod is being resized: the most of what it asks for, of what its node has set aside for it and of what it
 * has. A wish that its node can never fulfil does not count. Follows `determineContainerReqs` and `determineContainerLimits` of
 * `k8s.io/component-helpers/resource`. @throws Error when an amount is no quantity.
 */
export function heldResources({ status }: Pod, container: Container, side: 'requests' | 'limits'): WrittenList | undefined {
  const wanted = container.resources?.[side];
  const own = statusOf(container, container.restartPolicy === 'Always' ? status?.initContainerStatuses : status?.containerStatuses);
  if (own?.resources === undefined) return wanted;
  const isInfeasible = status?.conditions?.find(({ type }) => type === 'PodResizePending')?.reason === 'Infeasible';
  const held: Record<string, string | number> = { ...(isInfeasible ? {} : wanted) };
  for (const list of [own.resources[side], side === 'requests' ? own.allocatedResources : undefined]) {
    for (const [name, amount] of Object.entries(list ?? {})) {
      const known = held[name];
      if (known === amount) continue;
      if (known === undefined || compareQuantities(parseQuantity(amount), parseQuantity(known)) > 0) held[name] = amount;
    }
  }
  return held;
}

function statusOf({ name }: Container, statuses: readonly ContainerStatus[] | undefined): ContainerStatus | undefined {
  return statuses?.find((status) => status.name === name);
}
