import type { Phase } from '../cluster/cluster.ts';
import type { Problem } from '../cluster/state/problems.ts';
import type { State } from '../cluster/state/states.ts';

/** What the Cluster page draws: plain data, small enough to be sent whenever something changes. */
export interface ClusterModel {
  readonly name: string;
  readonly simulated: boolean;
  readonly phase: Phase;
  /** Whether there is something to come back to when it is stopped. */
  readonly kept: boolean;
  /** Why the cluster is lost or failed. */
  readonly message?: string;
  readonly version?: string;
  /** Whether the first lists have arrived. */
  readonly loaded: boolean;
  /** When this was so, in milliseconds since the epoch. */
  readonly at: number;
  readonly nodes: readonly NodeModel[];
  readonly pods: readonly PodModel[];
  readonly problems: readonly Problem[];
  readonly idle: readonly IdleModel[];
  readonly rollouts: readonly RolloutModel[];
  readonly events: readonly EventModel[];
}

export interface NodeModel {
  readonly name: string;
  readonly zone?: string;
  readonly state: State;
  readonly reason?: string;
  readonly cordoned: boolean;
  readonly taints: readonly string[];
  /** Allocatable, thousandths of a core. */
  readonly cpu: number;
  /** Allocatable, bytes. */
  readonly memory: number;
}

export interface PodModel {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** The workload it belongs to; its own name when it has none. */
  readonly app: string;
  readonly ownerKind: string;
  readonly node?: string;
  readonly state: State;
  readonly reason?: string;
  readonly message?: string;
  /** Requested, thousandths of a core. */
  readonly cpu: number;
  /** Requested, bytes. */
  readonly memory: number;
  /** It takes room on its node: it is placed and not finished. */
  readonly holds: boolean;
  readonly restarts: number;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

/** A workload without pods. */
export interface IdleModel {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** `0 of 1`, or when it makes its next pods. */
  readonly note: string;
}

/** A Deployment on its way from one revision to the next. */
export interface RolloutModel {
  readonly namespace: string;
  readonly name: string;
  readonly want: number;
  readonly updated: number;
  readonly ready: number;
  /** Pods of older revisions that are still there. */
  readonly old: number;
}

export interface EventModel {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly state: State;
  /** Name of a codicon. */
  readonly icon: string;
  readonly subject: string;
  readonly text: string;
  /** How many events in a short time said the same. */
  readonly times: number;
}

/** From the extension to the page. */
export interface ModelMessage {
  readonly type: 'model';
  readonly model: ClusterModel;
}

/** From the page to the extension. */
export type PageMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'command'; readonly command: PageCommand }
  | {
      readonly type: 'object';
      readonly verb: 'yaml' | 'reveal' | 'delete';
      readonly kind: 'Pod' | 'Node' | 'Deployment';
      readonly namespace?: string;
      readonly name: string;
    };

/** What a button of the page may ask for. */
export type PageCommand = 'start' | 'restart' | 'openSamples' | 'showLog';
