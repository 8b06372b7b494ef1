import type { ObjectMeta } from '../../runtime/api/generated/types/meta/v1.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import type { Cluster } from './cluster.ts';
import { ApiFailure } from './failure.ts';
import type { Held, ObjectCache, WatchedResource } from './object-cache.ts';
import { collectionPath } from './resource-path.ts';

type Source = Pick<Cluster, 'request' | 'watch'>;

interface List {
  readonly items?: readonly KubeObject[] | null;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

export interface ReflectorOptions {
  readonly signal: AbortSignal;
  /** A list or a watch failed for another reason than the server's own answer; it is tried again. */
  readonly onUnreachable: (error: unknown) => void;
  /** First wait before another try, in milliseconds; doubles up to 32 times that. */
  readonly backoff?: number;
}

/** Keeps one resource of the cache as the server has it: list, watch from there, and again whenever that breaks. Ends with the signal. */
export async function reflect(source: Source, resource: WatchedResource, cache: ObjectCache, options: ReflectorOptions): Promise<void> {
  const { signal, onUnreachable, backoff = 200 } = options;
  const path = collectionPath(resource);
  let version: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    try {
      version ??= await listAll(source, path, resource, cache, signal);
      version = await watchFrom(source, path, resource, cache, version, signal);
      failures = 0;
      await pause(backoff / 2, signal);
    } catch (error) {
      if (signal.aborted) return;
      // A refused watch (410 Gone and the like) needs a fresh list; a broken line goes on where it was.
      if (error instanceof ApiFailure) version = undefined;
      else onUnreachable(error);
      // The server has no such resource: nothing to follow until the next start.
      if (error instanceof ApiFailure && error.code === 404) return;
      await pause(backoff * 2 ** Math.min(failures++, 5), signal);
    }
  }
}

async function listAll(source: Source, path: string, resource: WatchedResource, cache: ObjectCache, signal: AbortSignal): Promise<string> {
  const items: KubeObject[] = [];
  let page: List;
  let next: string | undefined;
  do {
    page = (
      await source.request<List>('GET', path, {
        query: { limit: '500', ...(next === undefined ? {} : { continue: next }) },
        accept: acceptOf(resource, 'PartialObjectMetadataList'),
        signal,
      })
    ).body;
    items.push(...(page.items ?? []));
    next = page.metadata?.continue;
  } while (next);
  cache.replace(
    resource.plural,
    items.map((item) => trim(item, resource)),
  );
  return page.metadata?.resourceVersion ?? '';
}

/** Returns the version to go on from when the server ends the watch. Throws when a fresh list is needed. */
async function watchFrom(
  source: Source,
  path: string,
  resource: WatchedResource,
  cache: ObjectCache,
  from: string,
  signal: AbortSignal,
): Promise<string> {
  let version = from;
  const notices = source.watch(path, {
    query: { watch: 'true', allowWatchBookmarks: 'true', resourceVersion: from },
    accept: acceptOf(resource, 'PartialObjectMetadata'),
    signal,
  });
  for await (const { type, object } of notices) {
    if (type === 'ERROR') throw new ApiFailure((object as { code?: number }).code ?? 500, object as object);
    version = object.metadata?.resourceVersion ?? version;
    if (type === 'DELETED') cache.remove(resource.plural, object);
    else if (type !== 'BOOKMARK') cache.put(resource.plural, trim(object, resource));
  }
  return version;
}

function acceptOf(resource: WatchedResource, form: string): string {
  return resource.metadataOnly ? `application/json;as=${form};g=meta.k8s.io;v=v1,application/json` : 'application/json';
}

/** Drops what no view shows: managed fields everywhere, and the contents of what is followed for its name alone, down to their names. */
function trim(object: KubeObject, resource: WatchedResource): KubeObject & Held {
  const { managedFields, ...metadata } = object.metadata ?? {};
  if (!resource.metadataOnly) return { ...object, metadata };
  const keys = keysHeld(managedFields);
  return keys.length === 0 ? { metadata } : { metadata, keys };
}

/** The keys of `data` and its like that somebody has written. */
function keysHeld(managedFields: ObjectMeta['managedFields']): string[] {
  const keys = new Set<string>();
  for (const { fieldsV1 } of managedFields ?? []) {
    const fields = (fieldsV1 ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
    for (const data of ['f:data', 'f:binaryData', 'f:stringData']) {
      for (const field of Object.keys(fields[data] ?? {})) if (field.startsWith('f:')) keys.add(field.slice(2));
    }
  }
  return [...keys].sort();
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
