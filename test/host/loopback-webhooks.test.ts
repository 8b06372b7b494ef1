import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CertificateAuthority } from '../../runtime/bootstrap/certificates.ts';
import { createRealClock } from '../../runtime/host/node/clock.ts';
import { loopbackWebhooks } from '../../runtime/host/node/webhooks.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { startAdmission } from '../apiserver/admission/admission.ts';

let server: Server;
let port = 0;
let ca = '';

beforeAll(async () => {
  const authority = await CertificateAuthority.create(createRealClock(), createSeededRandom(1));
  ca = (await authority.keyPair()).certificate;
  const { certificate, key } = await authority.issueServer({ commonName: 'webhook' }, ['localhost'], ['127.0.0.1']);
  server = createServer({ cert: certificate, key }, async (request, response) => {
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
  server.closeAllConnections();
  server.close();
});

async function ask(url: string, caBundle: string, name: string): Promise<string> {
  const { api, create } = await startAdmission({ admissionConfiguration: { webhooks: loopbackWebhooks() } });
  await api.send('POST', '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', {
    metadata: { name: 'v' },
    webhooks: [
      {
        name: 'judge.example.com',
        clientConfig: { url, caBundle: btoa(caBundle) },
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
    /failed calling webhook.*(certificate|signature)/,
  );
});

test('nothing beyond this machine is called', async () => {
  expect(await ask('https://example.com/', ca, 'good')).toMatch(/example\.com is not on this machine/);
  expect(await ask('https://10.0.0.1/', ca, 'good')).toMatch(/10\.0\.0\.1 is not on this machine/);
});
