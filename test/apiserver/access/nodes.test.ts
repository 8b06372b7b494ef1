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

test('a kubelet reads the secrets of volumes, claims made for its pods, and what is attached to its node', async () => {
  const api = await startWithRoles();
  const n1 = 'system:node:n1@system:nodes';
  const code = async (path: string, user = n1, method = 'GET') => (await api.as(user, method, path)).code;
  for (const name of ['n1', 'n2']) await api.send('POST', '/api/v1/nodes', { metadata: { name } });
  const make = async (path: string, body: object) => expect((await api.send('POST', path, body)).body.message).toBeUndefined();
  await make(`${core}/serviceaccounts`, { metadata: { name: 'default' } });
  for (const name of ['share', 'stage', 'publish', 'controller']) await make(`${core}/secrets`, { metadata: { name } });
  const size = { accessModes: ['ReadOnlyMany'], capacity: { storage: '1' } };
  const claimRef = (name: string) => ({ namespace: 'default', name });
  const file = { azureFile: { shareName: 'a', secretName: 'share' } };
  const csi = {
    csi: {
      driver: 'd',
      volumeHandle: 'h',
      nodeStageSecretRef: { namespace: 'default', name: 'stage' },
      nodePublishSecretRef: { namespace: 'default', name: 'publish' },
      controllerPublishSecretRef: { namespace: 'default', name: 'controller' },
    },
  };
  const volumes = '/api/v1/persistentvolumes';
  await make(volumes, { metadata: { name: 'file' }, spec: { ...size, ...file, claimRef: claimRef('data') } });
  await make(volumes, { metadata: { name: 'csi' }, spec: { ...size, ...csi, claimRef: claimRef('p-made') } });
  const claims = '/apis/resource.k8s.io/v1/namespaces/default/resourceclaims';
  for (const name of ['named', 'made', 'extended']) await make(claims, { metadata: { name } });
  const volumeClaimTemplate = { spec: { accessModes: ['ReadOnlyMany'], resources: { requests: { storage: '1' } } } };
  await make(`${core}/pods`, {
    metadata: { name: 'p' },
    spec: {
      nodeName: 'n1',
      containers: [{ name: 'c', image: 'c', resources: { limits: { 'example.com/gpu': '1' } } }],
      volumes: [
        { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
        { name: 'made', ephemeral: { volumeClaimTemplate } },
      ],
      resourceClaims: [
        { name: 'a', resourceClaimName: 'named' },
        { name: 'b', resourceClaimTemplateName: 'template' },
      ],
    },
  });
  for (const name of ['share', 'stage', 'publish']) {
    expect([name, await code(`${core}/secrets/${name}`), await code(`${core}/secrets/${name}`, n1.replace('n1', 'n2'))]).toEqual([
      name,
      200,
      403,
    ]);
  }
  expect(await code(`${core}/secrets/controller`)).toBe(403);

  const merge = { 'content-type': 'application/merge-patch+json' };
  const report = async (status: object) =>
    expect((await api.send('PATCH', `${core}/pods/p/status`, { status }, merge)).body.message).toBeUndefined();
  const seen = async () => Promise.all(['named', 'made', 'extended'].map((name) => code(`${claims}/${name}`)));
  expect(await seen()).toEqual([200, 403, 403]);
  await report({ resourceClaimStatuses: [{ name: 'b', resourceClaimName: 'made' }] });
  expect(await seen()).toEqual([200, 200, 403]);
  const requestMappings = [{ containerName: 'c', resourceName: 'example.com/gpu', requestName: 'r' }];
  await report({ resourceClaimStatuses: null, extendedResourceClaimStatus: { resourceClaimName: 'extended', requestMappings } });
  expect(await seen()).toEqual([200, 403, 200]);

  const attachments = '/apis/storage.k8s.io/v1/volumeattachments';
  await make(attachments, {
    metadata: { name: 'a' },
    spec: { attacher: 'd', nodeName: 'n1', source: { persistentVolumeName: 'csi' } },
  });
  expect([await code(`${attachments}/a`), await code(`${attachments}/a`, n1.replace('n1', 'n2')), await code(attachments)]).toEqual([
    200, 403, 403,
  ]);
});

test('a kubelet sees the slices of its own node', async () => {
  const api = await startWithRoles();
  const n1 = 'system:node:n1@system:nodes';
  const slices = '/apis/resource.k8s.io/v1/resourceslices';
  const slice = (name: string, nodeName: string) => ({
    metadata: { name },
    spec: { nodeName, driver: 'dra.example.com', pool: { name: nodeName, generation: 1, resourceSliceCount: 1 } },
  });
  for (const name of ['n1', 'n2']) expect((await api.send('POST', slices, slice(`of-${name}`, name))).code).toBe(201);
  const told = async (method: string, path: string, body?: unknown) => {
    const answer = await api.as(n1, method, path, body);
    return answer.body.message?.split(': ').slice(1).join(': ') ?? answer.code;
  };
  expect(await told('GET', `${slices}/of-n1`)).toBe(200);
  expect(await told('GET', `${slices}/of-n2`)).toContain("no relationship found between node 'n1' and this object");
  expect(await told('DELETE', `${slices}/of-n2`)).toContain("no relationship found between node 'n1' and this object");
  const own = 'fieldSelector=spec.nodeName%3Dn1';
  const others = 'can only list/watch/deletecollection resourceslices with nodeName field selector';
  for (const method of ['GET', 'DELETE']) expect(await told(method, slices)).toContain(others);
  expect(await told('GET', `${slices}?${own}`)).toBe(200);
  expect(await told('POST', slices, slice('new', 'n2'))).toBe(
    'can only create ResourceSlice with the same NodeName as the requesting node',
  );
  expect(await told('POST', slices, slice('new', 'n1'))).toBe(201);
  expect(await told('DELETE', `${slices}?${own}`)).toBe(200);
  expect((await api.send('GET', slices)).body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual([
    'of-n2',
  ]);
});

test('a mirror pod gives its node nothing to read', async () => {
  const api = await startWithRoles();
  await api.send('POST', '/api/v1/nodes', { metadata: { name: 'n1' } });
  await api.send('POST', `${core}/configmaps`, { metadata: { name: 'c' } });
  const annotations = { 'kubernetes.io/config.mirror': 'x' };
  const spec = { nodeName: 'n1', containers: [{ name: 'c', image: 'c' }], volumes: [{ name: 'c', configMap: { name: 'c' } }] };
  const made = await api.send('POST', `${core}/pods`, { metadata: { name: 'm', annotations }, spec });
  expect(made.body.message).toBeUndefined();
  const read = async (path: string) => (await api.as('system:node:n1@system:nodes', 'GET', `${core}/${path}`)).code;
  expect([await read('pods/m'), await read('pods?fieldSelector=metadata.name%3Dm'), await read('configmaps/c')]).toEqual([200, 200, 403]);
});
