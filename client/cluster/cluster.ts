import type { KubeObject } from '../../runtime/api/object.ts';
import type { ResourceKind } from './discovery.ts';
import type { ObjectCache } from './object-cache.ts';
import type { Reply, RequestOptions } from './request.ts';
import type { Unsubscribe } from './unsubscribe.ts';

/** Where a cluster is in its life, as a view tells it. */
export type Phase = 'stopped' | 'starting' | 'running' | 'stopping' | 'lost' | 'failed';

export interface ClusterState {
  readonly phase: Phase;
  /** Why it is lost or failed: one sentence. */
  readonly message?: string;
}

/** What a view may offer on a cluster. */
export interface Capabilities {
  /** It runs inside the editor and touches nothing outside. */
  readonly simulated: boolean;
  /** The editor may start, stop and reset it. */
  readonly lifecycle: boolean;
}

export interface WatchNotice {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject;
}

/** What a view needs of a cluster, be it the embedded one or one of a kubeconfig. */
export interface Cluster {
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly state: ClusterState;
  /** Path of the kubeconfig file that reaches it; set while it runs. */
  readonly kubeconfig: string | undefined;
  /** `v1.36.0`; set while it runs. */
  readonly version: string | undefined;
  /** Whether there are objects on disk that a start would bring back. */
  readonly kept: boolean;
  /** The watched objects; the last known ones while it is not reachable. */
  readonly objects: ObjectCache;
  onState(listener: (state: ClusterState) => void): Unsubscribe;
  /** One request. Throws {@link import('./failure.ts').ApiFailure} when the server refuses it. */
  request<T>(method: string, path: string, options?: RequestOptions): Promise<Reply<T>>;
  /** The events of a watch; ends when the server closes it or `signal` aborts. */
  watch(path: string, options: RequestOptions & { readonly signal: AbortSignal }): AsyncIterable<WatchNotice>;
  /** Every resource the server has, by discovery. */
  kinds(refresh?: boolean): Promise<readonly ResourceKind[]>;
}
