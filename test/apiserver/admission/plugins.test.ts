import { expect, test } from 'vitest';
import { startAdmission } from './admission.ts';

const send = async (...given: Parameters<typeof startAdmission>) => {
  const admission = await startAdmission(...given);
  const cluster = (path: string, body: object) => admission.api.send('POST', `/apis/${path}`, body);
  return { ...admission, cluster };
};
const containers = [{ name: 'a', image: 'nginx' }];

test('a runtime class adds its overhead and says which nodes have it', async () => {
  const { pod, cluster } = await send();
  await cluster('node.k8s.io/v1/runtimeclasses', {
    metadata: { name: 'vm' },
    handler: 'vm',
    overhead: { podFixed: { cpu: '250m' } },
    scheduling: { nodeSelector: { vm: 'yes' }, tolerations: [{ key: 'vm', operator: 'Exists' }] },
  });
  const { body } = await pod('p', { containers, runtimeClassName: 'vm', nodeSelector: { disk: 'ssd' } });
  expect(body.spec).toMatchObject({ overhead: { cpu: '250m' }, nodeSelector: { disk: 'ssd', vm: 'yes' } });
  expect(body.spec.tolerations).toContainEqual({ key: 'vm', operator: 'Exists' });
  const message = async (spec: object) => (await pod('q', { containers, ...spec })).body.message;
  expect(await message({ runtimeClassName: 'none' })).toBe('pods "q" is forbidden: pod rejected: RuntimeClass "none" not found');
  expect(await message({ overhead: { cpu: '1' } })).toBe(
    'pods "q" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
  );
  expect(await message({ runtimeClassName: 'vm', overhead: { cpu: '1' } })).toBe(
    "pods \"q\" is forbidden: pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
  );
  expect(await message({ runtimeClassName: 'vm', nodeSelector: { vm: 'no' } })).toBe(
    'pods "q" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[vm] = yes; pod.spec.nodeSelector[vm] = no',
  );
});

test('service accounts: a missing one, secrets it does not list, and pods that kubelets report', async () => {
  const { pod, create, merge } = await send();
  const message = async (spec: object, metadata: object = {}) => (await pod('p', { containers, ...spec }, metadata)).body.message;
  expect(await message({ serviceAccountName: 'nobody' })).toBe(
    'pods "p" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found',
  );
  await create('serviceaccounts', {
    metadata: { name: 'strict', annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } },
    secrets: [{ name: 'known' }],
    imagePullSecrets: [{ name: 'registry' }],
    automountServiceAccountToken: false,
  });
  const strict = { serviceAccountName: 'strict' };
  expect(await message({ ...strict, volumes: [{ name: 'v', secret: { secretName: 'other' } }] })).toBe(
    'pods "p" is forbidden: volume with secret.secretName="other" is not allowed because service account strict does not reference that secret',
  );
  const env = [{ name: 'E', valueFrom: { secretKeyRef: { name: 'other', key: 'k' } } }];
  expect(await message({ ...strict, containers: [{ ...containers[0], env }] })).toBe(
    'pods "p" is forbidden: container a with envVar E referencing secret.secretName="other" is not allowed because service account strict does not reference that secret',
  );
  expect(await message({ ...strict, imagePullSecrets: [{ name: 'registry' }, { name: 'x' }] })).toBe(
    'pods "p" is forbidden: imagePullSecrets[1].name="x" is not allowed because service account strict does not reference that imagePullSecret',
  );
  const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
  expect(await message({ ...strict, nodeName: 'n' }, mirror)).toBe(
    'pods "p" is forbidden: a mirror pod may not reference service accounts',
  );
  const { body } = await pod('q', { containers, ...strict, volumes: [{ name: 'v', secret: { secretName: 'known' } }] });
  expect(body.spec.imagePullSecrets).toEqual([{ name: 'registry' }]);
  const added = await merge('pods', 'q', { spec: { ephemeralContainers: [{ name: 'e', image: 'busybox', env }] } }, '/ephemeralcontainers');
  expect(added.body.message).toBe(
    'pods "q" is forbidden: ephemeral container e with envVar E referencing secret.secretName="other" is not allowed because service account strict does not reference that secret',
  );
});

test('a replaced pod keeps the priority that was decided', async () => {
  const { api, pod, cluster } = await send();
  await cluster('scheduling.k8s.io/v1/priorityclasses', { metadata: { name: 'high' }, value: 7, preemptionPolicy: 'Never' });
  const { body } = await pod('p', { containers, priorityClassName: 'high' });
  expect(body.spec).toMatchObject({ priority: 7, preemptionPolicy: 'Never' });
  const { priority: _, preemptionPolicy: _policy, ...spec } = body.spec;
  const replaced = await api.send('PUT', '/api/v1/namespaces/default/pods/p', { ...body, spec });
  expect([replaced.code, replaced.body.spec?.priority]).toEqual([200, 7]);
});

test('claims grow only where their class lets them', async () => {
  const { create, merge, cluster } = await send();
  for (const allowVolumeExpansion of [true, false]) {
    await cluster('storage.k8s.io/v1/storageclasses', {
      metadata: { name: `c-${allowVolumeExpansion}` },
      provisioner: 'x',
      allowVolumeExpansion,
    });
  }
  const grow = async (storageClassName: string) => {
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName, volumeName: 'v' };
    const made = await create('persistentvolumeclaims', { metadata: { name: storageClassName }, spec });
    expect(made.body.metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
    await merge('persistentvolumeclaims', storageClassName, { status: { phase: 'Bound', capacity: { storage: '1Gi' } } }, '/status');
    return merge('persistentvolumeclaims', storageClassName, { spec: { resources: { requests: { storage: '2Gi' } } } });
  };
  expect((await grow('c-true')).code).toBe(200);
  expect((await grow('c-false')).body.message).toBe(
    'persistentvolumeclaims "c-false" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
  );
});

test('certificates are approved and signed by those who may, and never for system:masters', async () => {
  const { api, cluster } = await send();
  await import('reflect-metadata');
  const { Pkcs10CertificateRequestGenerator } = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const request = async (group: string) => {
    const csr = await Pkcs10CertificateRequestGenerator.create({ name: `CN=eve, O=${group}`, keys, signingAlgorithm: algorithm });
    return btoa(csr.toString('pem'));
  };
  const path = 'certificates.k8s.io/v1/certificatesigningrequests';
  const make = async (name: string, group: string) =>
    cluster(path, {
      metadata: { name },
      spec: { request: await request(group), signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
    });
  expect((await make('bad', 'system:masters')).body.message).toBe(
    'certificatesigningrequests.certificates.k8s.io "bad" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
  );
  expect((await make('good', 'dev')).code).toBe(201);
  const rules = [{ apiGroups: ['certificates.k8s.io'], resources: ['*'], verbs: ['get', 'update', 'patch'] }];
  await cluster('rbac.authorization.k8s.io/v1/clusterroles', { metadata: { name: 'approver' }, rules });
  await cluster('rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: 'approver' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'approver' },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'bob' }],
  });
  const conditions = [{ type: 'Approved', status: 'True', reason: 'x', message: 'y' }];
  const approve = (peer?: object) =>
    api.send('PATCH', `/apis/${path}/good/approval`, { status: { conditions } }, { 'content-type': 'application/merge-patch+json' }, peer);
  expect((await approve({ component: { name: 'bob', groups: [] } })).body.message).toBe(
    'certificatesigningrequests.certificates.k8s.io "good" is forbidden: user not permitted to approve requests with signerName "kubernetes.io/kube-apiserver-client"',
  );
  expect((await approve()).code).toBe(200);
});

test('a bound pod is labelled with the zone and region of its node', async () => {
  const { api, pod, get } = await send();
  const labels = { 'topology.kubernetes.io/zone': 'z', 'topology.kubernetes.io/region': 'r' };
  await api.send('POST', '/api/v1/nodes', { metadata: { name: 'n', labels: { ...labels, other: 'x' } } });
  await pod('p', { containers }, { labels: { app: 'a' } });
  const target = { kind: 'Node', name: 'n' };
  const bound = await api.send('POST', '/api/v1/namespaces/default/pods/p/binding', { metadata: { name: 'p' }, target });
  expect(bound.code).toBe(201);
  expect((await get('pods', 'p')).body.metadata.labels).toEqual({ app: 'a', ...labels });
});

test('a pod grows up to what its node can give, and on Linux alone', async () => {
  const { api, pod } = await send();
  const node = async (name: string, os: string) => {
    const allocatable = { cpu: '2', memory: '1Gi', pods: '10' };
    const metadata = { name, labels: { 'kubernetes.io/os': os } };
    await api.send('POST', '/api/v1/nodes', { metadata, status: { capacity: allocatable, allocatable } });
  };
  await node('small', 'linux');
  await node('other', 'plan9');
  const resources = { requests: { cpu: '1', memory: '512Mi' } };
  for (const nodeName of ['small', 'other', 'gone']) {
    expect((await pod(nodeName, { containers: [{ ...containers[0], resources }], nodeName })).code).toBe(201);
  }
  const resized = async (name: string, cpu: string, memory = '512Mi') => {
    const { code, body } = await api.send(
      'PATCH',
      `/api/v1/namespaces/default/pods/${name}/resize`,
      { spec: { containers: [{ name: 'a', resources: { requests: { cpu, memory } } }] } },
      { 'content-type': 'application/strategic-merge-patch+json' },
    );
    return code === 200 ? code : body.message;
  };
  expect(await resized('small', '2500m', '2Gi')).toBe(
    'pods "small" is forbidden: node didn\'t have enough allocatable resources: cpu, requested: 2500, allocatable: 2000; memory, requested: 2147483648, allocatable: 1073741824',
  );
  expect(await resized('small', '2')).toBe(200);
  expect(await resized('other', '2')).toBe(
    'pods "other" is forbidden: pod resize is only supported on linux nodes, node "other" is "plan9"',
  );
  expect(await resized('other', '1')).toBe(200);
  expect(await resized('gone', '2')).toBe('pods "gone" is forbidden: node "gone" not found');
});

test('what a pod asks for as a whole changes on nodes that declare that they know of it', async () => {
  const { api, pod } = await send();
  for (const [name, declaredFeatures] of [
    ['knows', ['InPlacePodLevelResourcesVerticalScaling']],
    ['older', []],
  ] as const) {
    const allocatable = { cpu: '4', memory: '4Gi', pods: '10' };
    const metadata = { name, labels: { 'kubernetes.io/os': 'linux' } };
    await api.send('POST', '/api/v1/nodes', { metadata, status: { capacity: allocatable, allocatable, declaredFeatures } });
    expect((await pod(name, { containers, nodeName: name, resources: { requests: { cpu: '1' } } })).code).toBe(201);
  }
  const resized = async (name: string, cpu: string) => {
    const path = `/api/v1/namespaces/default/pods/${name}/resize`;
    const merge = { 'content-type': 'application/merge-patch+json' };
    const { code, body } = await api.send('PATCH', path, { spec: { resources: { requests: { cpu } } } }, merge);
    return code === 200 ? code : body.message;
  };
  expect(await resized('knows', '2')).toBe(200);
  expect(await resized('older', '1')).toBe(200);
  expect(await resized('older', '2')).toBe(
    'pods "older" is forbidden: pod update requires features InPlacePodLevelResourcesVerticalScaling which are not available on node "older"',
  );
});
