import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { Duplex } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PodNetwork } from '../../runtime/apiserver/services/network.ts';
import type { ByteConnection } from '../../runtime/apiserver/streams.ts';
import { CertificateAuthority } from '../../runtime/bootstrap/certificates.ts';
import { createRealClock } from '../../runtime/host/node/clock.ts';
import { loopbackWebhooks } from '../../runtime/host/node/https-client/webhooks.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { type Admission, startAdmission } from '../apiserver/admission/admission.ts';

let server: Server;
let port = 0;
let ca = '';

beforeAll(async () => {
  const authority = await CertificateAuthority.create(createRealClock(), createSeededRandom(1));
  ca = (await authority.keyPair()).certificate;
  const { certificate, key } = await authority.issueServer({ commonName: 'webhook' }, ['localhost', 'judge.default.svc'], ['127.0.0.1']);
  server = createServer({ cert: certificate, key }, async (request, response) => {
    if (request.url?.startsWith('/moved')) {
      request.resume();
      response.writeHead(308, { location: '/judge' }).end();
      return;
    }
    if (request.url?.startsWith('/broken')) {
      request.resume();
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"secret":"of the webhook"}');
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const review = JSON.parse(Buffer.concat(chunks).toString());
    const allowed = review.request.name !== 'bad';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...review, request: undefined, response: { uid: review.request.uid, allowed } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  for (const socket of openSockets) socket.destroy();
  server.closeAllConnections();
  server.close();
});

const openSockets: Duplex[] = [];

/** A network whose pods are all on this machine, each at its port. */
const podNetwork: PodNetwork = {
  async dial(address, podPort) {
    if (address !== '10.244.1.2') throw new Error(`dial tcp ${address}:${podPort}: connect: connection refused`);
    const socket = connect(podPort, '127.0.0.1');
    openSockets.push(socket);
    // The platform's streams are Node's.
    return Duplex.toWeb(socket) as unknown as ByteConnection;
  },
};

async function ask(url: string, caBundle: string, name: string): Promise<string> {
  return judged({ url }, caBundle, name, await startAdmission({ webhooks: loopbackWebhooks() }));
}

async function judged(clientConfig: object, caBundle: string, name: string, { api, create }: Admission): Promise<string> {
  await api.send('POST', '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', {
    metadata: { name: 'v' },
    webhooks: [
      {
        name: 'judge.example.com',
        clientConfig: { ...clientConfig, caBundle: btoa(caBundle) },
        rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  });
  return (await create('configmaps', { metadata: { name } })).body.message ?? 'made';
}

test('a webhook on this machine is asked over HTTPS and must show a certificate of its authority', async () => {
  for (const host of ['127.0.0.1', 'localhost']) {
    expect(await ask(`https://${host}:${port}/judge`, ca, 'good')).toBe('made');
    expect(await ask(`https://${host}:${port}/judge`, ca, 'bad')).toBe(
      'admission webhook "judge.example.com" denied the request without explanation',
    );
  }
  const other = await CertificateAuthority.create(createRealClock(), createSeededRandom(2));
  expect(await ask(`https://127.0.0.1:${port}/`, (await other.keyPair()).certificate, 'good')).toMatch(
    /: Post "https:.*": tls: failed to verify certificate: x509: certificate signed by unknown authority$/,
  );
});

test('a webhook may lead elsewhere, and what it fails with is repeated only where it is a text', async () => {
  expect(await ask(`https://127.0.0.1:${port}/moved`, ca, 'bad')).toBe(denied);
  expect(await ask(`https://127.0.0.1:${port}/broken`, ca, 'good')).toMatch(
    /an error on the server \("unknown"\) has prevented the request from succeeding$/,
  );
});

test('nothing beyond this machine is called', async () => {
  expect(await ask('https://example.com/', ca, 'good')).toMatch(/example\.com is not on this machine/);
  expect(await ask('https://10.0.0.1/', ca, 'good')).toMatch(/10\.0\.0\.1 is not on this machine/);
});

async function askService(
  spec: object,
  endpoint: { address: string; port: number; ready?: boolean } | undefined,
  name = 'bad',
  service = 'judge',
) {
  const admission = await startAdmission({ webhooks: loopbackWebhooks(), podNetwork });
  await admission.create('services', { metadata: { name: service }, spec });
  if (endpoint !== undefined) {
    await admission.create('discovery.k8s.io/endpointslices', {
      metadata: { name: 'slice', labels: { 'kubernetes.io/service-name': service } },
      addressType: 'IPv4',
      ports: [{ name: 'https', port: endpoint.port }],
      endpoints: [{ addresses: [endpoint.address], conditions: { ready: endpoint.ready ?? true } }],
    });
  }
  return judged({ service: { namespace: 'default', name: service, port: 8443 } }, ca, name, admission);
}

const denied = 'admission webhook "judge.example.com" denied the request without explanation';
const failed = (why: string, service = 'judge') =>
  `Internal error occurred: failed calling webhook "judge.example.com": failed to call webhook: Post "https://${service}.default.svc:8443/?timeout=10s": ${why}`;

test('a webhook behind a service is reached at a ready endpoint, and must show a certificate for the name of the service', async () => {
  const spec = { ports: [{ name: 'https', port: 8443 }], clusterIP: '10.96.0.77' };
  expect(await askService(spec, { address: '10.244.1.2', port })).toBe(denied);
  expect(await askService(spec, { address: '10.244.1.2', port }, 'good')).toBe('made');
  const refused = failed('dial tcp 10.96.0.77:8443: connect: connection refused');
  expect(await askService(spec, { address: '10.244.1.2', port, ready: false })).toBe(refused);
  expect(await askService(spec, undefined)).toBe(refused);
  expect(await askService(spec, { address: '10.244.1.9', port: 1 })).toBe(failed('dial tcp 10.244.1.9:1: connect: connection refused'));
  expect(await askService({ ...spec, ports: [{ name: 'https', port: 443 }] }, undefined)).toBe(
    failed('no service port 8443 found for service "judge"'),
  );
  expect(await askService({ ...spec, clusterIP: 'None' }, undefined)).toBe(failed('cannot route to service with ClusterIP "None"'));
  expect(await askService(spec, { address: '10.244.1.2', port }, 'bad', 'other')).toBe(
    failed(
      'tls: failed to verify certificate: x509: certificate is valid for localhost, judge.default.svc, 127.0.0.1, not other.default.svc',
      'other',
    ),
  );
});

test('a service with an external name leads to this machine, and nowhere else', async () => {
  const admission = await startAdmission({ webhooks: loopbackWebhooks() });
  await admission.create('services', { metadata: { name: 'judge' }, spec: { type: 'ExternalName', externalName: 'localhost' } });
  expect(await judged({ service: { namespace: 'default', name: 'judge', port } }, ca, 'bad', admission)).toBe(denied);
  expect(await askService({ type: 'ExternalName', externalName: 'example.com' }, undefined)).toMatch(/example\.com is not on this machine/);
});

test('what answers without TLS, as simulated containers do, is told from a webhook', async () => {
  const plain = createHttpServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const { port: plainPort } = plain.address() as AddressInfo;
  const spec = { ports: [{ name: 'https', port: 8443 }] };
  expect(await askService(spec, { address: '10.244.1.2', port: plainPort })).toBe(
    failed('http: server gave HTTP response to HTTPS client'),
  );
  plain.closeAllConnections();
  plain.close();
});
