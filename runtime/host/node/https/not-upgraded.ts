import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Gives a request back to the server as one that wishes for no upgrade, with all that came behind it: Node takes every such wish for the end of HTTP on a
 * connection and leaves the body unread, where Go's server leaves it to handlers whether they care.
 */
export function serveWithoutUpgrade(https: Server, incoming: IncomingMessage, socket: Socket, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = incoming;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.toLowerCase() !== 'upgrade') lines.push(`${name}: ${rawHeaders[at + 1] ?? ''}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  // The answer before it, if one came first, has begun to count how long the connection is idle.
  socket.setTimeout(0);
  https.emit('secureConnection', socket);
}
