import { request as requestHttp } from 'node:http';
import { Agent, type RequestOptions, request as requestHttps } from 'node:https';
import { BlockList, isIP } from 'node:net';
import { Duplex, Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { connect as connectTls } from 'node:tls';
import type { ByteConnection } from '../../apiserver/streams.ts';
import type { WebhookTransport } from '../../apiserver/webhooks/transport.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * The way to webhooks that run on this machine, and to those behind a connection that is already there. Who configures webhooks must not make the
 * cluster call anything else, so no name but `localhost` is looked up.
 */
export function loopbackWebhooks(): WebhookTransport {
  const agent = new Agent({ keepAlive: true });
  return {
    async fetch(request, authorities, route) {
      const url = new URL(request.url);
      if (url.protocol !== 'https:') throw new Error(`webhooks are called over HTTPS, not ${url.protocol.slice(0, -1)}`);
      const body = new Uint8Array(await request.arrayBuffer());
      const options: RequestOptions = {
        method: request.method,
        path: url.pathname + url.search,
        headers: { ...Object.fromEntries(request.headers), host: url.host, 'content-length': body.length },
        signal: request.signal,
      };
      const host = url.hostname.replace(/^\[|\]$/g, '');
      // Certificates of `localhost` and of services hold for them by name.
      const tls = { servername: isIP(host) === 0 ? host : '', ...(authorities === undefined ? {} : { ca: authorities }) };
      if (route !== undefined && 'connection' in route) {
        // The call may have been given up while its body was read and its service looked up.
        request.signal.throwIfAborted();
        const socket = connectTls({ ...tls, socket: duplexOf(route.connection) });
        const end = () => socket.destroy();
        request.signal.addEventListener('abort', end, { once: true });
        return send((take) => requestHttp({ ...options, createConnection: () => socket }, take), body, host);
      }
      const target = route?.host ?? host;
      if (!isLoopback(target)) throw new Error(`${target} is not on this machine: webhooks are called on loopback addresses only`);
      const address = target === 'localhost' ? '127.0.0.1' : target;
      const port = route?.port ?? Number(url.port || 443);
      return send((take) => requestHttps({ ...options, ...tls, agent, host: address, port }, take), body, `${address}:${port}`);
    },
  };
}

type Taker = (message: Readable & { readonly statusCode?: number | undefined }) => void;

function send(start: (take: Taker) => ReturnType<typeof requestHttp>, body: Uint8Array, address: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = start((message) => {
      // The two declarations of web streams, Node's and the platform's, differ in name only.
      const stream = Readable.toWeb(message) as WebStream<Uint8Array> as ReadableStream<Uint8Array>;
      const status = message.statusCode ?? 500;
      const isEmpty = status === 204 || status === 304;
      if (isEmpty) message.resume();
      resolve(new Response(isEmpty ? null : stream, { status }));
    });
    sent.on('error', (error) => reject(new Error(goText(error, address))));
    sent.end(body);
  });
}

function duplexOf({ readable, writable }: ByteConnection): Duplex {
  // The platform's streams are Node's.
  return Duplex.fromWeb({ readable, writable } as Parameters<typeof Duplex.fromWeb>[0]);
}

/** What Go's client would say of a failure, where it has words for it. */
function goText(error: Error, address: string): string {
  const code = 'code' in error ? String(error.code) : '';
  const unverified = (why: string) => `tls: failed to verify certificate: x509: ${why}`;
  switch (code) {
    case 'ECONNREFUSED':
      return `dial tcp ${address}: connect: connection refused`;
    case 'ECONNRESET':
      return 'EOF';
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'EPROTO':
      return 'http: server gave HTTP response to HTTPS client';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'CERT_SIGNATURE_FAILURE':
      return unverified('certificate signed by unknown authority');
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return unverified('certificate has expired or is not yet valid');
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return unverified(namesText(error));
    default:
      return error.message;
  }
}

function namesText(error: Error): string {
  const host = 'host' in error ? String(error.host) : '';
  const cert = 'cert' in error && typeof error.cert === 'object' ? error.cert : undefined;
  const names = cert !== null && cert !== undefined && 'subjectaltname' in cert ? String(cert.subjectaltname) : '';
  const valid = names.split(', ').map((name) => name.replace(/^(?:DNS|IP Address):/, ''));
  return names === '' ? error.message : `certificate is valid for ${valid.join(', ')}, not ${host}`;
}

function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host === 'localhost' : loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
