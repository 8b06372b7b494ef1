import { type HttpResponse, StreamAnswer, WrittenHeaders } from '../../api/http.ts';
import { expired, internalError, notAcceptableStream, resourceVersionTooLarge, type StatusError } from '../../api/status.ts';
import { CompactedError, type Entry, type StoreEvent } from '../../store/store.ts';
import type { ApiRequest } from '../api-request.ts';
import { acceptedBy } from '../negotiation/accept.ts';
import { protobufStream } from '../negotiation/routes.ts';
import { includeObject } from '../negotiation/table.ts';
import type { ApiObject } from '../registry/api-object.ts';
import { convertedObjects } from '../registry/converted.ts';
import type { Core } from '../registry/core.ts';
import type { Resource } from '../registry/resource.ts';
import { type EventType, Frames } from '../watch/frames.ts';
import { WatchStream } from '../watch/watch-stream.ts';
import { listOptions } from './list-options.ts';
import { Selection } from './selection.ts';

/** A watch without a timeout of its own lasts between one and two times this long, as upstream's `--min-request-timeout` makes it. */
const minTimeoutSeconds = 1800;
const bookmarkEveryMs = 60_000;

/** GET of a collection (or, by the old path, of one object) with `watch`: events as lines of JSON until a timeout or until the reader goes. */
export async function watchObjects(core: Core, request: ApiRequest): Promise<HttpResponse> {
  const { resource, info, query } = request;
  const accepted = acceptedBy(request);
  const selection = Selection.of(resource, query, info.name);
  const options = listOptions(query, true);
  const include = accepted.as === 'Table' ? includeObject(query) : 'Metadata';
  if (accepted.media === 'yaml') throw notAcceptableStream();
  const prefix = resource.prefixIn(info.namespace);
  const from = options.resourceVersion ?? 0;
  const replay = from === 0 ? options.sendInitialEvents !== false : options.sendInitialEvents === true;

  const start = core.store.revision;
  // Who wants to be told what there is, at a revision yet to come, is not told what there was.
  const ahead = options.sendInitialEvents === true && from > start ? resourceVersionTooLarge(from, start) : undefined;
  const current = replay && ahead === undefined ? core.store.current(prefix) : [];
  await selection.prepare(resource, core.cache, current);
  const standing = current.filter((entry) => selection.matches(resource, core.cache, entry));
  const converted = resource.converter && (await convertedObjects(core.cache, resource, standing));
  const frames = new Frames(core, resource, accepted, include, standing.length > 0);
  const stops = [request.streams()];
  const onClose = () => {
    for (const stop of stops) stop();
  };
  const isList = options.sendInitialEvents === true && options.allowWatchBookmarks === true && ahead === undefined;
  const stream = new WatchStream(initialFrames(frames, standing, converted), {
    onClose,
    onSent: request.watching(isList ? standing.length + 1 : 0),
    failure: (error) => frames.error(notDecoded(error).status),
    unit: request.inProcess ? 'frame' : 'chunk',
  });
  /** Neither the store nor the clock is to hear of a frame that cannot be made: others want their turn. */
  const orFail = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      stream.fail(error);
    }
  };
  if (isList) orFail(() => stream.push(frames.bookmark(start, true)));

  const after = replay || from === 0 ? start : from;
  const told = { revision: after };
  const inTurn = resource.converter && new FramesInOrder(stream);
  const tellOne = (event: StoreEvent): void => {
    told.revision = event.revision;
    if (inTurn === undefined) {
      const seen = seenBy(core, resource, selection, event);
      if (seen !== undefined) stream.push(frames.event(seen.type, seen.entry, event.revision));
      return;
    }
    inTurn.add(async () => {
      await selection.prepare(resource, core.cache, event.previous === undefined ? [event.entry] : [event.entry, event.previous]);
      const seen = seenBy(core, resource, selection, event);
      if (seen === undefined) return undefined;
      const [object] = await convertedObjects(core.cache, resource, [seen.entry]);
      return frames.event(seen.type, seen.entry, event.revision, object);
    });
  };
  const tell = (events: readonly StoreEvent[]): void =>
    orFail(() => {
      for (const event of events) if (event.revision > after) tellOne(event);
    });
  const failure = ahead ?? (await subscribe(core, prefix, Math.min(after, start), tell, stops));
  if (failure !== undefined) {
    stream.push(frames.error(failure.status));
    stream.end();
  } else {
    const seconds = options.timeoutSeconds || minTimeoutSeconds * (1 + core.random.next());
    stops.push(core.clock.after(seconds * 1000, () => stream.end()));
    const onRetired = (): void => stream.end();
    resource.retired.addEventListener('abort', onRetired);
    stops.push(() => resource.retired.removeEventListener('abort', onRetired));
    const bookmark = (): void => {
      const revision = Math.max(told.revision, core.store.revision);
      // Who goes on from a bookmark is never told of what is still being made.
      if (inTurn === undefined) orFail(() => stream.push(frames.bookmark(revision, false)));
      else inTurn.add(async () => frames.bookmark(revision, false));
    };
    if (options.allowWatchBookmarks) {
      // The last one comes shortly before the end, so that the next watch can begin where this one ended.
      stops.push(core.clock.every(bookmarkEveryMs, bookmark), core.clock.after(Math.max(0, seconds - 2) * 1000, bookmark));
    }
  }
  return new StreamAnswer(
    200,
    new WrittenHeaders({
      'content-type': accepted.media === 'protobuf' ? protobufStream : 'application/json',
      'cache-control': 'no-cache, private',
    }),
    stream.body,
  );
}

function* initialFrames(
  frames: Frames,
  entries: readonly Entry[],
  converted: readonly ApiObject[] | undefined,
): Iterable<Uint8Array<ArrayBuffer>> {
  for (const [index, entry] of entries.entries()) yield frames.initial(entry, index === 0, converted?.[index]);
}

function notDecoded(error: unknown): StatusError {
  const why = error instanceof Error ? error.message : String(error);
  return internalError(`unable to decode an event from the watch stream: ${why}`);
}

/** Frames that take time to make, told in their order all the same. The first that cannot be made ends the watch. */
class FramesInOrder {
  private readonly stream: WatchStream;
  private last: Promise<void> = Promise.resolve();

  constructor(stream: WatchStream) {
    this.stream = stream;
  }

  /** `make` gives nothing where there is nothing to tell. */
  add(make: () => Promise<Uint8Array<ArrayBuffer> | undefined>): void {
    this.last = this.last
      .then(make)
      .then((frame) => frame && this.stream.push(frame))
      .catch((error: unknown) => this.stream.fail(error));
  }
}

async function subscribe(
  core: Core,
  prefix: string,
  from: number,
  tell: (events: readonly StoreEvent[]) => void,
  stops: (() => void)[],
): Promise<StatusError | undefined> {
  try {
    let stopped = false;
    stops.push(() => {
      stopped = true;
    });
    const stop = await core.store.watch(prefix, from, tell);
    if (stopped) stop();
    else stops.push(stop);
    return undefined;
  } catch (error) {
    if (error instanceof CompactedError) return expired(`too old resource version: ${from} (${error.compacted})`);
    throw error;
  }
}

/** The event as a watch sees it: objects come and go as they begin and cease to match its selectors. */
function seenBy(
  core: Core,
  resource: Resource,
  selection: Selection,
  event: StoreEvent,
): { readonly type: EventType; readonly entry: Entry } | undefined {
  const { previous, entry } = event;
  const was = event.type === 'delete' ? entry : previous;
  const isMatch = event.type === 'put' && selection.matches(resource, core.cache, entry);
  const wasMatch = was !== undefined && selection.matches(resource, core.cache, was);
  if (isMatch) return { type: wasMatch ? 'MODIFIED' : 'ADDED', entry };
  return wasMatch ? { type: 'DELETED', entry: was } : undefined;
}
