import { expect, test } from 'vitest';
import { startAdmission } from './admission.ts';

const limits = (...items: object[]) => ({ metadata: { name: 'range' }, spec: { limits: items } });

test('containers get the defaults of the namespace, and the pod says so', async () => {
  const { create, pod } = await startAdmission();
  const item = { type: 'Container', default: { cpu: '500m', memory: '256Mi' }, defaultRequest: { cpu: '100m' } };
  await create('limitranges', limits(item));
  const { body } = await pod('a', {
    initContainers: [{ name: 'init', image: 'busybox', resources: { limits: { cpu: 1 } } }],
    containers: [
      { name: 'one', image: 'nginx' },
      { name: 'two', image: 'nginx', resources: { requests: { cpu: '1', memory: '1Mi' }, limits: { cpu: '1', memory: '1Mi' } } },
    ],
  });
  expect(body.spec.containers[0].resources).toEqual({
    limits: { cpu: '500m', memory: '256Mi' },
    requests: { cpu: '100m', memory: '256Mi' },
  });
  expect(body.spec.containers[1].resources.limits).toEqual({ cpu: '1', memory: '1Mi' });
  // The request follows the limit that was given, before the namespace is asked.
  expect(body.spec.initContainers[0].resources).toEqual({
    limits: { cpu: '1', memory: '256Mi' },
    requests: { cpu: '1', memory: '256Mi' },
  });
  expect(body.metadata.annotations['kubernetes.io/limit-ranger']).toBe(
    'LimitRanger plugin set: cpu, memory request for container one; cpu, memory limit for container one; memory request for init container init; memory limit for init container init',
  );
});

test.each([
  [
    { type: 'Container', min: { cpu: '100m' } },
    { requests: { cpu: '50m' } },
    'minimum cpu usage per Container is 100m, but request is 50m',
  ],
  [
    { type: 'Container', max: { memory: '1Gi' } },
    { requests: { memory: '2Gi' }, limits: { memory: '2Gi' } },
    'maximum memory usage per Container is 1Gi, but limit is 2Gi',
  ],
  [
    { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
    { requests: { cpu: '100m' }, limits: { cpu: '300m' } },
    'cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000',
  ],
  [{ type: 'Pod', min: { cpu: '1' } }, { requests: { cpu: '400m' } }, 'minimum cpu usage per Pod is 1, but request is 800m'],
  [
    { type: 'Pod', max: { cpu: '1', memory: '1Gi' } },
    {},
    '[maximum cpu usage per Pod is 1.  No limit is specified, maximum memory usage per Pod is 1Gi.  No limit is specified]',
  ],
  [
    { type: 'Pod', maxLimitRequestRatio: { cpu: '2' } },
    {},
    'cpu max limit to request ratio per Pod is 2, but no request is specified or request is 0',
  ],
])('%j refuses %j', async (item, resources, why) => {
  const { create, pod } = await startAdmission();
  await create('limitranges', limits(item));
  const container = (name: string) => ({ name, image: 'nginx', resources });
  const { code, body } = await pod('p', { containers: [container('a'), container('b')] });
  expect(body.message).toBe(`pods "p" is forbidden: ${why}`);
  expect({ code, reason: body.reason, details: body.details }).toEqual({
    code: 403,
    reason: 'Forbidden',
    details: { name: 'p', kind: 'pods' },
  });
});

test('claims are held to their range, when they are made and when they grow', async () => {
  const { api, create } = await startAdmission();
  await create('limitranges', limits({ type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '2Gi' } }));
  const claim = (name: string, storage: string) =>
    create('persistentvolumeclaims', {
      metadata: { name },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    });
  expect((await claim('c', '3Gi')).body.message).toBe(
    'persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi',
  );
  expect((await claim('c', '500Mi')).body.message).toBe(
    'persistentvolumeclaims "c" is forbidden: minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi',
  );
  expect((await claim('c', '1Gi')).code).toBe(201);
  const patch = { metadata: { labels: { a: 'b' } } };
  const path = '/api/v1/namespaces/default/persistentvolumeclaims/c';
  expect((await api.send('PATCH', path, patch, { 'content-type': 'application/merge-patch+json' })).code).toBe(200);
});
