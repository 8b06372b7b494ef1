import { STATUS_CODES } from 'node:http';
import { type Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { BytesAnswer, type HttpResponse, StreamAnswer } from '../../../api/http.ts';

/** How long a client may take to read why it was refused, before its connection is torn down. */
const lingerMs = 1000;

/** What Node's parser says of what it does not take. */
export interface ParserError extends NodeJS.ErrnoException {
  /** What came in, of which it could not read everything. */
  readonly rawPacket?: Buffer;
  /** How much of that it read. */
  readonly bytesParsed?: number;
  /** Its own words. */
  readonly reason?: string;
}

/**
 * What has been read of a first line up to where it is not taken any more: a part of the method, or of the version. It is looked for from the end
 * backwards: forwards every character of a long header would be a beginning to try, each as long as all that follow.
 */
const beginning = /(?<=([!#$%&'*+.^_`|~\w-]*(?: \/\S*(?: HTTP\/[\d.]*)?)?))$/y;

/** What came in from the faulty message on: before it there can be others, which have been taken. */
export function faultyPart({ rawPacket, bytesParsed = 0 }: ParserError): string {
  const text = rawPacket?.toString('latin1') ?? '';
  const read = text.slice(0, bytesParsed);
  beginning.lastIndex = read.length;
  return text.slice(read.length - (beginning.exec(read)?.[1]?.length ?? 0));
}

/** How a connection is refused before there is a request to hand on: the page of Go's HTTP server, `400 Bad Request: malformed Host header`. */
export function refusal(code: number, detail = ''): HttpResponse {
  const page = `${code} ${STATUS_CODES[code] ?? ''}${detail === '' ? '' : `: ${detail}`}`;
  return new BytesAnswer(code, { 'content-type': 'text/plain; charset=utf-8' }, new TextEncoder().encode(page));
}

/** Writes an answer to a bare socket and closes it when all of it has come. A client that goes away ends what comes over time. */
export async function answerSocket(socket: Duplex, answer: HttpResponse): Promise<void> {
  const body = answer instanceof StreamAnswer ? answer.body : Buffer.from(await answer.arrayBuffer());
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    if (body instanceof ReadableStream) await body.cancel();
    return;
  }
  const fields = [...answer.headers].filter(([name]) => name !== 'content-length' && name !== 'connection');
  if (body instanceof Buffer) fields.push(['content-length', String(body.length)]);
  const lines = [...fields, ['connection', 'close']].map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(Buffer.from(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${lines.join('')}\r\n`, 'latin1'));
  // The two declarations of web streams, Node's and the platform's, differ in name only.
  if (body instanceof ReadableStream) await pipeline(Readable.fromWeb(body as WebStream<Uint8Array>), socket);
  else socket.end(body);
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(timer));
}

/** Answers what the HTTP parser did not take: headers that are too large, or no HTTP at all. Who is too slow with them gets no answer. */
export function refuseBadRequest(error: ParserError, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || error.code === 'ERR_HTTP_REQUEST_TIMEOUT') socket.destroy();
  else void answerSocket(socket, answerTo(error));
}

const versioned = /^[^\r\n]* HTTP\/\d\.\d\r?\n/;

function answerTo(error: ParserError): HttpResponse {
  const { code, reason = '' } = error;
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return refusal(431);
    case 'HPE_INVALID_TRANSFER_ENCODING':
      // Two ways to tell where a body ends are one too many: what comes between them could be taken for another request.
      return reason.includes('Content-Length') ? refusal(400) : refusal(501, 'unsupported transfer encoding');
    case 'HPE_INVALID_VERSION':
      return versioned.test(faultyPart(error)) ? refusal(505, 'unsupported protocol version') : refusal(400);
    case 'HPE_INVALID_HEADER_TOKEN':
      return refusal(400, reason.includes('value') ? 'invalid header value' : 'invalid header name');
    default:
      return refusal(400);
  }
}
