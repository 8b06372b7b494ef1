import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { BytesAnswer, StreamAnswer, WrittenHeaders } from '../../runtime/api/http.ts';
import { writeAnswer } from '../../runtime/host/node/https/answer-writer.ts';
import { UnreadAnswers } from '../../runtime/host/node/https/unread-answers.ts';
import { head, serveApi } from './https.ts';

const bytes = new Uint8Array(20_000_000).fill(120);

test.each([
  ['a list', () => new BytesAnswer(200, {}, bytes)],
  ['an event', () => new StreamAnswer(200, new WrittenHeaders({}), new Response(bytes).body)],
])('of %s that nobody reads little is handed to the socket, and all to who reads it', async (_, answer) => {
  let outgoing: ServerResponse | undefined;
  const server = createServer((_, response) => {
    outgoing = response;
    const unread = new UnreadAnswers(1_000, 20);
    void writeAnswer(answer(), response, { acceptEncoding: '', stallTimeout: 60_000, unread, onEnding: () => () => {} }).then(() =>
      response.end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  client.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  await expect.poll(() => outgoing?.writableLength ?? 0, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(outgoing?.writableLength).toBeLessThan(100_000);
  let read = 0;
  for await (const chunk of client) read += chunk.length;
  expect(read).toBeGreaterThan(bytes.length);
  server.close();
});

test('of large answers that nobody reads no more are kept than there is room for, and who reads is given all', async () => {
  const { send, open, listener } = await serveApi({}, { unreadBytes: 25_000_000, unreadTimeout: 50 });
  const configMaps = '/api/v1/namespaces/default/configmaps';
  for (let index = 0; index < 12; index++)
    await send('POST', configMaps, { metadata: { name: `large-${index}` }, data: { a: 'x'.repeat(900_000) } });
  const get = async () => {
    const client = await open();
    client.write(head(`GET ${configMaps}`, 'connection: close'));
    await client.until(/^HTTP/);
    return client;
  };
  const stalled = await Promise.all(Array.from({ length: 3 }, get));
  for (const { socket } of stalled) socket.pause();
  await expect.poll(() => listener.connections(), { timeout: 20_000 }).toBe(2);
  const isWhole = (answer: string) => answer.endsWith(']}\n');
  expect(isWhole(await (await get()).closed)).toBe(true);
  for (const { socket } of stalled) socket.resume();
  const answers = await Promise.all(stalled.map(({ closed }) => closed));
  // Another one may have had to go for the one that was read.
  expect([1, 2]).toContain(answers.filter(isWhole).length);
  await listener.close();
});
