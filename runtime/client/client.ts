import type { HttpRequest, HttpResponse } from '../api/http.ts';
import type { Json, KubeObject } from '../api/object.ts';

/** Names a resource and remembers the type of its objects. */
export interface ResourceRef<T extends KubeObject> {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Never set; carries the type. */
  readonly object?: T;
}

/** What a component needs to reach the API: the in-process API server or HTTPS. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

export interface ListQuery {
  /** Left out: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
}

export interface WatchQuery extends ListQuery {
  readonly allowWatchBookmarks?: boolean;
  readonly timeoutSeconds?: number;
}

export interface ObjectList<T> {
  readonly items: T[];
  readonly resourceVersion: string;
  readonly continue?: string;
}

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: T }
  | { readonly type: 'ERROR'; readonly object: Status };

/** `metav1.Status` as an answer that is not a success. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly status: 'Failure' | 'Success';
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  };
}

export interface DeleteQuery {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export type Patch =
  | { readonly type: 'json'; readonly body: Json[] }
  | { readonly type: 'merge' | 'strategic'; readonly body: Json }
  | { readonly type: 'apply'; readonly body: Json; readonly fieldManager: string; readonly force?: boolean };

/** The verbs on one resource. Every method throws {@link ApiError} when the server answers with a failure. */
export interface ResourceClient<T extends KubeObject> {
  get(name: string, namespace?: string): Promise<T>;
  list(query?: ListQuery): Promise<ObjectList<T>>;
  create(object: T): Promise<T>;
  /** Replaces the object, or one subresource of it, guarded by its resourceVersion when that is set. */
  update(object: T, subresource?: 'status' | 'scale' | 'approval'): Promise<T>;
  patch(name: string, namespace: string | undefined, patch: Patch, subresource?: string): Promise<T>;
  delete(name: string, namespace?: string, query?: DeleteQuery): Promise<void>;
  /** Ends when the server closes the stream or `signal` aborts. */
  watch(query: WatchQuery, signal: AbortSignal): AsyncIterable<WatchEvent<T>>;
  /** POST to a subresource: `binding`, `eviction`, `token`. */
  createSubresource<B extends KubeObject, R extends KubeObject>(
    name: string,
    namespace: string | undefined,
    subresource: string,
    body: B,
  ): Promise<R>;
}

/** A client of the Kubernetes API. */
export interface Client {
  resource<T extends KubeObject>(ref: ResourceRef<T>): ResourceClient<T>;
  /** A request of one's own; relative paths are taken from the server's root. */
  readonly transport: Transport;
}

/** The server answered with a `Status` that is a failure. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly status: Status;
  constructor(status: Status) {
    super(status.message ?? `the server answered ${status.code ?? 'with a failure'}`);
    this.code = status.code ?? 500;
    this.status = status;
  }
  /** Whether the failure has this machine-readable reason: `NotFound`, `AlreadyExists`, `Conflict` … */
  is(reason: string): boolean {
    return this.status.reason === reason;
  }
}

/** Whether `error` is an {@link ApiError} with this reason. */
export function isReason(error: unknown, reason: string): error is ApiError {
  return error instanceof ApiError && error.is(reason);
}

/** What is asked for, or undefined when the server says that there is no such thing. */
export async function ifFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}
