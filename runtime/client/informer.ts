import type { KubeObject } from '../api/object.ts';
import type { Clock } from '../simulation/clock.ts';
import { ApiError, type Client, isReason, type ListQuery, type ResourceClient, type ResourceRef } from './client.ts';
import type { Log } from './log.ts';
import { type IndexFunction, type Lister, ObjectCache } from './object-cache.ts';
import { keyOf } from './object-key.ts';

/** What happens to objects of a cache. The cache already shows the new state when a handler is called. */
export interface InformerHandlers<T> {
  added?(object: T): void;
  updated?(object: T, previous: T): void;
  /** `object` is the last state the informer knows of. */
  deleted?(object: T): void;
}

/** A cache of one resource that follows the API server, and tells of every change. */
export interface Informer<T extends KubeObject> {
  readonly lister: Lister<T>;
  /** Files objects under more keys for `lister.byIndex`; of several indexes with one name the first stays. */
  addIndex(name: string, keysOf: IndexFunction<T>): void;
  /** Adds handlers; what is already in the cache is told as added at once. The returned function takes them off. */
  on(handlers: InformerHandlers<T>): () => void;
  /** Follows the server until `signal` aborts. Only the first call counts. */
  start(signal: AbortSignal): void;
  /** Resolves once the first list is in the cache and told to the handlers; also when the signal aborts before. */
  synced(): Promise<void>;
}

export interface InformerOptions<T extends KubeObject> {
  readonly client: Client;
  readonly ref: ResourceRef<T>;
  readonly clock: Clock;
  readonly log: Log;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Freezes every object deeply, so that a writer to the shared cache fails where it writes. For tests. */
  readonly freeze?: boolean;
}

const firstDelay = 800;
const longestDelay = 30_000;
/** A watch that ends sooner than this counts as failed, in milliseconds. */
const shortestWatch = 1_000;

/** Makes an informer: lists, then watches from there; resumes where a watch broke off, and lists again when that is too long ago. */
export function createInformer<T extends KubeObject>(options: InformerOptions<T>): Informer<T> {
  const { client, ref, clock, log, namespace, labelSelector, fieldSelector } = options;
  const cache = new ObjectCache<T>();
  const handlers = new Set<InformerHandlers<T>>();
  const query: ListQuery = {
    ...(namespace === undefined ? {} : { namespace }),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
  let finishSync = () => {};
  const synced = new Promise<void>((resolve) => {
    finishSync = resolve;
  });
  let started = false;

  const tell = (call: (handler: InformerHandlers<T>) => void) => {
    for (const handler of handlers) {
      try {
        call(handler);
      } catch (error) {
        log.error(`informer of ${ref.plural}: a handler failed`, error);
      }
    }
  };
  const put = (object: T) => {
    if (options.freeze === true) deepFreeze(object);
    const previous = cache.set(object);
    if (previous === undefined) tell((handler) => handler.added?.(object));
    else if (previous.metadata?.uid !== object.metadata?.uid) {
      // Deleted and made again while nobody watched: two objects that share a name.
      tell((handler) => handler.deleted?.(previous));
      tell((handler) => handler.added?.(object));
    } else if (previous.metadata?.resourceVersion !== object.metadata?.resourceVersion) {
      tell((handler) => handler.updated?.(object, previous));
    }
  };
  const drop = (key: string, last?: T) => {
    const previous = cache.remove(key);
    const object = last ?? previous;
    if (previous !== undefined && object !== undefined) tell((handler) => handler.deleted?.(object));
  };

  /** Brings the cache to what the server has now; gives the resource version of that. */
  const relist = async (resource: ResourceClient<T>) => {
    const list = await resource.list(query);
    const present = new Set(list.items.map(keyOf));
    for (const key of [...cache.keys()]) if (!present.has(key)) drop(key);
    for (const object of list.items) put(object);
    finishSync();
    return list.resourceVersion;
  };

  const follow = async (signal: AbortSignal) => {
    const resource = client.resource(ref);
    let resourceVersion: string | undefined;
    let delay = firstDelay;
    while (!signal.aborted) {
      let watchedSince: number | undefined;
      try {
        resourceVersion ??= await relist(resource);
        watchedSince = clock.now();
        for await (const event of resource.watch({ ...query, resourceVersion, allowWatchBookmarks: true }, signal)) {
          if (event.type === 'ERROR') throw new ApiError(event.object);
          if (event.type === 'ADDED' || event.type === 'MODIFIED') put(event.object);
          else if (event.type === 'DELETED') {
            if (options.freeze === true) deepFreeze(event.object);
            drop(keyOf(event.object), event.object);
          }
          resourceVersion = event.object.metadata?.resourceVersion ?? resourceVersion;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (isExpired(error) && resourceVersion !== undefined) {
          log.debug(`informer of ${ref.plural}: ${error.message}; listing again`);
          resourceVersion = undefined;
        } else log.warn(`informer of ${ref.plural}: the watch failed`, error);
      }
      // A watch that lasted is gone on with at once. Whatever ends quickly would end quickly again; a slow list is no watch.
      if (watchedSince !== undefined && clock.now() - watchedSince >= shortestWatch) delay = firstDelay;
      else {
        await clock.sleep(delay, signal);
        delay = Math.min(delay * 2, longestDelay);
      }
    }
  };

  return {
    lister: cache,
    addIndex: (name, keysOf) => cache.addIndex(name, keysOf),
    on(handler) {
      handlers.add(handler);
      for (const object of cache.list()) handler.added?.(object);
      return () => void handlers.delete(handler);
    },
    start(signal) {
      if (started) return;
      started = true;
      void follow(signal).finally(finishSync);
    },
    synced: () => synced,
  };
}

function isExpired(error: unknown): error is ApiError {
  return isReason(error, 'Expired') || isReason(error, 'Gone') || (error instanceof ApiError && error.code === 410);
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
}
