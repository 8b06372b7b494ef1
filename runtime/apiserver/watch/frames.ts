import { apiVersionOf } from '../../api/kinds/kind.ts';
import type { Entry } from '../../store/store.ts';
import type { Accepted } from '../negotiation/accept.ts';
import { objectBytes, partialMetadata, servedObject } from '../negotiation/present.ts';
import { type IncludeObject, tableOf } from '../negotiation/table.ts';
import type { ApiObject } from '../registry/api-object.ts';
import type { Core } from '../registry/core.ts';
import type { Resource } from '../registry/resource.ts';
import { concat, utf8 } from '../registry/stored-form.ts';

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** Frames by the bytes they were made of, so that all watchers of one kind share them. */
type Shared = WeakMap<Uint8Array, Map<string, Uint8Array<ArrayBuffer>>>;

const newline = utf8('}\n');

/** Writes the events of one watch as lines of JSON. */
export class Frames {
  private static readonly shared: WeakMap<Core, Shared> = new WeakMap();
  private readonly core: Core;
  private readonly resource: Resource;
  private readonly accepted: Accepted;
  private readonly include: IncludeObject;
  private readonly made: Shared;
  private columnsSent = false;

  constructor(core: Core, resource: Resource, accepted: Accepted, include: IncludeObject) {
    this.core = core;
    this.resource = resource;
    this.accepted = accepted;
    this.include = include;
    const shared = Frames.shared.get(core) ?? new WeakMap();
    Frames.shared.set(core, shared);
    this.made = shared;
  }

  /** One event about an object as it stood at `entry`, with the revision of the event. */
  event(type: EventType, entry: Entry, revision: number): Uint8Array<ArrayBuffer> {
    if (this.accepted.as !== undefined) return utf8(`${JSON.stringify({ type, object: this.transformed(entry, revision) })}\n`);
    const byKey = this.made.get(entry.value) ?? new Map<string, Uint8Array<ArrayBuffer>>();
    this.made.set(entry.value, byKey);
    const key = `${type}/${revision}/${this.resource.kind.group}/${this.resource.kind.version}`;
    let frame = byKey.get(key);
    if (frame === undefined) {
      frame = concat([utf8(`{"type":"${type}","object":`), objectBytes(this.core, this.resource, entry, revision), newline]);
      byKey.set(key, frame);
    }
    return frame;
  }

  /** Says that everything up to a revision has been told. `initialEventsEnd` also says that the first state is complete. */
  bookmark(revision: number, initialEventsEnd: boolean): Uint8Array<ArrayBuffer> {
    const metadata = {
      resourceVersion: String(revision),
      ...(initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
    };
    const object: ApiObject = { kind: this.resource.kind.kind, apiVersion: apiVersionOf(this.resource.kind), metadata };
    const { as } = this.accepted;
    const shown = as === undefined ? object : as === 'Table' ? this.table(object, String(revision)) : partialMetadata(object);
    return utf8(`${JSON.stringify({ type: 'BOOKMARK', object: shown })}\n`);
  }

  /** The failure that ends the watch. */
  error(status: unknown): Uint8Array<ArrayBuffer> {
    return utf8(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
  }

  private transformed(entry: Entry, revision: number): unknown {
    const served = servedObject(this.core, this.resource, entry);
    const object = { ...served, metadata: { ...served.metadata, resourceVersion: String(revision) } };
    return this.accepted.as === 'Table' ? this.table(object, String(revision)) : partialMetadata(object);
  }

  private table(object: ApiObject, resourceVersion: string): unknown {
    const withColumns = !this.columnsSent;
    this.columnsSent = true;
    return tableOf(this.resource, [object], { resourceVersion }, this.include, this.core.clock.now(), withColumns);
  }
}
