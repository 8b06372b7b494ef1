import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { Capabilities, Cluster, ClusterState, WatchNotice } from './cluster.ts';
import { type ClusterProcess, describeEnd, runToEnd, startProcess } from './cluster-process.ts';
import { Connection } from './connection.ts';
import { discover, type ResourceKind } from './discovery.ts';
import { messageOf } from './failure.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { ObjectCache, watchedResources } from './object-cache.ts';
import { reflect } from './reflector.ts';
import type { Reply, RequestOptions } from './request.ts';
import type { Unsubscribe } from './unsubscribe.ts';

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

/** Milliseconds a cluster of another window may be silent before this window asks whether it is gone. */
const silence = 800;
/** Milliseconds between two looks at data that another window holds while its cluster does not answer yet. */
const handOver = 300;
/** How often such data is looked at before it counts as stuck. */
const handOvers = 60;

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

  /** The file that tells other windows that the cluster was stopped on purpose. */
  get #stopMark(): string {
    return `${this.#options.data}.stopped`;
  }

  onState(listener: (state: ClusterState) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts the cluster, or joins the one another window runs on the same data. Does nothing when it runs. Throws the reason when it cannot. */
  start(): Promise<void> {
    return this.#state.phase === 'running' ? Promise.resolve() : this.#startOnce();
  }

  #startOnce(): Promise<void> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /** Stops the cluster for every window that uses it; its objects stay on disk. A cluster of another window is only left. */
  async stop(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    // Other windows must not take it for lost and start it again.
    if (this.#process !== undefined) await writeFile(this.#stopMark, '');
    await this.leave();
  }

  /** Ends this window's part in the cluster; another window that uses it goes on with it. */
  async leave(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    const running = this.#process;
    this.#disconnect();
    if (running !== undefined) {
      this.#set({ phase: 'stopping' });
      await running.stop();
    }
    this.#set({ phase: 'stopped' });
  }

  /** Stops the cluster and removes everything in it. */
  async reset(): Promise<void> {
    await this.stop();
    this.objects.clear();
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
    try {
      await this.#startOrJoin();
    } catch (error) {
      this.#disconnect();
      this.#set({ phase: 'failed', message: messageOf(error) });
      throw error;
    }
    await rm(this.#stopMark, { force: true });
    this.#follow();
    this.#set({ phase: 'running' });
  }

  /** The data may be held by another window: then its cluster is the one, once it answers, or this window's as soon as the other lets go. */
  async #startOrJoin(): Promise<void> {
    const { data, kubeconfig, log } = this.#options;
    await mkdir(data, { recursive: true });
    for (let looks = 1; ; looks++) {
      try {
        return await this.#launch();
      } catch (error) {
        const reason = messageOf(error);
        const joined = await this.#connect(kubeconfig).then(
          () => true,
          () => false,
        );
        if (joined) return log('joined the cluster that another window runs');
        if (looks === handOvers || !/ is in use by /.test(reason) || !reason.includes(data)) {
          log(`could not start: ${reason}`);
          throw error;
        }
        await new Promise((again) => setTimeout(again, handOver));
      }
    }
  }

  async #launch(): Promise<void> {
    const { data, kubeconfig, args } = this.#options;
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
      this.#set({ phase: 'lost', message: describeEnd(exit) });
    });
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
        if (!following.signal.aborted) this.#takeOver();
      },
    );
  }

  /** The window that ran the cluster is gone: this one runs it on, unless somebody stopped it on purpose. */
  #takeOver(): void {
    this.#disconnect();
    if (existsSync(this.#stopMark)) {
      this.#set({ phase: 'stopped' });
      return;
    }
    this.#options.log('the window that ran the cluster is gone: this one takes it over');
    // A failure shows in the state.
    this.#startOnce().catch(() => undefined);
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
