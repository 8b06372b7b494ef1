import 'reflect-metadata';
import { KeyObject } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import * as x509 from '@peculiar/x509';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CertificateAuthority, type KeyPair } from '../../runtime/bootstrap/certificates.ts';
import { createRealClock } from '../../runtime/host/node/clock.ts';
import { createSystemRandom } from '../../runtime/host/node/random.ts';
import { adminToken, type Served, serveApi } from './https.ts';

const whoami = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const uidAttribute = '1.3.6.1.4.1.57683.2';
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const anybody = { authorize: () => ({ decision: 'allow' as const }), rulesFor: () => ({ resourceRules: [], nonResourceRules: [] }) };

let served: Served;
let foreign: KeyPair;
beforeAll(async () => {
  served = await serveApi({ authorizer: anybody });
  foreign = await (await CertificateAuthority.create(createRealClock(), createSystemRandom())).keyPair();
});
afterAll(() => served.listener.close());

/** A certificate for a subject, signed by the cluster's authority or another one. */
async function issue(subject: x509.JsonName, by?: KeyPair, usage = x509.ExtendedKeyUsage.clientAuth): Promise<KeyPair> {
  const { certificate, key } = by ?? { certificate: served.pki.ca, key: served.pki.caKey ?? '' };
  const der = x509.PemConverter.decodeFirst(key);
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.create({
    subject,
    issuer: new x509.X509Certificate(certificate).subjectName,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 600_000),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: await crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']),
    extensions: [new x509.ExtendedKeyUsageExtension([usage])],
  });
  return {
    certificate: made.toString('pem'),
    key: String(KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' })),
  };
}

/** Of each answer, whether its connection has gone on with the session of another. */
const resumed: boolean[] = [];

/** Who the server takes somebody for; the code of a refusal. */
async function who({ certificate, key }: KeyPair, headers: OutgoingHttpHeaders = {}, agent: Agent | false = false): Promise<unknown> {
  const tls = { host: '127.0.0.1', port: served.port, ca: served.pki.ca, cert: certificate, key, agent };
  return new Promise((resolve, reject) => {
    const sent = request(
      { ...tls, path: whoami, method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (answer) => {
        let text = '';
        resumed.push((answer.socket as TLSSocket).isSessionReused());
        answer.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        answer.on('end', () => resolve(answer.statusCode === 201 ? JSON.parse(text).status.userInfo : answer.statusCode));
      },
    );
    sent.on('error', reject);
    // Text would make Node write the header in its encoding, too.
    sent.end(Buffer.from('{}'));
  });
}

it('takes name, groups and uid from the subject of a certificate', async () => {
  const subject = [{ O: ['dev', 'ops'] }, { CN: ['jane'] }, { [uidAttribute]: ['u-1'] }];
  expect(await who(await issue(subject))).toMatchObject({
    username: 'jane',
    uid: 'u-1',
    groups: ['dev', 'ops', 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^X509SHA256=[0-9a-f]{64}$/)] },
  });
  expect(await who(await issue([{ CN: ['first'] }, { CN: ['last'] }]))).toMatchObject({
    username: 'last',
    groups: ['system:authenticated'],
  });
  expect(await who(await issue([{ O: ['dev'] }]))).toMatchObject({ username: 'system:anonymous' });
});

it('lets nobody in by a certificate that is not for this, and still takes a token beside it', async () => {
  const jane = [{ CN: ['jane'] }];
  const refused = [
    await issue(jane, foreign),
    await issue(jane, undefined, x509.ExtendedKeyUsage.serverAuth),
    await issue([...jane, { [uidAttribute]: ['a'] }, { [uidAttribute]: ['b'] }]),
  ];
  for (const pair of refused) {
    expect(await who(pair)).toBe(401);
    expect(await who(pair, { authorization: 'Bearer the-admin' })).toMatchObject({ username: 'admin' });
  }
});

it('believes a front proxy whose request it is, and nobody else', async () => {
  const { client } = served.pki.frontProxy;
  const named = {
    'x-remote-user': Buffer.from('josé').toString('latin1'),
    'x-remote-uid': 'u-2',
    'x-remote-group': ['dev', 'ops'],
    'x-remote-extra-acme.com%2Fproject': 'some-project',
    'x-remote-extra-scopes': ['a', 'b'],
  };
  expect(await who(client, named)).toEqual({
    username: 'josé',
    uid: 'u-2',
    groups: ['dev', 'ops', 'system:authenticated'],
    extra: { 'acme.com/project': ['some-project'], scopes: ['a', 'b'] },
  });
  expect(await who(client, { 'x-remote-user': 'jane' })).toEqual({ username: 'jane', groups: ['system:authenticated'] });
  // It has no name of its own.
  expect(await who(client)).toBe(401);
  expect(await who(client, { authorization: `Bearer ${adminToken}` })).toMatchObject({ username: 'admin' });
  expect(await who(await issue([{ CN: ['jane'] }]), { 'x-remote-user': 'admin' })).toMatchObject({ username: 'jane' });
});

it('knows who it is when a session goes on in another connection', async () => {
  const agent = new Agent();
  for (let count = 0; count < 2; count++) {
    expect(await who(served.pki.frontProxy.client, { 'x-remote-user': 'joe' }, agent)).toMatchObject({ username: 'joe' });
  }
  expect(resumed.slice(-2)).toEqual([false, true]);
});
