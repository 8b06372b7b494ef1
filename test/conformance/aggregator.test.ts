import { expect } from 'vitest';
import { type ExtensionServer, startExtensionServer } from '../support/extension-server.ts';
import { behaviour, type Scope } from './support/behaviour.ts';
import { ask, call, core, eventually, type Json } from './support/cluster.ts';
import { merge } from './support/hooks.ts';

const collection = '/apis/apiregistration.k8s.io/v1/apiservices';
const name = 'v1alpha1.wardle.example.com';
const groupVersion = '/apis/wardle.example.com/v1alpha1';

/** A sample API server on this machine and a service that leads to it; what it trusts, it reads where servers of its kind do. */
async function startSample(scope: Scope): Promise<{ readonly extension: ExtensionServer; readonly namespace: string }> {
  const namespace = await scope.namespace();
  const { data = {} } = await core.readNamespacedConfigMap({ namespace: 'kube-system', name: 'extension-apiserver-authentication' });
  expect(JSON.parse(data['requestheader-username-headers'] ?? '')).toContain('X-Remote-User');
  const frontProxyCa = data['requestheader-client-ca-file'] ?? '';
  const extension = await startExtensionServer({ namespace, service: 'sample-api', frontProxyCa });
  scope.finally(() => extension.close());
  await ask('POST', `/api/v1/namespaces/${namespace}/services`, extension.service);
  return { extension, namespace };
}

async function available(): Promise<void> {
  await eventually('the APIService is available', async () => {
    const { status } = await ask('GET', `${collection}/${name}`);
    return status?.conditions?.some(({ type, status: is }: Json) => type === 'Available' && is === 'True');
  });
}

behaviour(
  '[sig-api-machinery] Aggregator Should be able to support the 1.17 Sample API Server using the current Aggregator',
  async (scope) => {
    const { extension, namespace } = await startSample(scope);
    await ask('POST', collection, extension.apiService);
    scope.finally(() => call('DELETE', `${collection}/${name}`));
    await available();

    const flunders = `${groupVersion}/namespaces/${namespace}/flunders`;
    const flunder = (of: string) => ({
      apiVersion: 'wardle.example.com/v1alpha1',
      kind: 'Flunder',
      metadata: { labels: { 'sample-label': 'true' }, name: of, namespace },
    });
    const names = async () => (await ask('GET', flunders)).items.map(({ metadata }: Json) => metadata.name);
    expect((await call('POST', flunders, flunder('rest-flunder'))).status).toBe(201);
    expect(await names()).toEqual(['rest-flunder']);
    await ask('DELETE', `${flunders}/rest-flunder`);
    expect(await names()).toEqual([]);

    // As a client does that finds out by itself what there is.
    const { groups } = await ask('GET', '/apis');
    const group = groups.find((each: Json) => each.name === 'wardle.example.com');
    expect(group.preferredVersion.groupVersion).toBe('wardle.example.com/v1alpha1');
    const { resources } = await ask('GET', `/apis/${group.preferredVersion.groupVersion}`);
    expect(resources).toContainEqual(expect.objectContaining({ name: 'flunders', kind: 'Flunder', namespaced: true }));
    const watching = await scope.watch(flunders, {});
    await ask('POST', flunders, flunder('dynamic-flunder'));
    await watching.expect(['ADDED dynamic-flunder'], ({ metadata }) => metadata.name);
    expect(await names()).toEqual(['dynamic-flunder']);

    const status = await ask('GET', `${collection}/${name}/status`);
    expect(status.status.conditions).toContainEqual(expect.objectContaining({ type: 'Available', status: 'True', reason: 'Passed' }));
    await ask('PATCH', `${collection}/${name}`, { spec: { versionPriority: 400 } }, merge);
    expect((await ask('GET', `${collection}/${name}/status`)).spec.versionPriority).toBe(400);
    expect((await ask('GET', collection)).items.map(({ metadata }: Json) => metadata.name)).toContain(name);

    const labels = { 'e2e-apiservice': 'patched' };
    expect((await ask('PATCH', `${collection}/${name}`, { metadata: { labels } }, merge)).metadata.labels).toMatchObject(labels);
    const condition = { type: 'StatusUpdated', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
    await eventually('the status is updated', async () => {
      const current = await ask('GET', `${collection}/${name}/status`);
      current.status.conditions.push(condition);
      return (await call('PUT', `${collection}/${name}/status`, current)).status === 200;
    });
    expect((await ask('GET', `${collection}/${name}/status`)).status.conditions).toEqual([
      expect.objectContaining({ type: 'Available', status: 'True' }),
      expect.objectContaining(condition),
    ]);

    const replaced = { [`e2e-${scope.unique('apiservice')}`]: 'updated' };
    await eventually('the APIService is replaced', async () => {
      const current = await ask('GET', `${collection}/${name}`);
      current.metadata.labels = { ...current.metadata.labels, ...replaced };
      return (await call('PUT', `${collection}/${name}`, current)).status === 200;
    });
    await ask('DELETE', `${flunders}/dynamic-flunder`);

    await ask('DELETE', `${collection}/${name}`);
    await eventually('its group version is gone', async () => (await call('GET', flunders)).status === 404);
    const again = { ...extension.apiService, metadata: { name, labels: replaced } };
    await ask('POST', collection, again);
    await available();
    const selector = `?labelSelector=${Object.keys(replaced).join()}=updated`;
    expect((await ask('GET', collection + selector)).items).toHaveLength(1);
    await ask('DELETE', collection + selector);
    expect((await ask('GET', collection + selector)).items).toEqual([]);
    await eventually('its group version is gone', async () => (await call('GET', flunders)).status === 404);
  },
  120,
);
