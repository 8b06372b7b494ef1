import type { HttpRequest } from '../../runtime/api/http.ts';
import type { Json, KubeObject } from '../../runtime/api/object.ts';
import { applyMergePatch } from '../../runtime/api/patches/merge-patch.ts';
import type { Transport } from '../../runtime/client/client.ts';

/** Just enough of an API server to test clients against, with switches for what a real one does only on bad days. */
export interface FakeApi {
  readonly transport: Transport;
  /** Every request so far, as `METHOD path?query`. */
  readonly requests: string[];
  put(path: string, object: KubeObject): void;
  remove(path: string): void;
  get(path: string): KubeObject | undefined;
  /** Breaks every open watch off, after half a line. */
  breakWatches(): void;
  /** Forgets history: a watch from before this moment is answered with 410. */
  compact(): void;
  /** The next requests whose `METHOD path` contains `part` fail with this status. */
  fail(part: string, reason: string, code: number, times: number): void;
  readonly watches: number;
}

interface Change {
  readonly type: string;
  readonly path: string;
  readonly object: KubeObject;
  readonly revision: number;
}

export function createFakeApi(): FakeApi {
  const objects = new Map<string, KubeObject>();
  const history: Change[] = [];
  const watchers = new Map<ReadableStreamDefaultController<Uint8Array>, string>();
  const failures: { part: string; reason: string; code: number; times: number }[] = [];
  const requests: string[] = [];
  const encoder = new TextEncoder();
  let revision = 1;
  let compacted = 0;

  const line = (change: Change) => encoder.encode(`${JSON.stringify({ type: change.type, object: change.object })}\n`);
  const inCollection = (path: string, collection: string) => path.startsWith(`${collection}/`);
  const record = (type: string, path: string, object: KubeObject) => {
    const change = { type, path, object, revision };
    history.push(change);
    for (const [controller, collection] of watchers) if (inCollection(path, collection)) controller.enqueue(line(change));
  };
  const put = (path: string, object: KubeObject) => {
    revision++;
    const previous = objects.get(path);
    const uid = previous?.metadata?.uid ?? object.metadata?.uid ?? `uid-${revision}`;
    const stored = { ...object, metadata: { ...object.metadata, uid, resourceVersion: String(revision) } };
    objects.set(path, stored);
    record(previous === undefined ? 'ADDED' : 'MODIFIED', path, stored);
    return stored;
  };
  const status = (code: number, reason: string) =>
    Response.json(
      { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code, message: `${reason} from the fake` },
      { status: code },
    );

  const watch = (collection: string, from: number) => {
    if (from < compacted) return status(410, 'Expired');
    let own: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        own = controller;
        watchers.set(controller, collection);
        for (const change of history) if (change.revision > from && inCollection(change.path, collection)) controller.enqueue(line(change));
      },
      cancel: () => void watchers.delete(own),
    });
    return new Response(body);
  };

  const answer = async (request: HttpRequest): Promise<Response> => {
    const url = new URL(request.url);
    const path = url.pathname;
    const named = `${request.method} ${path}`;
    requests.push(named + url.search);
    const failure = failures.find(({ part, times }) => times > 0 && named.includes(part));
    if (failure !== undefined) {
      failure.times--;
      return status(failure.code, failure.reason);
    }
    if (url.searchParams.get('watch') === 'true') return watch(path, Number(url.searchParams.get('resourceVersion')));
    const stored = objects.get(path);
    switch (request.method) {
      case 'GET': {
        if (stored !== undefined) return Response.json(stored);
        if (/\d$/.test(path)) return status(404, 'NotFound');
        const items = [...objects].filter(([key]) => inCollection(key, path)).map(([, { apiVersion: _a, kind: _k, ...object }]) => object);
        return Response.json({ kind: 'List', metadata: { resourceVersion: String(revision) }, items });
      }
      case 'POST': {
        const object = (await bodyOf(request)) as KubeObject;
        return Response.json(put(`${path}/${object.metadata?.name}`, object), { status: 201 });
      }
      case 'PATCH': {
        if (stored === undefined) return status(404, 'NotFound');
        return Response.json(put(path, applyMergePatch(stored as unknown as Json, (await bodyOf(request)) as Json) as KubeObject));
      }
      default:
        return status(405, 'MethodNotAllowed');
    }
  };

  return {
    transport: answer,
    requests,
    put,
    remove(path) {
      const object = objects.get(path);
      if (object === undefined) return;
      revision++;
      objects.delete(path);
      record('DELETED', path, { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } });
    },
    get: (path) => objects.get(path),
    breakWatches() {
      for (const controller of watchers.keys()) {
        controller.enqueue(encoder.encode('{"type":"ADD'));
        controller.close();
      }
      watchers.clear();
    },
    compact() {
      compacted = ++revision;
    },
    fail: (part, reason, code, times) => void failures.push({ part, reason, code, times }),
    get watches() {
      return watchers.size;
    },
  };
}

async function bodyOf(request: HttpRequest): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await request.arrayBuffer()));
}
