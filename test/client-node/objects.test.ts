import {
  ApiException,
  ApiextensionsV1Api,
  AppsV1Api,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1ConfigMap,
  type V1Deployment,
  V1MicroTime,
  Watch,
} from '@kubernetes/client-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { customersCluster, eventually } from './cluster.ts';

const { config } = customersCluster();
const namespace = 'default';

describe('objects through @kubernetes/client-node', () => {
  let core: CoreV1Api;
  let apps: AppsV1Api;
  beforeAll(() => {
    core = config.makeApiClient(CoreV1Api);
    apps = config.makeApiClient(AppsV1Api);
  });
  const configMap = (name: string, data: Record<string, string> = { a: 'b' }): V1ConfigMap => ({ metadata: { name }, data });

  it('keeps an informer in step, also when its watch breaks', async () => {
    // The server ends such a watch after a second, and the informer goes on from where it was.
    const path = `/api/v1/namespaces/${namespace}/configmaps?timeoutSeconds=1`;
    const informer = makeInformer(config, path, () => core.listNamespacedConfigMap({ namespace }));
    const seen: string[] = [];
    const see = (what: string) => (object: V1ConfigMap) => seen.push(`${what} ${object.metadata?.name}`);
    informer.on('add', see('add'));
    informer.on('update', see('update'));
    informer.on('delete', see('delete'));
    let connections = 0;
    informer.on('connect', () => {
      connections += 1;
    });
    const errors: unknown[] = [];
    // Its own end is an error, too.
    informer.on('error', (error) => void (error.name === 'AbortError' || errors.push(error)));
    await informer.start();
    try {
      expect(informer.get('kube-root-ca.crt', namespace)?.metadata?.name).toBe('kube-root-ca.crt');
      await core.createNamespacedConfigMap({ namespace, body: configMap('informed') });
      await eventually('add', () => seen.includes('add informed'));
      await eventually('the watch is opened again', () => connections > 2);
      await core.replaceNamespacedConfigMap({ namespace, name: 'informed', body: configMap('informed', { a: 'c' }) });
      await eventually('update', () => seen.includes('update informed'));
      await informer.stop();
      await core.deleteNamespacedConfigMap({ namespace, name: 'informed' });
      await core.createNamespacedConfigMap({ namespace, body: configMap('missed') });
      await informer.start();
      await eventually('what was missed', () => seen.includes('delete informed') && seen.includes('add missed'));
      expect(informer.list(namespace).map(({ metadata }) => metadata?.name)).toContain('missed');
      expect(errors).toEqual([]);
    } finally {
      await informer.stop();
    }
  });

  it('watches from a version on, and is told what cannot be watched', async () => {
    const { metadata } = await core.listNamespacedConfigMap({ namespace });
    await core.createNamespacedConfigMap({ namespace, body: configMap('watched') });
    const types: string[] = [];
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const ended = new Promise<unknown>((done) => {
      const options = { resourceVersion: metadata?.resourceVersion, fieldSelector: 'metadata.name=watched', timeoutSeconds: 1 };
      void new Watch(config).watch(path, options, (type) => types.push(type), done);
    });
    await core.deleteNamespacedConfigMap({ namespace, name: 'watched' });
    expect(await ended).toBeFalsy();
    expect(types).toEqual(['ADDED', 'DELETED']);
    const refused = await new Promise<unknown>((done) => {
      void new Watch(config).watch('/api/v1/nothings', {}, () => undefined, done);
    });
    expect(refused).toMatchObject({ statusCode: 404 });
  });

  it('patches in every way', async () => {
    const spec: V1Deployment['spec'] = {
      replicas: 0,
      selector: { matchLabels: { app: 'p' } },
      template: { metadata: { labels: { app: 'p' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    };
    await apps.createNamespacedDeployment({ namespace, body: { metadata: { name: 'patched' }, spec } });
    const patch = (body: object, strategy: (typeof PatchStrategy)[keyof typeof PatchStrategy]) =>
      apps.patchNamespacedDeployment(
        {
          namespace,
          name: 'patched',
          body,
          ...(strategy === PatchStrategy.ServerSideApply ? { fieldManager: 'customer', force: true } : {}),
        },
        setHeaderOptions('Content-Type', strategy),
      );
    const replace = [{ op: 'replace', path: '/spec/paused', value: true }];
    await apps.patchNamespacedDeployment(
      { namespace, name: 'patched', body: { spec: { paused: false } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
    expect((await patch([{ op: 'add', path: '/spec/paused', value: true }, ...replace], PatchStrategy.JsonPatch)).spec?.paused).toBe(true);
    expect((await patch({ spec: { paused: null } }, PatchStrategy.MergePatch)).spec?.paused).toBeUndefined();
    const added = await patch(
      { spec: { template: { spec: { containers: [{ name: 'd', image: 'redis' }] } } } },
      PatchStrategy.StrategicMergePatch,
    );
    expect(added.spec?.template.spec?.containers.map(({ name }) => name).sort()).toEqual(['c', 'd']);
    const applied = await patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'patched' }, spec: { minReadySeconds: 3 } },
      PatchStrategy.ServerSideApply,
    );
    expect(applied.spec?.minReadySeconds).toBe(3);
    expect(applied.metadata?.managedFields).toEqual(
      expect.arrayContaining([expect.objectContaining({ manager: 'customer', operation: 'Apply' })]),
    );
    const refused = await patch([{ op: 'test', path: '/spec/replicas', value: 9 }], PatchStrategy.JsonPatch).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(ApiException);
    expect(refused).toMatchObject({ code: 422 });
  });

  it('does everything by kind alone', async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const header = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'by-kind', namespace } };
    await objects.create({ ...header, data: { a: 'b' } } as V1ConfigMap);
    expect(await objects.read<V1ConfigMap>(header)).toMatchObject({ data: { a: 'b' } });
    const patched = await objects.patch<V1ConfigMap>(
      { ...header, data: { c: 'd' } } as V1ConfigMap,
      undefined,
      undefined,
      undefined,
      undefined,
      PatchStrategy.MergePatch,
    );
    expect(patched.data).toEqual({ a: 'b', c: 'd' });
    expect((await objects.replace<V1ConfigMap>({ ...patched, data: {} })).data ?? {}).toEqual({});
    expect((await objects.list('v1', 'ConfigMap', namespace)).items.map(({ metadata }) => metadata?.name)).toContain('by-kind');
    await objects.delete(header);
    await expect(objects.read(header)).rejects.toMatchObject({ code: 404 });
    await expect(objects.read({ ...header, kind: 'Nothing' })).rejects.toThrow(/Nothing/);
  });

  it('knows custom objects as soon as their definition is established', async () => {
    const group = 'customer.example';
    const custom = config.makeApiClient(CustomObjectsApi);
    await config.makeApiClient(ApiextensionsV1Api).createCustomResourceDefinition({
      body: {
        metadata: { name: `gadgets.${group}` },
        spec: {
          group,
          scope: 'Namespaced',
          names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget' },
          versions: [
            {
              name: 'v1',
              served: true,
              storage: true,
              subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
              schema: {
                openAPIV3Schema: {
                  type: 'object',
                  properties: {
                    spec: { type: 'object', properties: { size: { type: 'integer' } } },
                    status: { type: 'object', properties: { size: { type: 'integer' } } },
                  },
                },
              },
            },
          ],
        },
      },
    });
    const where = { group, version: 'v1', namespace, plural: 'gadgets' };
    await eventually('the definition is established', () =>
      custom.listNamespacedCustomObject(where).then(
        () => true,
        () => false,
      ),
    );
    const body = { apiVersion: `${group}/v1`, kind: 'Gadget', metadata: { name: 'g' }, spec: { size: 2 } };
    await custom.createNamespacedCustomObject({ ...where, body });
    const name = 'g';
    const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    await custom.patchNamespacedCustomObject({ ...where, name, body: { spec: { size: 3 } } }, merge);
    expect(await custom.getNamespacedCustomObject({ ...where, name })).toMatchObject({ spec: { size: 3 } });
    await custom.patchNamespacedCustomObjectStatus({ ...where, name, body: { status: { size: 1 } } }, merge);
    expect(await custom.getNamespacedCustomObjectScale({ ...where, name })).toMatchObject({
      spec: { replicas: 3 },
      status: { replicas: 1 },
    });
    const list = await custom.listClusterCustomObject({ group, version: 'v1', plural: 'gadgets' });
    expect(list).toMatchObject({ kind: 'GadgetList', items: [{ metadata: { name } }] });
    await custom.deleteNamespacedCustomObject({ ...where, name });
  });

  it('elects one leader by a Lease', async () => {
    const coordination = config.makeApiClient(CoordinationV1Api);
    const name = 'leader';
    const acquire = async (holderIdentity: string): Promise<boolean> => {
      const spec = { holderIdentity, leaseDurationSeconds: 15, renewTime: new V1MicroTime(Date.now()) };
      const lease = await coordination.readNamespacedLease({ namespace, name }).catch((error: unknown) => {
        if (error instanceof ApiException && error.code === 404) return undefined;
        throw error;
      });
      const isFree = lease === undefined || (lease.spec?.holderIdentity ?? '') === '' || lease.spec?.holderIdentity === holderIdentity;
      if (!isFree) return false;
      try {
        if (lease === undefined) await coordination.createNamespacedLease({ namespace, body: { metadata: { name }, spec } });
        else await coordination.replaceNamespacedLease({ namespace, name, body: { ...lease, spec: { ...lease.spec, ...spec } } });
        return true;
      } catch (error) {
        if (error instanceof ApiException && error.code === 409) return false;
        throw error;
      }
    };
    const candidates = ['a', 'b', 'c', 'd', 'e'];
    const outcomes = await Promise.all(candidates.map(acquire));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    const leader = candidates[outcomes.indexOf(true)] ?? '';
    expect(await acquire(leader)).toBe(true);
    const lease = await coordination.readNamespacedLease({ namespace, name });
    expect(lease.spec?.holderIdentity).toBe(leader);
    await coordination.replaceNamespacedLease({ namespace, name, body: { ...lease, spec: { ...lease.spec, holderIdentity: '' } } });
    expect(await acquire('f')).toBe(true);
  });
});
