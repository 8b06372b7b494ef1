import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { type Engine, localEngine } from '../../../store/engine.ts';
import { Log } from '../../../store/log.ts';
import { loadSqlite } from '../../../store/sqlite/sqlite.ts';
import { directoryStorage } from './directory-storage.ts';
import { avoidWasmInliningFault } from './engine-fault.ts';
import { type AnswerMessage, type CallMessage, toMessage, type WorkerSettings } from './messages.ts';

const port = parentPort;
if (!port) {
  throw new Error('this file runs as a worker of the store');
}

function answer(message: AnswerMessage): void {
  port?.postMessage(message, 'result' in message ? buffersOf(message.result) : []);
}

/** Blocks of records change threads without being copied. */
function buffersOf(result: unknown): ArrayBuffer[] {
  const block = typeof result === 'object' && result && 'records' in result ? result.records : result;
  return block instanceof Uint8Array && block.buffer instanceof ArrayBuffer ? [block.buffer] : [];
}

async function carryOut(engine: Engine, { call, args }: CallMessage): Promise<void> {
  try {
    // The other side's types make sure that the arguments are those of the call.
    const run = engine[call] as (...args: readonly unknown[]) => Promise<unknown>;
    answer({ result: await run(...args) });
  } catch (error) {
    answer({ error: toMessage(error) });
  }
  if (call === 'close') {
    port?.close();
  }
}

async function start(): Promise<void> {
  try {
    avoidWasmInliningFault();
    const { directory, wasmPath } = workerData as WorkerSettings;
    const sqlite = await loadSqlite(await readFile(wasmPath));
    const engine = localEngine(new Log(sqlite, directoryStorage(directory)));
    port?.on('message', (message: CallMessage) => void carryOut(engine, message));
    answer({ state: engine.state });
  } catch (error) {
    answer({ error: toMessage(error) });
  }
}

void start();
