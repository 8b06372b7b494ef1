import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';
import { spdyDictionary } from './dictionary.ts';

/** The control frames of SPDY/3.1 that Kubernetes' clients send. */
export const frameType = { synStream: 1, synReply: 2, rstStream: 3, settings: 4, ping: 6, goAway: 7, headers: 8, windowUpdate: 9 } as const;

export const finFlag = 1;
/** The longest frame that is taken. Clients write in parts of 32 KiB. */
const maxFrameBytes = 1024 * 1024;

export type Frame =
  | { readonly kind: 'data'; readonly stream: number; readonly flags: number; readonly payload: Buffer }
  | { readonly kind: 'control'; readonly type: number; readonly flags: number; readonly payload: Buffer };

/** Cuts a stream of bytes into frames. @throws RangeError for a frame that is too long */
export class FrameReader {
  private buffered: Buffer = Buffer.alloc(0);

  push(bytes: Uint8Array): Frame[] {
    this.buffered = Buffer.concat([this.buffered, bytes]);
    const frames: Frame[] = [];
    while (this.buffered.length >= 8) {
      const first = this.buffered.readUInt32BE(0);
      const flags = this.buffered.readUInt8(4);
      const length = this.buffered.readUIntBE(5, 3);
      if (length > maxFrameBytes) throw new RangeError(`a frame of ${length} bytes`);
      if (this.buffered.length < 8 + length) break;
      const payload = this.buffered.subarray(8, 8 + length);
      const isControl = first >= 0x80000000;
      frames.push(isControl ? { kind: 'control', type: first & 0xffff, flags, payload } : { kind: 'data', stream: first, flags, payload });
      this.buffered = this.buffered.subarray(8 + length);
    }
    return frames;
  }
}

export function controlFrame(type: number, flags: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(0x80030000 + type, 0);
  head.writeUInt32BE(payload.length, 4);
  head.writeUInt8(flags, 4);
  return Buffer.concat([head, payload]);
}

export function dataFrame(stream: number, flags: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(stream, 0);
  head.writeUInt32BE(payload.length, 4);
  head.writeUInt8(flags, 4);
  return Buffer.concat([head, payload]);
}

export function word(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}

/** The longest block of headers that is taken, unpacked. */
const maxHeaderBytes = 64 * 1024;

/** Headers travel through one compressed stream for each direction of a session. */
export class HeaderCoder {
  private readonly inflate: Inflate = createInflate({ dictionary: spdyDictionary, finishFlush: constants.Z_SYNC_FLUSH });
  private readonly deflate: Deflate = createDeflate({ dictionary: spdyDictionary });

  async decode(block: Uint8Array): Promise<ReadonlyMap<string, string>> {
    const bytes = await through(this.inflate, block);
    const headers = new Map<string, string>();
    let at = 4;
    const text = (): string => {
      const length = bytes.readUInt32BE(at);
      at += 4 + length;
      return bytes.toString('utf8', at - length, at);
    };
    for (let left = bytes.readUInt32BE(0); left > 0; left--) headers.set(text().toLowerCase(), text());
    return headers;
  }

  /** A block without any header, as replies have it. */
  encodeNone(): Promise<Buffer> {
    return through(this.deflate, word(0));
  }

  close(): void {
    this.inflate.destroy();
    this.deflate.destroy();
  }
}

/** What comes out of a compressed stream for what goes in. Rejects for what cannot be unpacked, or is too long. */
function through(stream: Inflate | Deflate, input: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const settle = (error?: Error) => {
      stream.off('data', onData).off('error', settle);
      if (error === undefined) resolve(Buffer.concat(parts));
      else reject(error);
    };
    const onData = (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (size > maxHeaderBytes) settle(new RangeError('headers are too long'));
    };
    stream.on('data', onData).once('error', settle);
    stream.write(input);
    stream.flush(constants.Z_SYNC_FLUSH, () => settle());
  });
}
