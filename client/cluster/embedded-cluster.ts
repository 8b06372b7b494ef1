import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { Capabilities, Cluster, ClusterState, Reply, RequestOptions, Unsubscribe, WatchNotice } from './cluster.ts';
import { type ClusterProcess, describeExit, runToEnd, startProcess } from './cluster-process.ts';
import { Connection } from './connection.ts';
import { discover, type ResourceKind } from './discovery.ts';
import { messageOf } from './failure.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { ObjectCache, watchedResources } from './object-cache.ts';
import { reflect } from './reflector.ts';

export interface EmbeddedOptions {
  readonly name: string;
  /** The program that runs JavaScript. */
  readonly node: string;
  /** `dist/cli.js` */
  readonly cli: string;
  /** Folder of the cluster's data. */
  readonly data: string;
  /** Where the cluster writes its kubeconfig. */
  readonly kubeconfig: string;
  /** Further arguments of `up`; read at each start. */
  readonly args: () => readonly string[];
  readonly log: (line: string) => void;
}

/** Milliseconds a cluster of another window may be silent before it counts as gone. */
const silence = 3_000;

/** The cluster inside the editor: a process of its own, reached over HTTPS like any other. */
export class EmbeddedCluster implements Cluster {
  readonly name: string;
  readonly capabilities: Capabilities = { simulated: true, lifecycle: true };
  readonly objects = new ObjectCache();
  readonly #options: EmbeddedOptions;
  readonly #listeners = new Set<(state: ClusterState) => void>();
  #state: ClusterState = { phase: 'stopped' };
  #process: ClusterProcess | undefined;
  #connection: Connection | undefined;
  #following: AbortController | undefined;
  #kinds: Promise<ResourceKind[]> | undefined;
  #kubeconfig: string | undefined;
  #version: string | undefined;
  #silentSince: number | undefined;
  #starting: Promise<void> | undefined;

  constructor(options: EmbeddedOptions) {
    this.#options = options;
    this.name = options.name;
  }

  get state(): ClusterState {
    return this.#state;
  }

  get kubeconfig(): string | undefined {
    return this.#kubeconfig;
  }

  get version(): string | undefined {
    return this.#version;
  }

  get kept(): boolean {
    return existsSync(this.#options.data);
  }

  /** Whether the cluster belongs to another window and this one only looks on. */
  get attached(): boolean {
    return this.#connection !== undefined && this.#process === undefined;
  }

  onState(listener: (state: ClusterState) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts the cluster, or joins the one another window runs on the same data. Does nothing when it runs. Throws the reason when it cannot. */
  start(): Promise<void> {
    if (this.#state.phase === 'running') return Promise.resolve();
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /** Stops the cluster; its objects stay on disk. A cluster of another window is only left. */
  async stop(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    const running = this.#process;
    this.#disconnect();
    if (running !== undefined) {
      this.#set({ phase: 'stopping' });
      await running.stop();
    }
    this.objects.clear();
    this.#set({ phase: 'stopped' });
  }

  /** Stops the cluster and removes everything in it. */
  async reset(): Promise<void> {
    await this.stop();
    await runToEnd({ ...this.#options, args: ['reset', '--data', this.#options.data, '--yes'] });
  }

  async request<T>(method: string, path: string, options?: RequestOptions): Promise<Reply<T>> {
    return this.#connected().request<T>(method, path, options);
  }

  watch(path: string, options: RequestOptions & { readonly signal: AbortSignal }): AsyncIterable<WatchNotice> {
    return this.#connected().watch(path, options);
  }

  kinds(refresh = false): Promise<readonly ResourceKind[]> {
    if (refresh) this.#kinds = undefined;
    this.#kinds ??= discover((method, path, options) => this.request(method, path, options)).catch((error: unknown) => {
      this.#kinds = undefined;
      throw error;
    });
    return this.#kinds;
  }

  #connected(): Connection {
    if (this.#connection === undefined) throw new Error(`${this.name} is not running`);
    return this.#connection;
  }

  async #start(): Promise<void> {
    this.#disconnect();
    this.#set({ phase: 'starting' });
    const { data, kubeconfig, args, log } = this.#options;
    try {
      await mkdir(data, { recursive: true });
      const process = await startProcess({
        ...this.#options,
        args: ['up', '--json', '--data', data, '--kubeconfig', kubeconfig, ...args()],
      });
      await this.#connect(process.ready.kubeconfig).catch(async (error: unknown) => {
        await process.stop();
        throw error;
      });
      this.#process = process;
      void process.exited.then((exit) => {
        if (this.#process !== process) return;
        this.#disconnect();
        this.#set({ phase: 'lost', message: `The cluster stopped unexpectedly (${describeExit(exit)}).` });
      });
    } catch (error) {
      log(`could not start: ${messageOf(error)}`);
      // The data may be held by a cluster that another window runs: then that is the cluster.
      const joined = await this.#connect(kubeconfig).then(
        () => true,
        () => false,
      );
      if (!joined) {
        this.#disconnect();
        this.#set({ phase: 'failed', message: messageOf(error) });
        throw error;
      }
      log('joined the cluster that another window runs');
    }
    this.#follow();
    this.#set({ phase: 'running' });
  }

  async #connect(kubeconfig: string): Promise<void> {
    const connection = new Connection(await readKubeconfig(kubeconfig));
    const { body } = await connection.request<{ gitVersion?: string }>('GET', '/version', { signal: AbortSignal.timeout(5_000) });
    this.#connection = connection;
    this.#kubeconfig = kubeconfig;
    this.#version = body.gitVersion;
    this.#kinds = undefined;
  }

  #follow(): void {
    const following = new AbortController();
    // Every watched resource listens for the end.
    setMaxListeners(0, following.signal);
    this.#following = following;
    this.#silentSince = undefined;
    for (const resource of watchedResources) {
      void reflect(this, resource, this.objects, { signal: following.signal, onUnreachable: () => this.#unreachable(following) });
    }
  }

  /** Our own process tells its end itself; of one that another window holds only the silence is heard. */
  #unreachable(following: AbortController): void {
    if (!this.attached || following.signal.aborted) return;
    this.#silentSince ??= Date.now();
    if (Date.now() - this.#silentSince < silence) return;
    this.request('GET', '/readyz', { signal: AbortSignal.timeout(1_000) }).then(
      () => {
        this.#silentSince = undefined;
      },
      () => {
        if (following.signal.aborted) return;
        this.#disconnect();
        this.#set({ phase: 'lost', message: 'The cluster was stopped in another window.' });
      },
    );
  }

  #disconnect(): void {
    this.#following?.abort();
    this.#connection?.close();
    this.#process = undefined;
    this.#connection = undefined;
    this.#kubeconfig = undefined;
    this.#version = undefined;
  }

  #set(state: ClusterState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}
