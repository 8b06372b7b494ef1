import { BytesAnswer, StreamAnswer } from '../api/http.ts';

/** A command, or a container's main process, that a client wants to be connected to. */
export interface CommandSession {
  readonly kind: 'command';
  /** Whether a command is run, or the main process joined. */
  readonly does: 'exec' | 'attach';
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Why it cannot be started, whatever it is; left out where it may. */
  readonly unavailable?: string;
  /** Starts it. Rejects with the reason why it cannot be. */
  start(stdin: ReadableStream<Uint8Array> | undefined): Promise<RunningCommand>;
}

/** What a command says and how it ends. */
export interface RunningCommand {
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  readonly exitCode: Promise<number>;
  resize?(width: number, height: number): void;
}

/** The ports of a pod. */
export interface PortSession {
  readonly kind: 'ports';
  /** Connects to a port. Rejects with the reason why it cannot. */
  dial(port: number): Promise<ByteConnection>;
}

/** Both ways of a connection. */
export interface ByteConnection {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

export type StreamSession = CommandSession | PortSession;

/** The answer to a request that has passed every check and now wants its connection upgraded; the transport goes on from here. */
export class UpgradeAnswer extends BytesAnswer {
  readonly session: StreamSession;
  /** To be called once, when the connection has ended. */
  readonly onEnd: () => void;
  constructor(session: StreamSession, onEnd: () => void) {
    super(200, {});
    this.session = session;
    this.onEnd = onEnd;
  }
}

/** The answer of another server, which goes on to the client as it comes. */
export class PassedOnAnswer extends StreamAnswer {}

/** The answer to a request whose connection another server has upgraded: its own answer, and from then on bytes both ways. */
export class TunnelAnswer extends BytesAnswer {
  /** What the other server has answered, down to the empty line, and what came right after it. */
  readonly head: Uint8Array<ArrayBuffer>;
  readonly connection: ByteConnection;
  /** To be called once, when the connection has ended. */
  readonly onEnd: () => void;
  constructor({ head, connection }: { readonly head: Uint8Array<ArrayBuffer>; readonly connection: ByteConnection }, onEnd: () => void) {
    super(200, {});
    this.head = head;
    this.connection = connection;
    this.onEnd = onEnd;
  }
}
