import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { BytesRequest, type HttpRequest, RecordHeaders } from '../../../api/http.ts';
import type { Peer } from '../../../apiserver/authentication/peer.ts';
import type { ApiServer } from '../../../apiserver/server.ts';
import { headFault, urlOf } from './exchange.ts';
import { answerSocket, faultyPart, type ParserError, refusal } from './refusals.ts';

const requestHead = /^([!#$%&'*+.^_`|~\w-]+) (\/\S*) HTTP\/1\.\d\r\n((?:[^\r\n]+\r\n)*)\r\n/;
const hasBody = /^(?:content-length|transfer-encoding):/im;

/**
 * Answers a request that Go's HTTP server takes and Node's parser does not: of a method that is in no list, such as `FOO`, where whether there is one is
 * for the API server to say, or of a version like `HTTP/1.2`, unless a body comes with it. The connection ends with the answer. Gives whether it was such
 * a request, and is whole.
 */
export function answerUnparsed(server: ApiServer, peerOf: () => Peer, error: ParserError, socket: Duplex): boolean {
  if (error.code !== 'HPE_INVALID_METHOD' && error.code !== 'HPE_INVALID_VERSION') return false;
  const [, method, target, fields = ''] = requestHead.exec(faultyPart(error)) ?? [];
  if (method === undefined || target === undefined) return false;
  if (error.code === 'HPE_INVALID_VERSION' && hasBody.test(fields)) return false;
  const headers: Record<string, string> = {};
  for (const line of fields.split('\r\n')) {
    const [, name, value] = /^([^:\s]+):(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) headers[name.toLowerCase()] ??= value.trim();
  }
  // There is an answer and no more.
  delete headers.upgrade;
  const url = `https://${headers.host ?? 'localhost'}${target}`;
  if (!URL.canParse(url)) return false;
  answerOnce(server, new BytesRequest(method, new URL(url).href, new RecordHeaders(headers)), peerOf(), socket);
  return true;
}

/**
 * Answers CONNECT, of which Node makes a connection and Go's HTTP server a request like any other. What names a host in place of a path has an empty path
 * there; no URL has, so it is asked for one that is nowhere, too.
 */
export function answerConnect(server: ApiServer, peer: Peer, incoming: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  const fault = headFault(incoming);
  const url = incoming.url?.startsWith('/') ? urlOf(incoming) : new URL('https://localhost//');
  if (fault !== undefined || url === undefined) void answerSocket(socket, fault ?? refusal(400));
  else answerOnce(server, new BytesRequest('CONNECT', url.href, new RecordHeaders(incoming.headers)), peer, socket);
}

function answerOnce(server: ApiServer, request: HttpRequest, peer: Peer, socket: Duplex): void {
  server
    .handle(request, peer)
    .then((answer) => answerSocket(socket, answer))
    .catch(() => socket.destroy());
}
