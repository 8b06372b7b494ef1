import type { WebSocket } from 'ws';
import { readLines } from '../../../client/lines.ts';
import type { Encoding } from './channels.ts';

/** The subprotocols in which a log is read, after upstream's `wsstream.NewDefaultReaderProtocols`; without one it comes as bytes. */
export const readerProtocols: Readonly<Record<string, Encoding>> = {
  '': 'binary',
  'binary.k8s.io': 'binary',
  'base64.binary.k8s.io': 'base64',
};

/** Sends a body as messages, after an empty one that tells that the connection stands, and closes. What the client says is not listened to. */
export async function sendBody(socket: WebSocket, body: ReadableStream<Uint8Array>, encoding: Encoding): Promise<void> {
  const reader = body.getReader();
  socket.once('close', () => void reader.cancel().catch(() => undefined));
  const write = (bytes: Uint8Array) => send(socket, encoding === 'binary' ? bytes : Buffer.from(bytes).toString('base64'));
  await write(new Uint8Array(0));
  for (let part = await reader.read(); !part.done; part = await reader.read()) await write(part.value);
  socket.close(1000);
}

/** Sends the events of a watch, each as a message of text, and closes after the last. */
export async function sendEvents(socket: WebSocket, body: ReadableStream<Uint8Array>): Promise<void> {
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  for await (const line of readLines(body, gone.signal)) {
    await send(socket, typeof line === 'string' ? `${line}\n` : Buffer.from(line).toString());
  }
  socket.close(1000);
}

/** Resolves when the message is out, or can no longer get out. */
function send(socket: WebSocket, message: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => socket.send(message, () => resolve()));
}
