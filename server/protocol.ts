import { NotificationType, type Position, type Range, RequestType } from 'vscode-languageserver';

/** A document of a file, for whatever is done with it: code lenses, apply, delete. */
export interface DocumentInfo {
  /** The document's content, without the marker before it and white space behind it. */
  readonly range: Range;
  /** Place among all documents of the file, empty ones counted; what `kubeside/locate` takes. */
  readonly index: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** Whether no error was found in it. */
  readonly valid: boolean;
}

/** The documents of an open file that are Kubernetes objects. */
export const documentsRequest = new RequestType<{ uri: string }, DocumentInfo[], void>('kubeside/documents');

export interface LocateParams {
  readonly uri: string;
  readonly documentIndex: number;
  /** `spec.containers[0].image`; empty for the object itself. */
  readonly path: string;
}

/** Where a field stands; where it is missing, its nearest parent. `null` when there is no such document. */
export const locateRequest = new RequestType<LocateParams, Range | null, void>('kubeside/locate');

/** The cluster that the editor is connected to. */
export interface ClusterInfo {
  /** What the editor calls it. */
  readonly name: string;
  /** What it calls its version: `v1.36.2`. */
  readonly gitVersion: string;
}

/** Tells which cluster is connected; `null` when none is any more. */
export const clusterNotification = new NotificationType<ClusterInfo | null>('kubeside/cluster');

/** An object of the cluster, as far as naming it goes. */
export interface ClusterObject {
  readonly namespace?: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Names of what a ConfigMap or Secret holds; never the contents. */
  readonly keys?: readonly string[];
  readonly servicePorts?: readonly { readonly name: string | undefined; readonly number: number }[];
  /** The labels of the pods it makes. */
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly replicas?: number;
}

export interface ClusterObjects {
  readonly kind: string;
  readonly objects: readonly ClusterObject[];
}

/** Tells all objects of a kind that the connected cluster has. */
export const clusterObjectsNotification = new NotificationType<ClusterObjects>('kubeside/clusterObjects');

/** Tells the CustomResourceDefinitions of the connected cluster. */
export const clusterDefinitionsNotification = new NotificationType<{ readonly definitions: readonly unknown[] }>(
  'kubeside/clusterDefinitions',
);

/** One of the editor's own checks, for whoever wants to read about them. */
export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  /** Why it matters, in a sentence. */
  readonly why: string;
  /** How it is told unless the settings say otherwise. */
  readonly usual: string;
  /** How it is told now. */
  readonly severity: string;
  /** Checks of other linters that find the same: `kube-linter host-ipc`. */
  readonly equivalents: readonly string[];
}

/** All checks there are, and how they are told with the present settings. */
export const rulesRequest = new RequestType<null, { profile: string; rules: RuleInfo[] }, void>('kubeside/rules');

export interface LiveStateParams {
  readonly kind: string;
  /** Empty for kinds that belong to none. */
  readonly namespace: string;
  readonly name: string;
}

/** Asks the editor how an object is in the connected cluster, in a line of Markdown; `null` when nothing can be said. */
export const liveStateRequest = new RequestType<LiveStateParams, string | null, void>('kubeside/liveState');

/** What the base64 data of a Secret says at a position; `null` where there is none. Asked for when a person wants to see it, and only then. */
export const revealRequest = new RequestType<{ uri: string; position: Position }, string | null, void>('kubeside/reveal');

/** Explains the field at a position as `kubectl explain` does; `null` where there is no object. */
export const explainRequest = new RequestType<{ uri: string; position: Position }, Explanation | null, void>('kubeside/explain');

export interface Explanation {
  /** `deployment.spec.replicas` */
  readonly title: string;
  readonly text: string;
}
