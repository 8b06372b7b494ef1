import { expect, test } from 'vitest';
import type { Authorizer } from '../../../runtime/apiserver/authorization/authorizer.ts';
import { startAdmission } from './admission.ts';

const everything: Authorizer = { authorize: () => ({ decision: 'allow' }), rulesFor: () => ({ resourceRules: [], nonResourceRules: [] }) };
const peer = { component: { name: 'system:node:n1', groups: ['system:nodes'] } };
const merge = { 'content-type': 'application/merge-patch+json' };

/** A server that leaves everything to admission, with the nodes n1 and n2 and a pod on n2. */
async function start() {
  const admission = await startAdmission({ authorizer: everything });
  const { api, create } = admission;
  for (const name of ['n1', 'n2']) await api.send('POST', '/api/v1/nodes', { metadata: { name } });
  await create('pods', { metadata: { name: 'other' }, spec: { nodeName: 'n2', containers: [{ name: 'a', image: 'a' }] } });
  const as = async (method: string, path: string, body?: object, headers = {}) => {
    const { code, body: answer } = await api.send(method, path, body, headers, peer);
    return code < 300 ? code : answer.message;
  };
  return { ...admission, as };
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
