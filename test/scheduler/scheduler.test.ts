import { afterEach, describe, expect, it } from 'vitest';
import type { Pod, PodSpec } from '../../runtime/api/generated/types/core/v1.ts';
import type { Transport } from '../../runtime/client/client.ts';
import * as resources from '../../runtime/client/resources.ts';
import { startTestCluster, type TestCluster, type TestClusterOptions } from './cluster.ts';
import { node } from './objects.ts';

let cluster: TestCluster;
const start = async (options?: TestClusterOptions) => {
  cluster = await startTestCluster(options);
};
afterEach(() => cluster.stop());

const pod = (name: string, cpu: string, spec: Partial<PodSpec> = {}, labels: Record<string, string> = {}): Pod => ({
  metadata: { name, labels },
  spec: { containers: [{ name: 'main', image: 'nginx', resources: { requests: { cpu } } }], terminationGracePeriodSeconds: 0, ...spec },
});
const conditionOf = async (name: string) => (await cluster.pod(name)).status?.conditions?.find(({ type }) => type === 'PodScheduled');
const noCpu = (n: number) =>
  `0/${n} nodes are available: ${n} Insufficient cpu. no new claims to deallocate, preemption: 0/${n} nodes are available: ${n} No preemption victims found for incoming pod.`;

describe('a pod that fits', () => {
  it('is bound to a node, and its event and condition say so', async () => {
    await start();
    await cluster.addNode(node('n1'));
    await cluster.addPod(pod('a', '1'));
    await cluster.rest();
    expect(await cluster.places()).toEqual({ a: 'n1' });
    expect(await cluster.events('a')).toEqual(['Normal Scheduled 1: Successfully assigned default/a to n1']);
    expect(await conditionOf('a')).toMatchObject({ status: 'True' });
    const [event] = (await cluster.client.resource(resources.events).list()).items;
    expect(event).toMatchObject({
      ...{ action: 'Binding', reportingComponent: 'default-scheduler', reportingInstance: 'default-scheduler-localhost' },
      ...{ eventTime: '2026-01-01T00:00:00.000000Z', source: {}, firstTimestamp: null, lastTimestamp: null },
    });
    expect(event).not.toHaveProperty('count');
    expect(event).not.toHaveProperty('series');
  });

  it('sees the pods before it though none of their bindings is written yet', async () => {
    await start();
    for (const name of ['n1', 'n2']) await cluster.addNode(node(name, { cpu: '2' }));
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => cluster.addPod(pod(name, '1'))));
    await cluster.rest();
    expect(Object.values(await cluster.places()).sort()).toEqual(['-', 'n1', 'n1', 'n2', 'n2']);
  });

  it('of the more important ones goes first', async () => {
    await start({
      async before({ addNode, addPod, client }) {
        await client.resource(resources.priorityClasses).create({ metadata: { name: 'high' }, value: 100 });
        await addPod(pod('low', '3'));
        await addPod(pod('high', '3', { priorityClassName: 'high' }));
        await addNode(node('n1'));
      },
    });
    expect(await cluster.places()).toEqual({ low: '-', high: 'n1' });
  });

  it('of another scheduler is left alone, but takes its room', async () => {
    await start();
    await cluster.addNode(node('n1'));
    await cluster.addPod(pod('other', '3', { schedulerName: 'mine' }));
    await cluster.rest();
    expect(await cluster.places()).toEqual({ other: '-' });
    await cluster.client.resource(resources.pods).createSubresource('other', 'default', 'binding', {
      ...{ apiVersion: 'v1', kind: 'Binding', metadata: { name: 'other' }, target: { kind: 'Node', name: 'n1' } },
    });
    await cluster.addPod(pod('a', '2'));
    await cluster.rest();
    expect(await cluster.places()).toEqual({ other: 'n1', a: '-' });
  });

  it('waits for its scheduling gates', async () => {
    await start();
    await cluster.addNode(node('n1'));
    await cluster.addPod(pod('a', '1', { schedulingGates: [{ name: 'example.com/wait' }] }));
    await cluster.rest();
    expect(await cluster.places()).toEqual({ a: '-' });
    expect(await conditionOf('a')).toMatchObject({ status: 'False', reason: 'SchedulingGated' });
    await cluster.client.resource(resources.pods).patch('a', 'default', { type: 'merge', body: { spec: { schedulingGates: null } } });
    await cluster.rest();
    expect(await cluster.places()).toEqual({ a: 'n1' });
  });
});

describe('a pod that fits nowhere', () => {
  it('is told why, once while nothing changes', async () => {
    await start();
    await cluster.addNode(node('n1', { cpu: '2' }));
    await cluster.addPod(pod('a', '1500m'));
    await cluster.addPod(pod('b', '1'));
    await cluster.clock.advance(60_000);
    expect(await cluster.events('b')).toEqual([`Warning FailedScheduling 1: ${noCpu(1)}`]);
    expect(await conditionOf('b')).toMatchObject({
      ...{ status: 'False', reason: 'Unschedulable', message: noCpu(1), observedGeneration: 1, lastTransitionTime: '2026-01-01T00:00:00Z' },
    });
    expect((await cluster.pod('b')).status?.phase).toBe('Pending');
  });

  it('is tried again after five minutes, come what may', async () => {
    await start();
    await cluster.addNode(node('n1', { cpu: '1' }));
    await cluster.addPod(pod('a', '1', { nodeSelector: { disk: 'ssd' } }));
    await cluster.clock.advance(6 * 60_000);
    const failed = (times: number) => new RegExp(`^Warning FailedScheduling ${times}: `);
    // The first try has written the pod's status, and an event speaks of one version of the pod.
    expect(await cluster.events('a')).toEqual([expect.stringMatching(failed(1)), expect.stringMatching(failed(1))]);
    await cluster.clock.advance(5 * 60_000);
    expect(await cluster.events('a')).toEqual([expect.stringMatching(failed(1)), expect.stringMatching(failed(2))]);
  });

  it('is told that there are no nodes, and placed when the first one comes', async () => {
    await start();
    await cluster.addPod(pod('a', '1'));
    await cluster.rest();
    expect(await cluster.events('a')).toEqual(['Warning FailedScheduling 1: no nodes available to schedule pods']);
    await cluster.addNode(node('n1'));
    await cluster.rest();
    expect(await cluster.places()).toEqual({ a: 'n1' });
  });

  const nodes = () => cluster.client.resource(resources.nodes);
  const pods = () => cluster.client.resource(resources.pods);
  const claim = {
    metadata: { name: 'data', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
  const away = (app: string): Partial<PodSpec> => ({
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } },
        ],
      },
    },
  });
  it.each<[string, Pod, RegExp, () => Promise<unknown>]>([
    ['a node is added', pod('a', '2'), /1 Insufficient cpu/, () => cluster.addNode(node('n2'))],
    [
      'a node grows',
      pod('a', '2'),
      /1 Insufficient cpu/,
      () => nodes().patch('n1', undefined, { type: 'merge', body: { status: { allocatable: { cpu: '8' } } } }, 'status'),
    ],
    ['another pod goes', pod('a', '2'), /1 Insufficient cpu/, () => pods().delete('there', 'default')],
    [
      'another pod is finished',
      pod('a', '2'),
      /1 Insufficient cpu/,
      () => pods().patch('there', 'default', { type: 'merge', body: { status: { phase: 'Succeeded' } } }, 'status'),
    ],
    [
      'a node gets the label it wants',
      pod('a', '1', { nodeSelector: { disk: 'ssd' } }),
      /didn't match Pod's node affinity\/selector/,
      () => nodes().patch('n1', undefined, { type: 'merge', body: { metadata: { labels: { disk: 'ssd' } } } }),
    ],
    [
      'the pod it keeps away from changes',
      pod('a', '1', away('x')),
      /pod anti-affinity rules/,
      () => pods().patch('there', 'default', { type: 'merge', body: { metadata: { labels: { app: 'y' } } } }),
    ],
    [
      'its claim is bound',
      pod('a', '1', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] }),
      /^Warning FailedScheduling 1: 0\/1 nodes are available: persistentvolumeclaim "data" not found\. not found$/,
      async () => {
        await cluster.client.resource(resources.persistentVolumes).create({
          metadata: { name: 'pv' },
          spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } },
        });
        await cluster.client.resource(resources.persistentVolumeClaims).create(claim);
        await cluster.rest();
        // A series keeps the note that it began with; the condition tells the latest.
        expect((await cluster.events('a')).at(-1)).toMatch(/^Warning FailedScheduling 2: .*persistentvolumeclaim "data" not found/);
        expect((await conditionOf('a'))?.message).toMatch(/available: pod has unbound immediate PersistentVolumeClaims\. not found$/);
        await cluster.client.resource(resources.persistentVolumeClaims).patch('data', 'default', {
          type: 'merge',
          body: { metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } }, spec: { volumeName: 'pv' } },
        });
      },
    ],
  ])('is placed when %s', async (_, subject, text, change) => {
    await start();
    await cluster.addNode(node('n1', { cpu: '4' }));
    await cluster.addPod(pod('there', '3', {}, { app: 'x' }));
    await cluster.rest();
    await cluster.addPod(subject);
    await cluster.rest();
    expect((await cluster.events('a'))[0]).toMatch(text);
    await change();
    await cluster.rest();
    expect((await cluster.pod('a')).spec?.nodeName).toMatch(/^n/);
    expect((await cluster.pod('a')).status?.conditions?.filter(({ type }) => type === 'PodScheduled')).toMatchObject([{ status: 'True' }]);
  });

  it('is placed when a node is uncordoned, or its taint is gone', async () => {
    await start();
    await cluster.addNode(node('n1', { spec: { unschedulable: true } }));
    await cluster.addPod(pod('a', '1'));
    await cluster.rest();
    expect((await cluster.events('a'))[0]).toContain('1 node(s) were unschedulable. no new claims to deallocate, preemption: 0/1');
    await nodes().patch('n1', undefined, {
      type: 'merge',
      body: { spec: { unschedulable: null, taints: [{ key: 'k', effect: 'NoSchedule' }] } },
    });
    await cluster.rest();
    expect((await cluster.events('a')).at(-1)).toContain(
      '1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/1',
    );
    await nodes().patch('n1', undefined, { type: 'merge', body: { spec: { taints: null } } });
    await cluster.rest();
    expect(await cluster.places()).toEqual({ a: 'n1' });
  });

  it('is not tried again by what does not help it', async () => {
    await start();
    await cluster.addNode(node('n1', { cpu: '1' }));
    await cluster.addPod(pod('a', '1', { nodeSelector: { disk: 'ssd' } }));
    await cluster.rest();
    await cluster.addPod(pod('b', '1'));
    await cluster.rest();
    await pods().delete('b', 'default');
    await nodes().patch('n1', undefined, { type: 'merge', body: { metadata: { labels: { disk: 'hdd' } } } });
    await cluster.clock.advance(20_000);
    expect((await cluster.events('a'))[0]).toMatch(/^Warning FailedScheduling 1: /);
  });
});

describe('a DaemonSet’s pod', () => {
  it('looks at no node but its own', async () => {
    await start();
    for (const name of ['n1', 'n2']) await cluster.addNode(node(name, { cpu: '1' }));
    const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }];
    await cluster.addPod(
      pod('a', '2', { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } } }),
    );
    await cluster.rest();
    expect(await cluster.events('a')).toEqual([
      "Warning FailedScheduling 1: 0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity]. " +
        'no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
    ]);
  });
});

describe('preemption', () => {
  const crowded: TestClusterOptions = {
    async before({ addNode, client }) {
      await client.resource(resources.priorityClasses).create({ metadata: { name: 'high' }, value: 100 });
      await client.resource(resources.priorityClasses).create({ metadata: { name: 'middle' }, value: 50 });
      await addNode(node('n1', { cpu: '2' }));
    },
  };

  it('evicts, nominates, and places the pod when its room is free', async () => {
    await start(crowded);
    await cluster.addPod(pod('low', '2', { terminationGracePeriodSeconds: 30 }));
    await cluster.rest();
    const high = await cluster.addPod(pod('high', '2', { priorityClassName: 'high' }));
    await cluster.rest();
    const low = await cluster.pod('low');
    expect(low.metadata?.deletionTimestamp).toBeDefined();
    expect(low.status?.conditions).toContainEqual(
      expect.objectContaining({
        ...{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' },
        message: 'default-scheduler: preempting to accommodate a higher priority pod',
      }),
    );
    expect((await cluster.events('low')).at(-1)).toBe(`Normal Preempted 1: Preempted by pod ${high.metadata?.uid} on node n1`);
    expect((await cluster.pod('high')).status?.nominatedNodeName).toBe('n1');
    expect(await cluster.events('high')).toEqual(['Warning FailedScheduling 1: 0/1 nodes are available: 1 Insufficient cpu.']);

    // The room is kept for it: a less important pod that would fit there does not get in.
    await cluster.addPod(pod('middle', '1', { priorityClassName: 'middle' }));
    await cluster.client.resource(resources.pods).delete('low', 'default', { gracePeriodSeconds: 0 });
    await cluster.rest();
    expect(await cluster.places()).toEqual({ high: 'n1', middle: '-' });
  });

  it('keeps the room also from pods that come right after', async () => {
    await start(crowded);
    await cluster.addPod(pod('low', '1', { terminationGracePeriodSeconds: 30 }));
    await cluster.rest();
    await cluster.addPod(pod('high', '2', { priorityClassName: 'high' }));
    await cluster.rest();
    await cluster.addPod(pod('small', '1'));
    await cluster.rest();
    expect(await cluster.places()).toEqual({ low: 'n1', high: '-', small: '-' });
    expect((await cluster.events('small'))[0]).toBe(`Warning FailedScheduling 1: ${noCpu(1)}`);
    await cluster.client.resource(resources.pods).delete('high', 'default');
    await cluster.rest();
    expect((await cluster.places()).small).toBe('n1');
  });

  it('takes the nomination back when nothing helps any more', async () => {
    await start(crowded);
    await cluster.addPod(pod('low', '2', { terminationGracePeriodSeconds: 30 }));
    await cluster.rest();
    await cluster.addPod(pod('high', '2', { priorityClassName: 'high' }));
    await cluster.rest();
    await cluster.client.resource(resources.nodes).patch('n1', undefined, { type: 'merge', body: { spec: { unschedulable: true } } });
    await cluster.client.resource(resources.pods).delete('low', 'default', { gracePeriodSeconds: 0 });
    await cluster.rest();
    const high = await cluster.pod('high');
    expect(high.status?.nominatedNodeName).toBeUndefined();
    expect(high.status?.conditions?.[0]?.message).toContain('1 node(s) were unschedulable');
  });
});

describe('a binding that fails', () => {
  const failing = (times: number) => {
    let left = times;
    const tries: string[] = [];
    const interfere =
      (transport: Transport): Transport =>
      async (request) => {
        if (!request.url.endsWith('/binding')) return transport(request);
        tries.push(request.url);
        if (left-- > 0)
          return Response.json(
            { kind: 'Status', status: 'Failure', message: 'out of order', reason: 'InternalError', code: 500 },
            { status: 500 },
          );
        return transport(request);
      };
    return { interfere, tries };
  };

  it('is told of and tried again after a back-off, and its room is free meanwhile', async () => {
    const { interfere, tries } = failing(2);
    await start({ interfere });
    await cluster.addNode(node('n1', { cpu: '2' }));
    await cluster.addPod(pod('a', '2'));
    await cluster.rest();
    expect(await cluster.events('a')).toEqual(['Warning FailedScheduling 1: running Bind plugin "DefaultBinder": out of order']);
    expect(await conditionOf('a')).toMatchObject({ status: 'False', reason: 'SchedulerError' });
    await cluster.clock.advance(1_000);
    expect(tries).toHaveLength(2);
    await cluster.clock.advance(1_000);
    expect(tries).toHaveLength(2);
    await cluster.clock.advance(1_000);
    await cluster.rest();
    expect(await cluster.places()).toEqual({ a: 'n1' });
  });

  it('because the pod is gone, gives its room to others', async () => {
    let deleteFirst = true;
    const interfere =
      (transport: Transport): Transport =>
      async (request) => {
        if (request.url.endsWith('/pods/a/binding') && deleteFirst) {
          deleteFirst = false;
          await cluster.client.resource(resources.pods).delete('a', 'default');
        }
        return transport(request);
      };
    await start({ interfere });
    await cluster.addNode(node('n1', { cpu: '2' }));
    await cluster.addPod(pod('a', '2'));
    await cluster.addPod(pod('b', '2'));
    await cluster.clock.advance(10_000);
    await cluster.rest();
    expect(await cluster.places()).toEqual({ b: 'n1' });
    expect(await cluster.events('a')).toEqual([]);
  });
});
