import { Worker } from 'node:worker_threads';
import type { Engine, LogCall } from '../../../store/engine.ts';
import type { LogState } from '../../../store/log.ts';
import { Turns } from '../turns.ts';
import { type AnswerMessage, type CallMessage, fromMessage, type WorkerSettings } from './messages.ts';

interface Waiting {
  readonly resolve: (answer: AnswerMessage) => void;
  readonly reject: (error: unknown) => void;
}

/** Starts the log in a thread of its own, where syncing to disk holds up nobody. Rejects when the database cannot be used. */
export async function startWorkerEngine(workerUrl: string | URL, settings: WorkerSettings): Promise<Engine> {
  const worker = new Worker(workerUrl, { workerData: settings, name: 'store' });
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  /** In the order of the calls, which is the order of the answers. */
  let waiting: Waiting[] = [];
  let reason: unknown;
  let tellBroken: (reason: unknown) => void = () => {};
  const broken = new Promise<unknown>((resolve) => {
    tellBroken = resolve;
  });

  function breakAll(error: unknown): void {
    reason ??= error;
    tellBroken(reason);
    for (const { reject } of waiting) {
      reject(reason);
    }
    waiting = [];
  }
  const turns = new Turns();
  worker.on('message', (answer: AnswerMessage) => turns.add(() => waiting.shift()?.resolve(answer)));
  const breakInTurn = (error: unknown) => turns.add(() => breakAll(error));
  worker.on('messageerror', breakInTurn);
  worker.on('error', breakInTurn);
  worker.on('exit', (code) => breakInTurn(new Error(`the thread of the store has ended with code ${code}`)));

  function nextAnswer(): Promise<AnswerMessage> {
    return new Promise((resolve, reject) => {
      if (reason === undefined) {
        waiting.push({ resolve, reject });
      } else {
        reject(reason);
      }
    });
  }

  /** Sends a call; blocks of records among its arguments are handed over, not copied. */
  function send<Call extends LogCall>(call: Call): Engine[Call];
  function send(call: LogCall): (...args: readonly unknown[]) => Promise<unknown> {
    return async (...args) => {
      const message: CallMessage = { call, args };
      const blocks = args.flatMap((value) => (value instanceof Uint8Array && value.buffer instanceof ArrayBuffer ? [value.buffer] : []));
      const answered = nextAnswer();
      worker.postMessage(message, blocks);
      const answer = await answered;
      if ('error' in answer) {
        throw fromMessage(answer.error);
      }
      return 'result' in answer ? answer.result : undefined;
    };
  }

  const state = await started(nextAnswer());
  const close = send('close');
  return {
    state,
    broken,
    load: send('load'),
    start: send('start'),
    append: send('append'),
    list: send('list'),
    get: send('get'),
    history: send('history'),
    compact: send('compact'),
    sweep: send('sweep'),
    close: async () => {
      try {
        await close();
      } finally {
        await gone;
      }
    },
  };

  async function started(first: Promise<AnswerMessage>): Promise<LogState> {
    const answer = await first;
    if ('state' in answer) {
      return answer.state;
    }
    await gone;
    throw 'error' in answer ? fromMessage(answer.error) : new Error('the thread of the store did not start');
  }
}
