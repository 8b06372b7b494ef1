import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ClusterProcess, startCluster, temporaryFolder } from '../support/cluster-process.ts';
import { findKubectls, type Kubectl, leftOutWithoutKubectl, type Output, Session } from './kubectl.ts';

/** One command of a session and what must come of it. */
export interface Step {
  /** What stands after `kubectl`; single quotes hold words together. `{ns}`, `{node}`, `{dir}`, `{editor}` and `{v}` stand for the session's own. */
  readonly run: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** It succeeds, and stdout or stderr says this. */
  readonly says?: string | RegExp;
  /** It succeeds and says nothing like this. */
  readonly hides?: string | RegExp;
  /** It fails, and stderr or stdout says this. */
  readonly fails?: string | RegExp;
  /** The first minor version that has the command: `1.31`. */
  readonly since?: string;
  /** The last minor version that is meant. */
  readonly until?: string;
  /** Tried again until it comes true, because the cluster gets there in its own time. */
  readonly eventually?: boolean;
  /** Another command that is run two seconds after this one has begun, when it watches. */
  readonly during?: string;
  /** Something more to hold of the output. */
  readonly also?: (output: Output, session: ScriptSession) => void | Promise<void>;
}

/** Where the steps of one kubectl run. */
export interface ScriptSession {
  readonly kubectl: Kubectl;
  readonly namespace: string;
  /** A folder of the session's own. */
  readonly folder: string;
  readonly session: Session;
  /** A kubeconfig of the session's own, whose context is in the namespace. */
  readonly kubeconfig: string;
}

/** A file that the steps of a script use, by its path below `{dir}`. */
export type Files = Readonly<Record<string, string>>;

export const kubectls = findKubectls(['1.27', '1.30', '1.32', '1.33']);

/** Minor versions compare as numbers. */
export function minor(version: string): number {
  return Number(version.split('.')[1]);
}

/** The cluster that the scripts of a file share, and a folder; both are gone afterwards. */
export function sharedCluster(what: string, ...options: string[]): { readonly cluster: () => ClusterProcess; readonly folder: string } {
  leftOutWithoutKubectl(kubectls, what);
  const data = temporaryFolder();
  const work = temporaryFolder();
  let cluster: ClusterProcess | undefined;
  beforeAll(async () => {
    if (kubectls.length > 0) cluster = await startCluster(data.path, ...options);
  });
  afterAll(async () => {
    await cluster?.end();
    data.remove();
    work.remove();
  });
  return {
    folder: work.path,
    cluster() {
      if (cluster === undefined) throw new Error('the cluster is not up');
      return cluster;
    },
  };
}

/** Runs a script with every kubectl, each in a namespace of its own, all at the same time. */
export function script(
  name: string,
  shared: { readonly cluster: () => ClusterProcess; readonly folder: string },
  steps: readonly Step[],
  files: Files = {},
): void {
  for (const [index, kubectl] of kubectls.entries()) {
    it.concurrent(`kubectl ${kubectl.version}: ${name}`, async () => {
      const version = kubectl.version.replace('.', '-');
      const namespace = `${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}-${version}`;
      const folder = join(shared.folder, namespace);
      const fill = (text: string) =>
        text
          .replaceAll('{ns}', namespace)
          .replaceAll('{node}', `node-${index + 1}`)
          .replaceAll('{dir}', folder)
          .replaceAll('{editor}', join(folder, 'editor.sh'))
          .replaceAll('{v}', version);
      for (const [path, text] of Object.entries({ '.keep': '', ...files })) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), fill(text));
        if (text.startsWith('#!')) chmodSync(join(folder, path), 0o755);
      }
      const kubeconfig = join(folder, 'kubeconfig');
      copyFileSync(shared.cluster().kubeconfig, kubeconfig);
      const session = new Session(kubectl, kubeconfig, folder);
      await session.run(`create namespace ${namespace}`);
      await session.run(`config set-context --current --namespace=${namespace}`);
      for (const step of steps) {
        if (step.since !== undefined && minor(kubectl.version) < minor(step.since)) continue;
        if (step.until !== undefined && minor(kubectl.version) > minor(step.until)) continue;
        await play(step, { kubectl, namespace, folder, session, kubeconfig }, fill);
      }
    });
  }
}

const patience = 30_000;

async function play(step: Step, where: ScriptSession, fill: (text: string) => string): Promise<void> {
  const end = Date.now() + patience;
  for (;;) {
    const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([key, value]) => [key, fill(value)]));
    const running = where.session.try(words(fill(step.run)), fill(step.input ?? ''), { env });
    if (step.during !== undefined) {
      await new Promise((done) => setTimeout(done, 2_000));
      await where.session.run(fill(step.during));
    }
    const output = await running;
    try {
      judge(step, output, fill);
      await step.also?.(output, where);
      return;
    } catch (error) {
      if (step.eventually !== true || Date.now() > end) throw error;
    }
  }
}

function judge(step: Step, output: Output, fill: (text: string) => string): void {
  const { code, stdout, stderr } = output;
  const all = `${stdout}${stderr}`;
  const told = `kubectl ${fill(step.run)} ended with ${code}: ${all}`;
  if (step.fails !== undefined) {
    expect(code, told).not.toBe(0);
    expectText(all, step.fails, fill, told);
    return;
  }
  expect(code, told).toBe(0);
  if (step.says !== undefined) expectText(all, step.says, fill, told);
  if (typeof step.hides === 'string') expect(all, told).not.toContain(fill(step.hides));
  else if (step.hides !== undefined) expect(all, told).not.toMatch(step.hides);
}

function expectText(text: string, wanted: string | RegExp, fill: (text: string) => string, told: string): void {
  if (typeof wanted === 'string') expect(text, told).toContain(fill(wanted));
  else expect(text, told).toMatch(wanted);
}

/** Splits a command into words; single quotes hold words together. */
function words(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));
}
