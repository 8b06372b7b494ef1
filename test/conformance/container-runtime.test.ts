import type { V1Container } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { behaviour, pausePod, ready, type Scope } from './support/behaviour.ts';
import { core, eventually, gone, mergePatch } from './support/cluster.ts';
import { runToEnd, shell } from './support/programs.ts';

/** The message that a container leaves behind. */
async function message(
  namespace: string,
  container: V1Container,
  securityContext: object = {},
): Promise<[string | undefined, string | undefined]> {
  const { status } = await runToEnd(namespace, 'terminating', { containers: [container], securityContext });
  return [status?.phase, status?.containerStatuses?.[0]?.state?.terminated?.message];
}

const fallback = { terminationMessagePolicy: 'FallbackToLogsOnError' };

behaviour(
  '[sig-node] Container Runtime blackbox test on terminated container should report termination message as empty when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set',
  async (scope) => {
    expect(await message(await scope.namespace(), shell('echo DONE', fallback))).toEqual(['Succeeded', undefined]);
  },
);

behaviour(
  '[sig-node] Container Runtime blackbox test on terminated container should report termination message from file when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set',
  async (scope) => {
    const container = shell('echo OK > /dev/termination-log', fallback);
    const [phase, text] = await message(await scope.namespace(), container);
    expect([phase, text?.trimEnd()]).toEqual(['Succeeded', 'OK']);
  },
);

behaviour(
  '[sig-node] Container Runtime blackbox test on terminated container should report termination message from log output if TerminationMessagePolicy FallbackToLogsOnError is set',
  async (scope) => {
    const [phase, text] = await message(await scope.namespace(), shell('echo DONE; exit 1', fallback));
    expect([phase, text?.trimEnd()]).toEqual(['Failed', 'DONE']);
  },
);

behaviour(
  '[sig-node] Container Runtime blackbox test on terminated container should report termination message if TerminationMessagePath is set as non-root user and at a non-default path',
  async (scope) => {
    const container = shell('echo DONE > /dev/termination-custom-log', { terminationMessagePath: '/dev/termination-custom-log' });
    const [phase, text] = await message(await scope.namespace(), container, { runAsUser: 10_000 });
    expect([phase, text?.trimEnd()]).toEqual(['Succeeded', 'DONE']);
  },
);

behaviour(
  '[sig-node] Container Runtime blackbox test when starting a container that exits should run with the expected status',
  async (scope) => {
    const namespace = await scope.namespace();
    const run = async (restartPolicy: string, script: string) => {
      const name = `terminate-${restartPolicy.toLowerCase()}`;
      await core.createNamespacedPod({ namespace, body: { metadata: { name }, spec: { restartPolicy, containers: [shell(script)] } } });
      return name;
    };
    const [always, onFailure, never] = await Promise.all([
      run('Always', 'sleep 1'),
      run('OnFailure', 'sleep 1; exit 1'),
      run('Never', 'exit 1'),
    ]);
    const restarts = async (name: string) => {
      const { status } = await core.readNamespacedPod({ namespace, name });
      return status?.containerStatuses?.[0]?.restartCount ?? 0;
    };
    for (const name of [always, onFailure]) await eventually(`${name} is started again`, async () => (await restarts(name)) >= 1, 45);
    const failed = await eventually('the pod failed', async () => {
      const { status } = await core.readNamespacedPod({ namespace, name: never });
      return status?.phase === 'Failed' ? status : undefined;
    });
    expect([failed.containerStatuses?.[0]?.restartCount, failed.containerStatuses?.[0]?.state?.terminated?.exitCode]).toEqual([0, 1]);
  },
);

behaviour('[sig-node] InitContainer should invoke init containers on a RestartNever pod', async (scope) => {
  const namespace = await scope.namespace();
  const initContainers = ['init1', 'init2'].map((name) => shell('true', { name }));
  const { status } = await runToEnd(namespace, 'init', { initContainers, containers: [shell('true')] });
  expect(status?.phase).toBe('Succeeded');
  expect(status?.initContainerStatuses?.map(({ state }) => state?.terminated?.exitCode)).toEqual([0, 0]);
});

behaviour('[sig-node] InitContainer should not start app containers if init containers fail on a RestartAlways pod', async (scope) => {
  const namespace = await scope.namespace();
  const initContainers = [shell('false', { name: 'init1' }), shell('true', { name: 'init2' })];
  await core.createNamespacedPod({ namespace, body: pausePod('init', {}, { initContainers }) });
  const status = await eventually(
    'the init container was started again',
    async () => {
      const pod = await core.readNamespacedPod({ namespace, name: 'init' });
      return (pod.status?.initContainerStatuses?.[0]?.restartCount ?? 0) >= 1 ? pod.status : undefined;
    },
    45,
  );
  expect([status.phase, status.containerStatuses?.[0]?.state?.waiting?.reason]).toEqual(['Pending', 'PodInitializing']);
  expect(status.conditions?.find(({ type }) => type === 'Initialized')).toMatchObject({
    status: 'False',
    reason: 'ContainersNotInitialized',
  });
});

behaviour(
  '[sig-node] Kubelet when scheduling a busybox command that always fails in a pod should have an terminated reason',
  async (scope) => {
    const namespace = await scope.namespace();
    await core.createNamespacedPod({ namespace, body: pausePod('failing', {}, { containers: [shell('false')] }) });
    await eventually('the container has a reason', async () => {
      const { status } = await core.readNamespacedPod({ namespace, name: 'failing' });
      const [container] = status?.containerStatuses ?? [];
      return (container?.state?.terminated ?? container?.lastState?.terminated)?.reason === 'Error';
    });
  },
);

behaviour('[sig-node] Kubelet when scheduling a busybox command that always fails in a pod should be possible to delete', async (scope) => {
  const namespace = await scope.namespace();
  await core.createNamespacedPod({ namespace, body: pausePod('failing', {}, { containers: [shell('false')] }) });
  await core.deleteNamespacedPod({ namespace, name: 'failing' });
  await gone('the pod', () => core.readNamespacedPod({ namespace, name: 'failing' }), 45);
});

behaviour(
  '[sig-node] Container Lifecycle Hook when create a pod with lifecycle hook should execute poststart exec hook properly',
  async (scope) => {
    const namespace = await scope.namespace();
    const lifecycle = { postStart: { exec: { command: ['touch', '/tmp/started'] } } };
    // It is ready only when the hook has done its work.
    const readinessProbe = { exec: { command: ['cat', '/tmp/started'] }, periodSeconds: 1 };
    const containers = [shell('sleep 600', { lifecycle, readinessProbe })];
    await core.createNamespacedPod({ namespace, body: pausePod('hooked', {}, { containers }) });
    await ready(namespace, 'hooked');
  },
);

behaviour(
  '[sig-node] Container Lifecycle Hook when create a pod with lifecycle hook should execute prestop exec hook properly',
  async (scope) => {
    const namespace = await scope.namespace();
    const finalizers = ['example.com/conformance'];
    const lifecycle = { preStop: { exec: { command: ['sh', '-c', 'echo stopped > /dev/termination-log'] } } };
    const body = pausePod('hooked', {}, { terminationGracePeriodSeconds: 5, containers: [shell('sleep 600', { lifecycle })] });
    // The pod stays to be looked at when its containers have ended.
    await core.createNamespacedPod({ namespace, body: { ...body, metadata: { ...body.metadata, finalizers } } });
    scope.finally(() => core.patchNamespacedPod({ namespace, name: 'hooked', body: { metadata: { finalizers: null } } }, mergePatch));
    await ready(namespace, 'hooked');
    await core.deleteNamespacedPod({ namespace, name: 'hooked' });
    const terminated = await eventually('the container has ended', async () => {
      const { status } = await core.readNamespacedPod({ namespace, name: 'hooked' });
      return status?.containerStatuses?.[0]?.state?.terminated;
    });
    expect(terminated.message?.trimEnd()).toBe('stopped');
  },
);

/** A pod that answers GET / and nothing else, and its address. */
async function hookServer(namespace: string): Promise<string> {
  // A server that has started does not listen yet.
  const readinessProbe = { httpGet: { path: '/', port: 80 }, periodSeconds: 1 };
  const containers = [{ name: 'server', image: 'nginx:1.29', ports: [{ containerPort: 80 }], readinessProbe }];
  await core.createNamespacedPod({ namespace, body: pausePod('server', {}, { containers }) });
  return (await ready(namespace, 'server')).status?.podIP ?? '';
}

/** The reasons of the warnings about a pod. */
async function warnings(namespace: string, name: string): Promise<(string | undefined)[]> {
  const { items } = await core.listNamespacedEvent({ namespace, fieldSelector: `involvedObject.name=${name},type=Warning` });
  return items.map(({ reason }) => reason);
}

const asks = (host: string, path: string) => ({ httpGet: { host, port: 80, path } });

behaviour(
  '[sig-node] Container Lifecycle Hook when create a pod with lifecycle hook should execute poststart http hook properly',
  async (scope) => {
    const namespace = await scope.namespace();
    const host = await hookServer(namespace);
    const run = (name: string, path: string) => {
      const containers = [shell('sleep 600', { lifecycle: { postStart: asks(host, path) } })];
      return core.createNamespacedPod({ namespace, body: pausePod(name, {}, { containers }) });
    };
    // What the server answers decides: a container whose hook fails is killed.
    await run('answered', '/');
    await run('refused', '/nothing');
    await ready(namespace, 'answered');
    await eventually('the refusal is told', async () => (await warnings(namespace, 'refused')).includes('FailedPostStartHook'));
    expect(await warnings(namespace, 'answered')).toEqual([]);
  },
);

/** Pods that are deleted with a hook that is answered, and with one that is refused. */
async function provePreStop(scope: Scope): Promise<void> {
  const namespace = await scope.namespace();
  const host = await hookServer(namespace);
  for (const [name, path] of [
    ['answered', '/'],
    ['refused', '/nothing'],
  ] as const) {
    const containers = [shell('sleep 600', { lifecycle: { preStop: asks(host, path) } })];
    await core.createNamespacedPod({ namespace, body: pausePod(name, {}, { terminationGracePeriodSeconds: 3, containers }) });
    await ready(namespace, name);
    await core.deleteNamespacedPod({ namespace, name });
  }
  await eventually('the refusal is told', async () => (await warnings(namespace, 'refused')).includes('FailedPreStopHook'));
  for (const name of ['answered', 'refused']) await gone('the pod', () => core.readNamespacedPod({ namespace, name }));
  expect(await warnings(namespace, 'answered')).toEqual([]);
}

behaviour(
  '[sig-node] Container Lifecycle Hook when create a pod with lifecycle hook should execute prestop http hook properly',
  provePreStop,
);
behaviour('[sig-node] PreStop should call prestop when killing a pod', provePreStop);
