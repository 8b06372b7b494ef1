import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { BytesAnswer, type HttpResponse } from '../../../api/http.ts';

/** How long a client may take to read why it was refused, before its connection is torn down. */
const lingerMs = 1000;

/** What Node's parser says of what it does not take. */
export interface ParserError extends NodeJS.ErrnoException {
  /** What came in, of which it could not read everything. */
  readonly rawPacket?: Buffer;
  /** Its own words. */
  readonly reason?: string;
}

/** How a connection is refused before there is a request to hand on: the page of Go's HTTP server, `400 Bad Request: malformed Host header`. */
export function refusal(code: number, detail = ''): HttpResponse {
  const page = `${code} ${STATUS_CODES[code] ?? ''}${detail === '' ? '' : `: ${detail}`}`;
  return new BytesAnswer(code, { 'content-type': 'text/plain; charset=utf-8' }, new TextEncoder().encode(page));
}

/** Writes an answer to a bare socket and closes it. */
export async function refuseSocket(socket: Duplex, answer: HttpResponse): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const kept = [...answer.headers].filter(([name]) => name !== 'content-length' && name !== 'connection');
  const fields = [...kept, ['content-length', String(body.length)], ['connection', 'close']].map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.write(Buffer.from(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${fields.join('')}\r\n`, 'latin1'));
  socket.end(body);
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(timer));
}

/** Answers what the HTTP parser did not take: headers that are too large, or no HTTP at all. Who is too slow with them gets no answer. */
export function refuseBadRequest(error: ParserError, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || error.code === 'ERR_HTTP_REQUEST_TIMEOUT') socket.destroy();
  else void refuseSocket(socket, answerTo(error));
}

const versioned = /^[^\r\n]* HTTP\/\d\.\d\r?\n/;

function answerTo({ code, reason = '', rawPacket }: ParserError): HttpResponse {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return refusal(431);
    case 'HPE_INVALID_TRANSFER_ENCODING':
      // Two ways to tell where a body ends are one too many: what comes between them could be taken for another request.
      return reason.includes('Content-Length') ? refusal(400) : refusal(501, 'unsupported transfer encoding');
    case 'HPE_INVALID_VERSION':
      return versioned.test(rawPacket?.toString('latin1') ?? '') ? refusal(505, 'unsupported protocol version') : refusal(400);
    case 'HPE_INVALID_HEADER_TOKEN':
      return refusal(400, reason.includes('value') ? 'invalid header value' : 'invalid header name');
    default:
      return refusal(400);
  }
}
