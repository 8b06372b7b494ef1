import type { IncomingMessage } from 'node:http';
import { Duplex, Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { ByteConnection } from '../../../apiserver/streams.ts';

/** The body of an answer; none where its code says that there is none. */
function bodyOf(message: IncomingMessage): ReadableStream<Uint8Array> | null {
  const { statusCode = 500 } = message;
  if (statusCode === 204 || statusCode === 205 || statusCode === 304) {
    message.resume();
    return null;
  }
  // The two declarations of web streams, Node's and the platform's, differ in name only.
  return Readable.toWeb(message) as WebStream<Uint8Array> as ReadableStream<Uint8Array>;
}

/** An answer in the platform's terms. */
export function responseOf(message: IncomingMessage): Response {
  const { statusCode = 500, rawHeaders } = message;
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  // Other codes are none that an answer can have.
  const status = statusCode >= 200 && statusCode <= 599 ? statusCode : 502;
  return new Response(bodyOf(message), { status, headers });
}

/** A connection of the cluster's own network as Node knows them. */
export function duplexOf({ readable, writable }: ByteConnection): Duplex {
  // The platform's streams are Node's.
  return Duplex.fromWeb({ readable, writable } as Parameters<typeof Duplex.fromWeb>[0]);
}

/** What Go's client would say of a request that cannot be sent, or is not answered, where it has words for it. */
export function goText(error: Error, address: string): string {
  const code = 'code' in error ? String(error.code) : '';
  const unverified = (why: string) => `tls: failed to verify certificate: x509: ${why}`;
  switch (code) {
    case 'ECONNREFUSED':
      return `dial tcp ${address}: connect: connection refused`;
    case 'ECONNRESET':
      return 'EOF';
    case 'ABORT_ERR':
      return 'context canceled';
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
