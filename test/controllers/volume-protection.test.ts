import { afterEach, expect, test } from 'vitest';
import type { PersistentVolume, PersistentVolumeClaim } from '../../runtime/api/generated/types/core/v1.ts';
import { persistentVolumeClaims, persistentVolumes, pods } from '../../runtime/client/resources.ts';
import { createWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.stop());

test('a claim stays while a pod on a node uses it, and goes with the pod', async () => {
  world = await createWorld();
  const claims = world.client.resource(persistentVolumeClaims);
  const claim: PersistentVolumeClaim = {
    metadata: { name: 'data', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
  expect((await claims.create(claim)).metadata?.finalizers).toEqual(['kubernetes.io/pvc-protection']);
  await world.client.resource(pods).create({
    metadata: { name: 'user', namespace: 'default' },
    spec: {
      containers: [{ name: 'a', image: 'nginx' }],
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
    },
  });
  await world.clock.advance(2000);
  await claims.delete('data', 'default');
  await world.clock.advance(2000);
  expect((await claims.get('data', 'default')).metadata?.deletionTimestamp).toBeDefined();
  await world.client.resource(pods).delete('user', 'default', { gracePeriodSeconds: 0 });
  await world.clock.advance(2000);
  expect(await world.list(persistentVolumeClaims, 'default')).toEqual([]);
});

test('a volume stays while it is bound; a finalizer that was taken off comes back', async () => {
  world = await createWorld();
  const volumes = world.client.resource(persistentVolumes);
  const volume: PersistentVolume = {
    metadata: { name: 'disk' },
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/data' } },
  };
  const made = await volumes.create(volume);
  await volumes.update({ ...made, status: { phase: 'Bound' } }, 'status');
  await volumes.patch('disk', undefined, { type: 'merge', body: { metadata: { finalizers: null } } });
  await world.clock.advance(1000);
  expect((await volumes.get('disk')).metadata?.finalizers).toEqual(['kubernetes.io/pv-protection']);
  await volumes.delete('disk');
  await world.clock.advance(1000);
  const going = await volumes.get('disk');
  await volumes.update({ ...going, status: { phase: 'Released' } }, 'status');
  await world.clock.advance(1000);
  expect(await world.list(persistentVolumes)).toEqual([]);
});
