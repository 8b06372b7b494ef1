import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { t } from '@vscode/l10n';

export interface ProcessOptions {
  /** The program that runs JavaScript: the editor's own, told to behave as Node. */
  readonly node: string;
  /** `dist/cli.js` */
  readonly cli: string;
  readonly args: readonly string[];
  /** Takes each line of the process's log. */
  readonly log: (line: string) => void;
  /** Milliseconds until it must have said that it is ready. */
  readonly readyTimeout?: number;
}

/** The one line a cluster prints when it is ready. */
export interface Ready {
  readonly server: string;
  readonly kubeconfig: string;
  readonly pid: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last thing it said. */
  readonly lastLine: string;
}

/** A cluster that runs as a process of its own. */
export interface ClusterProcess {
  readonly ready: Ready;
  readonly exited: Promise<Exit>;
  /** Asks it to end, and ends it when it does not within `grace` milliseconds. */
  stop(grace?: number): Promise<Exit>;
}

/** Starts the process and waits for its ready line. Throws its own one-line error when it ends before that. */
export async function startProcess(options: ProcessOptions): Promise<ClusterProcess> {
  const child = launch(options);
  const exited = watchExit(child, options.log);
  const stop = async (grace = 5_000) => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), grace);
    const exit = await exited;
    clearTimeout(timer);
    return exit;
  };
  const limit = options.readyTimeout ?? 30_000;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the cluster was not ready after ${limit / 1000} s`)), limit);
  });
  const early = exited.then((exit) => {
    throw new Error(exit.lastLine || `the cluster's process ended with ${describeExit(exit)}`);
  });
  try {
    return { ready: await Promise.race([readReady(child), early, late]), exited, stop };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
    early.catch(() => undefined);
  }
}

/** Runs a command of the program to its end. Throws what it said last when it fails. */
export async function runToEnd(options: ProcessOptions): Promise<void> {
  const exit = await watchExit(launch(options), options.log);
  if (exit.code !== 0) throw new Error(exit.lastLine || t('the command ended with {0}', describeExit(exit)));
}

/** `code 1` or `signal SIGKILL`. */
function describeExit(exit: Exit): string {
  return exit.signal === null ? t('code {0}', exit.code ?? '?') : t('signal {0}', exit.signal);
}

/** That it has ended when nobody asked for it, and what it said of that itself: who is killed has no time to say anything. */
export function describeEnd(exit: Exit): string {
  const how = describeExit(exit);
  return exit.code === null || exit.code === 0 || exit.lastLine === ''
    ? t('The cluster stopped unexpectedly ({0}).', how)
    : t('The cluster stopped unexpectedly ({0}): {1}', how, exit.lastLine);
}

function launch(options: ProcessOptions): ChildProcess {
  return spawn(options.node, [options.cli, ...options.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
}

function watchExit(child: ChildProcess, log: (line: string) => void): Promise<Exit> {
  let lastLine = '';
  if (child.stderr) {
    createInterface(child.stderr).on('line', (line) => {
      log(line);
      if (line.trim() !== '') lastLine = errorOf(line) ?? line.trim().replace(/^kubeside: /, '');
    });
  }
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, lastLine: error.message }));
    // `close`, not `exit`: what it said last is read by then.
    child.once('close', (code, signal) => resolve({ code, signal, lastLine }));
  });
}

function readReady(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) return;
    createInterface(child.stdout).on('line', (line) => {
      const answer = parse(line);
      if (answer?.ready === true) resolve(answer as unknown as Ready);
      else if (errorOf(line) !== undefined) reject(new Error(errorOf(line)));
    });
  });
}

function errorOf(line: string): string | undefined {
  const error = parse(line)?.error;
  return typeof error === 'string' ? error : undefined;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
