import type { LogCall } from '../../../store/engine.ts';
import { DamagedDatabaseError, NewerDatabaseError } from '../../../store/failures.ts';
import type { LogState } from '../../../store/log.ts';

/** What the worker is started with. */
export interface WorkerSettings {
  readonly directory: string;
  /** Path of sql.js' `sql-wasm.wasm`. */
  readonly wasmPath: string;
}

/** To the worker: one call of the log. Calls are answered in their order. */
export interface CallMessage {
  readonly call: LogCall;
  readonly args: readonly unknown[];
}

/** From the worker: first the state or why there is none, then an answer for each call. */
export type AnswerMessage = { readonly state: LogState } | { readonly result: unknown } | { readonly error: ErrorMessage };

/** An error on its way between threads, which would lose its class and most properties if it were sent as it is. */
export type ErrorMessage =
  | { readonly kind: 'newer'; readonly found: number; readonly supported: number }
  | { readonly kind: 'damaged'; readonly detail: string }
  | { readonly kind: 'other'; readonly message: string; readonly code: string | undefined; readonly stack: string | undefined };

export function toMessage(error: unknown): ErrorMessage {
  if (error instanceof NewerDatabaseError) {
    return { kind: 'newer', found: error.found, supported: error.supported };
  }
  if (error instanceof DamagedDatabaseError) {
    return { kind: 'damaged', detail: error.detail };
  }
  if (error instanceof Error) {
    const code = 'code' in error ? String(error.code) : undefined;
    return { kind: 'other', message: error.message, code, stack: error.stack };
  }
  return { kind: 'other', message: String(error), code: undefined, stack: undefined };
}

export function fromMessage(message: ErrorMessage): Error {
  switch (message.kind) {
    case 'newer':
      return new NewerDatabaseError(message.found, message.supported);
    case 'damaged':
      return new DamagedDatabaseError(message.detail);
    case 'other': {
      const error = new Error(message.message);
      if (message.stack !== undefined) {
        error.stack = message.stack;
      }
      return message.code === undefined ? error : Object.assign(error, { code: message.code });
    }
  }
}
