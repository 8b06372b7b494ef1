import type { ListMeta } from '../../api/generated/types/meta/v1.ts';
import type { HttpResponse } from '../../api/http.ts';
import { expired, notAcceptableObject, resourceVersionTooLarge } from '../../api/status.ts';
import { CompactedError, type Entry, FutureRevisionError } from '../../store/store.ts';
import type { ApiRequest } from '../api-request.ts';
import { type Accepted, acceptedBy, metaApiVersion } from '../negotiation/accept.ts';
import { answerBytes } from '../negotiation/answer.ts';
import { goType } from '../negotiation/go-type.ts';
import { partialMetadata } from '../negotiation/partial-metadata.ts';
import { answerForm, listHead, servedObject } from '../negotiation/present.ts';
import { includeObject, tableOf } from '../negotiation/table.ts';
import type { ApiObject } from '../registry/api-object.ts';
import { convertedObjects } from '../registry/converted.ts';
import type { Core } from '../registry/core.ts';
import { inOrder } from '../registry/metadata-order.ts';
import type { Resource } from '../registry/resource.ts';
import { jsonLine, utf8 } from '../registry/stored-form.ts';
import { continueExpired, encodeContinue, type ListOptions, listOptions } from './list-options.ts';
import { Selection } from './selection.ts';

/** What a list found, still in stored form. */
export interface Listed {
  readonly entries: readonly Entry[];
  readonly revision: number;
  readonly continueToken?: string;
  /** How many more there are; only known when nothing is selected. */
  readonly remaining?: number;
}

/** GET of a collection. */
export async function listObjects(core: Core, request: ApiRequest): Promise<HttpResponse> {
  const { resource, info, query } = request;
  const accepted = acceptedBy(request);
  const selection = Selection.of(resource, query);
  const listed = await findEntries(core, resource, info.namespace, selection, listOptions(query, false));
  return answerListed(core, request, listed, accepted);
}

/** Answers with what was found, as the client accepts it. */
export async function answerListed(core: Core, request: ApiRequest, listed: Listed, accepted: Accepted): Promise<HttpResponse> {
  const { resource, query } = request;
  const form = answerForm(request, accepted);
  const metadata = listMeta(listed);
  const converted = resource.converter && (await convertedObjects(core.cache, resource, listed.entries));
  const objects = () => converted ?? listed.entries.map((entry) => ({ ...servedObject(core, resource, entry) }));
  switch (accepted.as) {
    case undefined:
      return answerBytes(200, listBytes(core, resource, listed.entries, metadata, converted), form);
    case 'Table': {
      const table = tableOf(resource, objects(), metadata, includeObject(query), accepted, core.clock.now());
      return answerBytes(200, jsonLine(table), form);
    }
    case 'PartialObjectMetadata':
      throw notAcceptableObject(
        `you requested PartialObjectMetadata, but the requested object is a list (${goType(resource, listHead(resource).kind)})`,
      );
    default: {
      const items = objects().map((object) => partialMetadata(object, accepted));
      const list = { kind: 'PartialObjectMetadataList', apiVersion: metaApiVersion(accepted), metadata, items };
      return answerBytes(200, jsonLine(list), form);
    }
  }
}

/** The metadata of a list. */
function listMeta({ revision, continueToken, remaining }: Listed): ListMeta {
  return {
    resourceVersion: String(revision),
    ...(continueToken === undefined ? {} : { continue: continueToken }),
    ...(remaining === undefined ? {} : { remainingItemCount: remaining }),
  };
}

/**
 * Joins stored objects into the JSON of a list, without decoding them where they are served as they are stored. `converted`: the objects as they are
 * served, where that takes a converter.
 */
function listBytes(
  core: Core,
  resource: Resource,
  entries: readonly Entry[],
  metadata: ListMeta,
  converted?: readonly ApiObject[],
): Uint8Array<ArrayBuffer> {
  const { form, conversion, typedItems } = resource;
  const { kind, apiVersion } = listHead(resource);
  const head = `${JSON.stringify({ kind, apiVersion, metadata }).slice(0, -1)},"items":[`;
  const asStored = converted === undefined && conversion === undefined ? form.servedList(entries, typedItems, head, listEnd) : undefined;
  if (asStored !== undefined) return asStored;
  const items = (converted ?? entries.map((entry) => servedObject(core, resource, entry))).map((object) => {
    const { kind: _kind, apiVersion: _apiVersion, ...untyped } = object;
    return JSON.stringify({ ...(typedItems ? object : untyped), metadata: inOrder(object.metadata) });
  });
  return utf8(head + items.join(',') + listEnd);
}

const listEnd = ']}\n';

/** Finds the entries that a list asks for, at the revision it asks for. */
export async function findEntries(
  core: Core,
  resource: Resource,
  namespace: string,
  selection: Selection,
  options: ListOptions,
): Promise<Listed> {
  const { store } = core;
  const prefix = resource.prefixIn(namespace);
  const { resourceVersion, match, continuation } = options;
  // One object is no list to be given in pages.
  const limit = isOfOne(resource, namespace, selection) ? 0 : options.limit;
  if (continuation !== undefined) {
    const { revision, after } = continuation;
    return page(core, resource, prefix, selection, limit, revision ?? store.revision, after);
  }
  const exact = resourceVersion !== undefined && resourceVersion !== 0 && (match === 'Exact' || (match === '' && options.limit > 0));
  if (exact) return page(core, resource, prefix, selection, limit, resourceVersion, undefined);
  if (resourceVersion !== undefined && resourceVersion > store.revision) throw resourceVersionTooLarge(resourceVersion, store.revision);
  if (limit > 0 && resourceVersion !== 0) return page(core, resource, prefix, selection, limit, store.revision, undefined);
  const entries = named(core, resource, namespace, selection) ?? store.current(prefix);
  const { revision } = store;
  await selection.prepare(resource, core.cache, entries);
  return { entries: selection.everything ? entries : entries.filter((entry) => selection.matches(resource, core.cache, entry)), revision };
}

function isOfOne({ kind }: Resource, namespace: string, { name }: Selection): boolean {
  return name !== undefined && (!kind.namespaced || namespace !== '');
}

/** A list of one name need not look at the others. */
function named(core: Core, resource: Resource, namespace: string, selection: Selection): readonly Entry[] | undefined {
  const { name } = selection;
  if (name === undefined || !isOfOne(resource, namespace, selection)) return undefined;
  const entry = core.entry(resource, namespace, name);
  return entry === undefined ? [] : [entry];
}

/** Reads on from `after` at one revision until `limit` (0: all) entries are selected. */
async function page(
  core: Core,
  resource: Resource,
  prefix: string,
  selection: Selection,
  limit: number,
  at: number,
  after: string | undefined,
): Promise<Listed> {
  const found: Entry[] = [];
  let last = after === undefined ? undefined : prefix + after;
  for (;;) {
    const wanted = limit === 0 ? {} : { limit: selection.everything ? limit : Math.max(limit, 500) };
    const part = await listAt(core, prefix, at, last, wanted, after);
    await selection.prepare(resource, core.cache, part.entries);
    for (const [index, entry] of part.entries.entries()) {
      last = entry.key;
      if (!selection.matches(resource, core.cache, entry)) continue;
      found.push(entry);
      const remaining = part.entries.length - index - 1 + part.remaining;
      if (limit > 0 && found.length === limit && remaining > 0) {
        const continueToken = encodeContinue(at, last.slice(prefix.length));
        return { entries: found, revision: at, continueToken, ...(selection.everything ? { remaining } : {}) };
      }
    }
    if (part.remaining === 0 || part.entries.length === 0) return { entries: found, revision: at };
  }
}

async function listAt(
  core: Core,
  prefix: string,
  at: number,
  last: string | undefined,
  wanted: { limit?: number },
  after: string | undefined,
) {
  try {
    return await core.store.list(prefix, { at, ...wanted, ...(last === undefined ? {} : { after: last }) });
  } catch (error) {
    if (error instanceof FutureRevisionError) throw resourceVersionTooLarge(at, error.revision);
    if (error instanceof CompactedError) {
      throw after === undefined ? expired('The resourceVersion for the provided list is too old.') : continueExpired(after);
    }
    throw error;
  }
}
