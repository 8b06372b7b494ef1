import type { Log } from '../../../client/log.ts';

/** Log lines for people, on stderr. Debug messages only when `KUBESIDE_DEBUG` is set. */
export function createStderrLog(): Log {
  const write = (level: string, message: string, error?: unknown) => {
    const cause =
      error === undefined ? '' : `: ${error instanceof Error ? (process.env.KUBESIDE_DEBUG ? error.stack : error.message) : String(error)}`;
    process.stderr.write(`${new Date().toISOString()} ${level} ${message}${cause}\n`);
  };
  return {
    debug: (message) => {
      if (process.env.KUBESIDE_DEBUG) write('debug', message);
    },
    info: (message) => write('info', message),
    warn: (message, error) => write('warn', message, error),
    error: (message, error) => write('error', message, error),
  };
}
