import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import type { CertificateSigningRequest } from '../../runtime/api/generated/types/certificates/v1.ts';
import { CertificateAuthority, type KeyPair } from '../../runtime/bootstrap/certificates.ts';
import { ApiError } from '../../runtime/client/client.ts';
import { certificateSigningRequests, clusterRoleBindings, clusterRoles } from '../../runtime/client/resources.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { createSteppedClock } from '../../runtime/simulation/stepped-clock.ts';
import { settle } from '../client/settle.ts';
import { createWorld, type World } from './world.ts';

const start = Date.UTC(2026, 0, 1);
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };

let authority: KeyPair;
let world: World;
beforeAll(async () => {
  authority = await (await CertificateAuthority.create(createSteppedClock(start, settle), createSeededRandom(1))).keyPair();
});
beforeEach(async () => {
  world = await createWorld({ nodes: 0, signingAuthority: authority });
});
afterEach(() => world.stop());

interface Asked {
  readonly name?: string;
  readonly signerName?: string;
  readonly usages?: string[];
  readonly expirationSeconds?: number;
  readonly subject?: x509.JsonName;
  readonly names?: x509.JsonGeneralNames;
  readonly algorithm?: typeof ecdsa | typeof rsa;
}

const forClients = 'kubernetes.io/kube-apiserver-client';
const kubelet = 'kubernetes.io/kube-apiserver-client-kubelet';
const serving = 'kubernetes.io/kubelet-serving';
const nodeSubject = [{ O: ['system:nodes'] }, { CN: ['system:node:node-1'] }];

async function ask(asked: Asked = {}, client = world.client): Promise<string> {
  const { name = 'jane', subject = [{ O: ['dev', 'ops'] }, { CN: ['jane'] }], names = [], algorithm = ecdsa } = asked;
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const extensions = names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : [];
  const request = await x509.Pkcs10CertificateRequestGenerator.create({ name: subject, keys, signingAlgorithm: algorithm, extensions });
  const { signerName = forClients, usages = ['client auth'], expirationSeconds } = asked;
  await client.resource(certificateSigningRequests).create({
    metadata: { name },
    spec: {
      request: btoa(request.toString('pem')),
      signerName,
      usages,
      ...(expirationSeconds !== undefined && { expirationSeconds }),
    },
  });
  return name;
}

async function decide(name: string, type: 'Approved' | 'Denied'): Promise<void> {
  const resource = world.client.resource(certificateSigningRequests);
  const request = await resource.get(name);
  const condition = { type, status: 'True', reason: 'Because', message: 'I say so' };
  await resource.update({ ...request, status: { conditions: [condition] } }, 'approval');
  await world.clock.advance(1000);
}

const find = (name: string) => world.client.resource(certificateSigningRequests).get(name);

/** The request once this is true of it: keys are worked with outside of the clock's time. */
async function once(name: string, is: (status: NonNullable<CertificateSigningRequest['status']>) => boolean) {
  for (let turn = 0; turn < 200; turn++) {
    const { status = {} } = await find(name);
    if (is(status)) return status;
    await settle();
    await world.clock.advance(10);
  }
  throw new Error(`${name} does not get there: ${JSON.stringify((await find(name)).status)}`);
}

async function certificateOf(name: string): Promise<x509.X509Certificate> {
  const status = await once(name, ({ certificate }) => certificate !== undefined);
  return new x509.X509Certificate(atob(status?.certificate ?? ''));
}

describe('signing', () => {
  it('gives who was approved a certificate of the cluster’s authority for its name and groups', async () => {
    await ask({ usages: ['client auth', 'digital signature', 'key encipherment'] });
    await world.clock.advance(1000);
    expect((await find('jane')).status?.certificate).toBeUndefined();
    await decide('jane', 'Approved');
    const certificate = await certificateOf('jane');
    const root = new x509.X509Certificate(authority.certificate);
    expect(await certificate.verify({ publicKey: root.publicKey, date: new Date(start + 60_000) })).toBe(true);
    expect(certificate.issuer).toBe('CN=kubernetes');
    expect(certificate.subjectName.getField('CN')).toEqual(['jane']);
    expect(certificate.subjectName.getField('O')).toEqual(['dev', 'ops']);
    expect(certificate.getExtension(x509.KeyUsagesExtension)).toMatchObject({
      critical: true,
      usages: x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
    });
    expect(certificate.getExtension(x509.ExtendedKeyUsageExtension)?.usages).toEqual([x509.ExtendedKeyUsage.clientAuth]);
    expect(certificate.getExtension(x509.BasicConstraintsExtension)).toMatchObject({ critical: true, ca: false });
    expect(certificate.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId).toBe(
      root.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
    );
  });

  it('signs RSA keys, too', async () => {
    await ask({ algorithm: rsa });
    await decide('jane', 'Approved');
    expect((await certificateOf('jane')).publicKey.algorithm.name).toBe('RSASSA-PKCS1-v1_5');
  });

  it.each([
    ['a year, less what it is dated back', undefined, 365 * 86_400 - 300],
    ['no longer than a year', 1_000_000_000, 365 * 86_400 - 300],
    ['as long as it is asked for', 86_400, 86_400 - 300],
    ['all of it when that is short', 3600, 3600],
    ['ten minutes at least', 600, 600],
  ])('makes certificates valid for %s', async (_, expirationSeconds, seconds) => {
    await ask(expirationSeconds === undefined ? {} : { expirationSeconds });
    const before = world.clock.now();
    await decide('jane', 'Approved');
    const { notBefore, notAfter } = await certificateOf('jane');
    const signed = notBefore.getTime() + 300_000;
    expect(signed).toBeGreaterThanOrEqual(before - 1000);
    expect(signed).toBeLessThanOrEqual(world.clock.now());
    expect(notAfter.getTime() - signed).toBe(seconds * 1000);
  });

  it('keeps the names of servers, and nothing of a subject that Go would not know', async () => {
    const names: x509.JsonGeneralNames = [
      { type: 'ip', value: '10.0.0.1' },
      { type: 'dns', value: 'node-1' },
    ];
    const subject = [{ CN: ['system:node:node-1'] }, { O: ['system:nodes'] }, { '1.3.6.1.4.1.57683.2': ['uid'] }];
    await ask({ signerName: serving, usages: ['digital signature', 'server auth'], subject, names });
    await decide('jane', 'Approved');
    const certificate = await certificateOf('jane');
    expect(certificate.subject).toBe('O=system:nodes, CN=system:node:node-1');
    expect(certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON()).toEqual([
      { type: 'dns', value: 'node-1' },
      { type: 'ip', value: '10.0.0.1' },
    ]);
  });

  it.each<[string, Asked, string]>([
    ['no client', { usages: ['server auth', 'client auth'] }, 'invalid usage for client certificate: server auth'],
    ['no purpose', { usages: ['digital signature'] }, 'missing required usage for client certificate: client auth'],
    ['no node', { signerName: kubelet, usages: ['client auth'] }, 'subject organization is not system:nodes'],
    [
      'nodes of another name',
      { signerName: kubelet, subject: [{ O: ['system:nodes'] }, { CN: ['jane'] }] },
      'subject common name does not begin with system:node:',
    ],
    [
      'a kubelet that is a server',
      { signerName: kubelet, subject: nodeSubject, names: [{ type: 'dns', value: 'x' }] },
      'DNS subjectAltNames are not allowed',
    ],
    [
      'other usages of a kubelet',
      { signerName: kubelet, subject: nodeSubject },
      'usages did not match [client auth digital signature key encipherment]',
    ],
    ['a server without a name', { signerName: serving, subject: nodeSubject }, 'DNS or IP subjectAltName is required'],
    [
      'a server with a mail address',
      {
        signerName: serving,
        subject: nodeSubject,
        names: [
          { type: 'dns', value: 'x' },
          { type: 'email', value: 'a@b.c' },
        ],
      },
      'Email subjectAltNames are not allowed',
    ],
  ])('marks as failed what the signer refuses: %s', async (_, asked, message) => {
    await ask(asked);
    await decide('jane', 'Approved');
    const status = await once('jane', ({ conditions = [] }) => conditions.length > 1);
    expect(status.certificate).toBeUndefined();
    expect(status.conditions?.slice(1)).toEqual([
      {
        type: 'Failed',
        status: 'True',
        reason: 'SignerValidationFailure',
        message,
        lastUpdateTime: expect.any(String),
        lastTransitionTime: expect.any(String),
      },
    ]);
  });

  it('leaves alone what is denied or for others to sign', async () => {
    await ask({ name: 'denied' });
    await ask({ name: 'foreign', signerName: 'example.com/own' });
    await decide('denied', 'Denied');
    await decide('foreign', 'Approved');
    for (const name of ['denied', 'foreign']) expect((await find(name)).status?.certificate).toBeUndefined();
  });
});

describe('approving', () => {
  const usages = ['digital signature', 'client auth'];

  async function allow(part: string): Promise<void> {
    const rule = { apiGroups: ['certificates.k8s.io'], resources: [part], verbs: ['create'] };
    const name = part.replace('/', '-');
    await world.client.resource(clusterRoles).create({ metadata: { name }, rules: [rule] });
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'system:node:node-1' }];
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
    await world.client.resource(clusterRoleBindings).create({ metadata: { name }, roleRef, subjects });
  }

  const request = async (asked: Asked): Promise<CertificateSigningRequest> => {
    await allow('certificatesigningrequests');
    await ask({ signerName: kubelet, usages, ...asked }, world.as({ name: 'system:node:node-1', groups: [] }));
    await world.clock.advance(2000);
    return find('jane');
  };

  it.each([
    [
      'certificatesigningrequests/selfnodeclient',
      'system:node:node-1',
      'Auto approving self kubelet client certificate after SubjectAccessReview.',
    ],
    ['certificatesigningrequests/nodeclient', 'system:node:node-2', 'Auto approving kubelet client certificate after SubjectAccessReview.'],
  ])('gives kubelets their certificates where they may have them: %s', async (part, commonName, message) => {
    await allow(part);
    await request({ subject: [{ O: ['system:nodes'] }, { CN: [commonName] }] });
    const status = await once('jane', ({ conditions = [] }) => conditions.length > 0);
    expect(status.conditions).toMatchObject([{ type: 'Approved', status: 'True', reason: 'AutoApproved', message }]);
    expect((await certificateOf('jane')).subjectName.getField('CN')).toEqual([commonName]);
  });

  it('waits for somebody who decides where they may not, and tries again', async () => {
    const { status } = await request({ subject: nodeSubject });
    expect(status?.conditions).toBeUndefined();
    await allow('certificatesigningrequests/selfnodeclient');
    await world.clock.advance(60_000);
    expect((await certificateOf('jane')).subjectName.getField('O')).toEqual(['system:nodes']);
  });
});

test('requests go when nobody needs them any more', async () => {
  await ask({ name: 'pending' });
  for (const [name, type] of [
    ['approved', 'Approved'],
    ['denied', 'Denied'],
  ] as const) {
    await ask({ name });
    await decide(name, type);
  }
  await ask({ name: 'brief', expirationSeconds: 600 });
  await decide('brief', 'Approved');
  for (const name of ['approved', 'brief']) await certificateOf(name);
  const left = async () => (await world.list(certificateSigningRequests)).map(({ metadata }) => metadata?.name).sort();
  await world.clock.advance(50 * 60_000);
  expect(await left()).toEqual(['approved', 'brief', 'denied', 'pending']);
  await world.clock.advance(15 * 60_000);
  // What was signed for ten minutes is of no use after an hour, whoever looks.
  expect(await left()).not.toContain('brief');
  await world.clock.advance(2 * 3_600_000);
  expect(await left()).toEqual(['pending']);
  await world.clock.advance(24 * 3_600_000);
  expect(await left()).toEqual([]);
  await expect(find('pending')).rejects.toThrow(ApiError);
});
