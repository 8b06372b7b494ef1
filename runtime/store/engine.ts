import type { Log } from './log.ts';

/** What a store runs on: its log, and a share of the thread they both are in. */
export interface Engine {
  readonly log: Log;
  /** Resolves when others have had their turn with the thread. What is committed until then is written as one group. */
  turn(): Promise<void>;
  /** Called once, when the log has been closed. */
  release(): Promise<void>;
}
