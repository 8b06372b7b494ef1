import { type RequestOptions, request } from 'node:https';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { parseAuditPolicy } from '../../runtime/apiserver/audit/policy.ts';
import { apiServices, services } from '../../runtime/client/resources.ts';
import { loopbackRemoteServers } from '../../runtime/host/node/https-client/remote-servers.ts';
import { type Listener, listenHttps } from '../../runtime/host/node/https-listener.ts';
import { type ExtensionServer, startExtensionServer } from '../support/extension-server.ts';
import { startVirtualCluster, type VirtualCluster } from '../support/virtual-cluster.ts';
import { testPki } from './https.ts';

const root = '/apis/wardle.example.com/v1alpha1';
const collection = `${root}/namespaces/default/flunders`;
const audited: { stage: string; requestURI: string; verb: string; user: { username: string }; responseStatus?: { code: number } }[] = [];
let virtual: VirtualCluster;
let extension: ExtensionServer;
let listener: Listener;
let common: RequestOptions;

beforeAll(async () => {
  const pki = await testPki();
  const policy = parseAuditPolicy('{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: RequestResponse}]}');
  const audit = { policy, sink: (line: string) => void audited.push(JSON.parse(line)) };
  virtual = await startVirtualCluster({ pki, remoteServers: loopbackRemoteServers(), audit });
  extension = await startExtensionServer({ namespace: 'default', frontProxyCa: pki.frontProxy.ca });
  const { server, client } = virtual.cluster;
  listener = await listenHttps(server, { host: '127.0.0.1', port: 0, ...pki.apiserver, clientCa: pki.ca });
  common = { host: '127.0.0.1', port: listener.port, ca: pki.ca, headers: { authorization: `Bearer ${pki.adminToken}` } };
  await client.resource(services).create(extension.service);
  await client.resource(apiServices).create(extension.apiService);
  const becameAvailable = async () => {
    await virtual.clock.advance(100);
    const { status } = await client.resource(apiServices).get('v1alpha1.wardle.example.com');
    expect(status?.conditions?.[0]?.status).toBe('True');
  };
  await vi.waitFor(becameAvailable, 30_000);
});
beforeEach(() => {
  extension.seen.length = 0;
  audited.length = 0;
});
afterAll(async () => {
  await listener.close();
  await extension.close();
  await virtual.stop();
});

interface Sent {
  readonly code: number | undefined;
  readonly text: string;
}

function send(method: string, path: string, body?: Buffer, headers: Record<string, string> = {}): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const sent = request({ ...common, method, path, headers: { ...common.headers, ...headers } }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => resolve({ code: answer.statusCode, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

interface Upgraded extends Sent {
  readonly socket?: Socket;
  readonly head?: Buffer;
  readonly protocol?: string | undefined;
}

function upgrade(path: string, protocol: string): Promise<Upgraded> {
  return new Promise((resolve, reject) => {
    const headers = { ...common.headers, connection: 'Upgrade', upgrade: protocol };
    const sent = request({ ...common, method: 'POST', path, headers, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => resolve({ code: answer.statusCode, text }));
    });
    sent.on('upgrade', (answer, socket, head) => resolve({ code: 101, text: '', socket, head, protocol: answer.headers.upgrade }));
    sent.on('error', reject);
    sent.end();
  });
}

test('a body is passed on however long it is', async () => {
  const length = 8 * 1024 * 1024;
  const { code } = await send('PUT', `${collection}/none`, Buffer.alloc(length, 'x'));
  expect([code, extension.seen.map(({ bodyLength }) => bodyLength)]).toEqual([404, [length]]);
  expect(extension.seen[0]?.headers).toMatchObject({ 'content-length': String(length), 'x-forwarded-for': '127.0.0.1' });
  // Who may not send it is told so before all of it has come.
  const anonymous = await send('PUT', `${collection}/none`, Buffer.alloc(length, 'x'), { authorization: '' });
  expect([anonymous.code, extension.seen.length]).toEqual([403, 1]);
  expect((await send('PUT', '/api/v1/namespaces/default/configmaps/none', Buffer.alloc(length, 'x'))).code).toBe(413);
});

test('a body that cannot be read ends what it was passed on with', async () => {
  const answer = await new Promise<string>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: listener.port, ca: String(common.ca) });
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.on('close', () => resolve(text));
    const { authorization } = { authorization: '', ...common.headers };
    socket.write(`POST ${collection} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${authorization}\r\n`);
    socket.write('content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n');
    socket.write('no length\r\n');
  });
  expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 503']);
});

test.each(['websocket', 'SPDY/3.1'])('an upgrade to %s is passed on, and then whatever either side sends', async (protocol) => {
  const { code, socket, head, protocol: chosen } = await upgrade(`${collection}/a/connect`, protocol);
  expect([code, chosen]).toEqual([101, protocol]);
  let text = head?.toString() ?? '';
  const said = new Promise<string>((resolve) => {
    socket?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('echo')) resolve(text);
    });
  });
  socket?.write('echo');
  expect(await said).toBe('hello echo');
  expect(extension.seen).toMatchObject([{ certificate: 'front-proxy-client', headers: { 'x-remote-user': ['kubernetes-admin'] } }]);
  expect(extension.seen[0]?.headers).not.toHaveProperty('authorization');
  socket?.destroy();
});

test('a refused upgrade is answered as the other server answers it', async () => {
  expect(await upgrade(`${collection}/a/other`, 'websocket')).toEqual({ code: 403, text: 'no' });
});

test('a watch streams to the client, and ends at the server when the client has gone', async () => {
  const events: string[] = [];
  const watch = request({ ...common, path: `${root}/flunders?watch=1` }, (answer) => {
    answer.on('data', (chunk: Buffer) => events.push(JSON.parse(chunk.toString()).object.metadata.name));
    answer.on('error', () => undefined);
  });
  watch.on('error', () => undefined);
  watch.end();
  await expect.poll(() => extension.watchers()).toBe(1);
  for (const name of ['a', 'b']) {
    await send('POST', collection, Buffer.from(JSON.stringify({ metadata: { name } })), { 'content-type': 'application/json' });
    await expect.poll(() => events.at(-1)).toBe(name);
  }
  const told = () => audited.filter(({ verb }) => verb === 'watch').map(({ stage }) => stage);
  expect(told()).toEqual(['RequestReceived', 'ResponseStarted']);
  watch.destroy();
  await expect.poll(() => extension.watchers()).toBe(0);
  await expect.poll(told).toEqual(['RequestReceived', 'ResponseStarted', 'ResponseComplete']);
});

test('the audit log tells of it under the same name that the other server is given', async () => {
  await send('GET', `${collection}/none`, undefined, { 'audit-id': 'the-id' });
  expect(extension.seen[0]?.headers['audit-id']).toBe('the-id');
  expect(audited.map(({ stage, verb, responseStatus }) => [stage, verb, responseStatus?.code])).toEqual([
    ['RequestReceived', 'get', undefined],
    ['ResponseComplete', 'get', 404],
  ]);
});
