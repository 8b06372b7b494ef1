import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The line that `kubeside up --json` prints. */
export interface Ready {
  readonly ready: true;
  readonly server: string;
  readonly kubeconfig: string;
  readonly pid: number;
}

/** `kubeside up` in a process of its own, as a person or the extension starts it. */
export interface ClusterProcess extends Ready {
  readonly process: ChildProcess;
  /** What it has written to stdout so far. */
  out(): string;
  /** What it has written to stderr so far. */
  log(): string;
  /** Sends the signal and resolves with the exit code once it has ended. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export const cli = resolve('dist/cli.js');

/** A folder that is gone after the tests. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'kubeside-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Starts a cluster and waits until it is ready; throws with what it said when it ends instead. */
export function startCluster(data: string, ...options: string[]): Promise<ClusterProcess> {
  return startWith('up', data, ...options);
}

/** The same by either command. */
export async function startWith(command: 'up' | 'start', data: string, ...options: string[]): Promise<ClusterProcess> {
  const child = spawn(process.execPath, [cli, command, '--json', '--data', data, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  let out = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  // `close`, not `exit`: what it said last is read by then.
  const exit = new Promise<number | null>((done) => child.once('close', done));
  const ready = await new Promise<Ready>((done, fail) => {
    child.stdout.on('data', (chunk) => {
      out += chunk;
      if (out.includes('\n')) done(JSON.parse(out) as Ready);
    });
    void exit.then((code) => fail(new Error(`kubeside ${command} ended with ${code}: ${log}`)));
  });
  return {
    ...ready,
    process: child,
    out: () => out,
    log: () => log,
    end(signal = 'SIGTERM') {
      child.kill(signal);
      return exit;
    },
  };
}

/** Runs the command line to its end. */
export function runCli(...options: string[]): Promise<CliOutcome> {
  return runCliWith('', ...options);
}

interface CliOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command with an input that is piped to it. */
export function runCliWith(input: string, ...options: string[]): Promise<CliOutcome> {
  const child = spawn(process.execPath, [cli, ...options], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((done) => child.once('close', (code) => done({ code, stdout, stderr })));
}
