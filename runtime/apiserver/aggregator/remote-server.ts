import type { Clock } from '../../simulation/clock.ts';
import type { User } from '../authentication/user.ts';
import { hostPort, type Location, locateService, type ResolverParts, reach, serviceHost } from '../services/resolver.ts';
import { userHeaders } from './proxy-headers.ts';
import type { RemoteApi } from './remote-apis.ts';
import type { RemoteRequest, RemoteTls, RemoteTransport, RemoteUpgrade } from './transport.ts';

export interface RemoteParts extends ResolverParts {
  readonly clock: Clock;
  /** Without it no server can be reached. */
  readonly transport: RemoteTransport | undefined;
  /** What this server shows to others, in PEM. */
  readonly identity: { readonly certificate: string; readonly key: string } | undefined;
}

/** The certificates of an APIService cannot be read: no connection can be made, now or later. */
export class UnusableAuthorities extends Error {
  override readonly name = 'UnusableAuthorities';
  constructor() {
    super('unable to load root certificates: unable to parse bytes as PEM block');
  }
}

/** Where the server of an API is to be found now. Throws what upstream's `ResolveCluster` says. */
export function locate(parts: RemoteParts, { service }: RemoteApi): Location {
  return locateService(parts, service);
}

/** Host and port of a place, as its URLs and messages name it. */
export function hostOf({ host, port }: Location): string {
  return hostPort(host, port);
}

/** Sends a request to a place, in this server's own name. Rejects with what Go's client would say. */
export async function exchange(parts: RemoteParts, api: RemoteApi, at: Location, request: RemoteRequest): Promise<Response> {
  const { transport, route, tls } = await connected(parts, api, at);
  return transport.send(request, tls, route);
}

/** Asks a place to upgrade the connection; otherwise as {@link exchange}. */
export async function upgrade(parts: RemoteParts, api: RemoteApi, at: Location, request: RemoteRequest): Promise<RemoteUpgrade | Response> {
  const { transport, route, tls } = await connected(parts, api, at);
  return transport.upgrade(request, tls, route);
}

async function connected(parts: RemoteParts, api: RemoteApi, at: Location) {
  const { transport, network } = parts;
  const tls = tlsOf(parts, api);
  if (transport === undefined) throw new Error('this API server has no way to other servers');
  return { transport, tls, route: await reach(at, network) };
}

/** What is shown to a server, and must be shown by it. Throws {@link UnusableAuthorities}. */
export function tlsOf({ identity }: Pick<RemoteParts, 'identity'>, { service, caBundle, isInsecure }: RemoteApi): RemoteTls {
  const authorities = caBundle.trim() === '' ? undefined : atob(caBundle);
  if (authorities !== undefined && !/-----BEGIN CERTIFICATE-----[\s\S]*-----END CERTIFICATE-----/.test(authorities)) {
    throw new UnusableAuthorities();
  }
  return {
    serverName: serviceHost(service),
    isInsecure,
    ...(authorities !== undefined && { authorities }),
    ...(identity !== undefined && { client: identity }),
  };
}

/** What is asked of a server in the name of the aggregation layer. */
export interface OwnRequest {
  readonly path: string;
  readonly user: User;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** How long to wait, in milliseconds. */
  readonly timeout: number;
  /** How many bytes to read at most; 0: none, as the status says it all. */
  readonly limit: number;
}

/** An answer that has been read. */
export interface OwnAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** GETs a path of a server, and reads all of the answer. Rejects with what Go's client would say. */
export async function get(parts: RemoteParts, api: RemoteApi, at: Location, asked: OwnRequest): Promise<OwnAnswer> {
  const ending = new AbortController();
  const host = hostOf(at);
  let late: () => void = () => {};
  const deadline = new Promise<never>((_, reject) => {
    late = () => {
      reject(new Error('context deadline exceeded (Client.Timeout exceeded while awaiting headers)'));
      ending.abort();
    };
  });
  const cancel = parts.clock.after(asked.timeout, late);
  try {
    const request: RemoteRequest = {
      method: 'GET',
      url: `https://${host}${asked.path}`,
      headers: [['host', host], ['user-agent', 'kube-apiserver'], ...(asked.headers ?? []), ...userHeaders(asked.user)],
      body: null,
      signal: ending.signal,
    };
    const answer = exchange(parts, api, at, request).then(async (response) => ({
      status: response.status,
      headers: response.headers,
      text: await readText(response, asked.limit),
    }));
    return await Promise.race([answer, deadline]);
  } finally {
    cancel();
  }
}

async function readText({ body }: Response, limit: number): Promise<string> {
  if (limit === 0) {
    await body?.cancel();
    return '';
  }
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > limit) throw new Error(`the answer is longer than ${limit} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
