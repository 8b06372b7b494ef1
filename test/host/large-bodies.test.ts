import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { adminToken, head, serveApi } from './https.ts';

test('a large request that comes while the answer before it waits for its reader is answered', async () => {
  const { send, open, listener } = await serveApi();
  for (let index = 0; index < 12; index++) {
    await send('POST', '/api/v1/namespaces/default/configmaps', {
      metadata: { name: `large-${index}` },
      data: { a: 'x'.repeat(1_000_000) },
    });
  }
  const client = await open();
  client.write(head('GET /api/v1/configmaps'));
  await client.until(/^HTTP/);
  client.socket.pause();
  const body = JSON.stringify({ metadata: { name: 'last' }, data: { a: 'x'.repeat(500_000) } });
  client.write(
    `${head('POST /api/v1/namespaces/default/configmaps', 'connection: close', 'content-type: application/json', `content-length: ${body.length}`)}${body}`,
  );
  // Nothing tells that it has got there.
  await pause(50);
  client.socket.resume();
  const answers = await client.closed;
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 201']);
  await listener.close();
});

test('a request may have as many headers as there is room for', async () => {
  const { open, listener } = await serveApi();
  const client = await open();
  const many = Array.from({ length: 5000 }, (_, index) => `x-${index}: a`);
  const last = ['host: localhost', `authorization: Bearer ${adminToken}`, 'connection: close'];
  client.write(['GET /version HTTP/1.1', ...many, ...last, '', ''].join('\r\n'));
  expect(await client.closed).toMatch(/^HTTP\/1\.1 200 /);
  await listener.close();
});

test('a body that comes byte by byte is read whole', async () => {
  const { send, open, listener } = await serveApi();
  const configMaps = '/api/v1/namespaces/default/configmaps';
  const text = Array.from({ length: 4000 }, (_, index) => index.toString(36)).join('-');
  const client = await open();
  const chunked = ['content-type: application/json', 'transfer-encoding: chunked', 'connection: close'];
  const body = JSON.stringify({ metadata: { name: 'one' }, data: { text } });
  client.write(`${head(`POST ${configMaps}`, ...chunked)}${body.replace(/./g, '1\r\n$&\r\n')}0\r\n\r\n`);
  expect(await client.closed).toMatch(/^HTTP\/1\.1 201 /);
  expect((await send('GET', `${configMaps}/one`)).body.data).toEqual({ text });
  await listener.close();
});
