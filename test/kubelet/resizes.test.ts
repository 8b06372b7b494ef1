import { describe, expect, it } from 'vitest';
import * as resources from '../../runtime/client/resources.ts';
import { byResizeOrder, type Resizing } from '../../runtime/kubelet/resize-order.ts';
import { startNode, type TestNode } from './node.ts';

type Amounts = Readonly<Record<string, string>>;

/** A container of that name with what it asks for. */
const container = (name: string, requests: Amounts, limits?: Amounts) => ({
  ...{ name, image: 'nginx' },
  resources: { requests, ...(limits === undefined ? {} : { limits }) },
});

async function resize(node: TestNode, pod: string, requests: Amounts) {
  const body = { spec: { containers: [{ name: 'main', resources: { requests } }] } };
  await node.client.resource(resources.pods).patch(pod, 'default', { type: 'strategic', body }, 'resize');
  await node.clock.advance(2_000);
}

/** What is told of a pod's resize: its conditions, and what its container has. */
async function told(node: TestNode, pod: string) {
  const { status } = await node.pod(pod);
  const [main] = status?.containerStatuses ?? [];
  const conditions = (status?.conditions ?? []).filter(({ type }) => type.startsWith('PodResize'));
  return {
    conditions: conditions.map(({ type, status, reason, message, observedGeneration }) => ({
      type,
      status,
      reason,
      message,
      observedGeneration,
    })),
    has: main?.resources?.requests?.cpu,
    allocated: main?.allocatedResources?.cpu,
  };
}

const resizeEvents = async (node: TestNode, pod: string) => (await node.events(pod)).filter((event) => event.includes('Resize'));

/** A node with four CPUs, of which `web` has one and `other` two and a half. */
async function crowdedNode() {
  const node = await startNode({ startupDelay: 0, capacity: { cpu: '4', memory: '8Gi', pods: '110' } });
  await node.create('web', { containers: [container('main', { cpu: '1' })] });
  await node.create('other', { containers: [container('main', { cpu: '2500m' })], terminationGracePeriodSeconds: 0 });
  await node.clock.advance(2_000);
  return node;
}

const noRoom = "Node didn't have enough resource: cpu, requested: 2000, used: 2500, capacity: 4000";
const deferred = {
  type: 'PodResizePending',
  status: 'True',
  reason: 'Deferred',
  message: noRoom,
  observedGeneration: 2,
};

describe('a resize of a pod', () => {
  it('waits while its node has no room for it, and is done once there is', async () => {
    const node = await crowdedNode();
    await resize(node, 'web', { cpu: '2' });
    expect(await told(node, 'web')).toEqual({ conditions: [deferred], has: '1', allocated: '1' });
    await node.client.resource(resources.pods).delete('other', 'default');
    await node.clock.advance(2_000);
    expect(await told(node, 'web')).toEqual({ conditions: [], has: '2', allocated: '2' });
    const summary = '"containers":[{"name":"main","resources":{"requests":{"cpu":"2"}}}],"generation":2';
    expect(await resizeEvents(node, 'web')).toEqual([
      `Warning ResizeDeferred Pod resize Deferred: {${summary},"error":"${noRoom}"}`,
      `Normal ResizeStarted Pod resize started: {${summary}}`,
      `Normal ResizeCompleted Pod resize completed: {${summary}}`,
    ]);
  });

  it('is no longer waited for when it is taken back', async () => {
    const node = await crowdedNode();
    await resize(node, 'web', { cpu: '2' });
    await resize(node, 'web', { cpu: '1' });
    expect(await told(node, 'web')).toEqual({ conditions: [], has: '1', allocated: '1' });
    expect((await resizeEvents(node, 'web')).map((event) => event.split(' ')[1])).toEqual(['ResizeDeferred']);
  });

  it('waits on where the node is started anew, and does not take what it has not been given', async () => {
    const node = await crowdedNode();
    await resize(node, 'web', { cpu: '2' });
    const before = (await node.pod('web')).status?.conditions?.find(({ type }) => type === 'PodResizePending');
    node.stop();
    const again = await startNode({ api: node.api, startupDelay: 0, capacity: { cpu: '4', memory: '8Gi', pods: '110' } });
    await again.clock.advance(5_000);
    expect(await told(again, 'web')).toEqual({ conditions: [deferred], has: '1', allocated: '1' });
    const after = (await again.pod('web')).status?.conditions?.find(({ type }) => type === 'PodResizePending');
    expect(after?.lastTransitionTime).toBe(before?.lastTransitionTime);
    expect((await again.pod('web')).status?.phase).toBe('Running');
    expect((await again.pod('other')).status?.phase).toBe('Running');
  });

  it('leaves its pod with what it had where a new pod needs the room', async () => {
    const node = await crowdedNode();
    await resize(node, 'web', { cpu: '2' });
    await node.create('late', { containers: [container('main', { cpu: '500m' })] });
    await node.clock.advance(2_000);
    expect((await node.pod('late')).status?.phase).toBe('Running');
  });

  it('tells that it is under way until the containers that it restarts have started', async () => {
    const node = await startNode({ startupDelay: 0 });
    const main = {
      ...container('main', { cpu: '1' }),
      resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }],
      lifecycle: { preStop: { sleep: { seconds: 4 } } },
    };
    await node.create('web', { containers: [main] });
    await node.clock.advance(10_000);
    await resize(node, 'web', { cpu: '2' });
    expect((await told(node, 'web')).conditions).toEqual([
      { type: 'PodResizeInProgress', status: 'True', reason: undefined, message: undefined, observedGeneration: 2 },
    ]);
    await node.clock.advance(20_000);
    expect(await told(node, 'web')).toEqual({ conditions: [], has: '2', allocated: '2' });
    expect((await node.pod('web')).status?.containerStatuses?.[0]?.restartCount).toBe(1);
  });
});

describe('the order in which resizes are looked at', () => {
  const resizing = (name: string, wanted: string, options: { priority?: number; limit?: string; waitsSince?: string } = {}): Resizing => {
    const { priority, limit, waitsSince } = options;
    const limits = limit === undefined ? {} : { limits: { cpu: limit, memory: '1Gi' } };
    const pod = (cpu: string) => ({
      metadata: { name },
      spec: {
        ...(priority === undefined ? {} : { priority }),
        containers: [{ name: 'main', resources: { requests: { cpu, memory: '1Gi' }, ...limits } }],
      },
    });
    return { pod: pod(wanted), allocatedPod: pod('1'), waitsSince };
  };

  it('puts first who asks for less, then priority, guaranteed pods, and the longest wait', () => {
    const all = [
      resizing('new', '2'),
      resizing('later', '2', { waitsSince: '2026-01-01T00:00:02Z' }),
      resizing('earlier', '2', { waitsSince: '2026-01-01T00:00:01Z' }),
      resizing('guaranteed', '2', { limit: '2' }),
      resizing('important', '2', { priority: 100 }),
      resizing('shrinking', '500m'),
    ];
    expect(all.sort(byResizeOrder).map(({ pod }) => pod.metadata?.name)).toEqual([
      ...['shrinking', 'important', 'guaranteed', 'earlier', 'later', 'new'],
    ]);
  });
});
