import type { Container, Pod, PodSpec } from './generated/types/core/v1.ts';
import { heldResources } from './held-resources.ts';
import type { Quantity } from './quantity.ts';
import { addLists, maxLists, type ResourceList, readList } from './resource-list.ts';

type Side = 'requests' | 'limits';

export interface PodResourcesOptions {
  /** Leaves out what the pod's runtime class adds for the pod itself. */
  readonly withoutOverhead?: boolean;
  /** Counts what containers hold while they are resized, not only what they ask for. Upstream: `UseStatusResources`. */
  readonly held?: boolean;
}

const podLevelNames = /^(cpu|memory|hugepages-.*)$/;

/** What a pod asks for in all. Follows `PodRequests` of `k8s.io/component-helpers/resource`. @throws Error when an amount is no quantity. */
export function podRequests(pod: Pod, options: PodResourcesOptions = {}): Map<string, Quantity> {
  const total = podLevel(pod, 'requests', aggregateContainers(pod.spec, 'requests', options.held ? pod : undefined));
  return options.withoutOverhead ? total : addLists(total, readList(pod.spec?.overhead));
}

/** What a pod may use in all. Overhead counts only where there is a limit to add it to. Follows `PodLimits`. @throws Error when an amount is no quantity. */
export function podLimits(pod: Pod, options: PodResourcesOptions = {}): Map<string, Quantity> {
  const total = podLevel(pod, 'limits', aggregateContainers(pod.spec, 'limits', options.held ? pod : undefined));
  if (options.withoutOverhead) return total;
  const overhead = [...readList(pod.spec?.overhead)].filter(([name]) => (total.get(name)?.nanos ?? 0n) !== 0n);
  return addLists(total, new Map(overhead));
}

/**
 * The most that runs at one time: all containers beside the sidecars, or an init container beside the sidecars started before it. Follows
 * `AggregateContainerRequests` and `AggregateContainerLimits`. @param holder the pod, where what its containers hold counts
 * @throws Error when an amount is no quantity.
 */
export function aggregateContainers(spec: PodSpec | undefined, side: Side, holder?: Pod): Map<string, Quantity> {
  const none: ResourceList = new Map();
  const of = (container: Container) =>
    readList(holder === undefined ? container.resources?.[side] : heldResources(holder, container, side));
  let sidecars = none;
  let peak = none;
  for (const container of spec?.initContainers ?? []) {
    const own = of(container);
    if (container.restartPolicy === 'Always') {
      sidecars = addLists(sidecars, own);
      peak = maxLists(peak, sidecars);
    } else peak = maxLists(peak, addLists(own, sidecars));
  }
  const together = (spec?.containers ?? []).reduce<ResourceList>((sum, container) => addLists(sum, of(container)), none);
  return maxLists(addLists(together, sidecars), peak);
}

/** What the pod says of itself stands in place of the sum of its containers. */
function podLevel(pod: Pod, side: Side, total: Map<string, Quantity>): Map<string, Quantity> {
  for (const [name, amount] of readList(pod.spec?.resources?.[side])) if (podLevelNames.test(name)) total.set(name, amount);
  return total;
}
