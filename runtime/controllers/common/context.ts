import type { Client } from '../../client/client.ts';
import { createRecorder, type EventRecorder } from '../../client/event-recorder.ts';
import type { Informers } from '../../client/informers.ts';
import type { Log } from '../../client/log.ts';
import { createWorkQueue, type QueueMetrics, type WorkQueue, type WorkQueueOptions } from '../../client/work-queue.ts';
import type { Clock } from '../../simulation/clock.ts';
import type { Random } from '../../simulation/random.ts';

/** What every controller is handed. */
export interface ControllerContext {
  readonly client: Client;
  readonly informers: Informers;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Counts the work of the controllers; left out: nobody does. */
  readonly queues?: QueueMetrics;
  /** Aborts when the controllers are to end. */
  readonly signal?: AbortSignal;
}

/** A loop that brings what is closer to what should be. */
export interface Controller {
  /** As `kube-controller-manager --controllers` calls it. */
  readonly name: string;
  /** Waits for its caches, then works until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** A recorder that speaks for one controller. */
export function recorderFor(context: ControllerContext, component: string): EventRecorder {
  const { client, clock, random, log, signal } = context;
  return createRecorder({ client, clock, random, log, component, ...(signal !== undefined && { signal }) });
}

/** A work queue of a controller, counted under the name that kube-controller-manager gives it. */
export function queueFor(
  { clock, queues }: ControllerContext,
  name: string,
  delays: Pick<WorkQueueOptions, 'baseDelay' | 'maxDelay'> = {},
): WorkQueue {
  return createWorkQueue({ clock, ...delays, ...(queues && { observe: (state) => queues.observe(name, state) }) });
}
