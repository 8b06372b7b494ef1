import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpResponse } from '../../../api/http.ts';
import { StatusError } from '../../../api/status.ts';
import { answerFailure } from '../../../apiserver/negotiation/answer.ts';

/** How long a client may take to read why it was refused, before its connection is torn down. */
const lingerMs = 1000;

/** A failure that comes before there is a request to hand on. */
export function refusal(code: number, message: string): HttpResponse {
  return answerFailure(refused(code, message));
}

function refused(code: number, message: string): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(code === 400 && { reason: 'BadRequest' }),
    ...(code === 408 && { reason: 'Timeout' }),
    code,
  });
}

/** Writes an answer to a bare socket and closes it. */
export function refuseSocket(socket: Duplex, code: number, body: string, contentType = 'application/json'): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const bytes = Buffer.from(body);
  socket.write(
    `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}\r\nContent-Type: ${contentType}\r\nContent-Length: ${bytes.length}\r\nConnection: close\r\n\r\n`,
  );
  socket.end(bytes);
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(timer));
}

/** Answers what the HTTP parser did not take: headers too large or too slow, or no HTTP at all. */
export function refuseBadRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  const [code, message] = reasonOf(error);
  if (error.code === 'ECONNRESET') socket.destroy();
  else refuseSocket(socket, code, JSON.stringify(refused(code, message).status));
}

function reasonOf({ code }: NodeJS.ErrnoException): readonly [number, string] {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return [431, 'the request has too large header fields'];
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, 'the request header did not come in time'];
    default:
      return [400, 'the request is not valid HTTP'];
  }
}
