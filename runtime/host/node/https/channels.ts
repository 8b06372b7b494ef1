import type { RawData, WebSocket } from 'ws';

/** How the messages of a subprotocol are written: as bytes, or as text in base64 for clients that know no bytes. */
export type Encoding = 'binary' | 'base64';

/** Several streams in the messages of one WebSocket: the first byte names the channel, in base64 as a digit. Follows upstream's `wsstream.Conn`. */
export class Channels {
  readonly socket: WebSocket;
  readonly #encoding: Encoding;

  constructor(socket: WebSocket, encoding: Encoding) {
    this.socket = socket;
    this.#encoding = encoding;
  }

  /** Calls back with what the client sends, channel by channel; what is not base64 where it should be is dropped. */
  onMessage(take: (channel: number, payload: Buffer) => void): void {
    this.socket.on('message', (data) => {
      const bytes = bytesOf(data);
      const [first] = bytes;
      if (first === undefined) return;
      if (this.#encoding === 'binary') return take(first, bytes.subarray(1));
      const payload = decodeBase64(bytes.toString('latin1', 1));
      if (payload !== undefined) take(first - zero, payload);
    });
  }

  /** Resolves when the message is out, or can no longer get out. */
  send(channel: number, payload: Uint8Array): Promise<void> {
    const message =
      this.#encoding === 'binary'
        ? Buffer.concat([Uint8Array.of(channel), payload])
        : `${channel}${Buffer.from(payload).toString('base64')}`;
    return new Promise((resolve) => this.socket.send(message, () => resolve()));
  }
}

const zero = 0x30;

function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** The bytes of a message in whatever form the socket hands it over. */
export function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
