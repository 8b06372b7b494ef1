import { runController, Unfulfilled } from '../../client/controller.ts';
import { nameOf } from '../../client/object-key.ts';
import { apiServices } from '../../client/resources.ts';
import type { WorkQueue } from '../../client/work-queue.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';

/** What has become of an APIService that names a service. */
type Change = 'came' | 'changed' | 'went';

interface Following {
  readonly name: string;
  readonly workers: number;
  /** Milliseconds until a server that has not answered is asked again, the first time and at most. */
  readonly baseDelay: number;
  readonly maxDelay: number;
  /** Asks the server behind an APIService, or forgets it when that is gone. */
  readonly refresh: (apiService: string) => Promise<void>;
  /** Puts an APIService into the queue when a change calls for it. */
  readonly wake: (queue: WorkQueue, apiService: string, change: Change) => void;
}

/** How often a server that has answered is asked again, in milliseconds. */
export const refreshPeriod = 60_000;

/** Keeps what is known of other API servers: asks them when their APIServices change, every minute, and again when they do not answer. */
export function followRemoteServers(context: ControllerContext, following: Following): Controller {
  const { informers, log } = context;
  const { name, workers, baseDelay, maxDelay } = following;
  const registered = informers.for(apiServices);
  const queue = queueFor(context, name, { baseDelay, maxDelay });
  const followed = new Set<string>();
  const isRemote = (key: string) => registered.lister.get(undefined, key)?.spec?.service !== undefined;

  const changed = (key: string) => {
    if (isRemote(key)) following.wake(queue, key, followed.has(key) ? 'changed' : 'came');
    else if (followed.has(key)) following.wake(queue, key, 'went');
    if (isRemote(key)) followed.add(key);
    else followed.delete(key);
  };
  registered.on({
    added: (apiService) => changed(nameOf(apiService)),
    updated: (apiService) => changed(nameOf(apiService)),
    deleted: (apiService) => changed(nameOf(apiService)),
  });

  const reconcile = async (key: string) => {
    await following.refresh(key).catch((error: unknown) => {
      throw new Unfulfilled(error instanceof Error ? error.message : String(error));
    });
    if (isRemote(key)) queue.addAfter(key, refreshPeriod);
  };

  return {
    name,
    async run(signal) {
      await registered.synced();
      await runController({ name, queue, workers, reconcile, signal, log });
    },
  };
}
