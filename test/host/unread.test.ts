import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BytesAnswer, StreamAnswer, WrittenHeaders } from '../../runtime/api/http.ts';
import { writeAnswer } from '../../runtime/host/node/https/answer-writer.ts';

const bytes = new Uint8Array(20_000_000).fill(120);

test.each([
  ['a list', () => new BytesAnswer(200, {}, bytes)],
  ['an event', () => new StreamAnswer(200, new WrittenHeaders({}), new Response(bytes).body)],
])('of %s that nobody reads little is handed to the socket, and all to who reads it', async (_, answer) => {
  let outgoing: ServerResponse | undefined;
  const server = createServer((_, response) => {
    outgoing = response;
    void writeAnswer(answer(), response, { acceptEncoding: '', stallTimeout: 60_000, onEnding: () => () => {} }).then(() => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  client.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  await pause(100);
  expect(outgoing?.writableLength).toBeGreaterThan(0);
  expect(outgoing?.writableLength).toBeLessThan(100_000);
  let read = 0;
  for await (const chunk of client) read += chunk.length;
  expect(read).toBeGreaterThan(bytes.length);
  server.close();
});
