import { PassThrough } from 'node:stream';
import { Log } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { behaviour, pausePod, ready } from './support/behaviour.ts';
import { config, coordination, core, eventually, gone, mergePatch, nodes, refusal, strategicPatch } from './support/cluster.ts';

const busybox = (command: string[]) => [{ name: 'main', image: 'registry.k8s.io/e2e-test-images/busybox:1.37.0-1', command }];

behaviour('[sig-node] Pods should be submitted and removed', async (scope) => {
  const namespace = await scope.namespace();
  const watch = await scope.watch(`/api/v1/namespaces/${namespace}/pods`, { labelSelector: 'time=now' });
  await core.createNamespacedPod({ namespace, body: pausePod('submitted', { time: 'now' }) });
  await ready(namespace, 'submitted');
  await core.deleteNamespacedPod({ namespace, name: 'submitted', gracePeriodSeconds: 30 });
  await gone('the pod', () => core.readNamespacedPod({ namespace, name: 'submitted' }));
  await eventually('the deletion is seen', async () => watch.seen.at(-1)?.type === 'DELETED');
  expect(watch.seen[0]?.type).toBe('ADDED');
});

behaviour('[sig-node] Pods should be updated', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedPod({ namespace, body: pausePod('updated', { time: 'before' }) });
  await ready(namespace, 'updated');
  await core.patchNamespacedPod({ namespace, name: 'updated', body: { metadata: { labels: { time: 'after' } } } }, strategicPatch);
  expect((await core.listNamespacedPod({ namespace, labelSelector: 'time=after' })).items).toHaveLength(1);
});

behaviour('[sig-node] Ephemeral Containers will start an ephemeral container in an existing pod', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedPod({ namespace, body: pausePod('looked-into') });
  await ready(namespace, 'looked-into');
  const body = {
    spec: { ephemeralContainers: [{ name: 'debugger', image: 'registry.k8s.io/e2e-test-images/agnhost:2.56', stdin: true, tty: true }] },
  };
  await core.patchNamespacedPodEphemeralcontainers({ namespace, name: 'looked-into', body }, strategicPatch);
  await eventually('the ephemeral container runs', async () => {
    const { status } = await core.readNamespacedPod({ namespace, name: 'looked-into' });
    return status?.ephemeralContainerStatuses?.[0]?.state?.running !== undefined;
  });
});

behaviour('[sig-node] Pods should get a host IP', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedPod({ namespace, body: pausePod('hosted') });
  const { status } = await ready(namespace, 'hosted');
  expect(status?.hostIP).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  expect(status?.hostIPs?.[0]?.ip).toBe(status?.hostIP);
  expect(status?.podIPs?.[0]?.ip).toBe(status?.podIP);
});

behaviour('[sig-node] Pods should allow activeDeadlineSeconds to be updated', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedPod({ namespace, body: pausePod('deadline') });
  await ready(namespace, 'deadline');
  await core.patchNamespacedPod({ namespace, name: 'deadline', body: { spec: { activeDeadlineSeconds: 1 } } }, mergePatch);
  const pod = await eventually('the pod failed', async () => {
    const found = await core.readNamespacedPod({ namespace, name: 'deadline' });
    return found.status?.phase === 'Failed' ? found : undefined;
  });
  expect(pod.status?.reason).toBe('DeadlineExceeded');
});

behaviour('[sig-node] Pods should delete a collection of pods', async (scope) => {
  const namespace = await scope.namespace();
  await Promise.all(
    [1, 2, 3].map((index) => core.createNamespacedPod({ namespace, body: pausePod(`test-pod-${index}`, { type: 'Testing' }) })),
  );
  await core.deleteCollectionNamespacedPod({ namespace, labelSelector: 'type=Testing', gracePeriodSeconds: 0 });
  await eventually('no pod', async () => (await core.listNamespacedPod({ namespace })).items.length === 0);
});

behaviour('[sig-node] Pods should patch a pod status', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedPod({ namespace, body: pausePod('status') });
  await ready(namespace, 'status');
  const patched = await core.patchNamespacedPodStatus(
    { namespace, name: 'status', body: { metadata: { annotations: { patched: 'true' } }, status: { message: 'Patched by e2e test' } } },
    strategicPatch,
  );
  expect([patched.metadata?.annotations?.patched, patched.status?.message]).toEqual(['true', 'Patched by e2e test']);
});

behaviour('[sig-node] Pods should run through the lifecycle of Pods and PodStatus', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'pod-test';
  await core.createNamespacedPod({ namespace, body: pausePod(name, { 'test-pod-static': 'true' }) });
  await ready(namespace, name);
  const body = { spec: { containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.9' }] } };
  await core.patchNamespacedPod({ namespace, name, body }, strategicPatch);
  await eventually('the new image runs', async () => {
    const { status } = await core.readNamespacedPod({ namespace, name });
    return status?.containerStatuses?.[0]?.image.endsWith('pause:3.9') && status.containerStatuses[0].ready;
  });
  const status = await core.patchNamespacedPodStatus(
    { namespace, name, body: { status: { conditions: [{ type: 'Ready', status: 'False' }] } } },
    strategicPatch,
  );
  expect(status.status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('False');
  await core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0 });
  await gone('the pod', () => core.readNamespacedPod({ namespace, name }));
});

behaviour(
  '[sig-node] Pods Extended Pods Set QOS Class should be set on Pods with matching resource requests and limits for memory and cpu',
  async (scope) => {
    const namespace = await scope.namespace();
    const of = async (name: string, requests?: Record<string, string>, limits?: Record<string, string>) => {
      const resources = { ...(requests ? { requests } : {}), ...(limits ? { limits } : {}) };
      const containers = [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.1', resources }];
      return (await core.createNamespacedPod({ namespace, body: pausePod(name, {}, { containers }) })).status?.qosClass;
    };
    const amounts = { cpu: '100m', memory: '100Mi' };
    expect([await of('a', amounts, amounts), await of('b', { cpu: '1m' }), await of('c')]).toEqual([
      'Guaranteed',
      'Burstable',
      'BestEffort',
    ]);
  },
);

behaviour('[sig-node] InitContainer should invoke init containers on a RestartAlways pod', async (scope) => {
  const namespace = await scope.namespace();
  const initContainers = ['init1', 'init2'].map((name) => ({ ...busybox(['/bin/true'])[0], name }));
  await core.createNamespacedPod({ namespace, body: pausePod('init', {}, { initContainers }) });
  const { status } = await ready(namespace, 'init');
  expect(status?.initContainerStatuses?.map(({ name, state }) => [name, state?.terminated?.exitCode])).toEqual([
    ['init1', 0],
    ['init2', 0],
  ]);
  expect(status?.conditions?.find(({ type }) => type === 'Initialized')?.status).toBe('True');
});

behaviour(
  '[sig-node] InitContainer should not start app containers and fail the pod if init containers fail on a RestartNever pod',
  async (scope) => {
    const namespace = await scope.namespace();
    const initContainers = [{ ...busybox(['/bin/false'])[0], name: 'init1' }];
    await core.createNamespacedPod({ namespace, body: pausePod('init', {}, { initContainers, restartPolicy: 'Never' }) });
    const { status } = await eventually('the pod failed', async () => {
      const pod = await core.readNamespacedPod({ namespace, name: 'init' });
      return pod.status?.phase === 'Failed' ? pod : undefined;
    });
    expect(status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('PodInitializing');
  },
);

behaviour('own: logs of containers can be read and followed through the client', async (scope) => {
  const namespace = await scope.namespace();
  const body = pausePod('web', {}, { containers: [{ name: 'nginx', image: 'nginx:1.29', ports: [{ containerPort: 80 }] }] });
  await core.createNamespacedPod({ namespace, body });
  await ready(namespace, 'web');
  const text = await eventually('some lines', async () => (await core.readNamespacedPodLog({ namespace, name: 'web' })) || undefined);
  const lines = text.trimEnd().split('\n');
  expect(await core.readNamespacedPodLog({ namespace, name: 'web', tailLines: 1 })).toBe(`${lines.at(-1)}\n`);
  const stamped = await core.readNamespacedPodLog({ namespace, name: 'web', tailLines: 1, timestamps: true });
  expect(stamped).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z /);
  const stream = new PassThrough();
  let followed = '';
  let ended = false;
  stream.on('end', () => {
    ended = true;
  });
  stream.on('data', (chunk) => {
    followed += chunk;
  });
  await new Log(config).log(namespace, 'web', 'nginx', stream, { follow: true });
  await eventually('the followed log has all lines', async () => followed.startsWith(text));
  await core.deleteNamespacedPod({ namespace, name: 'web', gracePeriodSeconds: 1 });
  await eventually('the followed log ends with its container', async () => ended);
});

behaviour('[sig-node] ConfigMap should fail to create ConfigMap with empty key', async (scope) => {
  const namespace = await scope.namespace();
  const refused = await refusal(
    core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'empty' }, data: { '': 'value-1' } } }),
  );
  expect([refused.code, refused.reason]).toEqual([422, 'Invalid']);
});

behaviour('[sig-node] Secrets should fail to create secret due to empty secret key', async (scope) => {
  const namespace = await scope.namespace();
  const refused = await refusal(
    core.createNamespacedSecret({ namespace, body: { metadata: { name: 'empty' }, data: { '': 'dmFsdWUtMQo=' } } }),
  );
  expect([refused.code, refused.reason]).toEqual([422, 'Invalid']);
});

behaviour('[sig-node] PodTemplates should delete a collection of pod templates', async (scope) => {
  const namespace = await scope.namespace();
  const template = { spec: { containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.1' }] } };
  for (const name of ['a', 'b', 'c']) {
    await core.createNamespacedPodTemplate({ namespace, body: { metadata: { name, labels: { 'podtemplate-set': 'true' } }, template } });
  }
  await core.deleteCollectionNamespacedPodTemplate({ namespace, labelSelector: 'podtemplate-set=true' });
  expect((await core.listNamespacedPodTemplate({ namespace })).items).toEqual([]);
});

behaviour('[sig-node] PodTemplates should replace a pod template', async (scope) => {
  const namespace = await scope.namespace();
  const template = { spec: { containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.1' }] } };
  const body = await core.createNamespacedPodTemplate({ namespace, body: { metadata: { name: 'a' }, template } });
  body.metadata = { ...body.metadata, annotations: { updated: 'true' } };
  expect((await core.replaceNamespacedPodTemplate({ namespace, name: 'a', body })).metadata?.annotations).toEqual({ updated: 'true' });
});

behaviour('[sig-node] RuntimeClass should reject a Pod requesting a non-existent RuntimeClass', async (scope) => {
  const namespace = await scope.namespace();
  const refused = await refusal(core.createNamespacedPod({ namespace, body: pausePod('none', {}, { runtimeClassName: 'not-there' }) }));
  expect([refused.code, refused.message]).toEqual([403, expect.stringContaining('RuntimeClass "not-there" not found')]);
});

behaviour('[sig-node] RuntimeClass should schedule a Pod requesting a RuntimeClass and initialize its Overhead', async (scope) => {
  const namespace = await scope.namespace();
  const name = scope.unique('runtime');
  const podFixed = { cpu: '10m', memory: '1Mi' };
  await nodes.createRuntimeClass({ body: { metadata: { name }, handler: 'runc', overhead: { podFixed } } });
  scope.finally(() => nodes.deleteRuntimeClass({ name }));
  const pod = await core.createNamespacedPod({ namespace, body: pausePod('overhead', {}, { runtimeClassName: name }) });
  expect(pod.spec?.overhead).toEqual(podFixed);
  await eventually('the pod is scheduled', async () => (await core.readNamespacedPod({ namespace, name: 'overhead' })).spec?.nodeName);
});

behaviour('[sig-node] Sysctls [LinuxOnly] should reject invalid sysctls', async (scope) => {
  const namespace = await scope.namespace();
  const securityContext = { sysctls: ['foo-', 'kernel.shmmax', 'safe-and-unsafe', 'bar..'].map((name) => ({ name, value: 'bar' })) };
  const refused = await refusal(core.createNamespacedPod({ namespace, body: pausePod('sysctls', {}, { securityContext }) }));
  expect(refused.message).toContain('spec.securityContext.sysctls[0].name: Invalid value: "foo-"');
  expect(refused.message).toContain('spec.securityContext.sysctls[3].name: Invalid value: "bar.."');
  expect(refused.message).not.toContain('kernel.shmmax');
});

behaviour('own: updates of a lease elect one leader among candidates, as leader election does', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'election';
  const body = { metadata: { name }, spec: { holderIdentity: 'nobody', leaseDurationSeconds: 1, leaseTransitions: 0 } };
  await coordination.createNamespacedLease({ namespace, body });
  const candidates = ['a', 'b', 'c', 'd', 'e'];
  const seen = await coordination.readNamespacedLease({ namespace, name });
  const outcomes = await Promise.all(
    candidates.map(async (holderIdentity) => {
      const lease = { ...seen, spec: { ...seen.spec, holderIdentity, leaseTransitions: 1 } };
      return await coordination.replaceNamespacedLease({ namespace, name, body: lease }).then(
        () => 'elected',
        (error: { code: number }) => error.code,
      );
    }),
  );
  expect(outcomes.filter((outcome) => outcome === 'elected')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 409)).toHaveLength(candidates.length - 1);
  const leader = candidates[outcomes.indexOf('elected')];
  const renewed = await coordination.readNamespacedLease({ namespace, name });
  expect(renewed.spec?.holderIdentity).toBe(leader);
  const again = await coordination.replaceNamespacedLease({
    namespace,
    name,
    body: { ...renewed, spec: { ...renewed.spec, leaseDurationSeconds: 2 } },
  });
  expect(Number(again.metadata?.resourceVersion)).toBeGreaterThan(Number(renewed.metadata?.resourceVersion));
});

behaviour('[sig-node] ConfigMap should update ConfigMap successfully', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'updated';
  const body = await core.createNamespacedConfigMap({ namespace, body: { metadata: { name }, data: { key: 'value' } } });
  const data = { key: 'value-2', more: 'value' };
  await core.replaceNamespacedConfigMap({ namespace, name, body: { ...body, data } });
  expect((await core.readNamespacedConfigMap({ namespace, name })).data).toEqual(data);
});

behaviour('[sig-node] RuntimeClass should reject a Pod requesting a deleted RuntimeClass', async (scope) => {
  const namespace = await scope.namespace();
  const name = scope.unique('runtime');
  await nodes.createRuntimeClass({ body: { metadata: { name }, handler: 'runc' } });
  await nodes.deleteRuntimeClass({ name });
  await gone('the class', () => nodes.readRuntimeClass({ name }));
  const refused = async () =>
    (await refusal(core.createNamespacedPod({ namespace, body: pausePod('p', {}, { runtimeClassName: name }) }))).code;
  expect(await refused()).toBe(403);
});

behaviour('[sig-node] RuntimeClass should schedule a Pod requesting a RuntimeClass without PodOverhead', async (scope) => {
  const namespace = await scope.namespace();
  const name = scope.unique('runtime');
  await nodes.createRuntimeClass({ body: { metadata: { name }, handler: 'runc' } });
  scope.finally(() => nodes.deleteRuntimeClass({ name }));
  const pod = await core.createNamespacedPod({ namespace, body: pausePod('plain', {}, { runtimeClassName: name }) });
  expect(pod.spec?.overhead).toBeUndefined();
  await eventually('the pod is scheduled', async () => (await core.readNamespacedPod({ namespace, name: 'plain' })).spec?.nodeName);
});
