import { EventEmitter } from 'node:events';
import { createRealClock } from '../clock.ts';
import { DataDirectory } from '../data-directory.ts';
import type { ClusterArguments } from './arguments.ts';
import { applyManifests, readManifests } from './manifests.ts';
import { type RunningCluster, runCluster } from './run-cluster.ts';
import { showUntilReady } from './show-pods.ts';
import { createStderrLog } from './stderr-log.ts';
import { tellEmpty, tellNodesLeft, tellOutcome, tellStopped, tellUnattended } from './tell.ts';

const stopLimit = 1500;

/** How long the pods of `kubeside start` are waited for, in milliseconds: whoever broke one wants the rest. */
const readyLimit = 2 * 60_000;

/** `kubeside up`: the cluster until a signal ends it. */
export async function up(options: ClusterArguments & { readonly json: boolean }): Promise<void> {
  await serve(options, async (running) => {
    if (options.json) writeReady(running);
    else process.stderr.write(`Kubeside is ready at ${running.server}\n${hint(running)}`);
  });
}

/**
 * `kubeside start`: the cluster with manifests applied and their pods shown until all are up, or for {@link readyLimit}. With `json` the
 * pods are shown on stderr.
 */
export async function start(options: ClusterArguments & { readonly json: boolean; readonly manifests: readonly string[] }): Promise<void> {
  const read = options.manifests.map((path) => ({ path, objects: readManifests(path) }));
  const manifests = read.flatMap(({ objects }) => objects);
  const empty = read.filter(({ objects }) => objects.length === 0).map(({ path }) => path);
  const clock = createRealClock();
  // Times of the API are whole seconds.
  const since = Math.floor(clock.now() / 1000) * 1000;
  const write = (text: string) => (options.json ? process.stderr : process.stdout).write(text);
  await serve(options, async (running) => {
    const { client, informers } = running.cluster;
    if (options.json) writeReady(running);
    write(`${hint(running)}\n`);
    const applied = await applyManifests(client, clock, manifests);
    process.stderr.write(`${tellEmpty(empty)}${tellUnattended(applied)}`);
    const missing = await showUntilReady({ client, informers, clock, applied, since, limit: readyLimit, write });
    write(
      `\n${tellOutcome(applied, missing, readyLimit / 60_000)} Ctrl-C stops the cluster; everything is there again at the next start.\n`,
    );
  });
}

/** The line that programs wait for: the only one on stdout. */
function writeReady({ server, kubeconfig }: RunningCluster): void {
  process.stdout.write(`${JSON.stringify({ ready: true, server, kubeconfig, pid: process.pid })}\n`);
}

const hint = ({ kubeconfig }: RunningCluster): string =>
  `The kubeconfig is ${kubeconfig}\nTry:  kubectl --kubeconfig ${/^[\w./-]+$/.test(kubeconfig) ? kubeconfig : JSON.stringify(kubeconfig)} get pods -A\n`;

/**
 * Starts the cluster, arranges for its end (on a signal cleanly, with exit code 0; when the disk fails, at once, with 1) and hands it
 * to `use`, whose failures count only until that end has begun.
 */
async function serve(options: ClusterArguments, use: (running: RunningCluster) => Promise<void>): Promise<void> {
  const log = createStderrLog();
  // One signal ends every component of the cluster: many listeners are no leak here.
  EventEmitter.defaultMaxListeners = 0;
  let stop = async () => {};
  let stopping = false;
  const end = () => {
    process.stderr.write(tellStopped(new DataDirectory(options.data)));
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      // Whatever hangs, the person is not kept waiting; what was acknowledged is on disk.
      setTimeout(end, stopLimit).unref();
      void stop().finally(end);
    });
  }
  const running = await runCluster(options, log, (error) => {
    log.error('the cluster ends', error);
    process.exit(1);
  });
  stop = () => running.stop();
  try {
    const { client, nodes } = running.cluster;
    const left = await tellNodesLeft(client, new Set(nodes.kubelets.map(({ nodeName }) => nodeName)));
    process.stderr.write(`${running.origin}${running.displaced}${left}`);
    await use(running);
  } catch (error) {
    if (!stopping) throw error;
  }
}
