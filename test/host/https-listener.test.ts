import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { writePrometheus } from '../../runtime/host/node/prometheus.ts';
import { define, widget, widgetDefinition, widgets } from '../apiserver/custom-resources/widgets.ts';
import { adminToken, head, type Served, serveApi } from './https.ts';

let served: Served | undefined;
afterEach(async () => {
  await served?.listener.close();
  served = undefined;
});

const big = (name: string) => ({ metadata: { name }, data: { text: 'x'.repeat(200_000) } });
const configMaps = '/api/v1/namespaces/default/configmaps';
const statusOf = (text: string) => JSON.parse(text.slice(text.lastIndexOf('\r\n\r\n') + 4));

it('compresses large answers for clients that take it, and neither small ones nor watches', async () => {
  served = await serveApi();
  await served.send('POST', configMaps, big('large'));
  await served.send('POST', configMaps, { metadata: { name: 'small' } });
  const get = async (path: string, ...headers: string[]) => {
    const client = await (served as Served).open();
    client.write(head(`GET ${path}`, 'connection: close', ...headers));
    const text = await client.closed;
    const at = text.indexOf('\r\n\r\n');
    return { head: text.slice(0, at).toLowerCase(), body: Buffer.from(text.slice(at + 4), 'latin1') };
  };
  const large = await get(`${configMaps}/large`, 'accept-encoding: br, gzip');
  expect(large.head).toContain('content-encoding: gzip');
  expect(large.body.length).toBeLessThan(10_000);
  expect(JSON.parse(gunzipSync(large.body).toString()).data.text).toHaveLength(200_000);
  expect((await get(`${configMaps}/large`, 'accept-encoding: gzip;q=0')).head).not.toContain('content-encoding');
  expect((await get(`${configMaps}/small`, 'accept-encoding: gzip')).head).not.toContain('content-encoding');
  const client = await served.open();
  client.write(head(`GET ${configMaps}?watch=true`, 'accept-encoding: gzip'));
  expect(await client.until(/"name":"large"/)).not.toMatch(/content-encoding/i);
});

it('writes each warning on a line of its own', async () => {
  served = await serveApi();
  const body = JSON.stringify({ metadata: { name: 'warned' }, 'a, "b"': 1, c: 2 });
  const client = await served.open();
  client.write(
    head(
      `POST ${configMaps}?fieldValidation=Warn`,
      'connection: close',
      'content-type: application/json',
      `content-length: ${body.length}`,
    ) + body,
  );
  const lines = (await client.closed).split('\r\n').filter((line) => /^warning:/i.test(line));
  expect(lines.map((line) => line.slice(line.indexOf(' ') + 1))).toEqual([
    '299 - "unknown field \\"a, \\\\\\"b\\\\\\"\\""',
    '299 - "unknown field \\"c\\""',
  ]);
});

it('refuses bodies over 3 MiB without waiting for them', async () => {
  served = await serveApi();
  const declared = await served.open();
  declared.write(head(`POST ${configMaps}`, 'content-type: application/json', 'content-length: 4000000'));
  const first = await declared.closed;
  expect(first).toMatch(/^HTTP\/1\.1 413 /);
  expect(statusOf(first)).toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' });

  const asking = await served.open();
  asking.write(head(`POST ${configMaps}`, 'content-type: application/json', 'content-length: 4000000', 'expect: 100-continue'));
  expect(await asking.closed).toMatch(/^HTTP\/1\.1 413 /);

  const chunked = await served.open();
  chunked.write(head(`POST ${configMaps}`, 'content-type: application/json', 'transfer-encoding: chunked'));
  const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
  for (let i = 0; i < 49; i++) chunked.write(chunk);
  expect(await chunked.closed).toMatch(/^HTTP\/1\.1 413 /);

  const fine = await served.open();
  const body = JSON.stringify({ metadata: { name: 'asked' } });
  fine.write(head(`POST ${configMaps}`, 'content-type: application/json', `content-length: ${body.length}`, 'expect: 100-continue'));
  await fine.until(/^HTTP\/1\.1 100 /);
  fine.write(body);
  expect(await fine.until(/"name":"asked"/)).toContain('HTTP/1.1 201 ');
});

const post = (credentials: string, ...headers: string[]) =>
  [`POST ${configMaps} HTTP/1.1`, 'host: localhost', 'content-type: application/json', credentials, ...headers, '', ''].join('\r\n');

it.each([
  ['authorization: Bearer wrong', '401'],
  ['accept: */*', '403'],
])('tells %s that the body is not wanted before asking for it', async (credentials, code) => {
  served = await serveApi();
  for (const length of ['content-length: 10', 'content-length: 3000000', 'transfer-encoding: chunked']) {
    const client = await served.open();
    client.write(post(credentials, length, 'expect: 100-continue'));
    const answer = await client.closed;
    expect(answer.slice(9, 12)).toBe(code);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
  }
});

it('asks for no body where there is none', async () => {
  served = await serveApi();
  const client = await served.open();
  client.write(
    head(`POST ${configMaps}`, 'content-type: application/json', 'content-length: 0', 'expect: 100-continue', 'connection: close'),
  );
  expect((await client.closed).slice(9, 12)).toBe('400');
});

it('refuses who may not write without waiting for a large body, and goes on behind a small one', async () => {
  served = await serveApi();
  const large = await served.open();
  large.write(`${post('authorization: Bearer wrong', 'content-length: 3000000')}{`);
  expect((await large.until(/\r\n\r\n/)).slice(9, 12)).toBe('401');
  const small = await served.open();
  small.write(`${post('authorization: Bearer wrong', 'content-length: 5')}{`);
  small.write(`    ${head('GET /readyz', 'connection: close')}`);
  expect(await small.closed).toMatch(/^HTTP\/1\.1 401 .*\r\n\r\nok$/s);
});

it('leaves room for those who may write, however much others say they will send', async () => {
  served = await serveApi({}, { bodyBytes: 3_000_000 });
  const others = await Promise.all(Array.from({ length: 3 }, served.open));
  for (const other of others) other.write(`${post('authorization: Bearer wrong', 'content-length: 2900000')}{`);
  const body = JSON.stringify({ metadata: { name: 'fits' } });
  const fine = await served.open();
  fine.write(head(`POST ${configMaps}`, 'content-type: application/json', `content-length: ${body.length}`) + body);
  expect(await fine.until(/"name":"fits"/)).toContain('HTTP/1.1 201 ');
  const [one, two] = await Promise.all([served.open(), served.open()]);
  one.write(`${head(`POST ${configMaps}`, 'content-type: application/json', 'content-length: 2900000')}{`);
  await new Promise((resolve) => setImmediate(resolve));
  two.write(`${head(`POST ${configMaps}`, 'content-type: application/json', 'content-length: 2900000')}{`);
  expect(await Promise.race([one.until(/ 429 /), two.until(/ 429 /)])).toMatch(/\r\nretry-after: 1\r\n/);
});

it.each(['h2c', 'websocket', 'SPDY/3.1'])('does not heed the wish to upgrade an ordinary request to %s', async (protocol) => {
  served = await serveApi();
  const wish = ['connection: Upgrade', `upgrade: ${protocol}`];
  const client = await served.open();
  const body = JSON.stringify({ metadata: { name: 'wished' } });
  const create = head(`POST ${configMaps}`, 'content-type: application/json', `content-length: ${body.length}`, ...wish);
  client.write(create + body.slice(0, 5));
  client.write(body.slice(5) + head(`GET ${configMaps}/wished`, ...wish) + head('GET /readyz', ...wish));
  expect(await client.until(/ok$/)).toMatch(/^HTTP\/1\.1 201 .*HTTP\/1\.1 200 .*"name":"wished".*HTTP\/1\.1 200 .*ok$/s);
  client.write(
    head(`POST ${configMaps}`, 'content-type: application/json', `content-length: ${body.length}`, 'expect: 100-continue', ...wish),
  );
  await client.until(/HTTP\/1\.1 100 /);
  client.write(body);
  await client.until(/HTTP\/1\.1 409 /);
  const watching = await served.open();
  watching.write(head(`GET ${configMaps}?watch=1`, 'connection: Upgrade', 'upgrade: h2c'));
  expect(await watching.until(/"name":"wished"/)).toMatch(/^HTTP\/1\.1 200 /);
});

it.each([
  ['GET /readyz', /\r\n\r\nokHTTP\/1\.1 /],
  [`GET ${configMaps}?watch=1&timeoutSeconds=1`, /\r\n\r\n0\r\n\r\nHTTP\/1\.1 /],
])('answers %s before the faults that come behind it', async (line, whole) => {
  served = await serveApi();
  for (const [faulty, code] of [
    ['\u0001\r\n\r\n', '400'],
    [head('FOO /version'), '405'],
    [`${head(`POST ${configMaps}`, 'content-type: application/json', 'transfer-encoding: chunked')}no length\r\n`, '500'],
  ] as const) {
    const client = await served.open();
    client.write(head(line) + faulty);
    if (line.includes('watch')) {
      await client.until(/HTTP\/1\.1 200 /);
      await served.clock.advance(1000);
    }
    const answers = await client.closed;
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', `HTTP/1.1 ${code}`]);
    expect(answers).toMatch(whole);
  }
});

/** Go's words for what is wrong with a body that comes in chunks. */
it.each([
  ['a length that is none', 'no length\r\n', 'invalid byte in chunk length'],
  ['a length that is none behind a chunk', '1\r\n{\r\nx\r\n', 'invalid byte in chunk length'],
  ['no length', '\r\n', 'empty hex number for chunk length'],
  ['a length beyond all numbers', '12345678123456781\r\n', 'http chunk length too large'],
  ['a chunk that goes on behind its end', '1\r\n{}\r\n', 'malformed chunked encoding'],
])('tells that a body cannot be read, with %s', async (_, body, message) => {
  served = await serveApi();
  const [json, chunked] = ['content-type: application/json', 'transfer-encoding: chunked'];
  for (const [line, ...fields] of [[`POST ${configMaps}`], [`DELETE ${configMaps}`], [`POST ${configMaps}`, 'expect: 100-continue']]) {
    const client = await served.open();
    client.write(head(line ?? '', json, chunked, ...(fields ?? [])));
    if (fields?.length) await client.until(/ 100 Continue\r\n\r\n/);
    client.write(body);
    const answer = await client.closed;
    expect(answer.match(/HTTP\/1\.1 (?!100)\d+/g)).toEqual(['HTTP/1.1 500']);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    expect(statusOf(answer)).toMatchObject({ status: 'Failure', message, code: 500 });
    expect(statusOf(answer)).not.toHaveProperty('reason');
  }
});

it.each([
  ['who may not send it', post('authorization: Bearer wrong', 'transfer-encoding: chunked'), '401'],
  ['a path that takes none', head('GET /readyz', 'transfer-encoding: chunked'), '200'],
])('answers %s once, whatever is wrong with the body', async (_, start, code) => {
  served = await serveApi();
  const client = await served.open();
  client.write(`${start}no length\r\n`);
  expect((await client.closed).match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${code}`]);
  const slow = await served.open();
  slow.write(start);
  slow.write('no length\r\n');
  expect((await slow.closed).match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${code}`]);
});

it('keeps a quiet watch that was asked for behind another request, and wishes for an upgrade', async () => {
  served = await serveApi({}, { idleTimeout: 50 });
  const { open, send } = served;
  const watching = await open();
  watching.write(head('GET /readyz') + head(`GET ${configMaps}?watch=1`, 'connection: Upgrade', 'upgrade: h2c'));
  await watching.until(/HTTP.*HTTP/s);
  const idle = await open();
  idle.write(head('GET /readyz'));
  await idle.closed;
  await send('POST', configMaps, { metadata: { name: 'late' } });
  await watching.until(/"name":"late"/);
});

it('does not wait for slow senders: 504 for a body, no answer for a header', async () => {
  served = await serveApi({}, { bodyTimeout: 50, headerTimeout: 100 });
  const slow = await served.open();
  slow.write(head(`POST ${configMaps}`, 'content-type: application/json', 'content-length: 100'));
  slow.write('{');
  const answer = await slow.closed;
  expect(answer).toMatch(/^HTTP\/1\.1 504 /);
  expect(statusOf(answer).reason).toBe('Timeout');
  const late = await served.open();
  late.write('GET /version HTTP/1.1\r\nhost: loc');
  expect(await late.closed).toBe('');
});

/** What Go's HTTP server answers to the same bytes: status and body. */
it.each([
  ['large headers', head('GET /version', `x-large: ${'x'.repeat(1_100_000)}`), '431', '431 Request Header Fields Too Large'],
  ['headers up to 1 MiB', head('GET /readyz', `x-large: ${'x'.repeat(900_000)}`, 'connection: close'), '200', 'ok'],
  ['a long URL', head(`GET /readyz?x=${'x'.repeat(200_000)}`, 'connection: close'), '200', 'ok'],
  ['a second host', 'GET /readyz HTTP/1.1\r\nhost: a\r\nHost: b\r\n\r\n', '400', '400 Bad Request'],
  ['no host', 'GET /readyz HTTP/1.1\r\n\r\n', '400', '400 Bad Request: missing required Host header'],
  ['no host in HTTP/1.0', 'GET /readyz HTTP/1.0\r\nauthorization: Bearer the-admin\r\n\r\n', '200', 'ok'],
  ['a host that is none', 'GET /readyz HTTP/1.1\r\nhost: a b\r\n\r\n', '400', '400 Bad Request: malformed Host header'],
  [
    'a host that no URL has',
    'GET /readyz HTTP/1.1\r\nhost: a_b%zz\r\nauthorization: Bearer the-admin\r\nconnection: close\r\n\r\n',
    '200',
    'ok',
  ],
  ['a broken escape', head('GET /readyz/%zz'), '400', '400 Bad Request'],
  ['no HTTP', '\u0001\u0002 nothing known\r\n\r\n', '400', '400 Bad Request'],
  ['a broken header', head('GET /readyz', 'a b: c'), '400', '400 Bad Request: invalid header name'],
  ['an unknown encoding', head('POST /readyz', 'transfer-encoding: gzip'), '501', '501 Not Implemented: unsupported transfer encoding'],
  ['two lengths', head('POST /readyz', 'content-length: 5', 'transfer-encoding: chunked'), '400', '400 Bad Request'],
  ['another version', 'GET /readyz HTTP/3.0\r\nhost: a\r\n\r\n', '505', '505 HTTP Version Not Supported: unsupported protocol version'],
  ['a version of which parts have two digits', 'GET /readyz HTTP/11.1\r\nhost: a\r\n\r\n', '400', '400 Bad Request'],
  ['the first version', 'GET /readyz HTTP/0.9\r\n\r\n', '505', '505 HTTP Version Not Supported: unsupported protocol version'],
  ['the second version', 'GET /readyz HTTP/2.0\r\nhost: a\r\n\r\n', '505', '505 HTTP Version Not Supported: unsupported protocol version'],
  ['a version that never was', head('GET /readyz').replace('HTTP/1.1', 'HTTP/1.2'), '200', 'ok'],
  ['CONNECT to a host', head('CONNECT localhost:443'), '404', '404 page not found\n'],
  ['CONNECT without a host header', 'CONNECT localhost:443 HTTP/1.1\r\n\r\n', '400', '400 Bad Request: missing required Host header'],
  ['OPTIONS of all', head('OPTIONS *', 'connection: close'), '200', ''],
])('%s', async (_, text, code, page) => {
  served = await serveApi();
  const client = await served.open();
  client.write(text);
  const answer = await client.closed;
  expect([answer.slice(9, 12), answer.slice(answer.indexOf('\r\n\r\n') + 4)]).toEqual([code, page]);
});

it('TRACE is answered as any method that a path does not have', async () => {
  served = await serveApi();
  const client = await served.open();
  client.write(head('TRACE /version', 'connection: close'));
  const answer = await client.closed;
  expect([answer.slice(9, 12), statusOf(answer).reason]).toEqual(['405', 'MethodNotAllowed']);
});

it('an answer to a method unknown to HTTP has all its headers', async () => {
  served = await serveApi();
  const client = await served.open();
  client.write(head('FOO /version'));
  expect(await client.closed).toMatch(/\r\naudit-id: [-0-9a-f]{36}\r\n/);
});

it.each([
  ['FOO', configMaps, `authorization: Bearer ${adminToken}`, 405],
  ['get', configMaps, `authorization: Bearer ${adminToken}`, 405],
  ['CONNECT', configMaps, `authorization: Bearer ${adminToken}`, 405],
  ['CONNECT', 'localhost:443', 'accept: */*', 403],
  ['PROPFIND', configMaps, `authorization: Bearer ${adminToken}`, 405],
  ['X-$', configMaps, 'accept: */*', 403],
  ['FOO', configMaps, 'authorization: Bearer wrong', 401],
  ['FO(', configMaps, 'accept: */*', 400],
  ['FOO', 'nowhere', 'accept: */*', 400],
])('%s %s with %s is answered with %i', async (method, path, header, code) => {
  served = await serveApi();
  const client = await served.open();
  client.write([`${method} ${path} HTTP/1.1`, 'host: localhost', 'connection: close', header, '', ''].join('\r\n'));
  expect(await client.closed).toMatch(new RegExp(`^HTTP/1.1 ${code} `));
  const next = await served.open();
  next.write(head('GET /readyz', 'connection: close'));
  expect(await next.closed).toContain('200 OK');
});

it.each(['FOO /version', 'GET /version'])('serves on when who asks for %s is gone before it is looked at', async (line) => {
  served = await serveApi();
  const { port, pki, open } = served;
  for (let times = 0; times < 10; times++) {
    const below = connect(port, '127.0.0.1').on('error', () => {});
    const socket = connectSecurely({ socket: below, ca: pki.ca, host: '127.0.0.1' }).on('error', () => {});
    socket.once('secureConnect', () => socket.write(head(line), () => below.resetAndDestroy()));
    await once(below, 'close');
  }
  const next = await open();
  next.write(head('GET /readyz', 'connection: close'));
  expect(await next.closed).toContain('200 OK');
});

it('cuts off a watcher that stops reading, and forgets it', async () => {
  served = await serveApi({}, { stallTimeout: 100 });
  const watcher = await served.open();
  watcher.write(head(`GET ${configMaps}?watch=true`));
  await watcher.until(/200 OK/);
  watcher.socket.pause();
  for (let i = 0; i < 40; i++) {
    await served.send('POST', configMaps, big(`filler-${i}`));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(() => served?.listener.connections(), { timeout: 5000 }).toBe(0);
  expect((await served.send('GET', `${configMaps}/filler-1`)).code).toBe(200);
});

it.each([
  ['GET', '/apis/golden.test/v1/namespaces/default/widgets?w%61tch=1'],
  ['GET', '/apis/golden.test/v1/%77atch/namespaces/default/widgets'],
  ['PUT', '/apis/golden.test/v1/watch/namespaces/default/widgets'],
  ['FOO', '/apis/golden.test/v1/watch/namespaces/default/widgets'],
])('tells a watch by %s %s of events as they come, and forgets it with its client', async (method, path) => {
  served = await serveApi({ metricsWriter: writePrometheus });
  const { send, open } = served;
  const watches = async () => /apiserver_longrunning_requests\{verb="WATCH".*\} (\d+)/.exec((await send('GET', '/metrics')).body)?.[1];
  await define(served, widgetDefinition());
  const watcher = await open();
  watcher.write(head(`${method} ${path}`));
  await watcher.until(/ 200 OK\r\n/);
  expect(await watches()).toBe('1');
  await send('POST', widgets, widget('told'));
  await watcher.until(/"name":"told"/);
  watcher.socket.destroy();
  await expect.poll(watches).toBe('0');
});

it('serves on beside many idle connections', async () => {
  served = await serveApi();
  const { open } = served;
  const idle = [];
  for (let i = 0; i < 20; i++) idle.push(...(await Promise.all(Array.from({ length: 20 }, open))));
  const client = await open();
  client.write(head('GET /readyz', 'connection: close'));
  expect(await client.closed).toContain('200 OK');
  for (const { socket } of idle) socket.destroy();
});

it('ends watches properly and lets a request finish when it closes', async () => {
  served = await serveApi();
  const watcher = await served.open();
  watcher.write(head(`GET ${configMaps}?watch=true`));
  await watcher.until(/200 OK/);
  const idle = await served.open();
  idle.write(head('GET /readyz'));
  await idle.until(/200 OK/);
  const posting = await served.open();
  const body = JSON.stringify({ metadata: { name: 'last' } });
  posting.write(head(`POST ${configMaps}`, 'content-type: application/json', `content-length: ${body.length}`));
  posting.write(body.slice(0, 5));
  await new Promise((resolve) => setTimeout(resolve, 20));
  const closing = served.listener.close();
  expect(await watcher.closed).toMatch(/\r\n0\r\n\r\n$/);
  await idle.closed;
  posting.write(body.slice(5));
  const answer = await posting.closed;
  expect(answer).toContain('HTTP/1.1 201 ');
  expect(answer.toLowerCase()).toContain('connection: close');
  await closing;
});
