import { describe, expect, it } from 'vitest';
import type { ConfigMap, Pod, Volume } from '../../runtime/api/generated/types/core/v1.ts';
import type { VolumeObjects } from '../../runtime/volumes/driver.ts';
import { createDisks } from '../../runtime/volumes/plugins/local-volumes.ts';
import { createVolumeManager } from '../../runtime/volumes/volume-manager.ts';

function setUp() {
  const configMaps = new Map<string, ConfigMap>([['settings', { data: { a: '1', b: '2' }, binaryData: { c: 'AAE=' } }]]);
  let tokens = 0;
  const objects: VolumeObjects = {
    configMap: async (_, name) => configMaps.get(name),
    secret: async () => ({ data: { password: 'c2VjcmV0' } }),
    persistentVolumeClaim: async (_, name) =>
      name === 'bound' ? { spec: { volumeName: 'pv' }, status: { phase: 'Bound' } } : { status: { phase: 'Pending' } },
    persistentVolume: async () => ({ metadata: { uid: 'pv' } }),
    serviceAccountToken: async (_, audience) => `token-${audience ?? 'api'}-${++tokens}`,
  };
  const manager = createVolumeManager({
    objects,
    allocatable: { cpu: '4', memory: '8Gi', 'ephemeral-storage': '1Gi' },
    storage: createDisks(),
  });
  const podOf = (uid: string, ...volumes: Volume[]): Pod => ({
    metadata: { name: 'web', namespace: 'default', uid, labels: { app: 'web', tier: 'a"b' } },
    spec: {
      volumes,
      containers: [
        {
          name: 'main',
          resources: { limits: { memory: '64Mi' } },
          volumeMounts: volumes.map(({ name }) => ({ name, mountPath: `/${name}` })),
        },
      ],
    },
  });
  const read = async (uid: string, volume: string) => {
    const files: Record<string, string> = {};
    for (const [path, file] of manager.volumes(uid)?.get(volume) ?? []) files[path] = new TextDecoder().decode(await file.read());
    return files;
  };
  return { manager, configMaps, podOf, read };
}

describe('volumes', () => {
  it('hold what their sources say', async () => {
    const { manager, podOf, read } = setUp();
    await manager.mount(
      podOf(
        'u',
        { name: 'all', configMap: { name: 'settings' } },
        { name: 'items', configMap: { name: 'settings', items: [{ key: 'a', path: 'x/y' }] } },
        { name: 'optional', configMap: { name: 'none', optional: true } },
        { name: 'secret', secret: { secretName: 'login' } },
        {
          name: 'projected',
          projected: {
            sources: [
              { serviceAccountToken: { path: 'token', audience: 'vault' } },
              { configMap: { name: 'settings', items: [{ key: 'b', path: 'b' }] } },
              {
                downwardAPI: {
                  items: [
                    { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
                    { path: 'mem', resourceFieldRef: { containerName: 'main', resource: 'limits.memory', divisor: '1Mi' } },
                  ],
                },
              },
            ],
          },
        },
      ),
    );
    expect(await read('u', 'all')).toEqual({ a: '1', b: '2', c: '\0\x01' });
    expect(await read('u', 'items')).toEqual({ 'x/y': '1' });
    expect(await read('u', 'optional')).toEqual({});
    expect(await read('u', 'secret')).toEqual({ password: 'secret' });
    expect(await read('u', 'projected')).toEqual({ token: 'token-vault-1', b: '2', labels: 'app="web"\ntier="a\\"b"', mem: '64' });
  });

  it('say all that is wrong, mount the rest, and follow their sources', async () => {
    const { manager, configMaps, podOf, read } = setUp();
    const pod = podOf(
      'u',
      { name: 'good', configMap: { name: 'settings', items: [{ key: 'a', path: 'a' }] } },
      { name: 'bad', secret: { secretName: 'login', items: [{ key: 'nope', path: 'nope' }] } },
      { name: 'host', hostPath: { path: '/none', type: 'Directory' } },
      { name: 'data', persistentVolumeClaim: { claimName: 'waiting' } },
      { name: 'disk', gcePersistentDisk: { pdName: 'x' } },
    );
    await expect(manager.mount(pod)).rejects.toMatchObject({
      messages: [
        'MountVolume.SetUp failed for volume "bad" : references non-existent secret key: nope',
        'MountVolume.SetUp failed for volume "host" : hostPath type check failed: /none is not a directory',
        'Unable to attach or mount volumes: unmounted volumes=[data disk], unattached volumes=[], failed to process volumes=[data disk]: error processing PVC default/waiting: PVC is not bound, no volume plugin matched name: gcePersistentDisk',
      ],
    });
    configMaps.set('settings', { data: { a: 'new' } });
    await manager.refresh(pod);
    expect(await read('u', 'good')).toEqual({ a: 'new' });
  });

  it('of a claim outlive the pod, those of the pod do not', async () => {
    const { manager, podOf, read } = setUp();
    const volumes: Volume[] = [
      { name: 'data', persistentVolumeClaim: { claimName: 'bound' } },
      { name: 'scratch', emptyDir: {} },
    ];
    await manager.mount(podOf('one', ...volumes));
    const file = { mode: 0o644, read: async () => new TextEncoder().encode('kept') };
    for (const name of ['data', 'scratch']) manager.volumes('one')?.get(name)?.set('file', file);
    manager.unmount('one');
    await manager.mount(podOf('two', ...volumes));
    expect(await read('two', 'data')).toEqual({ file: 'kept' });
    expect(await read('two', 'scratch')).toEqual({});
  });
});
