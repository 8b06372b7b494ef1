import { BytesRequest, type HttpResponse, RecordHeaders } from '../api/http.ts';
import { apiVersionOf, groupVersionPath } from '../api/kinds/kind.ts';
import type { KubeObject } from '../api/object.ts';
import {
  ApiError,
  type Client,
  type DeleteQuery,
  type ListQuery,
  type ObjectList,
  type Patch,
  type ResourceClient,
  type ResourceRef,
  type Status,
  type Transport,
  type WatchQuery,
} from './client.ts';
import { readLines } from './lines.ts';
import { readWatchEvent, withoutManagedFields } from './watch-events.ts';

export interface ClientOptions {
  /** Sent as `User-Agent`; field managers default to its first part. */
  readonly userAgent?: string;
}

/** The root that requests of one's own are made with. A transport within the process does not look at it. */
export const clusterUrl = 'https://kubernetes.default.svc';

const encoder = new TextEncoder();

/** Makes a typed client over a transport. */
export function createClient(transport: Transport, options: ClientOptions = {}): Client {
  const usual = { accept: 'application/json', ...(options.userAgent !== undefined && { 'user-agent': options.userAgent }) };
  const call: Call = (method, path, { body, contentType } = {}) => {
    const headers = new RecordHeaders(contentType === undefined ? usual : { ...usual, 'content-type': contentType });
    return transport(new BytesRequest(method, clusterUrl + path, headers, body === undefined ? undefined : encoder.encode(body)));
  };
  return {
    transport,
    resource: <T extends KubeObject>(ref: ResourceRef<T>) => createResourceClient(ref, call),
  };
}

type Call = (method: string, path: string, init?: { readonly body?: string; readonly contentType?: string }) => Promise<HttpResponse>;

const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

function createResourceClient<T extends KubeObject>(ref: ResourceRef<T>, call: Call): ResourceClient<T> {
  const root = groupVersionPath(ref);
  const apiVersion = apiVersionOf(ref);
  const collection = (namespace: string | undefined) =>
    ref.namespaced && namespace !== undefined && namespace !== ''
      ? `${root}/namespaces/${encodeURIComponent(namespace)}/${ref.plural}`
      : `${root}/${ref.plural}`;
  const item = (name: string, namespace: string | undefined, subresource?: string) => {
    const path = `${collection(namespace)}/${encodeURIComponent(name)}`;
    return subresource === undefined ? path : `${path}/${subresource}`;
  };
  const send = (method: string, path: string, body: unknown, contentType = 'application/json') =>
    call(method, path, { body: JSON.stringify(body), contentType });

  return {
    async get(name, namespace) {
      return answer<T>(await call('GET', item(name, namespace)));
    },
    async list(query = {}) {
      const list = await answer<{ items?: T[] | null; metadata?: { resourceVersion?: string; continue?: string } }>(
        await call('GET', collection(query.namespace) + parameters(query)),
      );
      // The items of a list carry no type of their own: the list's kind tells it.
      const items = (list.items ?? []).map((object) => {
        const item = withoutManagedFields(object);
        return item.kind === undefined ? { apiVersion, kind: ref.kind, ...item } : item;
      });
      const next = list.metadata?.continue;
      const result: ObjectList<T> = { items, resourceVersion: list.metadata?.resourceVersion ?? '' };
      return next === undefined || next === '' ? result : { ...result, continue: next };
    },
    async create(object) {
      return answer<T>(await send('POST', collection(object.metadata?.namespace), { apiVersion, kind: ref.kind, ...object }));
    },
    async update(object, subresource) {
      const { name = '', namespace } = object.metadata ?? {};
      return answer<T>(await send('PUT', item(name, namespace, subresource), { apiVersion, kind: ref.kind, ...object }));
    },
    async patch(name, namespace, patch, subresource) {
      return answer<T>(
        await send('PATCH', item(name, namespace, subresource) + patchParameters(patch), patch.body, patchTypes[patch.type]),
      );
    },
    async delete(name, namespace, query) {
      const path = item(name, namespace);
      await answer(query === undefined ? await call('DELETE', path) : await send('DELETE', path, deleteOptions(query)));
    },
    async *watch(query, signal) {
      const path = `${collection(query.namespace)}${parameters(query, true)}`;
      const response = await call('GET', path);
      if (!response.ok || response.body === null) throw await failure(response);
      for await (const line of readLines(response.body, signal)) yield readWatchEvent<T>(line);
    },
    async createSubresource<B extends KubeObject, R extends KubeObject>(
      name: string,
      namespace: string | undefined,
      subresource: string,
      body: B,
    ): Promise<R> {
      return answer<R>(await send('POST', item(name, namespace, subresource), body));
    },
  };
}

function deleteOptions(query: DeleteQuery): object {
  return { apiVersion: 'v1', kind: 'DeleteOptions', ...query };
}

function patchParameters(patch: Patch): string {
  if (patch.type !== 'apply') return '';
  const force = patch.force === true ? '&force=true' : '';
  return `?fieldManager=${encodeURIComponent(patch.fieldManager)}${force}`;
}

function parameters(query: ListQuery | WatchQuery, watch = false): string {
  const pairs = watch ? ['watch=true'] : [];
  for (const [name, value] of Object.entries(query)) {
    if (name !== 'namespace' && value !== undefined && value !== '') pairs.push(`${name}=${encodeURIComponent(String(value))}`);
  }
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Reads what stands at a path that no {@link ResourceRef} leads to. Throws an {@link ApiError} when it is refused. */
export async function readPath<R>(client: Client, path: string, accept = 'application/json'): Promise<R> {
  return answer(await client.transport(new BytesRequest('GET', clusterUrl + path, new RecordHeaders({ accept }))));
}

/** The answer's JSON. @throws ApiError when it is a failure. */
export async function answer<R>(response: HttpResponse): Promise<R> {
  if (!response.ok) throw await failure(response);
  return (await response.json()) as R;
}

/** What went wrong, also when the answer did not come from an API server but from something before it. */
async function failure(response: HttpResponse): Promise<ApiError> {
  const text = await response.text();
  try {
    const status = JSON.parse(text) as Status;
    if (status.kind === 'Status') return new ApiError({ ...status, code: status.code ?? response.status });
  } catch {
    // Not JSON: the text itself is the best message there is.
  }
  return new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code: response.status,
    message: text.trim() === '' ? `the server answered with status ${response.status}` : text.trim(),
  });
}
