import type { ByteConnection, PortSession } from '../../../../apiserver/streams.ts';
import { controlFrame, dataFrame, FrameReader, finFlag, frameType, HeaderCoder, word } from './frames.ts';

/** A client may hold this many connections over one session. */
const maxStreams = 1000;

/** Where the bytes of a session go. */
export interface SessionSocket {
  /** Resolves when there is room for more. */
  send(bytes: Uint8Array): Promise<void>;
  close(): void;
}

interface PortStream {
  readonly id: number;
  readonly port: number;
  readonly requestId: string;
  readonly kind: 'error' | 'data';
  writer?: WritableStreamDefaultWriter<Uint8Array>;
  cancel?: () => void;
}

/**
 * The server's side of `portforward.k8s.io` over SPDY/3.1: for each connection the client opens a stream for errors and one for data,
 * both naming the port. Like Kubernetes' own library it does without flow control.
 */
export class SpdyPortForward {
  private readonly session: PortSession;
  private readonly socket: SessionSocket;
  private readonly reader = new FrameReader();
  private readonly coder = new HeaderCoder();
  private readonly streams = new Map<number, PortStream>();
  private chain: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(session: PortSession, socket: SessionSocket) {
    this.session = session;
    this.socket = socket;
  }

  /** Takes bytes of the client; resolves when they are dealt with. */
  push(bytes: Uint8Array): Promise<void> {
    this.chain = this.chain
      .then(async () => {
        for (const frame of this.reader.push(bytes)) {
          if (this.closed) return;
          if (frame.kind === 'data') await this.data(frame.stream, frame.flags, frame.payload);
          else await this.control(frame.type, frame.flags, frame.payload);
        }
      })
      .catch(() => this.close());
    return this.chain;
  }

  /** Ends every connection. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const stream of this.streams.values()) end(stream);
    this.streams.clear();
    this.coder.close();
    this.socket.close();
  }

  private async control(type: number, flags: number, payload: Buffer): Promise<void> {
    switch (type) {
      case frameType.synStream: {
        const headers = await this.coder.decode(payload.subarray(10));
        return this.opened(payload.readUInt32BE(0) & 0x7fffffff, headers);
      }
      case frameType.headers:
        // Nothing is told in them, but they move the compressed stream on.
        await this.coder.decode(payload.subarray(4));
        return;
      case frameType.ping:
        return this.socket.send(controlFrame(frameType.ping, flags, payload));
      case frameType.rstStream:
        this.forget(payload.readUInt32BE(0) & 0x7fffffff);
        return;
      case frameType.goAway:
        return;
    }
  }

  private async opened(id: number, headers: ReadonlyMap<string, string>): Promise<void> {
    const port = Number(headers.get('port') ?? '');
    const kind = headers.get('streamtype');
    if (!Number.isInteger(port) || port < 1 || port > 65535 || (kind !== 'error' && kind !== 'data') || this.streams.size >= maxStreams) {
      await this.socket.send(controlFrame(frameType.rstStream, 0, word(id, 3)));
      return;
    }
    const stream: PortStream = { id, port, requestId: headers.get('requestid') ?? '', kind };
    this.streams.set(id, stream);
    await this.socket.send(controlFrame(frameType.synReply, 0, Buffer.concat([word(id), await this.coder.encodeNone()])));
    if (kind === 'data') await this.connect(stream);
  }

  /** The pair is there: kubectl opens the stream for errors first. */
  private async connect(stream: PortStream): Promise<void> {
    let connection: ByteConnection;
    try {
      connection = await this.session.dial(stream.port);
    } catch (error) {
      const errors = this.errorsOf(stream);
      const text = error instanceof Error ? error.message : String(error);
      if (errors !== undefined) await this.socket.send(dataFrame(errors.id, 0, Buffer.from(text)));
      return this.finish(stream);
    }
    stream.writer = connection.writable.getWriter();
    const reader = connection.readable.getReader();
    stream.cancel = () => void reader.cancel().catch(() => undefined);
    void (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done || this.closed) break;
        await this.socket.send(dataFrame(stream.id, 0, value));
      }
      if (!this.closed) await this.finish(stream);
    })().catch(() => this.close());
  }

  private async data(id: number, flags: number, payload: Buffer): Promise<void> {
    const stream = this.streams.get(id);
    // An end that has been closed takes nothing; what was still under way is lost, as with TCP.
    if (payload.length > 0) await stream?.writer?.write(Uint8Array.from(payload)).catch(() => undefined);
    if ((flags & finFlag) === 0 || stream?.kind !== 'data') return;
    await stream.writer?.close().catch(() => undefined);
  }

  /** Ends both streams of a connection from this side. */
  private async finish(stream: PortStream): Promise<void> {
    const errors = this.errorsOf(stream);
    for (const each of [errors, stream]) {
      if (each === undefined || !this.streams.delete(each.id)) continue;
      await this.socket.send(dataFrame(each.id, finFlag, new Uint8Array(0)));
    }
  }

  private errorsOf({ port, requestId }: PortStream): PortStream | undefined {
    for (const each of this.streams.values()) if (each.kind === 'error' && each.port === port && each.requestId === requestId) return each;
    return undefined;
  }

  private forget(id: number): void {
    const stream = this.streams.get(id);
    this.streams.delete(id);
    if (stream !== undefined) end(stream);
  }
}

function end(stream: PortStream): void {
  void stream.writer?.abort().catch(() => undefined);
  stream.cancel?.();
}
