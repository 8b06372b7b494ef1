import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ApiServer, Peer } from '../../apiserver/server.ts';

/** One byte more than the API server takes, so that it can tell a full body from one that is too large. */
const bodyLimit = 3 * 1024 * 1024 + 1;

export interface ListenerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  /** PEM of the CA that signs client certificates. */
  readonly clientCa: string;
}

export interface Listener {
  readonly port: number;
  /** Ends open connections and frees the port. */
  close(): Promise<void>;
}

/**
 * Puts the API server behind HTTPS.
 * @throws the system's error, `EADDRINUSE` for a busy port
 */
export async function listenHttps(server: ApiServer, options: ListenerOptions): Promise<Listener> {
  const peers = new WeakMap<Socket, Peer>();
  const https = createServer(
    {
      cert: options.certificate,
      key: options.key,
      ca: options.clientCa,
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    },
    (incoming, outgoing) => {
      let peer = peers.get(incoming.socket);
      if (!peer) {
        peer = peerOf(incoming.socket as TLSSocket);
        peers.set(incoming.socket, peer);
      }
      serve(server, peer, incoming, outgoing).catch(() => outgoing.destroy());
    },
  );
  https.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    https.once('error', reject);
    https.listen(options.port, options.host, () => {
      https.off('error', reject);
      resolve();
    });
  });
  return {
    port: (https.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        https.close(() => resolve());
        https.closeAllConnections();
      }),
  };
}

function peerOf(socket: TLSSocket): Peer {
  if (!socket.authorized) return {};
  const subject = socket.getPeerCertificate().subject as { CN?: string | string[]; O?: string | string[] } | undefined;
  const names = list(subject?.CN);
  return names[0] === undefined ? {} : { certificate: { commonName: names[0], organizations: list(subject?.O) } };
}

const list = (value: string | string[] | undefined): string[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

async function serve(server: ApiServer, peer: Peer, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  const headers = new Headers();
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2)
    headers.append(incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? '');
  const method = incoming.method ?? 'GET';
  const body = method === 'GET' || method === 'HEAD' ? undefined : await readBody(incoming);
  const request = new Request(`https://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`, {
    method,
    headers,
    signal: gone.signal,
    ...(body && { body }),
  });
  const response = await server.handle(request, peer);
  outgoing.writeHead(response.status, [...response.headers].flat());
  if (response.body === null) {
    outgoing.end();
  } else if (response.headers.has('content-length')) {
    outgoing.end(new Uint8Array(await response.arrayBuffer()));
  } else {
    await stream(response.body, outgoing, gone.signal);
  }
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= bodyLimit) break;
  }
  const body = new Uint8Array(Math.min(size, bodyLimit));
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk.subarray(0, body.length - offset), offset);
    offset += chunk.length;
  }
  return body;
}

/** Writes as fast as the client reads; a client that goes away cancels the body. */
async function stream(body: ReadableStream<Uint8Array>, outgoing: ServerResponse, gone: AbortSignal): Promise<void> {
  const reader = body.getReader();
  gone.addEventListener('abort', () => void reader.cancel().catch(() => undefined), { once: true });
  outgoing.flushHeaders();
  for (;;) {
    const { done, value } = await reader.read();
    if (done || gone.aborted) break;
    if (!outgoing.write(value)) {
      await new Promise<void>((resolve) => {
        outgoing.once('drain', resolve);
        gone.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
  outgoing.end();
}
