import type { Container, Pod } from '../../api/generated/types/core/v1.ts';
import { heldResources } from '../../api/held-resources.ts';
import { quantityMilliValue, quantityValue } from '../../api/quantity.ts';

/** Amounts by resource name: `cpu` in milli-cores, everything else in its own unit (bytes, devices, pods). */
export type Resources = Readonly<Record<string, number>>;

/** What a container without a request counts as when nodes are scored, so that such pods spread too. Upstream: `util.DefaultMilliCPURequest`. */
const assumedCpu = 100;
const assumedMemory = 200 * 1024 * 1024;

const cache = new WeakMap<Pod, { readonly requests: Resources; readonly scored: Resources }>();

/** What the pod asks a node for. Upstream: `PodRequests` of component-helpers/resource. */
export function podRequests(pod: Pod): Resources {
  return requestsOf(pod).requests;
}

/** The same with assumed amounts of CPU and memory for containers that ask for none. */
export function scoredRequests(pod: Pod): Resources {
  return requestsOf(pod).scored;
}

function requestsOf(pod: Pod) {
  let known = cache.get(pod);
  if (!known) {
    known = {
      requests: sumUp(pod, (container) => parseResources(heldResources(pod, container, 'requests'))),
      scored: sumUp(pod, (container) => ({
        ...{ cpu: assumedCpu, memory: assumedMemory },
        ...parseResources(heldResources(pod, container, 'requests')),
      })),
    };
    cache.set(pod, known);
  }
  return known;
}

/** A resource list of the API as numbers. */
export function parseResources(list: Readonly<Record<string, string | number>> | undefined): Record<string, number> {
  const result: Record<string, number> = {};
  for (const [name, quantity] of Object.entries(list ?? {})) {
    result[name] = name === 'cpu' ? quantityMilliValue(quantity) : quantityValue(quantity);
  }
  return result;
}

/** The largest of what runs at the same time: init containers one after the other beside the sidecars started before them, then all containers. */
function sumUp(pod: Pod, of: (container: Container) => Record<string, number>): Resources {
  const total: Record<string, number> = {};
  for (const container of pod.spec?.containers ?? []) addTo(total, of(container));
  const sidecars: Record<string, number> = {};
  const initPeak: Record<string, number> = {};
  for (const container of pod.spec?.initContainers ?? []) {
    const own = of(container);
    if (container.restartPolicy === 'Always') {
      addTo(total, own);
      addTo(sidecars, own);
      raiseTo(initPeak, sidecars);
    } else {
      addTo(own, sidecars);
      raiseTo(initPeak, own);
    }
  }
  raiseTo(total, initPeak);
  const podLevel = pod.spec?.resources?.requests;
  if (podLevel) Object.assign(total, parseResources(podLevel));
  if (pod.spec?.overhead) addTo(total, parseResources(pod.spec.overhead));
  return total;
}

export function addTo(target: Record<string, number>, amounts: Resources): void {
  for (const name in amounts) target[name] = (target[name] ?? 0) + (amounts[name] ?? 0);
}

export function takeFrom(target: Record<string, number>, amounts: Resources): void {
  for (const name in amounts) target[name] = (target[name] ?? 0) - (amounts[name] ?? 0);
}

function raiseTo(target: Record<string, number>, amounts: Resources): void {
  for (const name in amounts) target[name] = Math.max(target[name] ?? 0, amounts[name] ?? 0);
}
