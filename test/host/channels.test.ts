import { PassThrough, Readable, Writable } from 'node:stream';
import { Exec, KubeConfig, PortForward, type V1Status } from '@kubernetes/client-node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { StreamAnswer, WrittenHeaders } from '../../runtime/api/http.ts';
import type { KubeletConnection } from '../../runtime/apiserver/endpoints/subresources/connect.ts';
import type { CommandSession } from '../../runtime/apiserver/streams.ts';
import { httpConnection } from '../../runtime/network/http-connection.ts';
import { admin } from '../apiserver/api.ts';
import { adminToken, head, type Served, serveApi } from './https.ts';

/** A container whose only program says what it reads in capitals, and ends with the code that its first argument says. */
const kubelets: KubeletConnection = {
  connect: async () => new StreamAnswer(200, new WrittenHeaders({ 'content-type': 'text/plain' }), new Response('log').body),
  async open({ verb }, request) {
    const query = new URL(request.url).searchParams;
    if (verb === 'portforward') {
      return {
        kind: 'ports',
        async dial(port) {
          if (port !== 80) throw new Error(`nothing listens on ${port}`);
          return httpConnection({ http: ({ path }) => ({ status: 200, body: `hello from ${path}` }) }, 'localhost');
        },
      };
    }
    const wants = (name: string) => query.get(name) === 'true';
    const session: CommandSession = {
      kind: 'command',
      does: 'exec',
      tty: wants('tty'),
      stdin: wants('stdin'),
      stdout: wants('stdout'),
      stderr: wants('stderr'),
      async start(stdin) {
        let finish = (_: number) => {};
        const exitCode = new Promise<number>((resolve) => {
          finish = resolve;
        });
        const code = Number(query.getAll('command')[0]);
        const stdout = (stdin ?? new Response('no input').body ?? new ReadableStream<Uint8Array>())
          .pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>)
          .pipeThrough(
            new TransformStream<string, string>({
              transform: (text, controller) => controller.enqueue(text.toUpperCase()),
              flush: () => finish(code),
            }),
          )
          .pipeThrough(new TextEncoderStream());
        const stderr = new Response('a warning').body ?? new ReadableStream<Uint8Array>();
        return { stdout, stderr, exitCode };
      },
    };
    return session;
  },
};

let served: Served;
const config = new KubeConfig();
beforeEach(async () => {
  served = await serveApi({
    kubelets,
    tokens: [
      { token: adminToken, user: admin },
      { token: 'reader', user: { name: 'reader', groups: [] } },
    ],
    authorizer: {
      authorize: ({ user, verb }) => ({ decision: user.name === 'admin' || verb === 'get' ? 'allow' : 'none' }),
      rulesFor: () => ({ resourceRules: [], nonResourceRules: [] }),
    },
  });
  await served.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  const spec = { nodeName: 'node-1', containers: [{ name: 'main', image: 'app' }] };
  await served.send('POST', '/api/v1/namespaces/default/pods', { metadata: { name: 'web' }, spec });
  config.loadFromOptions({
    clusters: [{ name: 'c', server: `https://127.0.0.1:${served.port}`, caData: Buffer.from(served.pki.ca).toString('base64') }],
    users: [{ name: 'u', token: adminToken }],
    contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
    currentContext: 'x',
  });
});
afterEach(() => served.listener.close());

class Text extends Writable {
  text = '';
  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

it.each([0, 3])('connects a command with its streams and tells its end: %i', async (code) => {
  const [out, err] = [new Text(), new Text()];
  const status = await new Promise<V1Status>((resolve, reject) => {
    new Exec(config)
      .exec('default', 'web', 'main', [String(code)], out, err, Readable.from(['some ', 'words']), false, resolve)
      .catch(reject);
  });
  expect(out.text).toBe('SOME WORDS');
  expect(err.text).toBe('a warning');
  expect(status.status).toBe(code === 0 ? 'Success' : 'Failure');
  if (code !== 0) expect(status).toMatchObject({ reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '3' }] } });
});

it('forwards ports over channels', async () => {
  const [out, err, into] = [new Text(), new Text(), new PassThrough()];
  await new PortForward(config).portForward('default', 'web', [80], out, err, into);
  into.write('GET /there HTTP/1.1\r\nhost: web\r\n\r\n');
  await expect.poll(() => out.text).toContain('hello from /there');
  const refused = new Text();
  await new PortForward(config).portForward('default', 'web', [81], out, refused, new PassThrough());
  await expect.poll(() => refused.text).toContain('nothing listens on 81');
});

/** What a client of one subprotocol is told until the connection ends, each message as text; it may say something first. */
function told(path: string, protocols: string[], say?: string | Uint8Array, enough = Number.POSITIVE_INFINITY) {
  return new Promise<{ protocol: string; messages: string[] }>((resolve, reject) => {
    const messages: string[] = [];
    const socket = new WebSocket(`wss://127.0.0.1:${served.port}${path}`, protocols, {
      ca: served.pki.ca,
      headers: { authorization: `Bearer ${adminToken}` },
    });
    socket.once('open', () => say !== undefined && socket.send(say));
    socket.on('message', (data) => {
      messages.push(String(data));
      if (messages.length >= enough) socket.close();
    });
    socket.once('close', () => resolve({ protocol: socket.protocol, messages }));
    socket.once('error', reject);
  });
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const failure = 'command terminated with non-zero exit code: command terminated with exit code 2';

it.each([
  ['v4.channel.k8s.io', '{"metadata":{},"status":"Failure"'],
  ['channel.k8s.io', failure],
  ['v4.base64.channel.k8s.io', '{"metadata":{},"status":"Failure"'],
  ['base64.channel.k8s.io', failure],
  ['', failure],
])('tells the end of a command in the way of the subprotocol %j', async (protocol, end) => {
  const exec = '/api/v1/namespaces/default/pods/web/exec?command=2&stdout=true';
  const { protocol: chosen, messages } = await told(exec, protocol === '' ? [] : [protocol]);
  expect(chosen).toBe(protocol);
  const read = protocol.includes('base64')
    ? messages.map((message) => [Number(message[0]), Buffer.from(message.slice(1), 'base64').toString()])
    : messages.map((message) => [message.charCodeAt(0), message.slice(1)]);
  expect(read).toEqual([
    [1, ''],
    [1, 'NO INPUT'],
    [3, expect.stringContaining(end)],
  ]);
});

it('takes input in base64', async () => {
  const exec = '/api/v1/namespaces/default/pods/web/exec?command=0&stdin=true&stdout=true';
  const { messages } = await told(exec, ['base64.channel.k8s.io'], `0${base64('words')}`, 2);
  expect(messages).toEqual(['1', `1${base64('WORDS')}`]);
});

it('sends logs as messages', async () => {
  const log = '/api/v1/namespaces/default/pods/web/log';
  expect(await told(log, ['binary.k8s.io'])).toEqual({ protocol: 'binary.k8s.io', messages: ['', 'log'] });
  expect(await told(log, ['base64.binary.k8s.io'])).toEqual({ protocol: 'base64.binary.k8s.io', messages: ['', base64('log')] });
  expect(await told(log, [])).toEqual({ protocol: '', messages: ['', 'log'] });
});

it('sends the events of a watch as messages', async () => {
  const { messages } = await told('/api/v1/namespaces/default/pods?watch=true', [], undefined, 1);
  expect(JSON.parse(messages[0] ?? '')).toMatchObject({ type: 'ADDED', object: { kind: 'Pod', metadata: { name: 'web' } } });
  // A pod's name makes the old path look like that of a log.
  const spec = { containers: [{ name: 'main', image: 'app' }] };
  await served.send('POST', '/api/v1/namespaces/default/pods', { metadata: { name: 'log' }, spec });
  const { messages: ofOldPath } = await told('/api/v1/watch/namespaces/default/pods/log', [], undefined, 1);
  expect(JSON.parse(ofOldPath[0] ?? '')).toMatchObject({ type: 'ADDED', object: { kind: 'Pod', metadata: { name: 'log' } } });
});

it('upgrades nobody who may not, and nothing that is not there', async () => {
  const answer = (path: string, protocol: string, token = adminToken) =>
    new Promise<number | undefined>((resolve) => {
      const socket = new WebSocket(`wss://127.0.0.1:${served.port}${path}`, [protocol], {
        ca: served.pki.ca,
        headers: { authorization: `Bearer ${token}` },
      });
      socket.once('open', () => {
        socket.terminate();
        resolve(101);
      });
      socket.once('unexpected-response', (_, response) => resolve(response.statusCode));
      socket.once('error', () => {});
    });
  const exec = '/api/v1/namespaces/default/pods/web/exec?command=0&stdout=true';
  expect(await answer(exec, 'v5.channel.k8s.io')).toBe(101);
  expect(await answer(exec, 'v5.channel.k8s.io', 'nobody')).toBe(401);
  expect(await answer(exec, 'v5.channel.k8s.io', 'reader')).toBe(403);
  expect(await answer(exec, 'v9.unknown')).toBe(403);
  expect(await answer('/api/v1/namespaces/default/pods/missing/exec?command=0&stdout=true', 'v5.channel.k8s.io')).toBe(404);
  expect(await answer('/api/v1/namespaces/default/pods/web', 'v5.channel.k8s.io')).toBe(200);
  const plain = await served.send('POST', exec);
  expect(plain).toMatchObject({ code: 400, body: { message: 'Upgrade request required' } });
});

it('carries SPDY in the messages of a WebSocket, by a name that is no token', async () => {
  const client = await served.open();
  const upgrade = ['connection: Upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=='];
  const path = '/api/v1/namespaces/default/pods/web/portforward';
  client.write(head(`GET ${path}`, ...upgrade, 'sec-websocket-protocol: SPDY/3.1+portforward.k8s.io'));
  await client.until(/^HTTP\/1\.1 101 .*\r\nSec-WebSocket-Protocol: SPDY\/3\.1\+portforward\.k8s\.io\r\n\r\n/s);
  const ping = Buffer.from([0x80, 3, 0, 6, 0, 0, 0, 4, 0, 0, 0, 1]);
  // One message, final and of bytes, under a mask of zeros.
  client.write(Buffer.concat([Buffer.from([0x82, 0x80 | ping.length, 0, 0, 0, 0]), ping]));
  const answered = await client.until(/\r\n\r\n.{14}$/s);
  expect(Buffer.from(answered.slice(-12), 'latin1')).toEqual(ping);
});

it('ends sessions that say what is no SPDY, and serves on', async () => {
  const client = await served.open();
  const path = '/api/v1/namespaces/default/pods/web/portforward';
  client.write(head(`POST ${path}`, 'connection: Upgrade', 'upgrade: SPDY/3.1', 'x-stream-protocol-version: portforward.k8s.io'));
  await client.until(/^HTTP\/1\.1 101 .*portforward\.k8s\.io\r\n\r\n/s);
  client.write(Buffer.concat([Buffer.from([0x80, 3, 0, 1, 0, 0, 0, 40]), Buffer.alloc(40, 0xff)]));
  await client.closed;
  const command = await served.open();
  command.write(head('POST /api/v1/namespaces/default/pods/web/exec?command=0&stdout=true', 'connection: Upgrade', 'upgrade: SPDY/3.1'));
  expect(await command.closed).toContain('SPDY/3.1 is not available for commands here');
  expect((await served.send('GET', '/readyz')).code).toBe(200);
});
