import type { V1Container, V1EnvVar } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { behaviour, pausePod, ready } from './support/behaviour.ts';
import { core, eventually } from './support/cluster.ts';
import { output, shell, shellImage } from './support/programs.ts';

/** What a container prints of the variables that it is given. */
async function variables(namespace: string, names: readonly string[], more: Partial<V1Container>, pod: object = {}): Promise<string[]> {
  const script = names.map((name) => `echo "${name}=$${name}"`).join('; ');
  return await output(namespace, 'printer', shell(script, more), pod);
}

const field = (name: string, fieldPath: string): V1EnvVar => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const amount = (name: string, resource: string): V1EnvVar => ({ name, valueFrom: { resourceFieldRef: { resource } } });
const resources = { requests: { cpu: '250m', memory: '32Mi' }, limits: { cpu: '1250m', memory: '64Mi' } };

behaviour('[sig-node] ConfigMap should be consumable via environment variable', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'map' }, data: { 'data-1': 'value-1' } } });
  const env = [{ name: 'CONFIG_DATA_1', valueFrom: { configMapKeyRef: { name: 'map', key: 'data-1' } } }];
  expect(await variables(namespace, ['CONFIG_DATA_1'], { env })).toEqual(['CONFIG_DATA_1=value-1']);
});

behaviour('[sig-node] ConfigMap should be consumable via the environment', async (scope) => {
  const namespace = await scope.namespace();
  const data = { data_1: 'value-1', data_2: 'value-2', data_3: 'value-3' };
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'map' }, data } });
  const envFrom = [{ configMapRef: { name: 'map' } }, { prefix: 'p_', configMapRef: { name: 'map' } }];
  const names = ['data_1', 'data_2', 'data_3', 'p_data_1'];
  expect(await variables(namespace, names, { envFrom })).toEqual([
    'data_1=value-1',
    'data_2=value-2',
    'data_3=value-3',
    'p_data_1=value-1',
  ]);
});

behaviour('[sig-node] Secrets should be consumable from pods in env vars', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedSecret({ namespace, body: { metadata: { name: 'secret' }, stringData: { 'data-1': 'value-1' } } });
  const env = [{ name: 'SECRET_DATA', valueFrom: { secretKeyRef: { name: 'secret', key: 'data-1' } } }];
  expect(await variables(namespace, ['SECRET_DATA'], { env })).toEqual(['SECRET_DATA=value-1']);
});

behaviour('[sig-node] Secrets should be consumable via the environment', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedSecret({ namespace, body: { metadata: { name: 'secret' }, stringData: { data_1: 'value-1' } } });
  const envFrom = [{ secretRef: { name: 'secret' } }, { prefix: 'p_', secretRef: { name: 'secret' } }];
  expect(await variables(namespace, ['data_1', 'p_data_1'], { envFrom })).toEqual(['data_1=value-1', 'p_data_1=value-1']);
});

behaviour("[sig-node] Downward API should provide container's limits.cpu/memory and requests.cpu/memory as env vars", async (scope) => {
  const namespace = await scope.namespace();
  const env = [
    amount('CPU_LIMIT', 'limits.cpu'),
    amount('MEMORY_LIMIT', 'limits.memory'),
    amount('CPU_REQUEST', 'requests.cpu'),
    amount('MEMORY_REQUEST', 'requests.memory'),
  ];
  const names = env.map(({ name }) => name);
  expect(await variables(namespace, names, { env, resources })).toEqual([
    'CPU_LIMIT=2',
    'MEMORY_LIMIT=67108864',
    'CPU_REQUEST=1',
    'MEMORY_REQUEST=33554432',
  ]);
});

behaviour('[sig-node] Downward API should provide default limits.cpu/memory from node allocatable', async (scope) => {
  const namespace = await scope.namespace();
  const env = [amount('CPU_LIMIT', 'limits.cpu'), amount('MEMORY_LIMIT', 'limits.memory')];
  const printed = await variables(namespace, ['CPU_LIMIT', 'MEMORY_LIMIT'], { env });
  for (const line of printed) expect(Number(line.split('=')[1])).toBeGreaterThan(0);
});

behaviour('[sig-node] Downward API should provide pod name, namespace and IP address as env vars', async (scope) => {
  const namespace = await scope.namespace();
  const env = [field('POD_NAME', 'metadata.name'), field('POD_NAMESPACE', 'metadata.namespace'), field('POD_IP', 'status.podIP')];
  const printed = await variables(namespace, ['POD_NAME', 'POD_NAMESPACE', 'POD_IP'], { env });
  expect(printed).toEqual(['POD_NAME=printer', `POD_NAMESPACE=${namespace}`, expect.stringMatching(/^POD_IP=\d+\.\d+\.\d+\.\d+$/)]);
});

behaviour('[sig-node] Downward API should provide host IP as an env var', async (scope) => {
  const namespace = await scope.namespace();
  const [line] = await variables(namespace, ['HOST_IP'], { env: [field('HOST_IP', 'status.hostIP')] });
  const { status } = await core.readNamespacedPod({ namespace, name: 'printer' });
  expect(line).toBe(`HOST_IP=${status?.hostIP}`);
});

behaviour('[sig-node] Downward API should provide hostIPs as an env var', async (scope) => {
  const namespace = await scope.namespace();
  const [line] = await variables(namespace, ['HOST_IPS'], { env: [field('HOST_IPS', 'status.hostIPs')] });
  const { status } = await core.readNamespacedPod({ namespace, name: 'printer' });
  expect(line).toBe(`HOST_IPS=${status?.hostIPs?.map(({ ip }) => ip).join(',')}`);
});

behaviour('[sig-node] Downward API should provide pod UID as env vars', async (scope) => {
  const namespace = await scope.namespace();
  const [line] = await variables(namespace, ['POD_UID'], { env: [field('POD_UID', 'metadata.uid')] });
  const { metadata } = await core.readNamespacedPod({ namespace, name: 'printer' });
  expect(line).toBe(`POD_UID=${metadata?.uid}`);
});

behaviour('[sig-node] Variable Expansion should allow composing env vars into new env vars', async (scope) => {
  const namespace = await scope.namespace();
  const env = [
    { name: 'FOO', value: 'foo-value' },
    { name: 'BAR', value: 'bar-value' },
    { name: 'FOOBAR', value: '$(FOO);;$(BAR)' },
  ];
  expect(await variables(namespace, ['FOO', 'BAR', 'FOOBAR'], { env })).toEqual([
    'FOO=foo-value',
    'BAR=bar-value',
    'FOOBAR=foo-value;;bar-value',
  ]);
});

const testVariable = [{ name: 'TEST_VAR', value: 'test-value' }];

behaviour("[sig-node] Variable Expansion should allow substituting values in a container's command", async (scope) => {
  const namespace = await scope.namespace();
  expect(await output(namespace, 'printer', shell("echo '$(TEST_VAR)'", { env: testVariable }))).toEqual(['test-value']);
});

behaviour("[sig-node] Variable Expansion should allow substituting values in a container's args", async (scope) => {
  const namespace = await scope.namespace();
  const container = shell('', { command: ['sh', '-c'], args: ["echo '$(TEST_VAR)'"], env: testVariable });
  expect(await output(namespace, 'printer', container)).toEqual(['test-value']);
});

behaviour('[sig-node] Pods should contain environment variables for services', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedPod({ namespace, body: pausePod('server', { name: 'server' }) });
  await ready(namespace, 'server');
  const { spec } = await core.createNamespacedService({
    namespace,
    body: { metadata: { name: 'fooservice' }, spec: { ports: [{ port: 8765, targetPort: 8080 }], selector: { name: 'server' } } },
  });
  const host = spec?.clusterIP;
  const wanted = {
    FOOSERVICE_SERVICE_HOST: host,
    FOOSERVICE_SERVICE_PORT: '8765',
    FOOSERVICE_PORT: `tcp://${host}:8765`,
    FOOSERVICE_PORT_8765_TCP_PORT: '8765',
    FOOSERVICE_PORT_8765_TCP_PROTO: 'tcp',
    FOOSERVICE_PORT_8765_TCP: `tcp://${host}:8765`,
    FOOSERVICE_PORT_8765_TCP_ADDR: host,
  };
  const script = Object.keys(wanted)
    .map((name) => `echo "${name}=$${name}"`)
    .join('; ');
  let tries = 0;
  // A kubelet hears of a service some time after it is made.
  await eventually('the variables are there', async () => {
    tries += 1;
    const printed = await output(namespace, `printer-${tries}`, shell(script));
    return (
      printed.join() ===
      Object.entries(wanted)
        .map(([name, value]) => `${name}=${value}`)
        .join()
    );
  });
});

behaviour('[sig-node] Kubelet when scheduling a busybox command in a pod should print the output to logs', async (scope) => {
  const namespace = await scope.namespace();
  expect(await output(namespace, 'printer', shell("echo 'Hello World' ; sleep 1"))).toEqual(['Hello World']);
});

behaviour("[sig-node] Containers should be able to override the image's default command and arguments", async (scope) => {
  const namespace = await scope.namespace();
  const container = shell('', { command: ['echo'], args: ['override', 'arguments'] });
  expect(await output(namespace, 'printer', container)).toEqual(['override arguments']);
});

behaviour("[sig-node] Containers should be able to override the image's default command (container entrypoint)", async (scope) => {
  const namespace = await scope.namespace();
  expect(await output(namespace, 'printer', shell('', { command: ['echo', 'entrypoint'] }))).toEqual(['entrypoint']);
});

behaviour("[sig-node] Containers should be able to override the image's default arguments (container cmd)", async (scope) => {
  const namespace = await scope.namespace();
  expect(await output(namespace, 'printer', { name: 'main', image: shellImage, args: ['echo', 'arguments'] })).toEqual(['arguments']);
});

behaviour('[sig-node] Containers should use the image defaults if command and args are blank', async (scope) => {
  const namespace = await scope.namespace();
  // Its own command serves HTTP, which is asked for here.
  const readinessProbe = { httpGet: { path: '/', port: 80 }, periodSeconds: 1 };
  const containers = [{ name: 'main', image: 'nginx:1.29', readinessProbe }];
  await core.createNamespacedPod({ namespace, body: pausePod('defaults', {}, { containers }) });
  await ready(namespace, 'defaults');
});
