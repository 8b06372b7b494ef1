import type { HttpResponse } from '../../runtime/api/http.ts';
import { type ApiServerOptions, createApiServer } from '../../runtime/apiserver/api-server.ts';
import type { Peer } from '../../runtime/apiserver/authentication/peer.ts';
import type { User } from '../../runtime/apiserver/authentication/user.ts';
import type { AggregatingApiServer } from '../../runtime/apiserver/server.ts';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { createSteppedClock, type SteppedClock } from '../../runtime/simulation/stepped-clock.ts';
import type { Store } from '../../runtime/store/store.ts';
import { settle } from '../client/settle.ts';

export const admin: User = { name: 'admin', groups: ['system:masters'] };

/** JSON as the tests look into it. */
// biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field, whatever they are
export type Body = any;

export interface Answer {
  readonly code: number;
  readonly body: Body;
  readonly headers: HttpResponse['headers'];
}

export interface Api {
  readonly server: AggregatingApiServer;
  readonly store: Store;
  readonly clock: SteppedClock;
  /** Sends a request as the administrator (or another peer); a body that is no text is sent as JSON. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>, peer?: Peer): Promise<Answer>;
  /** Opens a watch; events are read with `next`. */
  watch(path: string, headers?: Record<string, string>): Promise<Watched>;
}

export interface Watched {
  /** The next `count` events. */
  next(count: number): Promise<Body[]>;
  /** The events until the stream ends. */
  rest(): Promise<Body[]>;
  cancel(): Promise<void>;
}

/** A server on a store in memory with a stepped clock, and the namespace `default`. */
export async function startApi(options: Partial<ApiServerOptions> = {}): Promise<Api> {
  const store = options.store ?? (await openMemoryStore());
  const clock = createSteppedClock(Date.UTC(2026, 0, 1), settle);
  const server = createApiServer({
    store,
    clock,
    random: createSeededRandom(1),
    log: (text) => {
      throw new Error(text);
    },
    ...options,
  });
  const open = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}, peer: Peer = { component: admin }) => {
    const init: RequestInit = { method, headers };
    if (body !== undefined) {
      init.body = typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body);
      if (headers['content-type'] === undefined) init.headers = { 'content-type': 'application/json', ...headers };
    }
    return server.handle(new Request(`https://kubernetes.default${path}`, init), peer);
  };
  const api: Api = {
    server,
    store,
    clock,
    async send(...request) {
      const response = await open(...request);
      const text = await response.text();
      const json = response.headers.get('content-type')?.startsWith('application/json');
      return { code: response.status, body: json && text !== '' ? JSON.parse(text) : text, headers: response.headers };
    },
    async watch(path, headers) {
      const response = await open('GET', path, undefined, headers);
      return watched(response);
    },
  };
  await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'default' } });
  return api;
}

function watched(response: HttpResponse): Watched {
  if (response.body === null) throw new Error('a watch without a body');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const events: Body[] = [];
  let text = '';
  const read = async (): Promise<boolean> => {
    const { done, value } = await reader.read();
    text += value ?? '';
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    events.push(...lines.map((line) => JSON.parse(line)));
    return !done;
  };
  return {
    async next(count) {
      while (events.length < count) if (!(await read())) throw new Error(`the watch ended; left: ${JSON.stringify(events)}`);
      return events.splice(0, count);
    },
    async rest() {
      while (await read());
      return events.splice(0);
    },
    cancel: () => reader.cancel(),
  };
}
