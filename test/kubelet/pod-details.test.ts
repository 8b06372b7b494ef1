import { describe, expect, it } from 'vitest';
import * as resources from '../../runtime/client/resources.ts';
import { Backoff } from '../../runtime/kubelet/backoff.ts';
import { statusPatch } from '../../runtime/kubelet/status-manager.ts';
import { conditionsOf, startNode } from './node.ts';

describe('a pod in detail', () => {
  it('waits for the conditions of its readiness gates, and leaves them alone', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('web', { readinessGates: [{ conditionType: 'example.com/ok' }] });
    await node.clock.advance(100);
    const ready = async () => (await node.pod('web')).status?.conditions?.find(({ type }) => type === 'Ready');
    expect(await ready()).toMatchObject({
      status: 'False',
      reason: 'ReadinessGatesNotReady',
      message: 'corresponding condition of pod readiness gate "example.com/ok" does not exist.',
    });
    const condition = { type: 'example.com/ok', status: 'True' };
    await node.client
      .resource(resources.pods)
      .patch('web', 'default', { type: 'strategic', body: { status: { conditions: [condition] } } }, 'status');
    await node.clock.advance(100);
    expect(conditionsOf(await node.pod('web'))).toMatchObject({ Ready: 'True', 'example.com/ok': 'True' });
    expect((await ready())?.reason).toBeUndefined();
  });

  it('runs hooks: a failing postStart kills, preStop is given time of the grace', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('bad', {
      containers: [{ name: 'main', image: 'nginx', lifecycle: { postStart: { exec: { command: ['sh', '-c', 'exit 2'] } } } }],
    });
    await node.create('slow', { containers: [{ name: 'main', image: 'nginx', lifecycle: { preStop: { sleep: { seconds: 4 } } } }] });
    await node.clock.advance(100);
    expect((await node.pod('bad')).status?.containerStatuses?.[0]).toMatchObject({ ready: false });
    expect(await node.events('bad')).toContain('Warning FailedPostStartHook PostStartHook failed (x2)');
    await node.client.resource(resources.pods).delete('slow', 'default');
    await node.clock.advance(3_900);
    expect(await node.exists('slow')).toBe(true);
    await node.clock.advance(300);
    expect(await node.exists('slow')).toBe(false);
  });

  it.each<[name: string, spec: object, expected: string]>([
    ['web', {}, 'web'],
    ['web', { hostname: 'shop', subdomain: 'x' }, 'shop'],
    ['web', { hostnameOverride: 'shop.example.com' }, 'shop.example.com'],
    [`${'a'.repeat(62)}.b`, {}, 'a'.repeat(62)],
    ['web', { hostNetwork: true }, 'node-1'],
  ])('gives the host of pod %s %j a name', async (name, spec, expected) => {
    const node = await startNode({ startupDelay: 0 });
    const command = ['sh', '-c', 'echo $(hostname) > /dev/termination-log'];
    await node.create(name, { ...spec, restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox', command }] });
    await node.clock.advance(1_000);
    expect((await node.pod(name)).status?.containerStatuses?.[0]?.state?.terminated?.message).toBe(`${expected}\n`);
  });

  it('tells mounts of containers that wait, and resources of all that were started once', async () => {
    const node = await startNode();
    const volumeMounts = [{ name: 'scratch', mountPath: '/scratch', readOnly: true }];
    await node.create('web', {
      volumes: [{ name: 'scratch', emptyDir: {} }],
      initContainers: [{ name: 'init', image: 'busybox', command: ['sleep', '5'] }],
      containers: [{ name: 'main', image: 'busybox', command: ['true'], resources: { limits: { cpu: '1' } }, volumeMounts }],
      restartPolicy: 'Never',
    });
    const statuses = async () => {
      const { status = {} } = await node.pod('web');
      return { init: status.initContainerStatuses?.[0], main: status.containerStatuses?.[0] };
    };
    await node.clock.advance(3_000);
    const waiting = await statuses();
    expect(waiting.main).toMatchObject({
      state: { waiting: { reason: 'PodInitializing' } },
      volumeMounts: [{ ...volumeMounts[0], recursiveReadOnly: 'Disabled' }],
    });
    expect(waiting.main).not.toHaveProperty('resources');
    expect(waiting.init).toMatchObject({ state: { running: {} }, resources: {} });
    await node.clock.advance(20_000);
    const ended = await statuses();
    expect(ended.init).toMatchObject({ state: { terminated: {} }, resources: {} });
    expect(ended.init).not.toHaveProperty('allocatedResources');
    expect(ended.main).toMatchObject({
      state: { terminated: { exitCode: 0 } },
      resources: { limits: { cpu: '1' }, requests: { cpu: '1' } },
      allocatedResources: { cpu: '1' },
    });
  });

  it('gives a resized container its resources at once, or by a restart where its policy asks for one', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('web', {
      containers: [
        {
          ...{ name: 'main', image: 'nginx' },
          resources: { requests: { memory: '64Mi', cpu: '100m' }, limits: { memory: '128Mi' } },
          resizePolicy: [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }],
        },
        { name: 'other', image: 'redis' },
      ],
    });
    await node.clock.advance(1_000);
    const pods = node.client.resource(resources.pods);
    const resize = async (wanted: Record<string, Record<string, string>>) => {
      const body = { spec: { containers: [{ name: 'main', resources: wanted }] } };
      await pods.patch('web', 'default', { type: 'strategic', body }, 'resize');
      await node.clock.advance(3_000);
      const { status } = await node.pod('web');
      return status?.containerStatuses?.map(({ restartCount, resources: { limits, requests } = {} }) => ({
        restartCount,
        limits,
        requests,
      }));
    };
    const other = { restartCount: 0, limits: undefined, requests: undefined };
    expect(await resize({ requests: { cpu: '200m' } })).toEqual([
      { restartCount: 0, limits: { memory: '128Mi' }, requests: { cpu: '200m', memory: '64Mi' } },
      other,
    ]);
    const told = (end: string, cpu: string, memory: string, generation: number) =>
      `Normal Resize${end[0]?.toUpperCase()}${end.slice(1)} Pod resize ${end}: {"containers":[{"name":"main","resources":{"limits":{"memory":"${memory}"},"requests":{"cpu":"${cpu}","memory":"64Mi"}}},{"name":"other","resources":{}}],"generation":${generation}}`;
    const events = await node.events('web');
    expect(events.filter((event) => /Resize|Killing/.test(event))).toEqual([
      told('started', '200m', '128Mi', 2),
      told('completed', '200m', '128Mi', 2),
    ]);
    expect(await resize({ limits: { memory: '256Mi' } })).toEqual([
      { restartCount: 1, limits: { memory: '256Mi' }, requests: { cpu: '200m', memory: '64Mi' } },
      other,
    ]);
    expect((await node.events('web')).filter((event) => /Resize|Killing/.test(event)).slice(2)).toEqual([
      told('started', '200m', '256Mi', 3),
      'Normal Killing Container main resize requires restart',
      told('completed', '200m', '256Mi', 3),
    ]);
  });

  it('starts an ephemeral container once, beside the others', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('web', {});
    await node.clock.advance(500);
    const pods = node.client.resource(resources.pods);
    const add = (name: string, image: string) =>
      pods.patch(
        'web',
        'default',
        { type: 'strategic', body: { spec: { ephemeralContainers: [{ name, image }] } } },
        'ephemeralcontainers',
      );
    await add('debugger', 'redis');
    await add('absent', 'registry.invalid/debugger:1');
    await node.clock.advance(5_000);
    const { status } = await node.pod('web');
    expect(status?.ephemeralContainerStatuses).toMatchObject([
      { name: 'absent', ready: false, state: { waiting: { reason: expect.stringMatching(/ErrImagePull|ImagePullBackOff/) } } },
      { name: 'debugger', ready: false, restartCount: 0, state: { running: {} } },
    ]);
    expect(status?.ephemeralContainerStatuses?.[0]).not.toHaveProperty('started');
    expect(conditionsOf(await node.pod('web'))).toMatchObject({ Ready: 'True', ContainersReady: 'True' });
    const { items } = await node.client.resource(resources.events).list({ namespace: 'default' });
    expect(items.map(({ involvedObject }) => involvedObject.fieldPath)).toContain('spec.ephemeralContainers{debugger}');

    await pods.delete('web', 'default');
    await node.clock.advance(3_000);
    expect(await node.exists('web')).toBe(false);
    expect(node.warnings).toEqual([]);
  });

  it('leaves an ephemeral container that has ended as it is', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('web', {});
    await node.clock.advance(500);
    const spec = { ephemeralContainers: [{ name: 'once', image: 'busybox', command: ['sleep', '1'] }] };
    await node.client.resource(resources.pods).patch('web', 'default', { type: 'strategic', body: { spec } }, 'ephemeralcontainers');
    await node.clock.advance(60_000);
    const { status } = await node.pod('web');
    expect(status?.ephemeralContainerStatuses).toMatchObject([{ restartCount: 0, state: { terminated: { exitCode: 0 } } }]);
    expect(status?.phase).toBe('Running');
  });

  it('is deleted while its image is being pulled', async () => {
    const node = await startNode();
    await node.create('web', { containers: [{ name: 'main', image: 'mysql:9' }] });
    await node.clock.advance(1_000);
    await node.client.resource(resources.pods).delete('web', 'default');
    await node.clock.advance(100);
    expect(await node.exists('web')).toBe(false);
    expect(node.warnings).toEqual([]);
  });

  it('ends sooner when it is deleted again with less grace', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('sleeper', { containers: [{ name: 'main', image: 'busybox', args: ['sleep', '1000'] }] });
    await node.clock.advance(100);
    const pods = node.client.resource(resources.pods);
    await pods.delete('sleeper', 'default', { gracePeriodSeconds: 600 });
    await node.clock.advance(1_000);
    await pods.delete('sleeper', 'default', { gracePeriodSeconds: 5 });
    await node.clock.advance(5_200);
    expect(await node.exists('sleeper')).toBe(false);
  });

  it('leaves a message when it ends', async () => {
    const node = await startNode({ startupDelay: 0 });
    const main = { name: 'main', image: 'busybox' };
    await node.create('file', {
      restartPolicy: 'Never',
      containers: [{ ...main, args: ['sh', '-c', 'echo bye > /dev/last; exit 1'], terminationMessagePath: '/dev/last' }],
    });
    await node.create('logs', {
      restartPolicy: 'Never',
      containers: [{ ...main, args: ['sh', '-c', 'echo it broke; exit 1'], terminationMessagePolicy: 'FallbackToLogsOnError' }],
    });
    await node.clock.advance(100);
    expect((await node.pod('file')).status?.containerStatuses?.[0]?.state?.terminated?.message).toBe('bye\n');
    expect((await node.pod('logs')).status?.containerStatuses?.[0]?.state?.terminated?.message).toBe('it broke\n');
  });
});

describe('back-off', () => {
  it('doubles to its limit and is forgotten after twice that', () => {
    const backoff = new Backoff(10, 40);
    for (const expected of [10, 20, 40, 40]) {
      backoff.next('key', 0, 0);
      expect(backoff.get('key')).toBe(expected);
    }
    expect(backoff.remaining('key', 5, 30)).toBe(15);
    expect(backoff.remaining('key', 81, 81)).toBe(0);
    backoff.next('key', 81, 81);
    expect(backoff.get('key')).toBe(10);
  });
});

describe('the patch between two statuses', () => {
  it('says what changes and nothing else', () => {
    const ready = { type: 'Ready', status: 'True' };
    expect(statusPatch({ phase: 'Running', conditions: [ready] }, { conditions: [{ ...ready }], phase: 'Running' })).toBeUndefined();
    expect(
      statusPatch(
        {
          phase: 'Pending',
          reason: 'Old',
          podIPs: [{ ip: '1' }],
          conditions: [
            { ...ready, status: 'False', reason: 'No' },
            { type: 'other', status: 'True' },
          ],
        },
        { phase: 'Running', podIPs: [{ ip: '2' }], conditions: [ready] },
      ),
    ).toEqual({
      phase: 'Running',
      reason: null,
      podIPs: [{ $patch: 'replace' }, { ip: '2' }],
      conditions: [{ type: 'Ready', status: 'True', reason: null }],
    });
  });
});
