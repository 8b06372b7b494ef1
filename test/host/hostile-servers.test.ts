import type { AddressInfo, Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import type { RemoteRequest } from '../../runtime/apiserver/aggregator/transport.ts';
import { loopbackRemoteServers } from '../../runtime/host/node/https-client/remote-servers.ts';
import { testPki } from './https.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that answers by hand: it is given each request that comes on a connection, and its number. */
async function serve(answer: (socket: TLSSocket, head: string, count: number) => void) {
  const { certificate, key } = (await testPki()).apiserver;
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer({ cert: certificate, key }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (head: Buffer) => {
      count += 1;
      answer(socket, head.toString(), count);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  closing.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const transport = loopbackRemoteServers();
  const send = (method: string, more: Partial<RemoteRequest> = {}) => {
    const url = `https://127.0.0.1:${port}/apis/a.io/v1/things`;
    const request: RemoteRequest = { method, url, headers: [], body: null, signal: new AbortController().signal, ...more };
    return transport.send(request, { serverName: 'a.b.svc', isInsecure: true }, { host: '127.0.0.1', port });
  };
  return { send, requests: () => count };
}

test('an upgrade that nobody has asked for is no answer', async () => {
  const answer = 'HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: tunnel\r\n\r\nrest';
  const { send } = await serve((socket) => socket.write(answer));
  await expect(send('GET')).rejects.toThrow('backend tried to switch protocol "tunnel" when "" was requested');
});

test.each([
  ['GET', null, 3],
  ['DELETE', null, 2],
  ['POST', new Uint8Array(1), 2],
])('%s on a kept connection that breaks: only what changes nothing is sent again', async (method, body, requests) => {
  const fine = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
  const server = await serve((socket, _, count) => void (count === 2 ? socket.destroy() : socket.write(fine)));
  await (await server.send('GET')).text();
  const sent = server.send(method, { body });
  if (requests === 3) expect((await sent).status).toBe(200);
  else await expect(sent).rejects.toThrow('EOF');
  expect(server.requests()).toBe(requests);
});

test.each([
  ['HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', 200, 'ok'],
  ['HTTP/1.1 999 Odd\r\ncontent-length: 2\r\n\r\nok', 502, 'ok'],
  ['HTTP/1.1 204 No Content\r\n\r\n', 204, ''],
])('%j is answered %i', async (answer, status, text) => {
  const { send } = await serve((socket) => socket.write(answer));
  const response = await send('GET');
  expect([response.status, await response.text()]).toEqual([status, text]);
});

test.each([
  'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nabc',
  'no HTTP at all\r\n\r\n',
])('%j is no answer', async (answer) => {
  const { send } = await serve((socket) => socket.write(answer));
  await expect(send('GET')).rejects.toThrow();
});

test('an answer that breaks off has no end', async () => {
  const { send } = await serve((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', () => socket.destroy());
  });
  const response = await send('GET');
  await expect(response.text()).rejects.toThrow();
});
