import type { RawData, WebSocket } from 'ws';
import { StatusError } from '../../../api/status.ts';
import type { CommandSession, RunningCommand } from '../../../apiserver/streams.ts';

/** The subprotocols of exec and attach, best first. The fifth version can say that a stream has ended. */
export const commandProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

/** The first byte of a message names its channel. */
const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;
/** Input that the command has not read yet; with more, the client is not listened to. */
const maxUnreadBytes = 1024 * 1024;

/** Connects a WebSocket to a command: its streams in channels, and at the end a `Status` in the channel for errors. */
export async function runCommand(socket: WebSocket, session: CommandSession): Promise<void> {
  let running: RunningCommand | undefined;
  const input = session.stdin ? new Input(socket) : undefined;
  socket.on('message', (data) => {
    const bytes = bytesOf(data);
    const [id] = bytes;
    const payload = bytes.subarray(1);
    if (id === channel.stdin) input?.push(payload);
    else if (id === channel.close && payload[0] === channel.stdin) input?.end();
    else if (id === channel.resize) resize(running, payload);
  });
  socket.once('close', () => input?.end());

  // Clients wait for a first, empty message to know that the connection stands.
  await send(socket, session.stdout ? channel.stdout : session.stderr ? channel.stderr : channel.error, new Uint8Array(0));
  let status: object;
  try {
    running = await session.start(input?.stream);
    await Promise.all([
      pass(running.stdout, socket, session.stdout ? channel.stdout : undefined),
      pass(running.stderr, socket, session.stderr ? channel.stderr : undefined),
    ]);
    status = ended(await running.exitCode);
  } catch (error) {
    status = failed(session, error);
  }
  await send(socket, channel.error, Buffer.from(JSON.stringify(status)));
  socket.close(1000);
}

/** What a client has typed, as a stream. */
class Input {
  readonly stream: ReadableStream<Uint8Array>;
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  private readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.controller = controller;
        },
        pull: () => socket.resume(),
        cancel: () => {
          this.controller = undefined;
          socket.resume();
        },
      },
      { highWaterMark: maxUnreadBytes, size: (chunk) => chunk.length },
    );
  }

  push(bytes: Uint8Array): void {
    if (this.controller === undefined) return;
    this.controller.enqueue(Uint8Array.from(bytes));
    if ((this.controller.desiredSize ?? 0) <= 0) this.socket.pause();
  }

  end(): void {
    this.controller?.close();
    this.controller = undefined;
  }
}

/** Passes a stream on as fast as the client takes it; one that the client does not want is read all the same. */
async function pass(stream: ReadableStream<Uint8Array>, socket: WebSocket, id: number | undefined): Promise<void> {
  const reader = stream.getReader();
  socket.once('close', () => void reader.cancel().catch(() => undefined));
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (id !== undefined && value.length > 0) await send(socket, id, value);
  }
}

/** Resolves when the message is out, or can no longer get out. */
function send(socket: WebSocket, id: number, payload: Uint8Array): Promise<void> {
  return new Promise((resolve) => socket.send(Buffer.concat([Uint8Array.of(id), payload]), () => resolve()));
}

function resize(running: RunningCommand | undefined, payload: Buffer): void {
  try {
    const size = JSON.parse(payload.toString()) as { Width?: unknown; Height?: unknown };
    if (Number.isInteger(size.Width) && Number.isInteger(size.Height)) running?.resize?.(Number(size.Width), Number(size.Height));
  } catch {
    // A size that cannot be read changes nothing.
  }
}

function ended(exitCode: number): object {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

function failed({ does }: CommandSession, error: unknown): object {
  if (error instanceof StatusError) return error.status;
  const what = does === 'attach' ? 'attaching to' : 'executing command in';
  const message = `error ${what} container: ${error instanceof Error ? error.message : String(error)}`;
  return {
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${message}`,
    reason: 'InternalError',
    details: { causes: [{ message }] },
    code: 500,
  };
}

export function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
