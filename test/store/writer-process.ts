import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { bundle, temporaryDirectory, wasmPath } from './file-store.ts';

/** A line that `writer.ts` says. */
export interface Said {
  readonly opened?: number | boolean;
  readonly key?: string;
  readonly revision?: number;
  readonly size?: number;
  readonly failed?: string;
  readonly error?: string;
  readonly message?: string;
}

let bundled: Promise<string> | undefined;

function writerBundle(): Promise<string> {
  bundled ??= (async () => {
    const { path, remove } = temporaryDirectory();
    process.once('exit', remove);
    return await bundle('writer.ts', path);
  })();
  return bundled;
}

/** `writer.ts` in a process of its own. */
export class WriterProcess {
  readonly said: Said[] = [];
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #rest = '';
  #wake: () => void = () => {};

  /** `wrap` puts a command before it, such as one that sets limits. */
  static async start(mode: 'load' | 'hold', directory: string, wrap: readonly string[] = []): Promise<WriterProcess> {
    const command = [...wrap, process.execPath, await writerBundle(), mode, directory, wasmPath];
    return new WriterProcess(command);
  }

  private constructor([program = '', ...args]: readonly string[]) {
    this.#child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#closed = once(this.#child, 'close').then(() => this.#wake());
    this.#child.stdout?.on('data', (data: Buffer) => {
      const lines = (this.#rest + data.toString()).split('\n');
      this.#rest = lines.pop() ?? '';
      this.said.push(...lines.map((line) => JSON.parse(line) as Said));
      this.#wake();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Waits until what was said is enough, or the process has ended. */
  async until(enough: (said: readonly Said[]) => boolean): Promise<void> {
    while (!enough(this.said) && this.#child.exitCode === null && this.#child.signalCode === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Ends the process with SIGKILL; what it said until then is complete afterwards. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  /** Waits for the process to end on its own. */
  async ended(): Promise<void> {
    await this.#closed;
  }
}
