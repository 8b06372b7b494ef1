import { concat } from '../registry/stored-form.ts';

/** What a reader may leave unread before it is cut off. */
const maxUnreadBytes = 16 * 1024 * 1024;
/** A chunk is closed when it has this many bytes, so that a reader need not wait for all of a long list, and one that waits has no copy of all there is. */
const chunkBytes = 64 * 1024;

export interface WatchStreamOptions {
  /** Called once, when the reader goes away, is cut off, or the last chunk after {@link WatchStream.end} is out. */
  readonly onClose: () => void;
  /** Told of each frame that the reader is given, by its size in bytes. */
  readonly onSent: (bytes: number) => void;
  /** The frame that tells why there are no more when one cannot be made. */
  readonly failure: (error: unknown) => Uint8Array<ArrayBuffer>;
  /** What the reader is given at a time: as much as there is, or one event in the very bytes that others are given. */
  readonly unit: 'chunk' | 'frame';
}

/**
 * The body of a watch: frames are queued and given in chunks as the reader asks. What stood there at the start is drawn from
 * `initial` only when it is read and does not count as unread; events that come later do, and a reader too far behind is cut off.
 */
export class WatchStream {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  private readonly initial: Iterator<Uint8Array<ArrayBuffer>>;
  private initialDone = false;
  private queue: Uint8Array<ArrayBuffer>[] = [];
  private unread = 0;
  private ending = false;
  private closed = false;
  /** The reader waits for the next chunk. */
  private asked = false;
  private controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  private readonly options: WatchStreamOptions;

  constructor(initial: Iterable<Uint8Array<ArrayBuffer>>, options: WatchStreamOptions) {
    this.initial = initial[Symbol.iterator]();
    this.options = options;
    this.body = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start: (controller) => {
          this.controller = controller;
        },
        pull: () => {
          this.asked = true;
          this.flush();
        },
        cancel: () => this.close(),
      },
      { highWaterMark: 0 },
    );
  }

  /** Queues a frame behind all others. */
  push(frame: Uint8Array<ArrayBuffer>): void {
    if (this.ending || this.closed) return;
    this.queue.push(frame);
    this.unread += frame.length;
    if (this.unread > maxUnreadBytes && !this.asked) {
      this.controller?.error(new Error('the watch was not read'));
      this.close();
      return;
    }
    this.flush();
  }

  /** Ends the body after what is queued. */
  end(): void {
    this.ending = true;
    this.flush();
  }

  /** Ends the body with why a frame could not be made, behind what is queued. */
  fail(error: unknown): void {
    this.push(this.options.failure(error));
    this.end();
  }

  private flush(): void {
    if (this.closed || !this.asked) return;
    const chunk = this.nextChunk();
    if (chunk !== undefined) {
      this.asked = false;
      this.controller?.enqueue(chunk);
      return;
    }
    if (this.ending) {
      this.controller?.close();
      this.close();
    }
  }

  private nextChunk(): Uint8Array<ArrayBuffer> | undefined {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    while (!this.initialDone && length < chunkBytes) {
      const next = this.nextInitial();
      if (next === undefined) this.initialDone = true;
      else {
        parts.push(next);
        length += next.length;
      }
    }
    if (this.initialDone) parts.push(...this.takeQueued(length));
    for (const part of parts) this.options.onSent(part.length);
    const [first] = parts;
    if (first === undefined) return undefined;
    return parts.length === 1 ? first : concat(parts);
  }

  /** One that cannot be made is the last of all, in place of what has come meanwhile. */
  private nextInitial(): Uint8Array<ArrayBuffer> | undefined {
    try {
      const next = this.initial.next();
      return next.done ? undefined : next.value;
    } catch (error) {
      this.queue = [];
      this.ending = true;
      return this.options.failure(error);
    }
  }

  /** As many as there is room for behind the bytes that a chunk has already; one, however large, where it has none. */
  private takeQueued(before: number): Uint8Array<ArrayBuffer>[] {
    let bytes = before;
    let count = 0;
    for (const { length } of this.queue) {
      if (bytes > 0 && (this.options.unit === 'frame' || bytes + length > chunkBytes)) break;
      bytes += length;
      count++;
    }
    this.unread -= bytes - before;
    return this.queue.splice(0, count);
  }

  private close(): void {
    if (this.closed) return;
    this.closed = true;
    this.queue = [];
    this.options.onClose();
  }
}
