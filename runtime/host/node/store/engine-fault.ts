import { setFlagsFromString } from 'node:v8';

/** The first V8 that is known to be free of the fault: that of Node 22. */
const repairedVersion = 12;

/**
 * The V8 of Node 20 crashes the process when it has inlined a call into WebAssembly that calls back into JavaScript, as SQLite does
 * for its files. Call this before SQLite is loaded: it turns that inlining off where it is faulty.
 */
export function avoidWasmInliningFault(): void {
  if (Number.parseInt(process.versions.v8, 10) < repairedVersion) {
    setFlagsFromString('--no-turbo-inline-js-wasm-calls');
  }
}
