import type { V1Pod, V1ServiceSpec } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { behaviour, pausePod } from './support/behaviour.ts';
import { ask, call, core, eventually, type Json, mergePatch } from './support/cluster.ts';

const slices = (namespace: string) => `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;

async function makeService(namespace: string, name: string, spec: V1ServiceSpec): Promise<void> {
  await core.createNamespacedService({ namespace, body: { metadata: { name, labels: { service: name } }, spec } });
}

/** A pod behind a service, that listens on ports. */
function server(name: string, label: string, ports: readonly number[]): V1Pod {
  const container = { name: 'server', image: 'registry.k8s.io/e2e-test-images/agnhost:2.56' };
  return pausePod(name, { app: label }, { containers: [{ ...container, ports: ports.map((containerPort) => ({ containerPort })) }] });
}

/** The ready endpoints of a service, `pod:port`. */
async function endpointsOf(namespace: string, service: string): Promise<string[]> {
  const { items } = await ask('GET', `${slices(namespace)}?labelSelector=kubernetes.io/service-name=${service}`);
  return items
    .flatMap(({ endpoints, ports }: Json) =>
      (endpoints ?? [])
        .filter(({ conditions }: Json) => conditions.ready)
        .flatMap(({ targetRef }: Json) => (ports ?? []).map(({ port }: Json) => `${targetRef.name}:${port}`)),
    )
    .sort();
}

async function untilEndpoints(namespace: string, service: string, ...wanted: string[]): Promise<void> {
  await eventually(`endpoints ${wanted.join(', ')}`, async () => (await endpointsOf(namespace, service)).join() === wanted.join());
}

const now = { gracePeriodSeconds: 0 };

behaviour('[sig-network] Services should serve a basic endpoint from pods', async (scope) => {
  const namespace = await scope.namespace();
  await makeService(namespace, 'test2', { selector: { app: 'test2' }, ports: [{ port: 80, targetPort: 80 }] });
  await untilEndpoints(namespace, 'test2');
  await core.createNamespacedPod({ namespace, body: server('pod1', 'test2', [80]) });
  await untilEndpoints(namespace, 'test2', 'pod1:80');
  await core.createNamespacedPod({ namespace, body: server('pod2', 'test2', [80]) });
  await untilEndpoints(namespace, 'test2', 'pod1:80', 'pod2:80');
  await core.deleteNamespacedPod({ namespace, name: 'pod1', ...now });
  await untilEndpoints(namespace, 'test2', 'pod2:80');
  await core.deleteNamespacedPod({ namespace, name: 'pod2', ...now });
  await untilEndpoints(namespace, 'test2');
});

behaviour('[sig-network] Services should serve multiport endpoints from pods', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'multiport';
  const port = (portName: string, number: number, targetPort: string) => ({ name: portName, port: number, targetPort });
  await makeService(namespace, name, {
    selector: { app: name },
    ports: [port('portname1', 80, 'svc1'), port('portname2', 81, 'svc2')],
  });
  const listening = (pod: string, portName: string, containerPort: number) => {
    const ports = [{ name: portName, containerPort }];
    return pausePod(pod, { app: name }, { containers: [{ name: 'server', image: 'registry.k8s.io/pause:3.10.1', ports }] });
  };
  await untilEndpoints(namespace, name);
  await core.createNamespacedPod({ namespace, body: listening('pod1', 'svc1', 100) });
  await untilEndpoints(namespace, name, 'pod1:100');
  await core.createNamespacedPod({ namespace, body: listening('pod2', 'svc2', 101) });
  await untilEndpoints(namespace, name, 'pod1:100', 'pod2:101');
  await core.deleteNamespacedPod({ namespace, name: 'pod1', ...now });
  await untilEndpoints(namespace, name, 'pod2:101');
  await core.deleteNamespacedPod({ namespace, name: 'pod2', ...now });
  await untilEndpoints(namespace, name);
});

behaviour('[sig-network] Service endpoints latency should not be very high', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedPod({ namespace, body: server('pod1', 'svc-latency', [80]) });
  const names = Array.from({ length: 100 }, (_, index) => `latency-svc-${index}`);
  // Upstream's limit of the slowest tenth is 50 s; nothing here may take that long.
  await Promise.all(
    names.map(async (name) => {
      await makeService(namespace, name, { selector: { app: 'svc-latency' }, ports: [{ port: 80 }] });
      await untilEndpoints(namespace, name, 'pod1:80');
    }),
  );
});

behaviour('[sig-network] Services should find a service from listing all namespaces', async () => {
  const { items } = await core.listServiceForAllNamespaces();
  expect(items.some(({ metadata }) => metadata?.namespace === 'default' && metadata.name === 'kubernetes')).toBe(true);
});

behaviour('[sig-network] Services should delete a collection of services', async (scope) => {
  const namespace = await scope.namespace();
  for (const name of ['a', 'b', 'c']) {
    const labels = { 'e2e-test': name === 'c' ? 'stays' : 'goes' };
    await core.createNamespacedService({ namespace, body: { metadata: { name, labels }, spec: { ports: [{ port: 80 }] } } });
  }
  expect((await core.listNamespacedService({ namespace })).items).toHaveLength(3);
  await core.deleteCollectionNamespacedService({ namespace, labelSelector: 'e2e-test=goes' });
  expect((await core.listNamespacedService({ namespace })).items.map(({ metadata }) => metadata?.name)).toEqual(['c']);
});

behaviour('[sig-network] Services should complete a service status lifecycle', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'status-lifecycle';
  const watch = await scope.watch(`/api/v1/namespaces/${namespace}/services`);
  await makeService(namespace, name, { type: 'LoadBalancer', ports: [{ name: 'http', port: 80, targetPort: 80 }] });
  expect((await core.readNamespacedServiceStatus({ namespace, name })).status?.loadBalancer).toEqual({});
  const ingress = [{ ip: '203.0.113.1', ipMode: 'VIP' }];
  const patched = await core.patchNamespacedServiceStatus(
    { namespace, name, body: { metadata: { annotations: { patchedstatus: 'true' } }, status: { loadBalancer: { ingress } } } },
    mergePatch,
  );
  expect([patched.metadata?.annotations, patched.status?.loadBalancer?.ingress]).toEqual([{ patchedstatus: 'true' }, ingress]);
  const condition = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
  const conditions = [{ ...condition, lastTransitionTime: new Date('2026-01-01T00:00:00Z') }];
  const body = { ...patched, status: { ...patched.status, conditions } };
  expect((await core.replaceNamespacedServiceStatus({ namespace, name, body })).status?.conditions).toMatchObject([condition]);
  const labels = { 'test-service': 'patched' };
  const whole = await core.patchNamespacedService({ namespace, name, body: { metadata: { labels } } }, mergePatch);
  expect([whole.metadata?.labels, whole.status?.loadBalancer?.ingress]).toMatchObject([labels, ingress]);
  await core.deleteCollectionNamespacedService({ namespace, labelSelector: 'test-service=patched' });
  await eventually('the deletion is seen', async () => watch.seen.at(-1)?.type === 'DELETED');
});

behaviour('[sig-network] API Server should provide secure master service', async () => {
  const { spec } = await core.readNamespacedService({ namespace: 'default', name: 'kubernetes' });
  expect(spec?.ports?.map(({ name, port }) => [name, port])).toEqual([['https', 443]]);
});

behaviour('[sig-network] API Server should have Endpoints and EndpointSlices pointing to API Server', async () => {
  const endpoints = await core.readNamespacedEndpoints({ namespace: 'default', name: 'kubernetes' });
  const addresses = endpoints.subsets?.flatMap((subset) => subset.addresses ?? []).map(({ ip }) => ip) ?? [];
  expect(addresses.length).toBeGreaterThan(0);
  const { items } = await ask('GET', `${slices('default')}?labelSelector=kubernetes.io/service-name=kubernetes`);
  const inSlices = items.flatMap((slice: Json) => slice.endpoints).flatMap((endpoint: Json) => endpoint.addresses);
  expect(inSlices.sort()).toEqual(addresses.sort());
});

behaviour('[sig-network] Endpoints should test the lifecycle of an Endpoint', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'testservice';
  const watch = await scope.watch(`/api/v1/namespaces/${namespace}/endpoints`);
  const subset = (ip: string, port: number) => [{ addresses: [{ ip }], ports: [{ name: 'http', port, protocol: 'TCP' }] }];
  await core.createNamespacedEndpoints({
    namespace,
    body: { metadata: { name, labels: { 'test-endpoint-static': 'true' } }, subsets: subset('10.0.0.24', 80) },
  });
  const everywhere = await core.listEndpointsForAllNamespaces({ labelSelector: 'test-endpoint-static=true' });
  const found = everywhere.items.find(({ metadata }) => metadata?.namespace === namespace);
  expect(found?.subsets).toMatchObject(subset('10.0.0.24', 80));
  const labels = { 'test-endpoint-static': 'true', 'test-service': 'updated' };
  const body = { ...(await core.readNamespacedEndpoints({ namespace, name })), metadata: { name, labels } };
  expect((await core.replaceNamespacedEndpoints({ namespace, name, body })).metadata?.labels).toMatchObject(labels);
  const patch = { metadata: { labels: { 'test-service': 'patched' } }, subsets: subset('10.0.0.25', 8080) };
  const patched = await core.patchNamespacedEndpoints({ namespace, name, body: patch }, mergePatch);
  expect([patched.metadata?.labels?.['test-service'], patched.subsets]).toMatchObject(['patched', subset('10.0.0.25', 8080)]);
  await core.deleteCollectionNamespacedEndpoints({ namespace, labelSelector: 'test-endpoint-static=true' });
  await eventually('the deletion is seen', async () => watch.seen.at(-1)?.type === 'DELETED');
});

/** A service of pods with two kinds of ports: what the controllers of endpoints make of it, and that it goes with the service. */
async function provePods(namespace: string, read: () => Promise<readonly string[]>): Promise<void> {
  for (const name of ['pod1', 'pod2']) {
    const body = pausePod(
      name,
      { foo: 'bar', [name]: 'true' },
      { containers: [{ ...server(name, name, [8080]).spec?.containers[0], name: 'c' }] },
    );
    await core.createNamespacedPod({ namespace, body });
  }
  await makeService(namespace, 'example-named-port', { selector: { foo: 'bar' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] });
  await eventually('both pods', async () => (await read()).join() === 'pod1:8080,pod2:8080');
  await core.patchNamespacedPod({ namespace, name: 'pod1', body: { metadata: { labels: { foo: 'other' } } } }, mergePatch);
  await eventually('one pod', async () => (await read()).join() === 'pod2:8080');
}

async function subsetsOf(namespace: string, name: string): Promise<string[]> {
  const answer = await call('GET', `/api/v1/namespaces/${namespace}/endpoints/${name}`);
  return (answer.body.subsets ?? []).flatMap(({ addresses = [], ports = [] }: Json) =>
    addresses.flatMap(({ targetRef }: Json) => ports.map(({ port }: Json) => `${targetRef.name}:${port}`)).sort(),
  );
}

behaviour('[sig-network] EndpointsController should create Endpoints for Pods matching a Service', async (scope) => {
  const namespace = await scope.namespace();
  await provePods(namespace, () => subsetsOf(namespace, 'example-named-port'));
});

behaviour('[sig-network] EndpointSlice should create Endpoints and EndpointSlices for Pods matching a Service', async (scope) => {
  const namespace = await scope.namespace();
  await provePods(namespace, () => endpointsOf(namespace, 'example-named-port'));
  // The endpoints are of another controller, which may be later.
  await eventually('one pod', async () => (await subsetsOf(namespace, 'example-named-port')).join() === 'pod2:8080');
});

behaviour(
  '[sig-network] EndpointsController should create and delete Endpoints for a Service with a selector that matches no pods',
  async (scope) => {
    const namespace = await scope.namespace();
    await makeService(namespace, 'empty', { selector: { does: 'not-match' }, ports: [{ port: 80 }] });
    const read = () => call('GET', `/api/v1/namespaces/${namespace}/endpoints/empty`);
    const { subsets } = await eventually('endpoints', async () => ((await read()).status === 200 ? (await read()).body : undefined));
    expect(subsets ?? []).toEqual([]);
    await core.deleteNamespacedService({ namespace, name: 'empty' });
    await eventually('they go with the service', async () => (await read()).status === 404);
  },
);

behaviour(
  '[sig-network] EndpointSlice should create and delete EndpointSlices for a Service with a selector that matches no pods',
  async (scope) => {
    const namespace = await scope.namespace();
    await makeService(namespace, 'empty', { selector: { does: 'not-match' }, ports: [{ port: 80 }] });
    const read = async () => (await ask('GET', `${slices(namespace)}?labelSelector=kubernetes.io/service-name=empty`)).items;
    const [slice] = await eventually('a slice', async () => ((await read()).length > 0 ? await read() : undefined));
    expect([slice.endpoints ?? [], slice.metadata.labels['endpointslice.kubernetes.io/managed-by']]).toEqual([
      [],
      'endpointslice-controller.k8s.io',
    ]);
    await core.deleteNamespacedService({ namespace, name: 'empty' });
    await eventually('it goes with the service', async () => (await read()).length === 0);
  },
);

behaviour(
  '[sig-network] EndpointSliceMirroring should mirror a custom Endpoints resource through create update and delete',
  async (scope) => {
    const namespace = await scope.namespace();
    const name = 'example-custom-endpoints';
    await makeService(namespace, name, { ports: [{ name: 'example', port: 80, protocol: 'TCP' }] });
    const subsets = (ip: string) => [{ addresses: [{ ip }], ports: [{ name: 'example', port: 80, protocol: 'TCP' }] }];
    await core.createNamespacedEndpoints({ namespace, body: { metadata: { name }, subsets: subsets('10.1.2.3') } });
    const mirrored = async () => {
      const { items } = await ask('GET', `${slices(namespace)}?labelSelector=kubernetes.io/service-name=${name}`);
      return items.flatMap(({ endpoints }: Json) => endpoints ?? []).flatMap(({ addresses }: Json) => addresses);
    };
    await eventually('the endpoint is mirrored', async () => (await mirrored()).join() === '10.1.2.3');
    await core.patchNamespacedEndpoints({ namespace, name, body: { subsets: subsets('10.2.3.4') } }, mergePatch);
    await eventually('the change is mirrored', async () => (await mirrored()).join() === '10.2.3.4');
    await core.deleteNamespacedEndpoints({ namespace, name });
    await eventually('the deletion is mirrored', async () => (await mirrored()).length === 0);
  },
);

behaviour(
  '[sig-network] HostPort validates that there is no conflict between pods with same hostPort but different hostIP and protocol',
  async (scope) => {
    const namespace = await scope.namespace();
    const run = async (name: string, hostIP: string, protocol: string, nodeName?: string) => {
      const ports = [{ containerPort: 8080, hostPort: 54_323, protocol, hostIP }];
      const body = pausePod(
        name,
        {},
        {
          containers: [{ name: 'server', image: 'registry.k8s.io/pause:3.10.1', ports }],
          ...(nodeName && { nodeSelector: { 'kubernetes.io/hostname': nodeName } }),
        },
      );
      await core.createNamespacedPod({ namespace, body });
      return await eventually(`${name} runs`, async () => {
        const { spec, status } = await core.readNamespacedPod({ namespace, name });
        return status?.phase === 'Running' ? spec?.nodeName : undefined;
      });
    };
    const node = await run('pod1', '127.0.0.1', 'TCP');
    const { status } = await core.readNode({ name: node });
    const address = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '';
    expect([await run('pod2', address, 'TCP', node), await run('pod3', address, 'UDP', node)]).toEqual([node, node]);
  },
);
