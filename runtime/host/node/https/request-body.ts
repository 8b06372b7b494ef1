import type { IncomingMessage } from 'node:http';

/** How the reading of a body ended. */
export interface ReadBody {
  /** `over`: there is more than the limit; the bytes are one more than that. `slow`: it did not come in time. `gone`: nor will it come. */
  readonly end: 'whole' | 'over' | 'slow' | 'gone';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Reads a body, but no more than one byte beyond `limit`, and no longer than `timeout` milliseconds. What is left stays unread. */
export function readBody(incoming: IncomingMessage, limit: number, timeout: number): Promise<ReadBody> {
  return new Promise((resolve) => {
    const chunks: Buffer<ArrayBuffer>[] = [];
    let size = 0;
    let ended = false;
    const finish = (end: ReadBody['end']) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      // To stop listening to a message that is over costs more than to hear of its close.
      if (end !== 'whole') incoming.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone).pause();
      resolve({ end, bytes: joined(chunks, Math.min(size, limit + 1)) });
    };
    const onData = (chunk: Buffer<ArrayBuffer>) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) finish('over');
    };
    const onEnd = () => finish('whole');
    const onGone = () => finish('gone');
    const timer = setTimeout(() => finish('slow'), timeout);
    incoming.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone);
  });
}

function joined(chunks: readonly Buffer<ArrayBuffer>[], size: number): Uint8Array<ArrayBuffer> {
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

/** Throws away what still comes, until the client has sent all or `ms` milliseconds have passed, so that it can read an answer first. */
export function discardRest(incoming: IncomingMessage, ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (incoming.readableEnded || incoming.destroyed) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    incoming.once('end', done).once('close', done).resume();
  });
}
