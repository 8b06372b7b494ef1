import { expect } from 'vitest';
import { behaviour, pausePod, ready } from './support/behaviour.ts';
import { core, mergePatch, refusal, storage } from './support/cluster.ts';

behaviour('[sig-storage] ConfigMap should be immutable if `immutable` field is set', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'immutable';
  const patch = (body: object) => core.patchNamespacedConfigMap({ namespace, name, body }, mergePatch);
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name }, data: { 'data-1': 'value-1' } } });
  await patch({ data: { 'data-3': 'value-3' } });
  await patch({ immutable: true });
  for (const body of [{ data: { 'data-4': 'value-4' } }, { immutable: false }]) {
    expect(await refusal(patch(body))).toMatchObject({
      code: 422,
      message: expect.stringContaining('field is immutable when `immutable` is set'),
    });
  }
  expect((await patch({ metadata: { labels: { label: 'changed' } } })).metadata?.labels).toEqual({ label: 'changed' });
  await core.deleteNamespacedConfigMap({ namespace, name });
});

behaviour('[sig-storage] Secrets should be immutable if `immutable` field is set', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'immutable';
  const patch = (body: object) => core.patchNamespacedSecret({ namespace, name, body }, mergePatch);
  await core.createNamespacedSecret({ namespace, body: { metadata: { name }, stringData: { 'data-1': 'value-1' } } });
  await patch({ immutable: true });
  for (const body of [{ stringData: { 'data-4': 'value-4' } }, { immutable: false }]) {
    expect(await refusal(patch(body))).toMatchObject({
      code: 422,
      message: expect.stringContaining('field is immutable when `immutable` is set'),
    });
  }
  await core.deleteNamespacedSecret({ namespace, name });
});

behaviour('[sig-storage] CSIInlineVolumes should support CSIVolumeSource in Pod API', async (scope) => {
  const namespace = await scope.namespace();
  const volumes = [{ name: 'csi', csi: { driver: 'e2e.example.com', readOnly: true, volumeAttributes: { foo: 'bar' } } }];
  // No node can run it: only the API is asked.
  const body = pausePod('inline', { inline: 'true' }, { volumes, nodeSelector: { never: 'here' } });
  expect((await core.createNamespacedPod({ namespace, body })).spec?.volumes).toEqual(expect.arrayContaining(volumes));
  expect(
    (await core.listPodForAllNamespaces({ labelSelector: 'inline=true', fieldSelector: `metadata.namespace=${namespace}` })).items,
  ).toHaveLength(1);
  await core.deleteCollectionNamespacedPod({ namespace, labelSelector: 'inline=true', gracePeriodSeconds: 0 });
});

behaviour('[sig-storage] VolumeAttachment Conformance should run through the lifecycle of a VolumeAttachment', async (scope) => {
  const name = scope.unique('attachment');
  const body = {
    metadata: { name },
    spec: { attacher: 'e2e.example.com', nodeName: 'no-node', source: { persistentVolumeName: 'no-volume' } },
  };
  scope.finally(() => storage.deleteVolumeAttachment({ name }));
  await storage.createVolumeAttachment({ body });
  const patched = await storage.patchVolumeAttachment({ name, body: { metadata: { labels: { [name]: 'patched' } } } }, mergePatch);
  expect(patched.metadata?.labels).toEqual({ [name]: 'patched' });
  expect((await storage.listVolumeAttachment({ labelSelector: `${name}=patched` })).items).toHaveLength(1);
  const moved = await refusal(storage.patchVolumeAttachment({ name, body: { spec: { nodeName: 'other' } } }, mergePatch));
  expect(moved).toMatchObject({ code: 422, message: expect.stringContaining('field is immutable') });
  await storage.deleteVolumeAttachment({ name });
});

behaviour('[sig-storage] EmptyDir wrapper volumes should not conflict', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedSecret({ namespace, body: { metadata: { name: 'secret' }, data: { 'data-1': 'dmFsdWUtMQ==' } } });
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'map' }, data: { 'data-1': 'value-1' } } });
  const volumes = [
    { name: 'secret-volume', secret: { secretName: 'secret' } },
    { name: 'map-volume', configMap: { name: 'map' } },
  ];
  const volumeMounts = volumes.map(({ name }) => ({ name, mountPath: `/etc/${name}`, readOnly: true }));
  const containers = [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.1', volumeMounts }];
  await core.createNamespacedPod({ namespace, body: pausePod('both', {}, { volumes, containers }) });
  await ready(namespace, 'both');
});

behaviour('[sig-storage] EmptyDir wrapper volumes should not cause race condition when used for configmaps', async (scope) => {
  const namespace = await scope.namespace();
  const names = Array.from({ length: 50 }, (_, index) => `racey-configmap-${index}`);
  await Promise.all(
    names.map((name) => core.createNamespacedConfigMap({ namespace, body: { metadata: { name }, data: { 'data-1': 'value-1' } } })),
  );
  const volumes = names.map((name) => ({ name, configMap: { name, items: [{ key: 'data-1', path: 'data-1' }] } }));
  const volumeMounts = names.map((name) => ({ name, mountPath: `/etc/config-${name}` }));
  const containers = [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.1', volumeMounts }];
  const pods = ['a', 'b', 'c', 'd', 'e'];
  await Promise.all(pods.map((name) => core.createNamespacedPod({ namespace, body: pausePod(name, {}, { volumes, containers }) })));
  for (const name of pods) await ready(namespace, name);
});
