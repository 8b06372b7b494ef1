import type { WebSocket } from 'ws';
import type { Status } from '../../../api/generated/types/meta/v1.ts';
import { StatusError } from '../../../api/status.ts';
import type { CommandSession, RunningCommand } from '../../../apiserver/streams.ts';
import { Channels, type Encoding } from './channels.ts';

interface CommandProtocol {
  readonly encoding: Encoding;
  /** Whether the end is told as a `Status`; the first protocol tells the message of a failure alone. */
  readonly tellsStatus: boolean;
  /** Whether a client can say that its input has ended. */
  readonly closes?: boolean;
}

/** The subprotocols of exec and attach, best first: a client that names none gets the first that ever was. */
export const commandProtocols: Readonly<Record<string, CommandProtocol>> = {
  'v5.channel.k8s.io': { encoding: 'binary', tellsStatus: true, closes: true },
  'v4.channel.k8s.io': { encoding: 'binary', tellsStatus: true },
  'v4.base64.channel.k8s.io': { encoding: 'base64', tellsStatus: true },
  'channel.k8s.io': { encoding: 'binary', tellsStatus: false },
  'base64.channel.k8s.io': { encoding: 'base64', tellsStatus: false },
  '': { encoding: 'binary', tellsStatus: false },
};

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;
/** Input that the command has not read yet; with more, the client is not listened to. */
const maxUnreadBytes = 1024 * 1024;

/** Connects a WebSocket to a command: its streams in channels, and at the end what came of it in the channel for errors. */
export async function runCommand(socket: WebSocket, session: CommandSession, protocol: CommandProtocol): Promise<void> {
  let running: RunningCommand | undefined;
  const channels = new Channels(socket, protocol.encoding);
  const input = session.stdin ? new Input(socket) : undefined;
  channels.onMessage((id, payload) => {
    if (id === channel.stdin) input?.push(payload);
    else if (id === channel.close && protocol.closes === true && payload[0] === channel.stdin) input?.end();
    else if (id === channel.resize) resize(running, payload);
  });
  socket.once('close', () => input?.end());

  // Clients wait for a first, empty message to know that the connection stands.
  await channels.send(session.stdout ? channel.stdout : session.stderr ? channel.stderr : channel.error, new Uint8Array(0));
  let status: EndStatus;
  try {
    running = await session.start(input?.stream);
    await Promise.all([
      pass(running.stdout, channels, session.stdout ? channel.stdout : undefined),
      pass(running.stderr, channels, session.stderr ? channel.stderr : undefined),
    ]);
    status = ended(await running.exitCode);
  } catch (error) {
    status = failed(session, error);
  }
  const said = protocol.tellsStatus ? JSON.stringify(status) : status.status === 'Success' ? undefined : (status.message ?? '');
  if (said !== undefined) await channels.send(channel.error, Buffer.from(said));
  socket.close(1000);
}

type EndStatus = Partial<Status>;

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
async function pass(stream: ReadableStream<Uint8Array>, channels: Channels, id: number | undefined): Promise<void> {
  const reader = stream.getReader();
  channels.socket.once('close', () => void reader.cancel().catch(() => undefined));
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (id !== undefined && value.length > 0) await channels.send(id, value);
  }
}

function resize(running: RunningCommand | undefined, payload: Buffer): void {
  try {
    const size = JSON.parse(payload.toString()) as { Width?: unknown; Height?: unknown };
    if (Number.isInteger(size.Width) && Number.isInteger(size.Height)) running?.resize?.(Number(size.Width), Number(size.Height));
  } catch {
    // A size that cannot be read changes nothing.
  }
}

function ended(exitCode: number): EndStatus {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

function failed({ does }: CommandSession, error: unknown): EndStatus {
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
