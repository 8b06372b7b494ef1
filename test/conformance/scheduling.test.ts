import type { V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { behaviour, pausePod, type Scope } from './support/behaviour.ts';
import { apps, ask, call, core, eventually, jsonPatch, mergePatch } from './support/cluster.ts';

const image = 'registry.k8s.io/pause:3.10.1';
const wanting = (resource: string, amount = '1'): Partial<V1PodSpec> => ({
  containers: [{ name: 'pause', image, resources: { requests: { [resource]: amount }, limits: { [resource]: amount } } }],
});

/** The name of a node that takes any pod. */
async function anyNode(): Promise<string> {
  const { items } = await core.listNode();
  const free = items.find(({ spec }) => spec?.unschedulable !== true && (spec?.taints ?? []).length === 0);
  return free?.metadata?.name ?? '';
}

/** Gives nodes an extended resource of the behaviour's own, so that nobody else's pods compete for it. */
async function extend(scope: Scope, nodes: readonly string[], amount = '1'): Promise<string> {
  const resource = `${scope.unique('foo')}.example.com/foo`;
  const path = `/status/capacity/${resource.replaceAll('/', '~1')}`;
  for (const name of nodes) {
    await core.patchNodeStatus({ name, body: [{ op: 'add', path, value: amount }] }, jsonPatch);
    scope.finally(() => core.patchNodeStatus({ name, body: [{ op: 'remove', path }] }, jsonPatch));
    await eventually('the resource can be had', async () => {
      return (await core.readNode({ name })).status?.allocatable?.[resource] === amount;
    });
  }
  return resource;
}

async function priority(scope: Scope, value: number): Promise<string> {
  const name = scope.unique('p');
  await ask('POST', '/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name }, value });
  scope.finally(() => call('DELETE', `/apis/scheduling.k8s.io/v1/priorityclasses/${name}`));
  return name;
}

async function scheduled(namespace: string, name: string): Promise<V1Pod> {
  return await eventually(`${name} is scheduled`, async () => {
    const pod = await core.readNamespacedPod({ namespace, name });
    return pod.spec?.nodeName ? pod : undefined;
  });
}

async function notScheduled(namespace: string, name: string): Promise<string> {
  return await eventually(`${name} is not scheduled`, async () => {
    const { status } = await core.readNamespacedPod({ namespace, name });
    const condition = status?.conditions?.find(({ type }) => type === 'PodScheduled');
    return condition?.reason === 'Unschedulable' ? (condition.message ?? '') : undefined;
  });
}

const create = (namespace: string, name: string, spec: Partial<V1PodSpec>) =>
  core.createNamespacedPod({ namespace, body: pausePod(name, { app: name }, spec) });

behaviour(
  '[sig-scheduling] LimitRange should create a LimitRange with defaults and ensure pod has those defaults applied.',
  async (scope) => {
    const namespace = await scope.namespace();
    const name = 'limit-range';
    const watch = await scope.watch(`/api/v1/namespaces/${namespace}/limitranges`);
    const limit = {
      type: 'Container',
      min: { cpu: '50m', memory: '100Mi' },
      max: { cpu: '500m', memory: '500Mi' },
      _default: { cpu: '500m', memory: '500Mi' },
      defaultRequest: { cpu: '100m', memory: '200Mi' },
    };
    await core.createNamespacedLimitRange({ namespace, body: { metadata: { name }, spec: { limits: [limit] } } });
    await eventually('the creation is seen', async () => watch.seen[0]?.type === 'ADDED');
    const { spec } = await core.readNamespacedLimitRange({ namespace, name });
    expect(spec?.limits).toMatchObject([limit]);
    const resourcesOf = async (pod: string, resources: object) => {
      const made = await core.createNamespacedPod({
        namespace,
        body: pausePod(pod, {}, { containers: [{ name: 'pause', image, resources }] }),
      });
      return made.spec?.containers[0]?.resources;
    };
    expect(await resourcesOf('no-resources', {})).toEqual({ requests: limit.defaultRequest, limits: limit._default });
    expect(await resourcesOf('partial', { requests: { cpu: '150m', memory: '150Mi' }, limits: { cpu: '300m' } })).toEqual({
      requests: { cpu: '150m', memory: '150Mi' },
      limits: { cpu: '300m', memory: '500Mi' },
    });
    const refused = async (pod: string, resources: object) => {
      const body = pausePod(pod, {}, { containers: [{ name: 'pause', image, resources }] });
      return (await call('POST', `/api/v1/namespaces/${namespace}/pods`, body)).status;
    };
    expect(await refused('too-little', { requests: { cpu: '10m', memory: '50Mi' } })).toBe(403);
    expect(await refused('too-much', { limits: { cpu: '600m', memory: '600Mi' } })).toBe(403);
    const less = { ...limit, min: { cpu: '9m', memory: '49Mi' } };
    const current = await core.readNamespacedLimitRange({ namespace, name });
    await core.replaceNamespacedLimitRange({ namespace, name, body: { ...current, spec: { limits: [less] } } });
    await eventually('less is allowed', async () => (await refused('too-little', { requests: { cpu: '10m', memory: '50Mi' } })) === 201);
    await core.deleteNamespacedLimitRange({ namespace, name });
    await eventually('the deletion is seen', async () => watch.seen.at(-1)?.type === 'DELETED');
    await eventually('more is allowed', async () => (await refused('too-much', { limits: { cpu: '600m', memory: '600Mi' } })) === 201);
  },
);

behaviour('[sig-scheduling] SchedulerPredicates validates resource limits of pods that are allowed to run', async (scope) => {
  const namespace = await scope.namespace();
  const node = await anyNode();
  const resource = await extend(scope, [node], '3');
  await create(namespace, 'filler', wanting(resource, '2'));
  await scheduled(namespace, 'filler');
  await create(namespace, 'additional', wanting(resource, '2'));
  expect(await notScheduled(namespace, 'additional')).toContain(`Insufficient ${resource}`);
});

behaviour('[sig-scheduling] SchedulerPredicates validates that NodeSelector is respected if not matching', async (scope) => {
  const namespace = await scope.namespace();
  await create(namespace, 'restricted', { nodeSelector: { label: 'nonempty' } });
  expect(await notScheduled(namespace, 'restricted')).toContain("node(s) didn't match Pod's node affinity/selector");
});

behaviour('[sig-scheduling] SchedulerPredicates validates that NodeSelector is respected if matching', async (scope) => {
  const namespace = await scope.namespace();
  const node = await anyNode();
  const key = `kubernetes.io/${scope.unique('e2e')}`;
  await core.patchNode({ name: node, body: { metadata: { labels: { [key]: '42' } } } }, mergePatch);
  scope.finally(() => core.patchNode({ name: node, body: { metadata: { labels: { [key]: null } } } }, mergePatch));
  await create(namespace, 'with-labels', { nodeSelector: { [key]: '42' } });
  expect((await scheduled(namespace, 'with-labels')).spec?.nodeName).toBe(node);
});

behaviour(
  '[sig-scheduling] SchedulerPredicates validates that there exists conflict between pods with same hostPort and protocol but one using 0.0.0.0 hostIP',
  async (scope) => {
    const namespace = await scope.namespace();
    const nodeSelector = { 'kubernetes.io/hostname': await anyNode() };
    const listening = (hostIP: string) => {
      const ports = [{ containerPort: 8080, hostPort: 54_322, protocol: 'TCP', hostIP }];
      return { nodeSelector, containers: [{ name: 'pause', image, ports }] };
    };
    await create(namespace, 'pod4', listening('0.0.0.0'));
    await scheduled(namespace, 'pod4');
    await create(namespace, 'pod5', listening('127.0.0.1'));
    expect(await notScheduled(namespace, 'pod5')).toContain("node(s) didn't have free ports for the requested pod ports");
  },
);

/** Pods of low priority on a node with room for two, and then one of a higher priority that needs the room of one. */
async function preempt(scope: Scope, preemptor: Partial<V1PodSpec>, preemptorNamespace?: string): Promise<void> {
  const namespace = await scope.namespace();
  const node = await anyNode();
  const resource = await extend(scope, [node], '2');
  const [low, medium] = [await priority(scope, 1), await priority(scope, 100)];
  await create(namespace, 'low', { ...wanting(resource), priorityClassName: low });
  await create(namespace, 'medium', { ...wanting(resource), priorityClassName: medium });
  await scheduled(namespace, 'low');
  await scheduled(namespace, 'medium');
  const [at, name] = [preemptorNamespace ?? namespace, scope.unique('preemptor')];
  await create(at, name, { ...wanting(resource), ...preemptor });
  scope.finally(() => core.deleteNamespacedPod({ namespace: at, name }));
  expect((await scheduled(at, name)).spec?.nodeName).toBe(node);
  expect((await call('GET', `/api/v1/namespaces/${namespace}/pods/low`)).status).toBe(404);
  expect((await core.readNamespacedPod({ namespace, name: 'medium' })).metadata?.deletionTimestamp).toBeUndefined();
}

behaviour('[sig-scheduling] SchedulerPreemption validates basic preemption works', async (scope) =>
  preempt(scope, { priorityClassName: await priority(scope, 1000) }),
);

behaviour('[sig-scheduling] SchedulerPreemption validates lower priority pod preemption by critical pod', (scope) =>
  preempt(scope, { priorityClassName: 'system-cluster-critical' }, 'kube-system'),
);

behaviour('[sig-scheduling] SchedulerPreemption validates pod disruption condition is added to the preempted pod', async (scope) => {
  const namespace = await scope.namespace();
  const resource = await extend(scope, [await anyNode()]);
  const [low, high] = [await priority(scope, 1), await priority(scope, 1000)];
  const victim = pausePod('victim', {}, { ...wanting(resource), priorityClassName: low });
  // It stays to be looked at.
  const metadata = { ...victim.metadata, finalizers: ['example.com/test-finalizer'] };
  await core.createNamespacedPod({ namespace, body: { ...victim, metadata } });
  scope.finally(() => core.patchNamespacedPod({ namespace, name: 'victim', body: { metadata: { finalizers: null } } }, mergePatch));
  await scheduled(namespace, 'victim');
  await create(namespace, 'preemptor', { ...wanting(resource), priorityClassName: high });
  const condition = await eventually('the victim is told', async () => {
    const pod = await core.readNamespacedPod({ namespace, name: 'victim' });
    return pod.metadata?.deletionTimestamp && pod.status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
  });
  expect(condition).toMatchObject({ status: 'True', reason: 'PreemptionByScheduler' });
});

behaviour(
  '[sig-scheduling] SchedulerPreemption PreemptionExecutionPath runs ReplicaSets to verify preemption running path',
  async (scope) => {
    const namespace = await scope.namespace();
    const resource = await extend(scope, [await anyNode()], '990');
    const set = async (name: string, replicas: number, amount: string, priorityClassName: string) => {
      const labels = { name };
      const spec = { terminationGracePeriodSeconds: 0, ...wanting(resource, amount), priorityClassName } as V1PodSpec;
      await apps.createNamespacedReplicaSet({
        namespace,
        body: {
          metadata: { name, namespace },
          spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
        },
      });
    };
    const running = async (name: string) => {
      const { items } = await core.listNamespacedPod({ namespace, labelSelector: `name=${name}` });
      return items.filter(({ status, metadata }) => status?.phase === 'Running' && metadata?.deletionTimestamp === undefined).length;
    };
    const classes = await Promise.all([1, 2, 3, 4].map((value) => priority(scope, value)));
    const [p1 = '', p2 = '', p3 = '', p4 = ''] = classes;
    await set('rs-pod1', 1, '200', p1);
    await set('rs-pod2', 1, '300', p2);
    await set('rs-pod3', 1, '450', p3);
    for (const name of ['rs-pod1', 'rs-pod2', 'rs-pod3']) await eventually(`${name} runs`, async () => (await running(name)) === 1);
    // It fits only in the place of the first two.
    await set('rs-pod4', 1, '500', p4);
    await eventually('the fourth runs', async () => (await running('rs-pod4')) === 1);
    await eventually('the first two do not', async () => (await running('rs-pod1')) + (await running('rs-pod2')) === 0);
    expect(await running('rs-pod3')).toBe(1);
  },
);
