import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AuditOptions } from '../../../apiserver/audit/auditor.ts';
import { parseAuditPolicy } from '../../../apiserver/audit/policy.ts';
import { createKubeconfig, displacedBy, type KubeconfigEntry, mergeKubeconfig, readKubeconfig } from '../../../bootstrap/kubeconfig.ts';
import { IncompletePkiError, loadOrCreatePki } from '../../../bootstrap/pki.ts';
import type { Log } from '../../../client/log.ts';
import { type Cluster, serviceAddress, startCluster } from '../../../cluster.ts';
import { DamagedDatabaseError, NewerDatabaseError } from '../../../store/failures.ts';
import type { Store } from '../../../store/store.ts';
import { type AuditLog, openAuditLog } from '../audit-log.ts';
import { createRealClock } from '../clock.ts';
import { DataDirectory } from '../data-directory.ts';
import { loopbackRemoteServers } from '../https-client/remote-servers.ts';
import { loopbackWebhooks } from '../https-client/webhooks.ts';
import { listenHttps } from '../https-listener.ts';
import { makeDirectory } from '../make-directory.ts';
import { writePrometheus } from '../prometheus.ts';
import { createSystemRandom } from '../random.ts';
import { openFileStore, UnusableDirectoryError } from '../store/file-store.ts';
import { LockedError } from '../store/lock.ts';
import { type ClusterArguments, CommandError } from './arguments.ts';
import { tellDamage, tellDisplaced, tellOrigin } from './tell.ts';

const host = '127.0.0.1';
const defaultNodes = 3;

/** A cluster that serves on this machine. */
export interface RunningCluster {
  /** `https://127.0.0.1:6443` */
  readonly server: string;
  /** File that was written for kubectl. */
  readonly kubeconfig: string;
  readonly cluster: Cluster;
  /** What there was before it started, in a line. */
  readonly origin: string;
  /** What its kubeconfigs led to before, where that was something else, in a line each. */
  readonly displaced: string;
  stop(): Promise<void>;
}

/**
 * Opens the data directory, starts the cluster and serves it.
 * @throws {@link CommandError} when the directory is in use, cannot be used, or holds what this version cannot read, and when the port is busy;
 * no file has been touched then
 */
export async function runCluster(options: ClusterArguments, log: Log, onFailure: (error: Error) => void): Promise<RunningCluster> {
  const directory = new DataDirectory(options.data);
  const clock = createRealClock();
  const random = createSystemRandom();
  const kubeconfig = options.kubeconfig ?? directory.kubeconfig;
  const port = await choosePort(options.port, directory);
  // The folder's own is written whatever the other file is: the context there may be another cluster's one day.
  const kubeconfigs = new Set([kubeconfig, directory.kubeconfig]);
  for (const file of kubeconfigs) checkKubeconfig(file);
  const audit = openAudit(options.audit, log);
  const store = await openStore(directory, log, onFailure);
  const origin = tellOrigin(directory.path, store);
  let stopCluster = async () => {};
  try {
    const pki = await loadOrCreatePki(directory, clock, random, serviceAddress).catch((error: unknown) => {
      throw error instanceof IncompletePkiError ? new CommandError(`${directory.path}: ${error.message}`) : error;
    });
    const cluster = await startCluster({
      webhooks: loopbackWebhooks(),
      remoteServers: loopbackRemoteServers(),
      store,
      clock,
      random,
      log,
      pki,
      nodes: options.nodes ?? defaultNodes,
      hostname: hostname(),
      runtimeConfig: options.runtimeConfig,
      ...(options.compactionInterval !== undefined && { compactionInterval: options.compactionInterval * 1000 }),
      metricsWriter: writePrometheus,
      storageSize: () => directory.storeSize(),
      ...(audit && { audit }),
      startupDelay: Number(process.env.KUBESIDE_STARTUP_DELAY ?? 1),
    });
    stopCluster = () => cluster.stop();
    const listener = await listenHttps(cluster.server, {
      host,
      port,
      ...pki.apiserver,
      clientCa: pki.ca,
      frontProxyCa: pki.frontProxy.ca,
    }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE' ? busy(port) : error;
    });
    await cluster.ready;
    const server = `https://${host}:${listener.port}`;
    directory.write('port', `${listener.port}\n`);
    const entry = { name: 'kubeside', server, ca: pki.ca, client: pki.admin };
    const displaced = [...kubeconfigs].map((file) => writeKubeconfig(file, entry)).join('');
    return {
      server,
      kubeconfig,
      cluster,
      origin,
      displaced,
      async stop() {
        await Promise.all([listener.close(), cluster.stop()]);
        await Promise.all([store.close(), audit?.close()]);
      },
    };
  } catch (error) {
    await stopCluster();
    await store.close();
    throw error;
  }
}

/** Reads the policy and opens the log. @throws {@link CommandError} naming the file */
function openAudit(files: ClusterArguments['audit'], log: Log): (AuditOptions & AuditLog) | undefined {
  if (files === undefined) return undefined;
  const of = <T>(path: string, open: () => T): T => {
    try {
      return open();
    } catch (error) {
      throw new CommandError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const policy = of(files.policy, () => parseAuditPolicy(readFileSync(files.policy, 'utf8')));
  const opened = of(files.log, () => openAuditLog(files.log, (error) => log.error('the audit log cannot be written', error)));
  return { policy, ...opened };
}

async function openStore(directory: DataDirectory, log: Log, onFailure: (error: Error) => void): Promise<Store> {
  const beside = (name: string) => new URL(name, import.meta.url);
  try {
    return await openFileStore({
      directory: directory.store,
      wasmPath: fileURLToPath(beside('sql-wasm.wasm')),
      onFailure,
      onWatcherFailure: (error) => log.error('a watcher of the store failed', error),
    });
  } catch (error) {
    if (error instanceof DamagedDatabaseError) throw new CommandError(tellDamage(directory, error.message));
    for (const known of [LockedError, UnusableDirectoryError, NewerDatabaseError]) {
      if (error instanceof known) throw new CommandError(`${directory.path}: ${error.message}`);
    }
    throw error;
  }
}

/** The port asked for, else the one this cluster had last so that kubeconfigs stay good, else any. Looked at before anything is written. */
async function choosePort(wanted: number | undefined, directory: DataDirectory): Promise<number> {
  if (wanted !== undefined) {
    if (wanted !== 0 && !(await isFree(wanted))) throw busy(wanted);
    return wanted;
  }
  const last = Number(directory.read('port') ?? 0);
  return Number.isInteger(last) && last > 0 && last < 65536 && (await isFree(last)) ? last : 0;
}

const busy = (port: number) => new CommandError(`port ${port} on ${host} is in use by another program`);

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

/** Whether the file that is there already can be added to, asked before anything is written. */
function checkKubeconfig(file: string): void {
  withFile(file, () => {
    const text = existingText(file);
    if (text !== '') readKubeconfig(text);
  });
}

/** Written beside and moved into place: kubectl never reads half a file. Tells what was displaced. */
function writeKubeconfig(file: string, entry: KubeconfigEntry): string {
  return withFile(file, () => {
    const existing = existingText(file);
    const text = existing === '' ? createKubeconfig(entry) : mergeKubeconfig(existing, entry);
    makeDirectory(dirname(file));
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return existing === '' ? '' : tellDisplaced(file, entry.name, displacedBy(existing, entry));
  });
}

/** An empty kubeconfig is as good as none, for kubectl too. */
function existingText(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trimStart() : '';
}

function withFile<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new CommandError(`the kubeconfig ${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
