import { describe, expect, it } from 'vitest';
import { inProcessTransport } from '../../runtime/apiserver/in-process.ts';
import type { Transport } from '../../runtime/client/client.ts';
import { createClient } from '../../runtime/client/http-client.ts';
import * as resources from '../../runtime/client/resources.ts';
import { startApi } from '../apiserver/api.ts';
import { conditionsOf, startNode } from './node.ts';

describe('a pod on a node', () => {
  it('is pulled, started and reported, in few writes', async () => {
    const node = await startNode();
    await node.create('web', {});
    await node.clock.advance(250);
    const early = await node.pod('web');
    expect(early.status?.phase).toBe('Pending');
    expect(early.status?.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: 'ContainerCreating' } });
    await node.clock.advance(3_000);
    const pod = await node.pod('web');
    expect(pod.status).toMatchObject({
      phase: 'Running',
      hostIP: '172.18.0.3',
      podIP: '10.244.1.2',
      podIPs: [{ ip: '10.244.1.2' }],
      qosClass: 'BestEffort',
      startTime: '2026-01-01T00:00:00Z',
    });
    expect(conditionsOf(pod)).toEqual({
      PodReadyToStartContainers: 'True',
      Initialized: 'True',
      Ready: 'True',
      ContainersReady: 'True',
      PodScheduled: 'True',
    });
    const [status] = pod.status?.containerStatuses ?? [];
    expect(status).toMatchObject({
      name: 'web',
      image: 'docker.io/library/nginx:latest',
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: '2026-01-01T00:00:02Z' } },
    });
    expect(status?.containerID).toMatch(/^kubeside:\/\/[0-9a-f]{64}$/);
    expect(status?.imageID).toMatch(/^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/);
    expect(await node.events('web')).toEqual([
      'Normal Pulling Pulling image "nginx"',
      'Normal Pulled Successfully pulled image "nginx" in 2.1s (2.1s including waiting). Image size: 72099410 bytes.',
      'Normal Created Container created',
      'Normal Started Container started',
    ]);
    expect(node.warnings).toEqual([]);
  });

  it('without delays runs after one write of its status', async () => {
    const node = await startNode({ startupDelay: 0 });
    const created = await node.create('web', { containers: [{ name: 'web', image: 'nginx:1.27' }] });
    await node.clock.advance(50);
    const pod = await node.pod('web');
    expect(pod.status?.phase).toBe('Running');
    const { events } = await collect(
      node.api.watch(`/api/v1/namespaces/default/pods?watch=1&resourceVersion=${created.metadata?.resourceVersion}`),
    );
    expect(events).toBe(1);
  });

  it('ends with grace: SIGTERM, a last status, then the object goes', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('web', {});
    await node.create('sleeper', { containers: [{ name: 'main', image: 'busybox', command: ['sleep', '3600'] }] });
    await node.clock.advance(100);
    const pods = node.client.resource(resources.pods);
    await pods.delete('web', 'default');
    await pods.delete('sleeper', 'default', { gracePeriodSeconds: 5 });
    await node.clock.advance(50);
    expect(await node.exists('web')).toBe(false);
    await node.clock.advance(4_900);
    expect(await node.exists('sleeper')).toBe(true);
    await node.clock.advance(200);
    expect(await node.exists('sleeper')).toBe(false);
    expect(await node.events('sleeper')).toContain('Normal Killing Stopping container main');
    expect(node.warnings).toEqual([]);
  });

  it('frees its address and comes again under the same name', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('web', {});
    await node.clock.advance(100);
    await node.client.resource(resources.pods).delete('web', 'default', { gracePeriodSeconds: 0 });
    await node.create('web', {});
    await node.clock.advance(3_000);
    expect((await node.pod('web')).status).toMatchObject({ phase: 'Running', podIP: '10.244.1.3' });
  });

  it('backs off from a container that keeps failing, twice as long every time', async () => {
    const node = await startNode({ startupDelay: 0 });
    const { metadata } = await node.create('bad', {
      containers: [{ name: 'main', image: 'busybox', command: ['sh', '-c', 'echo no; exit 3'] }],
    });
    await node.clock.advance(100);
    let pod = await node.pod('bad');
    expect(pod.status?.phase).toBe('Running');
    expect(pod.status?.containerStatuses?.[0]).toMatchObject({
      ready: false,
      restartCount: 1,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off 10s restarting failed container=main pod=bad_default(${metadata?.uid})`,
        },
      },
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    });
    await node.clock.advance(10_100);
    pod = await node.pod('bad');
    expect(pod.status?.containerStatuses?.[0]).toMatchObject({
      restartCount: 2,
      state: { waiting: { message: expect.stringContaining('back-off 20s') } },
    });
    await node.clock.advance(19_000);
    expect((await node.pod('bad')).status?.containerStatuses?.[0]?.restartCount).toBe(2);
    await node.clock.advance(600_000);
    const last = (await node.pod('bad')).status?.containerStatuses?.[0];
    // At 0, 10, 30, 70, 150, 310 and 610 seconds.
    expect(last?.restartCount).toBe(7);
    expect(last?.state?.waiting?.message).toContain('back-off 5m0s');
    expect(
      (await node.events('bad')).some((event) =>
        event.startsWith(`Warning BackOff Back-off restarting failed container main in pod bad_default(`),
      ),
    ).toBe(true);
    expect(node.warnings).toEqual([]);
  });

  it('ends as Succeeded or Failed when nothing is restarted', async () => {
    const node = await startNode({ startupDelay: 0 });
    const task = (args: string[]) => ({ restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox', args }] });
    await node.create('good', task(['sleep', '2']));
    await node.create('bad', task(['sh', '-c', 'sleep 2 && false']));
    await node.create('retry', { ...task(['false']), restartPolicy: 'OnFailure' });
    await node.create('late', { ...task(['sleep', '60']), activeDeadlineSeconds: 5 });
    await node.clock.advance(1_000);
    expect((await node.pod('good')).status?.phase).toBe('Running');
    await node.clock.advance(1_500);
    const good = await node.pod('good');
    expect(good.status?.phase).toBe('Succeeded');
    expect(good.status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'False', reason: 'PodCompleted' });
    expect(good.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
    expect((await node.pod('bad')).status).toMatchObject({ phase: 'Failed' });
    expect((await node.pod('retry')).status?.phase).toBe('Running');
    await node.clock.advance(40_000);
    expect((await node.pod('late')).status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    });
    expect(node.warnings).toEqual([]);
  });
});

async function collect(opening: ReturnType<Awaited<ReturnType<typeof startNode>>['api']['watch']>): Promise<{ events: number }> {
  const watched = await opening;
  let events = 0;
  const counting = (async () => {
    for (;;) events += (await watched.next(1)).length;
  })().catch(() => {});
  for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  await watched.cancel();
  await counting;
  return { events };
}

describe('what a pod leaves and changes', () => {
  it('restarts a container whose image is changed', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('web', { containers: [{ name: 'web', image: 'nginx:1.26' }] });
    await node.clock.advance(1_000);
    await node.client.resource(resources.pods).patch('web', 'default', {
      type: 'strategic',
      body: { spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } },
    });
    await node.clock.advance(60_000);
    const [status] = (await node.pod('web')).status?.containerStatuses ?? [];
    expect(status).toMatchObject({ image: 'docker.io/library/nginx:1.27', restartCount: 1, ready: true });
    expect(await node.events('web')).toContain('Normal Killing Container web definition changed, will be restarted');
  });

  it('gives its room to the next pod as soon as its containers have ended, before the answer to its deletion is in', async () => {
    const api = await startApi();
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'kube-node-lease' } });
    await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
    const direct = inProcessTransport(api.server, { name: 'system:node:node-1', groups: ['system:nodes'] });
    const slow: Transport = async (request) => {
      const response = await direct(request);
      if (request.method === 'DELETE') await api.clock.sleep(5_000);
      return response;
    };
    const node = await startNode({ api, startupDelay: 0, clientFor: () => createClient(slow) });
    const containers = [{ name: 'a', image: 'nginx', resources: { requests: { cpu: '3' } } }];
    await node.create('first', { containers });
    await node.clock.advance(1_000);
    await node.client.resource(resources.pods).delete('first', 'default', { gracePeriodSeconds: 1 });
    await node.clock.advance(3_000);
    expect(await node.exists('first')).toBe(false);
    await node.create('second', { containers });
    await node.clock.advance(10_000);
    expect((await node.pod('second')).status?.phase).toBe('Running');
  });
});
