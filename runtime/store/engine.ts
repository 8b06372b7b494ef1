import type { Log, LogState } from './log.ts';

/** The calls of {@link Log} that an engine carries out. */
export type LogCall = 'load' | 'start' | 'append' | 'list' | 'get' | 'history' | 'compact' | 'sweep' | 'close';

/** A {@link Log} behind promises: in this thread, or in another one. Calls are carried out in the order they were made. */
export type Engine = {
  readonly state: LogState;
  /** Resolves with the reason if the engine ends without having been closed. */
  readonly broken: Promise<unknown>;
} & {
  readonly [Call in LogCall]: (...args: Parameters<Log[Call]>) => Promise<ReturnType<Log[Call]>>;
};

/** Runs the log in this thread. Its promises resolve without waiting for a timer or an event, so it works under virtual time. */
export function localEngine(log: Log): Engine {
  return {
    state: log.state,
    broken: new Promise(() => {}),
    load: async (after) => log.load(after),
    start: async () => log.start(),
    append: async (records) => log.append(records),
    list: async (prefix, at, after, limit) => log.list(prefix, at, after, limit),
    get: async (key, at) => log.get(key, at),
    history: async (prefix, after, upTo) => log.history(prefix, after, upTo),
    compact: async (revision) => log.compact(revision),
    sweep: async (rows) => log.sweep(rows),
    close: async () => log.close(),
  };
}
