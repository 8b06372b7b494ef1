import { type ClientRequest, type IncomingMessage, request as requestHttp, STATUS_CODES } from 'node:http';
import { Agent, type RequestOptions, request as requestHttps } from 'node:https';
import { Duplex, Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { RemoteRequest, RemoteTls, RemoteTransport, RemoteUpgrade } from '../../../apiserver/aggregator/transport.ts';
import type { Route } from '../../../apiserver/services/network.ts';
import type { ByteConnection } from '../../../apiserver/streams.ts';
import { duplexOf, goText, responseOf } from './exchange.ts';
import { localAddress } from './loopback.ts';

/** How many idle connections to one server are kept, and for how many milliseconds. */
const idleConnections = 25;
const idleTimeout = 90_000;

/** Requests that change nothing. */
const repeatable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** The way to servers that extend the API: on this machine, or behind a connection that is already there. */
export function loopbackRemoteServers(): RemoteTransport {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: idleConnections });
  agent.on('free', (socket: Duplex & { setTimeout(ms: number): void }) => socket.setTimeout(idleTimeout));
  return {
    async send(request, tls, route) {
      try {
        return await send(request, open(request, tls, route, agent));
      } catch (error) {
        // The server has closed a kept connection just when it was used again, or has done what it was asked for. As Go does, only what may be done
        // twice is asked for once more; other kept connections may be as dead.
        if (!(error instanceof LostConnection) || request.body !== null || !repeatable.has(request.method)) throw error;
        return send(request, open(request, tls, route, undefined));
      }
    },
    upgrade: (request, tls, route) => upgrade(open(request, tls, route, undefined)),
  };
}

class LostConnection extends Error {
  override readonly name = 'LostConnection';
}

type Start = (take: (message: IncomingMessage) => void) => ClientRequest;

interface Opened {
  readonly start: Start;
  /** The other side, as messages name it. */
  readonly address: string;
}

function open(request: RemoteRequest, tls: RemoteTls, route: Route, agent: Agent | undefined): Opened {
  const url = new URL(request.url);
  const options: RequestOptions = {
    method: request.method,
    path: url.pathname + url.search,
    headers: headersOf(request),
    signal: request.signal,
  };
  const secure: ConnectionOptions = {
    servername: tls.serverName,
    rejectUnauthorized: !tls.isInsecure,
    ...(tls.authorities !== undefined && { ca: tls.authorities }),
    ...(tls.client !== undefined && { cert: tls.client.certificate, key: tls.client.key }),
  };
  if ('connection' in route) {
    const createConnection = () => connectTls({ ...secure, socket: duplexOf(route.connection) });
    return { start: (take) => requestHttp({ ...options, createConnection }, take), address: url.host };
  }
  const { address, port } = localAddress(url, route, 'other API servers');
  const place = { ...options, ...secure, host: address, port, agent: agent ?? false };
  return { start: (take) => requestHttps(place, take), address: `${address}:${port}` };
}

/** Names with all their values; the length of a body that is at hand. */
function headersOf({ headers, body }: RemoteRequest): Record<string, string[]> {
  const named = new Map<string, string[]>();
  for (const [name, value] of headers) named.set(name, [...(named.get(name) ?? []), value]);
  return {
    ...Object.fromEntries(named),
    ...(body instanceof Uint8Array && { 'content-length': [String(body.length)] }),
  };
}

function send({ body }: RemoteRequest, { start, address }: Opened): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = start((message) => resolve(responseOf(message)));
    sent.once('upgrade', ({ headers }, socket) => {
      socket.destroy();
      reject(new Error(`backend tried to switch protocol ${JSON.stringify(headers.upgrade ?? '')} when "" was requested`));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const text = goText(error, address);
      reject(sent.reusedSocket && error.code === 'ECONNRESET' ? new LostConnection(text) : new Error(text));
    });
    if (body instanceof ReadableStream) {
      const source = Readable.fromWeb(body as WebStream<Uint8Array>);
      source.once('error', (error) => sent.destroy(error));
      sent.once('close', () => source.destroy());
      source.pipe(sent);
    } else sent.end(body ?? undefined);
  });
}

function upgrade({ start, address }: Opened): Promise<RemoteUpgrade | Response> {
  return new Promise((resolve, reject) => {
    const sent = start((message) => resolve(responseOf(message)));
    sent.once('upgrade', (message, socket, rest) => {
      // The platform's streams are Node's.
      resolve({ head: headOf(message, rest), connection: Duplex.toWeb(socket) as unknown as ByteConnection });
    });
    sent.on('error', (error) => reject(new Error(goText(error, address))));
    sent.end();
  });
}

/** The answer as it came. */
function headOf({ statusCode = 101, statusMessage, rawHeaders }: IncomingMessage, rest: Buffer): Uint8Array<ArrayBuffer> {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage ?? STATUS_CODES[statusCode] ?? ''}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  return new Uint8Array(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), rest]));
}
