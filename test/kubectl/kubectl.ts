import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { it } from 'vitest';

/** One kubectl of this machine. */
export interface Kubectl {
  /** `1.32` */
  readonly version: string;
  readonly path: string;
}

/** What a run of kubectl gave. */
export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How kubectl is run. */
export interface RunOptions {
  /** Milliseconds until it is killed. */
  readonly timeout?: number;
  /** Variables beside those that every session has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The versions that matter, of those the machine has: `kubectl.1.N` beside the kubectl on the PATH, else that one alone. */
export function findKubectls(wanted: readonly string[]): Kubectl[] {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'kubectl'))
    .find((path) => existsSync(path));
  if (onPath === undefined) return [];
  const folder = dirname(realpathSync(onPath));
  const versions = readdirSync(folder).flatMap((name) => {
    const version = /^kubectl\.(1\.\d+)$/.exec(name)?.[1];
    return version !== undefined && wanted.includes(version) ? [{ version, path: join(folder, name) }] : [];
  });
  return versions.length > 0 ? versions : [{ version: clientVersion(onPath), path: onPath }];
}

/** Says in one line that tests are left out where the machine has no kubectl; whether they are. */
export function leftOutWithoutKubectl(kubectls: readonly Kubectl[], what: string): boolean {
  if (kubectls.length > 0) return false;
  console.warn(`${what} skipped: install kubectl and put it on the PATH`);
  it.todo(`${what} (needs kubectl)`);
  return true;
}

function clientVersion(path: string): string {
  const { stdout } = spawnSync(path, ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
  const { clientVersion: version } = JSON.parse(stdout) as { clientVersion: { major: string; minor: string } };
  return `${version.major}.${version.minor}`;
}

/** kubectl bound to a kubeconfig and a namespace. */
export class Session {
  readonly #kubectl: Kubectl;
  readonly #kubeconfig: string;
  readonly #home: string;

  constructor(kubectl: Kubectl, kubeconfig: string, home: string) {
    this.#kubectl = kubectl;
    this.#kubeconfig = kubeconfig;
    this.#home = home;
  }

  /** Runs to the end, whatever comes of it. */
  try(args: readonly string[], input = '', { timeout = 60_000, env = {} }: RunOptions = {}): Promise<Output> {
    const child = spawn(this.#kubectl.path, [...args], {
      // A home of its own: kubectl keeps what it discovered there.
      env: { PATH: process.env.PATH ?? '', HOME: this.#home, KUBECONFIG: this.#kubeconfig, ...env },
      timeout,
    });
    // A command that has ended, or never reads, leaves the pipe broken; what it said of that is looked at, not the pipe.
    child.stdin.on('error', () => undefined);
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

  /** Runs and gives what it printed; throws when it fails. */
  async run(command: string, input = ''): Promise<string> {
    const { code, stdout, stderr } = await this.try(command.split(' '), input);
    if (code !== 0) throw new Error(`kubectl ${command} ended with ${code}: ${stderr}${stdout}`);
    return stdout;
  }

  /** Runs and gives the error it printed; throws when it succeeds. */
  async fail(command: string, input = ''): Promise<string> {
    const { code, stdout, stderr } = await this.try(command.split(' '), input);
    if (code === 0) throw new Error(`kubectl ${command} did not fail: ${stdout}`);
    return stderr;
  }
}
