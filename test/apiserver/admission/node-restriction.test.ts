import { expect, test } from 'vitest';
import type { Authorizer } from '../../../runtime/apiserver/authorization/authorizer.ts';
import { startAdmission } from './admission.ts';

const everything: Authorizer = { authorize: () => ({ decision: 'allow' }), rulesFor: () => ({ resourceRules: [], nonResourceRules: [] }) };
const peer = { component: { name: 'system:node:n1', groups: ['system:nodes'] } };
const merge = { 'content-type': 'application/merge-patch+json' };

/** A server that leaves everything to admission, with the nodes n1 and n2 and a pod on n2. */
async function start(authorizer = everything) {
  const admission = await startAdmission({ authorizer });
  const { api, create } = admission;
  for (const name of ['n1', 'n2']) await api.send('POST', '/api/v1/nodes', { metadata: { name } });
  await create('pods', { metadata: { name: 'other' }, spec: { nodeName: 'n2', containers: [{ name: 'a', image: 'a' }] } });
  const as = async (method: string, path: string, body?: object, headers = {}) => {
    const { code, body: answer } = await api.send(method, path, body, headers, peer);
    return code < 300 ? code : answer.message;
  };
  return { ...admission, as };
}

async function certificateRequest(commonName: string): Promise<string> {
  await import('reflect-metadata');
  const { Pkcs10CertificateRequestGenerator } = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const name = `CN=${commonName}, O=system:nodes`;
  const csr = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: algorithm });
  return btoa(csr.toString('pem'));
}

const pods = '/api/v1/namespaces/default/pods';

test('a node says of itself what nodes may say, and nothing of others', async () => {
  const { as } = await start();
  const label = (key: string, node = 'n1') => as('PATCH', `/api/v1/nodes/${node}`, { metadata: { labels: { [key]: 'x' } } }, merge);
  expect(await label('example.com/rack')).toBe(200);
  expect(await label('kubernetes.io/hostname')).toBe(200);
  expect(await label('foo.node.kubernetes.io/x')).toBe(200);
  expect(await label('example.com/rack', 'n2')).toBe('nodes "n2" is forbidden: node "n1" is not allowed to modify node "n2"');
  expect(await label('node-role.kubernetes.io/master')).toBe(
    'nodes "n1" is forbidden: is not allowed to modify labels: node-role.kubernetes.io/master',
  );
  expect(await label('a.node-restriction.kubernetes.io/x')).toBe(
    'nodes "n1" is forbidden: is not allowed to modify labels: a.node-restriction.kubernetes.io/x',
  );
  expect(await as('PATCH', '/api/v1/nodes/n1', { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }, merge)).toBe(
    'nodes "n1" is forbidden: node "n1" is not allowed to modify taints',
  );
  expect(await as('POST', '/api/v1/nodes', { metadata: { name: 'n3' } })).toBe(
    'nodes "n3" is forbidden: node "n1" is not allowed to modify node "n3"',
  );
});

test('of pods a node makes mirrors alone and touches its own', async () => {
  const { api, as } = await start();
  const uid = (await api.send('GET', '/api/v1/nodes/n1')).body.metadata.uid;
  const owner = { apiVersion: 'v1', kind: 'Node', name: 'n1', uid, controller: true };
  const annotations = { 'kubernetes.io/config.mirror': 'x', 'kubernetes.io/config.hash': 'x' };
  const mirror = (metadata: object, spec: object = {}) =>
    as('POST', pods, {
      metadata: { name: 'm', annotations, ownerReferences: [owner], ...metadata },
      spec: { nodeName: 'n1', containers: [{ name: 'a', image: 'a' }], ...spec },
    });
  const refused = (why: string) => `pods "m" is forbidden: ${why}`;
  expect(await mirror({ annotations: {} })).toBe(
    refused('pod does not have "kubernetes.io/config.mirror" annotation, node "n1" can only create mirror pods'),
  );
  expect(await mirror({}, { nodeName: 'n2' })).toBe(refused('node "n1" can only create pods with spec.nodeName set to itself'));
  expect(await mirror({ ownerReferences: [] })).toBe(refused('node "n1" can only create pods with an owner reference set to itself'));
  expect(await mirror({ ownerReferences: [{ ...owner, uid: 'x' }] })).toBe(refused(`node n1 UID mismatch: expected x got ${uid}`));
  expect(await mirror({}, { volumes: [{ name: 'v', configMap: { name: 'c' } }] })).toBe(
    refused('node "n1" can not create pods that reference configmaps'),
  );
  expect(await mirror({})).toBe(201);
  const other = (why: string) => `pods "other" is forbidden: ${why}`;
  expect(await as('DELETE', `${pods}/other`)).toBe(other('node "n1" can only delete pods with spec.nodeName set to itself'));
  expect(await as('PATCH', `${pods}/other/status`, { status: { phase: 'Running' } }, merge)).toBe(
    other('node "n1" can only update pod status for pods with spec.nodeName set to itself'),
  );
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'other' } };
  expect(await as('POST', `${pods}/other/eviction`, eviction)).toBe(other('node n1 can only evict pods with spec.nodeName set to itself'));
  expect(await as('PATCH', `${pods}/m/status`, { metadata: { labels: { a: 'b' } } }, merge)).toBe(
    refused('node "n1" cannot update labels through pod status'),
  );
  expect(await as('PATCH', `${pods}/m`, { metadata: { labels: { a: 'b' } } }, merge)).toBe(
    refused('unexpected operation "UPDATE", node "n1" can only create and delete mirror pods'),
  );
  expect(await as('DELETE', `${pods}/m?gracePeriodSeconds=0`)).toBe(200);
});

test('leases and tokens are for the node and for its pods', async () => {
  const { as } = await start();
  const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
  expect(await as('POST', leases, { metadata: { name: 'n1' } })).toBe(
    'leases.coordination.k8s.io "n1" is forbidden: can only access leases in the "kube-node-lease" system namespace',
  );
  expect(await as('POST', '/apis/storage.k8s.io/v1/csinodes', { metadata: { name: 'n2' }, spec: { drivers: [] } })).toBe(
    'csinodes.storage.k8s.io "n2" is forbidden: can only access CSINode with the same name as the requesting node',
  );
  const token = (boundObjectRef?: object) =>
    as('POST', '/api/v1/namespaces/default/serviceaccounts/default/token', { spec: { boundObjectRef } });
  const refused = (why: string) => `serviceaccounts "default" is forbidden: ${why}`;
  expect(await token()).toBe(refused('node requested token not bound to a pod'));
  expect(await token({ apiVersion: 'v1', kind: 'Pod', name: 'other' })).toBe(
    refused('node requested token with a pod binding without a uid'),
  );
  expect(await token({ apiVersion: 'v1', kind: 'Pod', name: 'none', uid: 'x' })).toBe('pod "none" not found');
});

test('a node asks for tokens for whom its pod uses them, or for whom it was allowed to', async () => {
  const allowed: string[] = [];
  const authorizer: Authorizer = {
    ...everything,
    authorize: ({ verb, resource, name }) =>
      verb !== 'request-serviceaccounts-token-audience' || allowed.includes(`${resource} ${name}`)
        ? { decision: 'allow' }
        : { decision: 'none' },
  };
  const { api, as, create } = await start(authorizer);
  const size = { accessModes: ['ReadOnlyMany'], resources: { requests: { storage: '1' } } };
  const volume = (source: object) => ({ accessModes: ['ReadOnlyMany'], capacity: { storage: '1' }, ...source });
  for (const [name, source] of [
    ['csi', { csi: { driver: 'csi.example.com', volumeHandle: 'h' } }],
    ['file', { azureFile: { shareName: 's', secretName: 's' } }],
  ] as const) {
    await api.send('POST', '/api/v1/persistentvolumes', { metadata: { name }, spec: volume(source) });
    await create('persistentvolumeclaims', { metadata: { name }, spec: { ...size, volumeName: name } });
  }
  const asked = async (volumes: object[], ...audiences: string[]) => {
    await api.send('DELETE', `${pods}/p?gracePeriodSeconds=0`);
    const spec = { nodeName: 'n1', automountServiceAccountToken: false, containers: [{ name: 'a', image: 'a' }], volumes };
    const pod = await create('pods', { metadata: { name: 'p' }, spec });
    const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: pod.body.metadata.uid };
    const told = await as('POST', '/api/v1/namespaces/default/serviceaccounts/default/token', { spec: { boundObjectRef, audiences } });
    return told.replace('serviceaccounts "default" is forbidden: ', '');
  };
  const admitted = 'this API server has no key to sign tokens with';
  const missing = (audience: string) =>
    `audience "${audience}" not found in pod spec volume, system:node:n1 is not authorized to request tokens for this audience`;
  const token = (audience?: string) => ({ name: 't', projected: { sources: [{ serviceAccountToken: { audience, path: 't' } }] } });
  const claim = (claimName: string) => ({ name: 'c', persistentVolumeClaim: { claimName } });
  const inline = { name: 'i', csi: { driver: 'csi.example.com' } };

  expect(await asked([token()])).toBe(admitted);
  expect(await asked([token('vault')], 'vault')).toBe(admitted);
  expect(await asked([token('vault')])).toBe(missing(''));
  expect(await asked([token('vault')], 'vault', 'other')).toBe('node may only request 0 or 1 audiences');
  const notFound = (what: string) => `error validating audience "cloud": ${what} not found`;
  expect(await asked([inline], 'cloud')).toBe(notFound('csidriver.storage.k8s.io "csi.example.com"'));
  expect(await asked([claim('none')], 'cloud')).toBe(notFound('persistentvolumeclaim "none"'));
  expect(await asked([claim('none'), inline], 'cloud')).toBe(
    'error validating audience "cloud": [persistentvolumeclaim "none" not found, csidriver.storage.k8s.io "csi.example.com" not found]',
  );
  for (const name of ['csi.example.com', 'file.csi.azure.com']) {
    await api.send('POST', '/apis/storage.k8s.io/v1/csidrivers', { metadata: { name }, spec: { tokenRequests: [{ audience: 'cloud' }] } });
  }
  const file = { name: 'f', azureFile: { shareName: 's', secretName: 's' } };
  for (const volumes of [[inline], [claim('csi')], [claim('file')], [file], [claim('none'), inline]]) {
    expect(await asked(volumes, 'cloud')).toBe(admitted);
  }
  expect(await asked([inline], 'elsewhere')).toBe(missing('elsewhere'));
  allowed.push('elsewhere default');
  expect(await asked([], 'elsewhere')).toBe(admitted);
});

test('a node asks for certificates of its own', async () => {
  const { as } = await start();
  const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
  const ask = async (commonName: string, signerName: string) => {
    const request = await certificateRequest(commonName);
    const spec = { request, signerName, usages: ['digital signature', 'client auth'] };
    return as('POST', `${requests}?dryRun=All`, { metadata: { name: 'r' }, spec });
  };
  const kubelet = 'kubernetes.io/kube-apiserver-client-kubelet';
  expect(await ask('system:node:n1', kubelet)).toBe(201);
  expect(await ask('system:node:n2', 'example.com/any')).toBe(201);
  for (const signer of [kubelet, 'kubernetes.io/kubelet-serving']) {
    expect(await ask('system:node:n2', signer)).toBe(
      'certificatesigningrequests.certificates.k8s.io "r" is forbidden: can only create a node CSR with CN=system:node:n1',
    );
  }
});
