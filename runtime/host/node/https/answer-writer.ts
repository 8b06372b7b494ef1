import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { BytesAnswer, type HttpResponse, StreamAnswer } from '../../../api/http.ts';
import type { UnreadAnswers } from './unread-answers.ts';

const compress = promisify(gzip);

/** Upstream compresses answers from this size on, and with the least effort. */
const compressFrom = 128 * 1024;
const compressionLevel = 1;
/**
 * A body is handed to the socket in parts of this size, so that each can be waited for: TLS encrypts at once what it is given, of which each reader that does
 * not read has a copy then.
 */
const partBytes = 64 * 1024;

export interface WriteOptions {
  readonly acceptEncoding: string;
  /** A client that takes nothing for so many milliseconds, while there is something to take, is cut off. */
  readonly stallTimeout: number;
  readonly unread: UnreadAnswers;
  /** Is given what ends a stream properly before its time; the result takes it back. */
  readonly onEnding: (end: () => void) => () => void;
}

/** Writes all of an answer but its end. */
export async function writeAnswer(response: HttpResponse, outgoing: ServerResponse, options: WriteOptions): Promise<void> {
  const headers: string[] = [];
  for (const [name, value] of response.headers) {
    if (name === 'warning') for (const warning of warningsOf(value)) headers.push(name, warning);
    else headers.push(name, value);
  }
  if (outgoing.req.method === 'HEAD') {
    outgoing.writeHead(response.status, headers);
    if (!(response instanceof BytesAnswer)) await response.body?.cancel();
  } else if (response instanceof BytesAnswer) {
    await writeBytes(response, response.encoded, headers, outgoing, options);
  } else if (response.body === null) {
    // Of these Go tells no length.
    if (response.status !== 204 && response.status !== 304 && !response.headers.has('content-length')) headers.push('content-length', '0');
    outgoing.writeHead(response.status, headers);
  } else if (response instanceof StreamAnswer) {
    outgoing.writeHead(response.status, headers);
    await writeStream(response.body, outgoing, options);
  } else {
    await writeBytes(response, new Uint8Array(await response.arrayBuffer()), headers, outgoing, options);
  }
}

/** Each warning has a line of its own, as upstream writes them: `Headers` join them by commas, which their quoted texts may hold too. */
function warningsOf(value: string): readonly string[] {
  return value.match(/[^\s,](?:[^",]|"(?:[^"\\]|\\.)*")*/g) ?? [];
}

async function writeBytes(
  response: HttpResponse,
  body: Uint8Array<ArrayBuffer>,
  headers: string[],
  outgoing: ServerResponse,
  options: WriteOptions,
): Promise<void> {
  let bytes = body;
  if (bytes.length > compressFrom) {
    if (acceptsGzip(options.acceptEncoding) && !response.headers.has('content-encoding')) {
      headers.push('vary', 'Accept-Encoding');
      bytes = new Uint8Array(await compress(bytes, { level: compressionLevel }));
      headers.push('content-encoding', 'gzip');
    }
  }
  if (!response.headers.has('content-length') || response.headers.get('content-length') !== String(bytes.length)) {
    const at = headers.indexOf('content-length');
    if (at >= 0) headers.splice(at, 2);
    headers.push('content-length', String(bytes.length));
  }
  outgoing.writeHead(response.status, headers);
  // What it was before it was compressed is still held by who has made it.
  if (bytes.length > partBytes) await writeLarge(bytes, bytes === body ? bytes.length : bytes.length + body.length, outgoing, options);
  else if (bytes.length > 0) await writePart(bytes, outgoing, options);
}

/** @param held bytes that are held until it is written */
async function writeLarge(bytes: Uint8Array, held: number, outgoing: ServerResponse, options: WriteOptions): Promise<void> {
  options.unread.add(outgoing, held);
  try {
    for (const part of partsOf(bytes)) {
      if (!(await writePart(part, outgoing, options))) return;
      options.unread.moved(outgoing);
    }
  } finally {
    options.unread.remove(outgoing);
  }
}

function* partsOf(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += partBytes) yield bytes.length <= partBytes ? bytes : bytes.subarray(at, at + partBytes);
}

/** Passes chunks on as fast as the client reads; a client that goes away, or reads no more, cancels the body. */
async function writeStream(body: ReadableStream<Uint8Array>, outgoing: ServerResponse, options: WriteOptions): Promise<void> {
  const reader = body.getReader();
  let ended = false;
  const end = () => {
    ended = true;
    void reader.cancel().catch(() => undefined);
  };
  const off = options.onEnding(end);
  outgoing.once('close', end);
  // The server cuts off who is too far behind; there is no use in waiting for that client then.
  reader.closed.catch(() => outgoing.destroy());
  outgoing.flushHeaders();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || ended) return;
      for (const part of partsOf(value)) {
        const hasRoom = writePart(part, outgoing, options);
        // Node would keep it back until all else that is due has been done, such as the answer to who has caused the event.
        outgoing.socket?.uncork();
        if (!(await hasRoom)) return;
      }
    }
  } finally {
    off();
    end();
  }
}

/** Writes a part and waits until there is room for the next; false when the client has gone or is cut off. */
function writePart(part: Uint8Array, outgoing: ServerResponse, { stallTimeout }: WriteOptions): boolean | Promise<boolean> {
  if (outgoing.destroyed) return false;
  if (outgoing.write(part)) return true;
  return new Promise((resolve) => {
    const settle = (fine: boolean) => {
      clearTimeout(timer);
      outgoing.off('drain', onDrain);
      outgoing.off('close', onGone);
      resolve(fine);
    };
    const onDrain = () => settle(true);
    const onGone = () => settle(false);
    const timer = setTimeout(() => {
      outgoing.destroy();
      settle(false);
    }, stallTimeout);
    outgoing.once('drain', onDrain);
    outgoing.once('close', onGone);
  });
}

function acceptsGzip(header: string): boolean {
  return header.split(',').some((part) => {
    const [coding = '', quality = ''] = part.split(';');
    return coding.trim() === 'gzip' && !/^\s*q=0(\.0*)?\s*$/.test(quality);
  });
}
