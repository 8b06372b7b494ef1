import type { Container, Pod, ResourceRequirements } from '../../api/generated/types/core/v1.ts';
import type { EventRecorder } from '../../client/event-recorder.ts';
import { isRestartableInit } from './pod-names.ts';
import type { PodRuntimeStatus } from './runtime-status.ts';

/**
 * What the containers of one pod were given, and what becomes of it when the pod is resized while they run. After the kubelet's
 * `handlePodResourcesResize` and `computePodResizeAction`; a simulated container is given more or less at once.
 */
export class PodResizes {
  readonly #recorder: EventRecorder;
  readonly #given = new Map<string, ResourceRequirements>();
  /** Containers that a resize has yet to start anew; undefined: there is none under way. */
  #left: Set<string> | undefined;

  constructor(recorder: EventRecorder) {
    this.#recorder = recorder;
  }

  /** A container has been started with what the pod asks for. */
  started(pod: Pod, { name, resources = {} }: Container): void {
    this.#given.set(name, resources);
    if (this.#left?.delete(name) === true) this.#complete(pod);
  }

  /** Looks what the pod asks for now. @returns the running containers that must start anew for it */
  check(pod: Pod, runtime: PodRuntimeStatus): ReadonlySet<string> {
    const { initContainers = [], containers = [] } = pod.spec ?? {};
    const isRunning = (name: string) => runtime.containers.get(name)?.[0]?.state === 'CONTAINER_RUNNING';
    const changed = [...initContainers.filter(isRestartableInit), ...containers].filter(({ name, resources = {} }) => {
      const given = this.#given.get(name);
      return isRunning(name) && given !== undefined && describe(given) !== describe(resources);
    });
    if (changed.length > 0) {
      this.#recorder.event(pod, 'Normal', 'ResizeStarted', summary('Pod resize started', pod));
      const anew = changed.filter((container) => needsRestart(container, this.#given.get(container.name) ?? {}));
      for (const { name, resources = {} } of changed) this.#given.set(name, resources);
      this.#left = new Set([...(this.#left ?? []), ...anew.map(({ name }) => name)]);
      this.#complete(pod);
    }
    return new Set([...(this.#left ?? [])].filter(isRunning));
  }

  #complete(pod: Pod): void {
    if (this.#left?.size !== 0) return;
    this.#left = undefined;
    this.#recorder.event(pod, 'Normal', 'ResizeCompleted', summary('Pod resize completed', pod));
  }
}

/** Whether the policy of a resource that has changed asks for a restart. What memory is requested concerns the scheduler alone. */
function needsRestart({ resources = {}, resizePolicy = [] }: Container, given: ResourceRequirements): boolean {
  const differs = (kind: 'limits' | 'requests', name: string) => String(resources[kind]?.[name]) !== String(given[kind]?.[name]);
  return resizePolicy.some(
    ({ resourceName, restartPolicy }) =>
      restartPolicy === 'RestartContainer' && (differs('limits', resourceName) || (resourceName === 'cpu' && differs('requests', 'cpu'))),
  );
}

/** A pod's resources as events of resizes tell them. */
function summary(prefix: string, { metadata, spec }: Pod): string {
  const of = (containers: readonly Container[]) =>
    containers.map(({ name, resources = {} }) => `{"name":${JSON.stringify(name)},"resources":${describe(resources)}}`).join();
  const { initContainers = [], containers = [] } = spec ?? {};
  const init = initContainers.length === 0 ? '' : `"initContainers":[${of(initContainers)}],`;
  return `${prefix}: {${init}"containers":[${of(containers)}],"generation":${metadata?.generation ?? 0}}`;
}

/** JSON in the order in which Go writes it. */
function describe({ limits, requests, claims }: ResourceRequirements): string {
  const sorted = (list: ResourceRequirements['limits']) =>
    list === undefined ? undefined : Object.fromEntries(Object.entries(list).sort(([left], [right]) => (left < right ? -1 : 1)));
  return JSON.stringify({ limits: sorted(limits), requests: sorted(requests), claims });
}
