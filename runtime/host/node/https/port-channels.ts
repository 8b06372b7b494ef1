import type { WebSocket } from 'ws';
import type { PortSession } from '../../../apiserver/streams.ts';
import { Channels, type Encoding } from './channels.ts';

/** The subprotocols of port forwarding without SPDY: ports are named when the connection is made, and each is connected once. */
export const portChannelProtocols: Readonly<Record<string, Encoding>> = {
  'v4.channel.k8s.io': 'binary',
  'v4.base64.channel.k8s.io': 'base64',
  '': 'binary',
};

/** Connects the ports of a query (`ports=80&ports=443`) to channels: 2 n carries the data of the nth, 2 n + 1 its errors. */
export async function forwardPorts(socket: WebSocket, session: PortSession, ports: readonly number[], encoding: Encoding): Promise<void> {
  const channels = new Channels(socket, encoding);
  const writers = new Map<number, WritableStreamDefaultWriter<Uint8Array>>();
  // Nothing the client says is lost while its ports are being connected.
  socket.pause();
  channels.onMessage((id, payload) => {
    if (payload.length === 0) return;
    writers
      .get(id)
      ?.write(Uint8Array.from(payload))
      .catch(() => undefined);
  });
  socket.once('close', () => {
    for (const writer of writers.values()) void writer.abort().catch(() => undefined);
  });
  const connected = await Promise.all(
    ports.map(async (port, index) => {
      const header = Buffer.alloc(2);
      header.writeUInt16LE(port);
      for (const id of [2 * index, 2 * index + 1]) await channels.send(id, header);
      try {
        const { readable, writable } = await session.dial(port);
        writers.set(2 * index, writable.getWriter());
        return { id: 2 * index, readable };
      } catch (error) {
        await channels.send(2 * index + 1, Buffer.from(error instanceof Error ? error.message : String(error)));
        return undefined;
      }
    }),
  );
  socket.resume();
  await Promise.all(
    connected.map(async (connection) => {
      if (connection === undefined) return;
      const reader = connection.readable.getReader();
      socket.once('close', () => void reader.cancel().catch(() => undefined));
      for (let part = await reader.read(); !part.done; part = await reader.read()) await channels.send(connection.id, part.value);
    }),
  );
  socket.close(1000);
}
