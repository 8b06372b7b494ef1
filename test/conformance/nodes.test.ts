import type { V1Pod } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { behaviour, pausePod, ready, type Scope } from './support/behaviour.ts';
import { core, eventually, gone, mergePatch, strategicPatch } from './support/cluster.ts';

behaviour('[sig-node] Node Lifecycle should run through the lifecycle of a node', async (scope) => {
  const name = scope.unique('e2e-fake-node');
  scope.finally(() => core.deleteNode({ name }));
  const body = {
    metadata: { name },
    // Nothing is to be scheduled there, where nobody is at home.
    spec: { unschedulable: true },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  };
  await core.createNode({ body });
  expect((await core.readNode({ name })).metadata?.name).toBe(name);
  const patched = await core.patchNode({ name, body: { metadata: { labels: { [name]: 'patched' } } } }, mergePatch);
  expect(patched.metadata?.labels?.[name]).toBe('patched');
  expect((await core.listNode({ labelSelector: `${name}=patched` })).items).toHaveLength(1);
  const updated = await eventually('an update without conflict', async () => {
    const current = await core.readNode({ name });
    const labels = { ...current.metadata?.labels, [name]: 'updated' };
    return await core.replaceNode({ name, body: { ...current, metadata: { ...current.metadata, labels } } }).catch(() => undefined);
  });
  expect(updated.metadata?.labels?.[name]).toBe('updated');
  await core.deleteNode({ name });
  await gone('the node', () => core.readNode({ name }));
});

/** A taint that one behaviour's pods tolerate. */
const taintOf = (scope: Scope) => ({ key: 'kubernetes.io/e2e-evict-taint-key', value: scope.unique('evict'), effect: 'NoExecute' });

/** A node that nobody runs, to which pods are bound by hand: a taint there reaches no others. */
async function fakeNode(scope: Scope): Promise<string> {
  const name = scope.unique('e2e-fake-node');
  scope.finally(() => core.deleteNode({ name }));
  const now = new Date();
  const conditions = [{ type: 'Ready', status: 'True', lastHeartbeatTime: now, lastTransitionTime: now }];
  await core.createNode({ body: { metadata: { name }, status: { conditions } } });
  return name;
}

/** A pod on a node that tolerates a taint for so many seconds. */
async function tolerant(
  namespace: string,
  name: string,
  nodeName: string,
  taint: { key: string; value: string },
  seconds: number,
): Promise<V1Pod> {
  const toleration = { key: taint.key, operator: 'Equal', value: taint.value, effect: 'NoExecute', tolerationSeconds: seconds };
  const body = pausePod(name, {}, { nodeName, tolerations: [toleration] });
  return await core.createNamespacedPod({ namespace, body });
}

async function setTaints(name: string, taints: object[]): Promise<void> {
  await eventually('the taints are written', async () => {
    const { spec } = await core.readNode({ name });
    const others = (spec?.taints ?? []).filter(({ key }) => key !== 'kubernetes.io/e2e-evict-taint-key');
    const body = { spec: { taints: [...others, ...taints] } };
    return await core.patchNode({ name, body }, mergePatch).catch(() => undefined);
  });
}

/** Whether a pod has been told to go. */
async function isEvicted(namespace: string, name: string): Promise<boolean> {
  return await core.readNamespacedPod({ namespace, name }).then(
    ({ metadata }) => metadata?.deletionTimestamp !== undefined,
    () => true,
  );
}

const pause = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));

behaviour('[sig-node] NoExecuteTaintManager Single Pod removing taint cancels eviction', async (scope) => {
  const namespace = await scope.namespace();
  const node = await fakeNode(scope);
  const taint = taintOf(scope);
  await tolerant(namespace, 'taint-eviction', node, taint, 6);
  await setTaints(node, [taint]);
  await pause(2);
  expect(await isEvicted(namespace, 'taint-eviction')).toBe(false);
  await setTaints(node, []);
  await pause(6);
  expect(await isEvicted(namespace, 'taint-eviction')).toBe(false);
});

behaviour('[sig-node] NoExecuteTaintManager Multiple Pods evicts pods with minTolerationSeconds', async (scope) => {
  const namespace = await scope.namespace();
  const node = await fakeNode(scope);
  const taint = taintOf(scope);
  await tolerant(namespace, 'sooner', node, taint, 2);
  await tolerant(namespace, 'later', node, taint, 6);
  await setTaints(node, [taint]);
  await eventually('the first goes', () => isEvicted(namespace, 'sooner'));
  expect(await isEvicted(namespace, 'later')).toBe(false);
  await eventually('the second goes', () => isEvicted(namespace, 'later'));
});

/** The generation of a pod, and the one that its status is of. */
async function generations(namespace: string, name: string): Promise<[number | undefined, number | undefined]> {
  const { metadata, status } = await core.readNamespacedPod({ namespace, name });
  return [metadata?.generation, status?.observedGeneration];
}

const generationIs = (namespace: string, name: string, wanted: number) =>
  eventually(`generation ${wanted} is observed`, async () => (await generations(namespace, name)).join() === `${wanted},${wanted}`);

behaviour(
  '[sig-node] Pods Extended (pod generation) Pod Generation pod generation should start at 1 and increment per update',
  async (scope) => {
    const namespace = await scope.namespace();
    const name = 'generation';
    const made = await core.createNamespacedPod({ namespace, body: pausePod(name) });
    expect(made.metadata?.generation).toBe(1);
    await ready(namespace, name);
    await generationIs(namespace, name, 1);
    const patch = (body: object) => core.patchNamespacedPod({ namespace, name, body }, strategicPatch);
    await patch({ spec: { containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.9' }] } });
    await generationIs(namespace, name, 2);
    await patch({ spec: { activeDeadlineSeconds: 5000 } });
    await generationIs(namespace, name, 3);
    await patch({ metadata: { labels: { changed: 'true' } } });
    expect((await generations(namespace, name))[0]).toBe(3);
  },
);

behaviour(
  '[sig-node] Pods Extended (pod generation) Pod Generation custom-set generation on new pods and graceful delete',
  async (scope) => {
    const namespace = await scope.namespace();
    const name = 'generation';
    const body = pausePod(name, {}, { terminationGracePeriodSeconds: 5 });
    const finalizers = ['example.com/conformance'];
    const made = await core.createNamespacedPod({
      namespace,
      body: { ...body, metadata: { ...body.metadata, generation: 100, finalizers } },
    });
    scope.finally(() => core.patchNamespacedPod({ namespace, name, body: { metadata: { finalizers: null } } }, mergePatch));
    expect(made.metadata?.generation).toBe(1);
    await ready(namespace, name);
    await core.deleteNamespacedPod({ namespace, name });
    await eventually('the generation is raised', async () => (await generations(namespace, name))[0] === 2);
  },
);

behaviour(
  '[sig-node] Pods Extended (pod generation) Pod Generation issue 500 podspec updates and verify generation and observedGeneration eventually converge',
  async (scope) => {
    const namespace = await scope.namespace();
    const name = 'generation';
    await core.createNamespacedPod({ namespace, body: pausePod(name, {}, { activeDeadlineSeconds: 5000 }) });
    await ready(namespace, name);
    for (let seconds = 4999; seconds > 4500; seconds--) {
      await core.patchNamespacedPod({ namespace, name, body: { spec: { activeDeadlineSeconds: seconds } } }, mergePatch);
    }
    await generationIs(namespace, name, 500);
  },
  300,
);

behaviour('[sig-node] Ephemeral Containers should update the ephemeral containers in an existing pod', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'looked-into';
  await core.createNamespacedPod({ namespace, body: pausePod(name) });
  const pod = await ready(namespace, name);
  const container = (ephemeral: string) => ({
    name: ephemeral,
    image: 'registry.k8s.io/e2e-test-images/agnhost:2.56',
    stdin: true,
    tty: true,
  });
  const running = (count: number) =>
    eventually(`${count} run`, async () => {
      const { spec, status } = await core.readNamespacedPod({ namespace, name });
      const started = status?.ephemeralContainerStatuses?.filter(({ state }) => state?.running !== undefined) ?? [];
      return spec?.ephemeralContainers?.length === count && started.length === count;
    });
  const body = { spec: { ephemeralContainers: [container('debugger')] } };
  await core.patchNamespacedPodEphemeralcontainers({ namespace, name, body }, strategicPatch);
  await running(1);
  const current = await core.readNamespacedPodEphemeralcontainers({ namespace, name });
  const ephemeralContainers = [...(current.spec?.ephemeralContainers ?? []), container('debugger2')];
  const containers = pod.spec?.containers ?? [];
  const replaced = { ...current, spec: { containers, ...current.spec, ephemeralContainers } };
  await core.replaceNamespacedPodEphemeralcontainers({ namespace, name, body: replaced });
  await running(2);
});
