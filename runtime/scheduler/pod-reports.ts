import type { Pod, PodCondition } from '../api/generated/types/core/v1.ts';
import { type Client, isReason } from '../client/client.ts';
import type { EventSeriesRecorder } from '../client/event-series-recorder.ts';
import * as resources from '../client/resources.ts';
import { type Clock, formatTime } from '../simulation/clock.ts';

/** What people are told of pods: events, and conditions in their status. */
export interface PodReportsOptions {
  readonly client: Client;
  readonly recorder: EventSeriesRecorder;
  readonly clock: Clock;
}

/** Why a pod was not scheduled, as it goes into an event and into the pod's `PodScheduled` condition. */
export interface Failure {
  /** `SchedulerError`: it may have been nobody's fault but the scheduler's. */
  readonly reason: 'Unschedulable' | 'SchedulerError';
  readonly message: string;
  /** A node the pod is nominated for from now on; the empty string: none any more. */
  readonly nominatedNodeName?: string;
}

/** An event's note may be this long, in bytes. */
const longestNote = 1024;
const encoder = new TextEncoder();

/** Writes what the scheduler has to say about pods. Errors of the API pass through, but for pods that are gone already. */
export class PodReports {
  readonly #options: PodReportsOptions;

  constructor(options: PodReportsOptions) {
    this.#options = options;
  }

  /** An event `FailedScheduling`, and the condition unless it stands there already. */
  async failed(pod: Pod, failure: Failure): Promise<void> {
    const { recorder } = this.#options;
    const { reason, message, nominatedNodeName } = failure;
    const note = shorten(message);
    recorder.event({ regarding: pod, type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', note });
    const nomination =
      nominatedNodeName === undefined || nominatedNodeName === (pod.status?.nominatedNodeName ?? '') ? undefined : nominatedNodeName;
    const old = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
    const same =
      old?.status === 'False' && old.reason === reason && old.message === message && old.observedGeneration === pod.metadata?.generation;
    if (same && nomination === undefined) return;
    await this.#patchStatus(pod, {
      ...(!same && { conditions: [this.#condition(pod, { type: 'PodScheduled', status: 'False', reason, message })] }),
      ...(nomination !== undefined && { nominatedNodeName: nomination === '' ? null : nomination }),
    });
  }

  /** Takes a nomination back. */
  async clearNomination(pod: Pod): Promise<void> {
    await this.#patchStatus(pod, { nominatedNodeName: null });
  }

  /** Marks the victim and deletes it, if it is still there. */
  async evict(victim: Pod, preemptor: Pod, node: string): Promise<void> {
    const { client, recorder } = this.#options;
    const { name = '', namespace, uid } = victim.metadata ?? {};
    if (victim.metadata?.deletionTimestamp) return;
    const message = `${preemptor.spec?.schedulerName ?? ''}: preempting to accommodate a higher priority pod`;
    const condition = this.#condition(victim, { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', message });
    await this.#patchStatus(victim, { conditions: [condition] });
    try {
      await client.resource(resources.pods).delete(name, namespace, uid === undefined ? {} : { preconditions: { uid } });
    } catch (error) {
      if (isReason(error, 'NotFound') || isReason(error, 'Conflict')) return;
      throw error;
    }
    const note = `Preempted by pod ${preemptor.metadata?.uid ?? ''} on node ${node}`;
    recorder.event({ regarding: victim, related: preemptor, type: 'Normal', reason: 'Preempted', action: 'Preempting', note });
  }

  #condition({ metadata, status }: Pod, condition: PodCondition): PodCondition & { [key: string]: string | number } {
    const old = status?.conditions?.find(({ type }) => type === condition.type);
    const { type, reason = '', message = '' } = condition;
    const since = old?.status === condition.status ? old.lastTransitionTime : undefined;
    return {
      type,
      status: condition.status,
      reason,
      message,
      lastTransitionTime: since ?? formatTime(this.#options.clock.now()),
      ...(metadata?.generation !== undefined && { observedGeneration: metadata.generation }),
    };
  }

  async #patchStatus({ metadata }: Pod, status: { conditions?: { [key: string]: string | number }[]; nominatedNodeName?: string | null }) {
    try {
      const patch = { type: 'strategic', body: { status } } as const;
      await this.#options.client.resource(resources.pods).patch(metadata?.name ?? '', metadata?.namespace, patch, 'status');
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  }
}

/** Cuts what is too long for an event, and no character in two. */
export function shorten(message: string): string {
  if (message.length * 3 <= longestNote) return message;
  const bytes = encoder.encode(message);
  if (bytes.length <= longestNote) return message;
  const more = ' ...';
  const whole = new Uint8Array(longestNote - more.length);
  const { read } = encoder.encodeInto(message, whole);
  return message.slice(0, read) + more;
}
