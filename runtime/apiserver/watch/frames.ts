import { tellDecoded } from '../../api/decoded.ts';
import { apiVersionOf } from '../../api/kinds/kind.ts';
import { completeWritten } from '../../api/structure/index.ts';
import type { Entry } from '../../store/store.ts';
import { encodeProtobuf, encodeWatchEvent } from '../encoding/encode-protobuf.ts';
import type { Accepted } from '../negotiation/accept.ts';
import { partialMetadata } from '../negotiation/partial-metadata.ts';
import { type Around, bytesAt, objectBytes, servedObject } from '../negotiation/present.ts';
import { type IncludeObject, tableOf } from '../negotiation/table.ts';
import type { ApiObject } from '../registry/api-object.ts';
import type { Core } from '../registry/core.ts';
import type { Resource } from '../registry/resource.ts';
import { utf8 } from '../registry/stored-form.ts';

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** Of how many events frames are kept for other watchers, and up to how many bytes. */
const keptEvents = 512;
const keptBytes = 16 * 1024 * 1024;

/** The frames of the latest events, so that all watchers that see one alike are given the same bytes. */
class RecentFrames {
  private frames = new Map<Uint8Array, Map<string, Uint8Array<ArrayBuffer>>>();
  private bytes = 0;

  /** The frame for stored bytes under a key; made when it is not kept. */
  frame(value: Uint8Array, key: string, make: () => Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const known = this.frames.get(value)?.get(key);
    if (known !== undefined) return known;
    const frame = make();
    if (this.frames.size >= keptEvents || this.bytes + frame.length > keptBytes) {
      this.frames = new Map();
      this.bytes = 0;
    }
    const byKey = this.frames.get(value);
    if (byKey === undefined) this.frames.set(value, new Map([[key, frame]]));
    else byKey.set(key, frame);
    this.bytes += frame.length;
    return frame;
  }
}

const recentOf: WeakMap<Core, RecentFrames> = new WeakMap();

/** What stands around the object of an event. */
const around: Readonly<Record<EventType, Around>> = {
  ADDED: { before: '{"type":"ADDED","object":', after: '}\n' },
  MODIFIED: { before: '{"type":"MODIFIED","object":', after: '}\n' },
  DELETED: { before: '{"type":"DELETED","object":', after: '}\n' },
};

/** Writes the events of one watch as lines of JSON, or in protobuf. */
export class Frames {
  private readonly core: Core;
  private readonly resource: Resource;
  private readonly accepted: Accepted;
  private readonly include: IncludeObject;
  private readonly recent: RecentFrames;
  /** The columns of a table stand in the first frame alone, which is that of an initial object where there is one: it may be made later than others. */
  private columnsSent: boolean;

  constructor(core: Core, resource: Resource, accepted: Accepted, include: IncludeObject, hasInitial: boolean) {
    this.columnsSent = hasInitial;
    this.core = core;
    this.resource = resource;
    this.accepted = accepted;
    this.include = include;
    this.recent = recentOf.get(core) ?? new RecentFrames();
    recentOf.set(core, this.recent);
  }

  /** One event about an object as it stood at `entry`, with the revision of the event. `converted`: the object as it is served, where that takes a converter. */
  event(type: EventType, entry: Entry, revision: number, converted?: ApiObject): Uint8Array<ArrayBuffer> {
    const { media, as, metaVersion } = this.accepted;
    const { group, version } = this.resource.kind;
    const key = `${type}/${revision}/${group}/${version}`;
    if (as !== undefined) {
      const withColumns = this.takeColumns();
      const make = () => this.transformedFrame(type, entry, revision, converted, withColumns);
      // What columns a custom resource has may change while its objects do not.
      if (converted !== undefined || (as === 'Table' && this.resource.isCustom)) return make();
      // Tables tell ages in seconds.
      const table = as === 'Table' ? `/${this.include}/${withColumns}/${Math.floor(this.core.clock.now() / 1000)}` : '';
      return this.recent.frame(entry.value, `${key}/${media}/${as}/${metaVersion}${table}`, make);
    }
    if (converted !== undefined) return bytesAt(converted, revision, around[type]);
    const line = this.recent.frame(entry.value, key, () => {
      const frame = objectBytes(this.core, this.resource, entry, revision, around[type]);
      const object = this.resource.conversion === undefined ? this.core.cache.known(entry) : undefined;
      if (object !== undefined) tellDecoded(frame, type, object, String(revision));
      return frame;
    });
    return media === 'protobuf' ? this.recent.frame(entry.value, `${key}/protobuf`, () => this.inMedia(line)) : line;
  }

  /** An object that stood there when the watch began. Unlike an event it is not about to be told to others. */
  initial(entry: Entry, isFirst: boolean, converted?: ApiObject): Uint8Array<ArrayBuffer> {
    if (this.accepted.as !== undefined) return this.transformedFrame('ADDED', entry, entry.revision, converted, isFirst);
    if (converted !== undefined) return this.event('ADDED', entry, entry.revision, converted);
    return this.inMedia(objectBytes(this.core, this.resource, entry, entry.revision, around.ADDED));
  }

  /** Says that everything up to a revision has been told. `initialEventsEnd` also says that the first state is complete. */
  bookmark(revision: number, initialEventsEnd: boolean): Uint8Array<ArrayBuffer> {
    const metadata = {
      resourceVersion: String(revision),
      ...(initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
    };
    const { kind } = this.resource;
    const object: ApiObject = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata };
    const { as } = this.accepted;
    // Its row is that of an object of which nothing is set.
    if (as === 'Table') completeWritten(kind.definition, object);
    const shown =
      as === undefined
        ? object
        : as === 'Table'
          ? this.table(object, String(revision), this.takeColumns())
          : partialMetadata(object, this.accepted);
    return this.written('BOOKMARK', shown);
  }

  /** The failure that ends the watch. */
  error(status: unknown): Uint8Array<ArrayBuffer> {
    return this.written('ERROR', status);
  }

  private written(type: string, object: unknown): Uint8Array<ArrayBuffer> {
    return this.inMedia(utf8(`${JSON.stringify({ type, object })}\n`));
  }

  private inMedia(line: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    if (this.accepted.media !== 'protobuf') return line;
    const { type, object } = JSON.parse(new TextDecoder().decode(line));
    return encodeWatchEvent(type, encodeProtobuf(object));
  }

  private transformedFrame(
    type: EventType,
    entry: Entry,
    revision: number,
    converted: ApiObject | undefined,
    withColumns: boolean,
  ): Uint8Array<ArrayBuffer> {
    const served = converted ?? servedObject(this.core, this.resource, entry);
    const object = { ...served, metadata: { ...served.metadata, resourceVersion: String(revision) } };
    const shown = this.accepted.as === 'Table' ? this.table(object, String(revision), withColumns) : partialMetadata(object, this.accepted);
    return this.written(type, shown);
  }

  /** Whether the frame that is made next has the columns. */
  private takeColumns(): boolean {
    const isFirst = !this.columnsSent;
    this.columnsSent = true;
    return isFirst;
  }

  private table(object: ApiObject, resourceVersion: string, withColumns: boolean): unknown {
    return tableOf(this.resource, [object], { resourceVersion }, this.include, this.accepted, this.core.clock.now(), withColumns);
  }
}
