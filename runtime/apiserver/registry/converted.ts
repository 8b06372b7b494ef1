import { apiVersionOf } from '../../api/kinds/kind.ts';
import type { Entry } from '../../store/store.ts';
import { type ApiObject, copyJson } from './api-object.ts';
import type { EntryCache } from './entry-cache.ts';
import type { Resource } from './resource.ts';

/** What is to be stored for an object, in both forms. */
export interface Storable {
  readonly object: ApiObject;
  readonly value: Uint8Array;
}

/** An object as writes work on it: shared and not to be changed. Of kinds with a converter it is in the served version, of others in the stored one. */
export function liveObject(cache: EntryCache, resource: Resource, entry: Entry): ApiObject | Promise<ApiObject> {
  const { converter } = resource;
  const stored = cache.object(resource, entry);
  return converter === undefined ? stored : convertedObjects(cache, resource, [entry]).then(([object]) => object ?? stored);
}

/** Stored objects of a kind with a converter in the served version, with its defaults. */
export async function convertedObjects(cache: EntryCache, resource: Resource, entries: readonly Entry[]): Promise<readonly ApiObject[]> {
  const { converter, kind } = resource;
  const stored = entries.map((entry) => cache.object(resource, entry));
  if (converter === undefined) return stored;
  // The cache changes the versions of shared objects as entries come by.
  const originals = stored.map((object) => ({ ...object, metadata: copyJson(object.metadata) }));
  const objects = await converter.convert(originals, apiVersionOf(kind));
  for (const object of objects) kind.read?.(object);
  return objects;
}

/** Lets selectors see entries of a kind with a converter as they are served: its versions may call a field by other names. */
export async function learnServed(cache: EntryCache, resource: Resource, entries: readonly Entry[]): Promise<void> {
  const unknown = entries.filter((entry) => cache.servedAttributes(resource, entry) === undefined);
  if (unknown.length === 0) return;
  const objects = await convertedObjects(cache, resource, unknown);
  for (const [index, entry] of unknown.entries()) {
    const object = objects[index];
    if (object !== undefined) cache.learnServed(resource, entry, object);
  }
}

/** Brings an object that a write has made into the form in which it is stored. */
export function storableOf(resource: Resource, object: ApiObject): Storable | Promise<Storable> {
  const { converter, form, stored } = resource;
  if (converter === undefined) return { object, value: form.encode(object) };
  return converter
    .convert([object], apiVersionOf(stored))
    .then(([converted = object]) => ({ object: converted, value: form.encode(converted) }));
}
