import { expect, test } from 'vitest';
import { startWithRoles } from './access.ts';

const core = '/api/v1/namespaces/default';

test('a kubelet does what kubelets do, and reads only what its pods refer to', async () => {
  const api = await startWithRoles();
  const node = 'system:node:n1@system:nodes';
  const code = async (method: string, path: string, body?: unknown) => (await api.as(node, method, path, body)).code;
  const message = async (method: string, path: string, body?: unknown) => (await api.as(node, method, path, body)).body.message;
  await api.send('POST', '/api/v1/nodes', { metadata: { name: 'n1' } });
  await api.send('POST', `${core}/serviceaccounts`, { metadata: { name: 'robot' } });
  for (const name of ['mine', 'other']) {
    await api.send('POST', `${core}/secrets`, { metadata: { name } });
    await api.send('POST', `${core}/configmaps`, { metadata: { name } });
  }
  const unrelated = (resource: string, verb = 'get', name = 'mine') =>
    `${resource.split('/')[0]} "${name}" is forbidden: User "system:node:n1" cannot ${verb} resource "${resource}" in API group "" in the namespace "default": no relationship found between node 'n1' and this object`;
  expect(await message('GET', `${core}/secrets/mine`)).toBe(unrelated('secrets'));

  const pod = await api.send('POST', `${core}/pods`, {
    metadata: { name: 'p' },
    spec: {
      nodeName: 'n1',
      serviceAccountName: 'robot',
      containers: [{ name: 'c', image: 'c', envFrom: [{ configMapRef: { name: 'mine' } }] }],
      volumes: [
        { name: 's', projected: { sources: [{ secret: { name: 'mine' } }] } },
        { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
      ],
    },
  });
  expect(await code('GET', `${core}/secrets/mine`)).toBe(200);
  expect(await code('GET', `${core}/secrets?fieldSelector=metadata.name%3Dmine`)).toBe(200);
  expect(await code('GET', `${core}/configmaps/mine`)).toBe(200);
  expect(await message('GET', `${core}/secrets/other`)).toBe(unrelated('secrets', 'get', 'other'));
  expect(await message('GET', `${core}/secrets`)).toContain(': No Object name found');
  expect(await message('DELETE', `${core}/secrets/mine`)).toContain(': can only read resources of this type');
  expect(await code('GET', `${core}/persistentvolumeclaims/data`)).toBe(404);
  expect(await message('GET', `${core}/persistentvolumeclaims/more`)).toContain('no relationship found');
  const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: pod.body.metadata.uid };
  expect(await code('POST', `${core}/serviceaccounts/robot/token`, { spec: { boundObjectRef } })).toBe(503);
  expect(await message('POST', `${core}/serviceaccounts/robot/token`, { spec: {} })).toContain('node requested token not bound to a pod');
  expect(await message('POST', `${core}/serviceaccounts/default/token`, { spec: {} })).toBe(
    unrelated('serviceaccounts/token', 'create', 'default'),
  );
  expect(await code('GET', '/api/v1/pods?fieldSelector=spec.nodeName%3Dn1')).toBe(200);
  expect(await message('GET', '/api/v1/pods')).toContain(': can only list/watch pods with spec.nodeName field selector');
  expect(await message('GET', '/api/v1/pods?fieldSelector=spec.nodeName%3Dn2')).toContain('with spec.nodeName field selector');
  expect(await code('GET', `${core}/pods/p`)).toBe(200);
  expect(await message('GET', `${core}/pods/q`)).toBe(unrelated('pods', 'get', 'q'));
  expect(await code('GET', '/api/v1/nodes/n1')).toBe(200);
  expect(await message('GET', '/api/v1/nodes/n2')).toContain(": node 'n1' cannot read 'n2', only its own Node object");
  expect(await message('GET', '/api/v1/nodes')).toContain(": node 'n1' cannot read all nodes, only its own Node object");
  expect(await code('DELETE', `${core}/configmaps`)).toBe(403);
  expect(await code('POST', `${core}/pods/p/eviction`, {})).not.toBe(403);
  const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
  expect(await message('GET', `${leases}/n2`)).toContain('can only access node lease with the same name as the requesting node');
  expect(await code('GET', `${leases}/n1`)).toBe(404);

  await api.send('DELETE', `${core}/pods/p`, { gracePeriodSeconds: 0 });
  expect(await message('GET', `${core}/secrets/mine`)).toBe(unrelated('secrets'));
  expect((await api.as('system:node:n1', 'GET', '/api/v1/nodes')).code).toBe(403);
});
