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

/** What is wanted cannot be yet, and that is nobody's fault: it is tried again, with back-off, and not complained of. */
export class Unfulfilled extends Error {
  override readonly name = 'Unfulfilled';
}

/** Works on the keys of a queue until the signal aborts; resolves when the last worker has ended. */
export async function runController(options: ControllerOptions): Promise<void> {
  const complaints = new Map<string, string>();
  // A signal of its own for each worker: hosts warn when many wait on one.
  const worker = () => work({ ...options, signal: AbortSignal.any([options.signal]) }, complaints);
  await Promise.all(Array.from({ length: options.workers }, worker));
}

/** @param complaints what was complained of last, by key, while it has not gone well since */
async function work({ name, queue, reconcile, signal, log }: ControllerOptions, complaints: Map<string, string>): Promise<void> {
  /** What fails again and again for the same reason is told once. */
  const complain = (key: string, error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    if (complaints.get(key) === message) {
      log.debug(`${name}: ${key}: reconcile failed again: ${message}`);
      return;
    }
    complaints.set(key, message);
    log.warn(`${name}: ${key}: reconcile failed`, error);
  };
  for (let key = await queue.take(signal); key !== undefined; key = await queue.take(signal)) {
    try {
      await reconcile(key);
      queue.forget(key);
      complaints.delete(key);
    } catch (error) {
      if (signal.aborted) return;
      // These only say that the cache was behind; the next try sees what is there now.
      if (isReason(error, 'Conflict') || isReason(error, 'NotFound') || error instanceof Unfulfilled)
        log.debug(`${name}: ${key}: ${error.message}`);
      else complain(key, error);
      queue.addRateLimited(key);
    } finally {
      queue.done(key);
    }
  }
}
