import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { plainError, timeout, tooManyRequests } from '../../../api/status.ts';
import { maxBodyBytes } from '../../../apiserver/negotiation/body.ts';

/** So many parts of a body are made one: of those that a client sends byte by byte each takes far more room than what is in it. */
const maxParts = 1024;

/** Bytes that all bodies being received may take together. */
export class BodyBudget {
  private left: number;
  constructor(bytes: number) {
    this.left = bytes;
  }

  /** Takes so many bytes, and gives whether there were as many. */
  take(bytes: number): boolean {
    if (bytes > this.left) return false;
    this.left -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.left += bytes;
  }
}

export interface IncomingBodyOptions {
  readonly budget: BodyBudget;
  /** Milliseconds that it may take to come. */
  readonly timeout: number;
  /** Tells a client that waits for it that its body is wanted. */
  readonly askFor: () => void;
}

/** Until when bytes are thrown away that nobody reads. */
export interface DiscardLimits {
  readonly bytes: number;
  readonly ms: number;
}

/** The body of a message, which is not read before somebody asks for it, as in Go: who may not send it is told so first. */
export class IncomingBody {
  private readonly incoming: IncomingMessage;
  private readonly options: IncomingBodyOptions;
  private bytes: Promise<Uint8Array<ArrayBuffer>> | undefined;
  private reserved = 0;
  private isAsked = false;
  /** Why its rest cannot be read, in words; undefined as long as it can. */
  private fault: string | undefined;
  /** What whoever reads it, or throws it away, does when that is known. */
  private onFault: ((fault: string) => void) | undefined;

  constructor(incoming: IncomingMessage, options: IncomingBodyOptions) {
    this.incoming = incoming;
    this.options = options;
  }

  /** Whether anybody has. */
  get isAskedFor(): boolean {
    return this.isAsked;
  }

  /** Nothing more of it can be read: who reads it is told why. */
  fail(fault: string): void {
    if (this.fault !== undefined) return;
    this.fault = fault;
    this.onFault?.(fault);
  }

  /**
   * All of it, but no more than one byte beyond what may be sent. Throws 429 where others take all room, 504, why it cannot be read, or that the client
   * has gone.
   */
  receive(): Promise<Uint8Array<ArrayBuffer>> {
    this.isAsked = true;
    this.bytes ??= this.read();
    return this.bytes;
  }

  /** It as it comes, for who takes it as it is, however long. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
    return new ReadableStream(
      {
        start: (controller) => this.whenFaulty((fault) => controller.error(plainError(fault))),
        pull: async (controller) => {
          if (reader === undefined) {
            this.isAsked = true;
            if (hasBody(this.incoming)) this.options.askFor();
            // The two declarations of web streams, Node's and the platform's, differ in name only.
            reader = (Readable.toWeb(this.incoming) as WebStream<Uint8Array> as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
          }
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: (reason) => reader?.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  }

  /** Throws away what still comes, until the client has sent all, nothing more can be read, or the limits are reached. */
  discard({ bytes, ms }: DiscardLimits): Promise<void> {
    const { incoming } = this;
    return new Promise((resolve) => {
      if (incoming.readableEnded || incoming.destroyed) {
        resolve();
        return;
      }
      let left = bytes;
      const done = () => {
        clearTimeout(timer);
        incoming.off('data', count).pause();
        resolve();
      };
      const count = (chunk: Buffer) => {
        left -= chunk.length;
        if (left < 0) done();
      };
      const timer = setTimeout(done, ms);
      incoming.once('end', done).once('close', done).on('data', count).resume();
      this.whenFaulty(done);
    });
  }

  /** Others may have the room; its bytes are of no use any more. */
  release(): void {
    this.options.budget.giveBack(this.reserved);
    this.reserved = 0;
  }

  private async read(): Promise<Uint8Array<ArrayBuffer>> {
    const { headers } = this.incoming;
    const room = headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : maxBodyBytes;
    if (!this.options.budget.take(room)) throw tooManyRequests('Too many requests, please try again later.', 1);
    this.reserved = room;
    if (hasBody(this.incoming)) this.options.askFor();
    const { end, bytes } = await this.readTo(maxBodyBytes);
    if (end === 'faulty') throw plainError(this.fault ?? 'unexpected EOF');
    if (end === 'slow') throw timeout('request did not complete within the allotted timeout');
    return bytes;
  }

  /** Reads it, but no more than one byte beyond `limit`, and no longer than it may take. What is left stays unread. */
  private readTo(limit: number): Promise<ReadBody> {
    const { incoming } = this;
    return new Promise((resolve) => {
      const chunks: Uint8Array<ArrayBuffer>[] = [];
      let parts: Uint8Array<ArrayBuffer>[] = [];
      let size = 0;
      let joinedSize = 0;
      let ended = false;
      const finish = (end: ReadBody['end']) => {
        if (ended) return;
        ended = true;
        clearTimeout(timer);
        // To stop listening to a message that is over costs more than to hear of its close.
        if (end !== 'whole') incoming.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone).pause();
        resolve({ end, bytes: joined([...chunks, ...parts], Math.min(size, limit + 1)) });
      };
      const onData = (chunk: Buffer<ArrayBuffer>) => {
        parts.push(chunk);
        size += chunk.length;
        if (parts.length === maxParts) {
          chunks.push(joined(parts, size - joinedSize));
          joinedSize = size;
          parts = [];
        }
        if (size > limit) finish('over');
      };
      const onEnd = () => finish('whole');
      const onGone = () => finish('faulty');
      const timer = setTimeout(() => finish('slow'), this.options.timeout);
      if (incoming.destroyed) onGone();
      else incoming.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone);
      this.whenFaulty(onGone);
    });
  }

  private whenFaulty(act: (fault: string) => void): void {
    this.onFault = act;
    if (this.fault !== undefined) act(this.fault);
  }
}

const hasBody = ({ headers }: IncomingMessage) => headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** How the reading of a body ended. */
interface ReadBody {
  /** `over`: there is more than the limit; the bytes are one more than that. `slow`: it did not come in time. `faulty`: nor will it come. */
  readonly end: 'whole' | 'over' | 'slow' | 'faulty';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function joined(chunks: readonly Uint8Array<ArrayBuffer>[], size: number): Uint8Array<ArrayBuffer> {
  const [only] = chunks;
  if (only?.length === size) return only;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk.subarray(0, size - offset), offset);
    offset += chunk.length;
  }
  return bytes;
}
