import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { APIService } from '../../runtime/api/generated/types/apiregistration/v1.ts';
import type { Service } from '../../runtime/api/generated/types/core/v1.ts';
import { CertificateAuthority } from '../../runtime/bootstrap/certificates.ts';
import { createRealClock } from '../../runtime/host/node/clock.ts';
import { createSystemRandom } from '../../runtime/host/node/random.ts';
import { discoveryList, groupVersion, openApiIndex, openApiPath, openApiV2, openApiV3, plural, resourceList } from './flunders.ts';

/** A request that has come to an extension server. */
export interface SeenRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The common name of the client's certificate; empty when it is not signed by whom the server trusts. */
  readonly certificate: string;
  readonly bodyLength: number;
}

/** What of an API server is wanted of it. */
export interface ExtensionOptions {
  readonly namespace: string;
  /** The service behind which it stands; `extension` when left out. */
  readonly service?: string;
  /** Who signs the certificates of front proxies, in PEM; only they are let in. */
  readonly frontProxyCa?: string;
  /** Whether it knows discovery in one document, and OpenAPI in its third version; else the older ones. */
  readonly isModern?: boolean;
}

/** A small API server for Flunders, on this machine. */
export interface ExtensionServer {
  /** What has come, but for what the aggregation layer asks of its own accord. */
  readonly seen: SeenRequest[];
  /** A service that leads to it. */
  readonly service: Service;
  readonly apiService: APIService & { readonly spec: NonNullable<APIService['spec']> };
  /** Answers every request with this code until told otherwise. */
  fail(code: number | undefined): void;
  /** How many watches are open. */
  watchers(): number;
  close(): Promise<void>;
}

/** Starts a server that keeps Flunders in memory: create, get, list, watch, delete, and what a test of a proxy needs beside. */
export async function startExtensionServer(options: ExtensionOptions): Promise<ExtensionServer> {
  const { namespace, service = 'extension', frontProxyCa, isModern = true } = options;
  const authority = await CertificateAuthority.create(createRealClock(), createSystemRandom());
  const pair = await authority.issueServer({ commonName: service }, [`${service}.${namespace}.svc`], []);
  const flunders = new Flunders();
  const seen: SeenRequest[] = [];
  let failure: number | undefined;

  const tls = { cert: pair.certificate, key: pair.key, requestCert: true, rejectUnauthorized: false };
  const server = createServer({ ...tls, ...(frontProxyCa !== undefined && { ca: frontProxyCa }) }, async (request, response) => {
    const note = noteOf(request);
    let bodyLength = 0;
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) {
        bodyLength += chunk.length;
        if (bodyLength < 1_000_000) chunks.push(chunk);
      }
    } catch {
      // Its sender has broken it off.
      return;
    }
    if (!isOfAggregator(note)) seen.push({ ...note, bodyLength });
    const isStranger = frontProxyCa !== undefined && note.certificate === '';
    const refusal = failure ?? (isStranger ? 401 : undefined);
    const answered = () => answer(request, response, Buffer.concat(chunks).toString(), flunders, isModern);
    write(response, refusal === undefined ? answered() : { code: refusal, body: { kind: 'Status', code: refusal } });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    seen.push({ ...noteOf(request), bodyLength: 0 });
    socket.on('error', () => socket.destroy());
    if (!request.url?.includes('/connect')) {
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nno');
      return;
    }
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: ${request.headers.upgrade}\r\n\r\nhello `);
    if (head.length > 0) socket.write(head);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const sockets = new Set<Socket>();
  server.on('secureConnection', (socket) => sockets.add(socket));
  return {
    seen,
    service: { metadata: { name: service, namespace }, spec: { type: 'ExternalName', externalName: 'localhost' } },
    apiService: {
      metadata: { name: `${groupVersion.version}.${groupVersion.group}` },
      spec: {
        ...groupVersion,
        groupPriorityMinimum: 2000,
        versionPriority: 200,
        service: { namespace, name: service, port },
        caBundle: btoa((await authority.keyPair()).certificate),
      },
    },
    fail: (code) => {
      failure = code;
    },
    watchers: () => flunders.watchers.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Its name is not known to servers but by what it says. */
function isOfAggregator({ headers }: Omit<SeenRequest, 'bodyLength'>): boolean {
  return /^system:(?:kube-)?aggregator$/.test(String(headers['x-remote-user']));
}

function noteOf(request: IncomingMessage): Omit<SeenRequest, 'bodyLength'> {
  const { method = '', url = '', headers, rawHeaders } = request;
  const socket = request.socket as TLSSocket;
  const certificate = socket.authorized ? String(socket.getPeerCertificate().subject.CN) : '';
  // Groups and extra are as many lines as there are values.
  const lines = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), rawHeaders[at + 1] ?? ''] as const] : []));
  const remote = [...new Set(lines.map(([name]) => name).filter((name) => name.startsWith('x-remote-')))];
  const values = remote.map((name) => [name, lines.filter(([each]) => each === name).map(([, value]) => value)]);
  return { method, path: url, headers: { ...headers, ...Object.fromEntries(values) }, certificate };
}

type Flunder = { metadata: { name: string; namespace: string; resourceVersion?: string; [field: string]: unknown } };

/** What is stored, and who watches. */
class Flunders {
  readonly all = new Map<string, Flunder>();
  readonly watchers = new Set<(type: string, object: Flunder) => void>();
  private revision = 1;

  write(type: 'ADDED' | 'MODIFIED' | 'DELETED', flunder: Flunder): Flunder {
    this.revision += 1;
    const { name, namespace } = flunder.metadata;
    const kept = { ...flunder, metadata: { ...flunder.metadata, resourceVersion: String(this.revision), uid: `uid-${name}` } };
    if (type === 'DELETED') this.all.delete(`${namespace}/${name}`);
    else this.all.set(`${namespace}/${name}`, kept);
    for (const tell of this.watchers) tell(type, kept);
    return kept;
  }

  list(namespace: string | undefined): object {
    const items = [...this.all.values()].filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
    return { ...typeMeta('FlunderList'), metadata: { resourceVersion: String(this.revision) }, items };
  }
}

const typeMeta = (kind: string) => ({ kind, apiVersion: `${groupVersion.group}/${groupVersion.version}` });

/** What is answered with JSON; nothing where the answer is left open, or written already. */
type Reply = { readonly code: number; readonly body: unknown; readonly headers?: Record<string, string> } | undefined;

function answer(request: IncomingMessage, response: ServerResponse, body: string, flunders: Flunders, isModern: boolean): Reply {
  const url = new URL(request.url ?? '/', 'https://extension');
  const root = `/apis/${groupVersion.group}/${groupVersion.version}`;
  const known: Record<string, () => Reply> = {
    '/apis': () => discovery(request, isModern),
    [root]: () => ({ code: 200, body: resourceList }),
    '/openapi/v2': () => ({ code: 200, body: openApiV2, headers: { etag: '"v2"' } }),
    [`${root}/redirect`]: () => ({ code: 302, body: {}, headers: { location: 'https://example.com/' } }),
    [`${root}/slow`]: () => undefined,
    ...(isModern && {
      '/openapi/v3': () => ({ code: 200, body: openApiIndex }),
      [openApiPath]: () => ({ code: 200, body: openApiV3, headers: { etag: '"v3"' } }),
    }),
  };
  const special = known[url.pathname];
  if (special !== undefined) return special();
  const [found, namespace, name] = new RegExp(`^${root}(?:/namespaces/([^/]+))?/${plural}(?:/([^/]+))?$`).exec(url.pathname) ?? [];
  if (found === undefined) return notFound();
  if (name === undefined) return collection(request, response, url, body, namespace, flunders);
  const flunder = flunders.all.get(`${namespace}/${name}`);
  if (flunder === undefined) return notFound(name);
  return { code: 200, body: request.method === 'DELETE' ? flunders.write('DELETED', flunder) : flunder };
}

function discovery({ headers }: IncomingMessage, isModern: boolean): Reply {
  const wantsOne = headers.accept?.includes('as=APIGroupDiscoveryList');
  if (!isModern || !wantsOne) return { code: 200, body: { kind: 'APIGroupList', apiVersion: 'v1', groups: [] } };
  if (headers['if-none-match'] === '"d1"') return { code: 304, body: undefined };
  const type = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  return { code: 200, body: discoveryList, headers: { 'content-type': type, etag: '"d1"' } };
}

function collection(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  body: string,
  namespace: string | undefined,
  flunders: Flunders,
): Reply {
  if (request.method === 'POST') {
    const sent = JSON.parse(body) as Partial<Flunder>;
    const metadata = { creationTimestamp: '2026-01-01T00:00:00Z', name: '', ...sent.metadata, namespace: namespace ?? '' };
    return { code: 201, body: flunders.write('ADDED', { ...typeMeta('Flunder'), ...sent, metadata }) };
  }
  if (request.method === 'DELETE') {
    for (const flunder of [...flunders.all.values()]) if (flunder.metadata.namespace === namespace) flunders.write('DELETED', flunder);
    return { code: 200, body: { kind: 'Status', apiVersion: 'v1', status: 'Success' } };
  }
  if (!['1', 'true'].includes(url.searchParams.get('watch') ?? '')) return { code: 200, body: flunders.list(namespace) };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const tell = (type: string, object: Flunder) => {
    if (namespace === undefined || object.metadata.namespace === namespace) response.write(`${JSON.stringify({ type, object })}\n`);
  };
  flunders.watchers.add(tell);
  response.once('close', () => flunders.watchers.delete(tell));
  return undefined;
}

function write(response: ServerResponse, reply: Reply): void {
  if (reply === undefined) return;
  response.writeHead(reply.code, { 'content-type': 'application/json', ...reply.headers });
  response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
}

function notFound(name = ''): Reply {
  const details = { name, group: groupVersion.group, kind: plural };
  const message = `${plural}.${groupVersion.group} "${name}" not found`;
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: 'NotFound', details, code: 404 };
  return { code: 404, body };
}
