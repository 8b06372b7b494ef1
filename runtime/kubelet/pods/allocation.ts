import type { Container, Pod, PodCondition, ResourceRequirements } from '../../api/generated/types/core/v1.ts';
import type { EventRecorder } from '../../client/event-recorder.ts';
import { type Clock, formatTime } from '../../simulation/clock.ts';
import { resizableContainers } from './pod-names.ts';
import { resizeMessage, sameResources } from './resize-texts.ts';

/** Why a node does not give a pod what it asks for: not now, or never. */
export interface ResizeRefusal {
  readonly reason: 'Deferred' | 'Infeasible';
  readonly message: string;
}

/** What was set aside, of the pod as a whole and of each container. */
interface Allocated {
  readonly pod: ResourceRequirements | undefined;
  readonly containers: ReadonlyMap<string, ResourceRequirements>;
}

/**
 * What a node has set aside for one pod, which its containers get, and not what the pod has come to ask for meanwhile. After the kubelet's
 * allocation manager.
 */
export class PodAllocation {
  readonly #recorder: EventRecorder;
  readonly #clock: Clock;
  #allocated: Allocated;
  #pending: PodCondition | undefined;
  /** Whether the pod, as it is since this generation of it, asks for something else. */
  #judged: { readonly generation: number; readonly differs: boolean } | undefined;

  /** @param pod as it is met first. What it has been given before the kubelet was started anew stands in its status alone. */
  constructor(pod: Pod, recorder: EventRecorder, clock: Clock) {
    this.#recorder = recorder;
    this.#clock = clock;
    const { initContainerStatuses = [], containerStatuses = [], conditions = [] } = pod.status ?? {};
    const given = new Map([...initContainerStatuses, ...containerStatuses].map(({ name, resources }) => [name, resources]));
    this.#allocated = {
      pod: pod.spec?.resources,
      containers: new Map(resizableContainers(pod).map(({ name, resources = {} }) => [name, given.get(name) ?? resources])),
    };
    this.#pending = conditions.find(({ type }) => type === 'PodResizePending');
  }

  /** The pod with what it was given in place of what it asks for. */
  applyTo(pod: Pod): Pod {
    if (!this.differsFrom(pod)) return pod;
    const { containers } = this.#allocated;
    const given = (container: Container): Container => ({
      ...container,
      resources: containers.get(container.name) ?? container.resources ?? {},
    });
    const { resources: _, ...spec } = pod.spec ?? { containers: [] };
    return {
      ...pod,
      spec: {
        ...spec,
        ...(this.#allocated.pod === undefined ? {} : { resources: this.#allocated.pod }),
        ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(given) }),
        containers: spec.containers.map(given),
      },
    };
  }

  /** Whether the pod asks for something else than it was given, or is still said to. */
  isToBeResized(pod: Pod): boolean {
    return this.#pending !== undefined || this.differsFrom(pod);
  }

  /** Whether the pod asks for something else than it was given. */
  differsFrom(pod: Pod): boolean {
    const { generation } = pod.metadata ?? {};
    if (generation === undefined) return this.#differs(pod);
    if (this.#judged?.generation !== generation) this.#judged = { generation, differs: this.#differs(pod) };
    return this.#judged.differs;
  }

  #differs(pod: Pod): boolean {
    const { pod: whole = {}, containers } = this.#allocated;
    return (
      !sameResources(whole, pod.spec?.resources ?? {}) ||
      resizableContainers(pod).some(({ name, resources = {} }) => !sameResources(containers.get(name) ?? resources, resources))
    );
  }

  /** Gives the pod what it asks for unless the node refuses it. @returns whether it was given something, or something else is to be told of it */
  resize(pod: Pod, refusal: () => ResizeRefusal | undefined): 'allocated' | 'told' | 'unchanged' {
    const { generation = 0 } = pod.metadata ?? {};
    if (!this.differsFrom(pod)) {
      this.#pending = undefined;
      return 'told';
    }
    const refused = refusal();
    if (refused === undefined) {
      this.#judged = undefined;
      this.#pending = undefined;
      this.#allocated = {
        pod: pod.spec?.resources,
        containers: new Map(resizableContainers(pod).map(({ name, resources = {} }) => [name, resources])),
      };
      this.#recorder.event(pod, 'Normal', 'ResizeStarted', resizeMessage('Pod resize started', pod));
      return 'allocated';
    }
    const { reason, message } = refused;
    const before = this.#pending;
    if (before?.reason === reason && before.message === message && before.observedGeneration === generation) return 'unchanged';
    const now = formatTime(this.#clock.now());
    this.#pending = {
      type: 'PodResizePending',
      status: 'True',
      lastProbeTime: now,
      lastTransitionTime: before?.reason === reason ? (before.lastTransitionTime ?? now) : now,
      ...{ reason, message, observedGeneration: generation },
    };
    this.#recorder.event(pod, 'Warning', `Resize${reason}`, resizeMessage(`Pod resize ${reason}`, pod, message));
    return 'told';
  }

  /** That the pod waits for what it asks for, as its status tells it. */
  get pending(): PodCondition | undefined {
    return this.#pending;
  }
}
