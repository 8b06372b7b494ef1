import { once } from 'node:events';
import { connect } from 'node:tls';
import fc from 'fast-check';
import { adminToken, type Served, serveApi } from '../host/https.ts';
import { nearBytes } from './mutations.ts';
import { accepts, objects, paths } from './seeds.ts';

/** What is written to one connection. */
export interface RawExchange {
  /** In base64, each written by itself. */
  readonly parts: readonly string[];
  /** What the client does then: it says that it has sent all, tears the connection down, or waits. */
  readonly after: 'ends' | 'resets' | 'waits';
}

/** What a client is given until the server has said or closed something. */
const patience = 4000;
/** A connection on which nothing more comes and nothing is missing may stay open. */
const quiet = 150;

/** A server on a socket that waits for nobody for long. */
export function startRawTarget(log: (text: string) => void): Promise<Served> {
  return serveApi({ log }, { headerTimeout: 300, bodyTimeout: 300, idleTimeout: 400, stallTimeout: 1000 });
}

const credentials = [`authorization: Bearer ${adminToken}`, 'authorization: Bearer wrong', 'authorization: Basic YTpi', 'accept: */*'];
const fields = [
  'host: a',
  'host:',
  'Host : a',
  'content-type: application/json',
  'content-type: application/yaml',
  'content-length: 5',
  'content-length: -1',
  'content-length: 99999999999999999999',
  'content-length: 5, 5',
  'transfer-encoding: chunked',
  'transfer-encoding: gzip, chunked',
  'transfer-encoding: chunked, identity',
  'transfer-encoding : chunked',
  'expect: 100-continue',
  'expect: 200-ok',
  'connection: close',
  'connection: keep-alive',
  'connection: Upgrade',
  'upgrade: websocket',
  'upgrade: SPDY/3.1',
  'upgrade: h2c',
  'sec-websocket-version: 13',
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol: v5.channel.k8s.io',
  'te: trailers',
  'trailer: x',
  'audit-id: \u00e4',
  'impersonate-user: x',
  ': nothing',
  'no colon',
  ' folded: x',
  `x-long: ${'x'.repeat(9000)}`,
  ...accepts.map((accept) => `accept: ${accept}`),
];
const requestTargets = [
  '*',
  'http://a/api',
  '//',
  '/%zz',
  '/\u00e4',
  '/..',
  '/a b',
  '/?watch=1',
  '/api/v1/pods?watch=1&timeoutSeconds=1',
  '',
];
const lineEnds = ['\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', ''];

const body = fc.constantFrom(...objects).map(([, object]) => JSON.stringify(object));
/** The bytes of a body after the fields that say how long it is, which may be wrong. */
const framed = fc.oneof(
  fc.constant(['', '']),
  body.map((text) => [`content-length: ${Buffer.byteLength(text)}`, text]),
  fc.tuple(body, fc.integer({ min: -9, max: 9 })).map(([text, off]) => [`content-length: ${Math.max(0, text.length + off)}`, text]),
  fc
    .tuple(
      body,
      fc.constantFrom('', ';ext=1', ';ext="\r\n'),
      fc.constantFrom('0\r\n\r\n', '0\r\nx: y\r\n\r\n', '0\r\n', 'zz\r\n\r\n', '-1\r\n', ''),
    )
    .map(([text, extension, last]) => ['transfer-encoding: chunked', `${text.length.toString(16)}${extension}\r\n${text}\r\n${last}`]),
);

const message = fc
  .record({
    method: fc.constantFrom(
      'GET',
      'GET',
      'POST',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'HEAD',
      'OPTIONS',
      'CONNECT',
      'TRACE',
      'FOO',
      'get',
      'PRI',
      '',
    ),
    path: fc.constantFrom(...paths, ...objects.map(([collection]) => collection), ...requestTargets),
    version: fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/1.2', 'HTP', ''),
    credential: fc.constantFrom(...credentials),
    further: fc.array(fc.constantFrom(...fields), { maxLength: 4 }),
    frame: framed,
    end: fc.constantFrom(...lineEnds),
  })
  .map(({ method, path, version, credential, further, frame: [length = '', bytes = ''], end }) => {
    const lines = [`${method} ${path} ${version}`, 'host: localhost', credential, ...further, length].filter((line) => line !== '');
    return `${lines.join('\r\n')}${end}\r\n${bytes}`;
  });

/** What broken and hostile clients write: several messages behind each other, wrong in places, cut anywhere. */
export const rawExchanges: fc.Arbitrary<RawExchange> = fc
  .record({
    bytes: nearBytes(fc.array(message, { minLength: 1, maxLength: 4 }).map((messages) => Buffer.from(messages.join(''), 'latin1'))),
    cuts: fc.array(fc.nat(), { maxLength: 4 }),
    after: fc.constantFrom('ends', 'resets', 'waits'),
  })
  .map(({ bytes, cuts, after }): RawExchange => {
    const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
    const parts = at.slice(1).map((end, index) => Buffer.from(bytes.subarray(at[index], end)).toString('base64'));
    return { parts, after };
  });

/** Writes to a connection. Gives what is wrong with what comes back, or with the server afterwards; `undefined` when all is well. */
export async function judgeRaw({ port, pki }: Pick<Served, 'port' | 'pki'>, { parts, after }: RawExchange): Promise<string | undefined> {
  const open = async () => {
    const socket = connect({ port, host: '127.0.0.1', ca: pki.ca, ALPNProtocols: ['http/1.1'] });
    socket.on('error', () => {});
    await once(socket, 'secureConnect');
    return socket;
  };
  const socket = await open();
  let answers = '';
  let last = performance.now();
  socket.on('data', (chunk: Buffer) => {
    last = performance.now();
    // No more than what is looked at: a watch goes on.
    if (answers.length < 1_000_000) answers += chunk.toString('latin1');
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (const part of parts) {
    socket.write(Buffer.from(part, 'base64'));
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (after === 'resets') socket.destroy();
  if (after === 'ends') socket.end();
  const start = performance.now();
  const isDone = () => socket.closed || (after === 'waits' && answers !== '' && performance.now() - last > quiet);
  while (!isDone() && performance.now() - start < patience) await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 20))]);
  const isHeard = isDone();
  socket.destroy();
  const complaint = isHeard ? complaintOf(answers) : `neither an answer nor an end within ${patience} ms; so far: ${answers.slice(0, 200)}`;
  if (complaint !== undefined) return complaint;
  const next = await open();
  next.write(`GET /readyz HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${adminToken}\r\nconnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of next) text += chunk;
  return /^HTTP\/1\.1 200 .*\r\n\r\nok$/s.test(text) ? undefined : `the server is not ready afterwards: ${text.slice(0, 200)}`;
}

/** What is wrong with the first answer that is whole; all before it may be told to go on. */
function complaintOf(answers: string): string | undefined {
  const text = answers.replace(/^(?:HTTP\/1\.1 100 Continue\r\n\r\n)+/, '');
  if (text === '') return undefined;
  const [, code, fieldLines = '', rest = ''] = /^HTTP\/1\.1 (\d{3})(?: [^\r\n]*)?\r\n((?:[^\r\n]+\r\n)*)\r\n(.*)$/s.exec(text) ?? [];
  if (code === undefined) return `no answer of HTTP: ${text.slice(0, 200)}`;
  const length = Number(/^content-length: (\d+)\r$/im.exec(fieldLines)?.[1] ?? Number.NaN);
  const page = rest.slice(0, length);
  if (Number(code) < 400 || Number.isNaN(length) || page.length < length) return undefined;
  if (!/^content-type: application\/json/im.test(fieldLines)) return code === '500' ? `500: ${page.slice(0, 200)}` : undefined;
  const status: unknown = page === '' ? {} : JSON.parse(page);
  return code === '500' && JSON.stringify(status).includes('InternalError') ? `an internal error: ${page.slice(0, 300)}` : undefined;
}
