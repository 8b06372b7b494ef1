import { isReason } from './client.ts';
import type { Log } from './log.ts';
import type { WorkQueue } from './work-queue.ts';

export interface ControllerOptions {
  /** Named in the log. */
  readonly name: string;
  readonly queue: WorkQueue;
  /** How many keys are worked on at the same time. */
  readonly workers: number;
  /** Brings what is closer to what should be; a throw means: try again later, with back-off. */
  readonly reconcile: (key: string) => Promise<void>;
  /** Ends the controller once the work under way is done. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Works on the keys of a queue until the signal aborts; resolves when the last worker has ended. */
export async function runController(options: ControllerOptions): Promise<void> {
  await Promise.all(Array.from({ length: options.workers }, () => work(options)));
}

async function work({ name, queue, reconcile, signal, log }: ControllerOptions): Promise<void> {
  for (let key = await queue.take(signal); key !== undefined; key = await queue.take(signal)) {
    try {
      await reconcile(key);
      queue.forget(key);
    } catch (error) {
      if (signal.aborted) return;
      // A conflict only says that the cache was behind; the next try sees the newer object.
      if (isReason(error, 'Conflict')) log.debug(`${name}: ${key}: ${error.message}`);
      else log.warn(`${name}: ${key}: reconcile failed`, error);
      queue.addRateLimited(key);
    } finally {
      queue.done(key);
    }
  }
}
