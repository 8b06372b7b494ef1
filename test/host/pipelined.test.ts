import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { head, type Served, serveApi } from './https.ts';

let served: Served;
afterEach(() => served.listener.close());

const configMaps = '/api/v1/namespaces/default/configmaps';
const create = (name: string, ...headers: string[]) => {
  const body = JSON.stringify({ metadata: { name } });
  return head(`POST ${configMaps}`, 'content-type: application/json', `content-length: ${body.length}`, ...headers) + body;
};
const codes = (answers: string) => answers.match(/HTTP\/1\.1 \d+/g)?.map((line) => line.slice(9));

test('requests that come at once are answered one after the other', async () => {
  served = await serveApi();
  const client = await served.open();
  const pairs = Array.from({ length: 100 }, (_, index) => create(`one-${index}`) + head(`GET ${configMaps}/one-${index}`));
  client.write(pairs.join('') + head(`DELETE ${configMaps}`) + head(`GET ${configMaps}`, 'connection: close'));
  const answers = await client.closed;
  expect(codes(answers)).toEqual([...pairs.flatMap(() => ['201', '200']), '200', '200']);
  expect(answers).toMatch(/"items":\[\]\}\s*$/);
});

test('a request that begins in what ends the body before it waits for its answer', async () => {
  served = await serveApi();
  const client = await served.open();
  const first = create('first');
  client.write(first.slice(0, -5));
  await pause(20);
  client.write(
    first.slice(-5) + head(`GET ${configMaps}/first`) + create('second') + head(`GET ${configMaps}/second`, 'connection: close'),
  );
  expect(codes(await client.closed)).toEqual(['201', '200', '201', '200']);
});

test('what comes behind a watch is done when the watch has ended', async () => {
  served = await serveApi();
  const client = await served.open();
  client.write(head(`GET ${configMaps}?watch=1&timeoutSeconds=1`) + create('behind'));
  await client.until(/HTTP\/1\.1 200 /);
  await pause(20);
  expect((await served.send('GET', `${configMaps}/behind`)).code).toBe(404);
  await served.clock.advance(1000);
  await client.until(/\r\n0\r\n\r\nHTTP\/1\.1 201 /);
});

test('nothing is done of what comes behind an answer that is not read, and all of it when it is', async () => {
  served = await serveApi();
  const data = { text: 'x'.repeat(900_000) };
  for (let index = 0; index < 12; index++) await served.send('POST', configMaps, { metadata: { name: `large-${index}` }, data });
  const client = await served.open();
  client.write(head(`GET ${configMaps}`));
  await client.until(/^HTTP/);
  client.socket.pause();
  const requests = Array.from({ length: 500 }, (_, index) => create(`behind-${index}`, ...(index === 499 ? ['connection: close'] : [])));
  client.write(requests.join(''));
  await pause(50);
  expect((await served.send('GET', `${configMaps}/behind-0`)).code).toBe(404);
  client.socket.resume();
  expect(codes(await client.closed)).toEqual(['200', ...requests.map(() => '201')]);
});

test('nothing is done of what comes behind the last request of a connection', async () => {
  served = await serveApi();
  const client = await served.open();
  client.write(head('GET /readyz', 'connection: close') + create('behind'));
  expect(codes(await client.closed)).toEqual(['200']);
  expect((await served.send('GET', `${configMaps}/behind`)).code).toBe(404);
});

test('what comes with a wish for a WebSocket is for the WebSocket, behind answers to what came before', async () => {
  served = await serveApi();
  const client = await served.open();
  const wish = ['connection: Upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=='];
  // A frame of a client that closes, masked with nothing.
  const close = '\x88\x82\0\0\0\0\x03\xe8';
  client.write(Buffer.from(head('GET /readyz') + head(`GET ${configMaps}?watch=1`, ...wish) + close, 'latin1'));
  const answers = await client.closed;
  expect(codes(answers)).toEqual(['200', '101']);
  expect(answers.endsWith('\x88\x02\x03\xe8')).toBe(true);
});
