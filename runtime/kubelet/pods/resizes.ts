import type { Container, Pod, PodCondition, ResourceRequirements } from '../../api/generated/types/core/v1.ts';
import type { EventRecorder } from '../../client/event-recorder.ts';
import { type Clock, formatTime } from '../../simulation/clock.ts';
import { resizableContainers } from './pod-names.ts';
import { resizeMessage, sameResources } from './resize-texts.ts';
import type { PodRuntimeStatus } from './runtime-status.ts';

/**
 * Brings running containers to what the node has set aside for them. After the kubelet's `computePodResizeAction` and
 * `CheckPodResizeInProgress`; a simulated container is given more or less at once.
 */
export class PodResizes {
  readonly #recorder: EventRecorder;
  readonly #clock: Clock;
  readonly #given = new Map<string, ResourceRequirements>();
  /** Containers that are to start anew for what they get. */
  readonly #left = new Set<string>();
  #inProgress: PodCondition | undefined;

  constructor(recorder: EventRecorder, clock: Clock) {
    this.#recorder = recorder;
    this.#clock = clock;
  }

  /** A container has been started with what was set aside for it. */
  started(pod: Pod, { name, resources = {} }: Container): void {
    this.#given.set(name, resources);
    this.#left.delete(name);
    this.#complete(pod);
  }

  /** Something else has been set aside for the pod. */
  begin({ metadata }: Pod): void {
    const now = formatTime(this.#clock.now());
    const { generation = 0 } = metadata ?? {};
    const times = { lastProbeTime: now, lastTransitionTime: this.#inProgress?.lastTransitionTime ?? now };
    this.#inProgress = { type: 'PodResizeInProgress', status: 'True', ...times, observedGeneration: generation };
  }

  /** Gives what can be given. @param pod with what was set aside for it @returns the running containers that must start anew for it */
  check(pod: Pod, runtime: PodRuntimeStatus): ReadonlySet<string> {
    const isRunning = (name: string) => runtime.containers.get(name)?.[0]?.state === 'CONTAINER_RUNNING';
    for (const container of resizableContainers(pod)) {
      const { name, resources = {} } = container;
      const given = this.#given.get(name);
      if (!isRunning(name) || given === undefined || sameResources(given, resources)) continue;
      if (needsRestart(container, given)) this.#left.add(name);
      this.#given.set(name, resources);
    }
    // What does not run gets it when it starts.
    for (const name of this.#left) if (!isRunning(name)) this.#left.delete(name);
    this.#complete(pod);
    return this.#left;
  }

  /** That containers are being brought to what they are to have, as the pod's status tells it. */
  get condition(): PodCondition | undefined {
    return this.#inProgress;
  }

  #complete(pod: Pod): void {
    if (this.#inProgress === undefined || this.#left.size > 0) return;
    this.#inProgress = undefined;
    this.#recorder.event(pod, 'Normal', 'ResizeCompleted', resizeMessage('Pod resize completed', pod));
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
