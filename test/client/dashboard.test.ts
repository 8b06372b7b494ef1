import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectCluster } from '../../client/dashboard/project.ts';
import { layOut, shapeOf } from '../../media/dashboard/board.ts';
import { parseFilter } from '../../media/dashboard/filter.ts';
import type { DaemonSet, StatefulSet } from '../../runtime/api/generated/types/apps/v1.ts';
import type { CronJob } from '../../runtime/api/generated/types/batch/v1.ts';
import { cacheOf, deployment, node, pod, readyPod, replicaSet, runningCluster } from './fixtures.ts';

const now = Date.parse('2026-01-01T00:02:10Z');

describe("the Cluster page's data", () => {
  it('tells each pod by its workload, node, state and requests', () => {
    const objects = cacheOf({
      nodes: [node('node-10'), node('node-2'), node('node-1', false)],
      namespaces: [{ metadata: { name: 'default' } }],
      deployments: [{ ...deployment('web', 3, 1), status: { observedGeneration: 1, replicas: 3, updatedReplicas: 1, readyReplicas: 1 } }],
      replicasets: [replicaSet('web-1', 'web', 1, 1)],
      pods: [
        { ...readyPod('web-1-a', 'node-2', { kind: 'ReplicaSet', name: 'web-1' }) },
        readyPod('alone', 'node-1'),
        pod({ name: 'big', phase: 'Pending', cpu: '64', unschedulable: '0/3 nodes are available: 3 Insufficient cpu.' }),
      ],
    });
    const model = projectCluster(runningCluster(objects), now);
    expect(model.loaded).toBe(true);
    expect(model.nodes.map(({ name, state, cpu }) => [name, state, cpu])).toEqual([
      ['node-1', 'failing', 4000],
      ['node-2', 'ready', 4000],
      ['node-10', 'ready', 4000],
    ]);
    expect(model.pods.map(({ app, ownerKind, node: on, state, reason, cpu }) => [app, ownerKind, on, state, reason, cpu])).toEqual([
      ['web', 'Deployment', 'node-2', 'ready', undefined, 0],
      ['alone', 'Pod', 'node-1', 'unknown', 'Node does not answer', 0],
      ['big', 'Pod', undefined, 'pending', 'Insufficient cpu', 64_000],
    ]);
    expect(model.rollouts).toEqual([{ namespace: 'default', name: 'web', want: 3, updated: 1, ready: 1, old: 2 }]);
  });

  it('shows the newest events first, in few words', () => {
    const event = (name: string, reason: string, message: string, second: number) => ({
      metadata: { name },
      involvedObject: { kind: 'Pod', name: 'web-68f45bbb78-x4kq2' },
      reason,
      message,
      type: 'Normal',
      lastTimestamp: `2026-01-01T00:00:0${second}Z`,
    });
    const objects = cacheOf({
      events: [
        event('1', 'Scheduled', 'Successfully assigned default/web-68f45bbb78-x4kq2 to node-1', 1),
        event('2', 'Pulling', 'Pulling image "nginx:1.27"', 2),
      ],
    });
    expect(projectCluster(runningCluster(objects), now).events.map(({ subject, text, state }) => [subject, text, state])).toEqual([
      ['web', 'pulling nginx:1.27', 'creating'],
      ['web', 'placed on node-1', 'creating'],
    ]);
  });
});

describe('workloads and events that pods alone do not tell', () => {
  it('keeps workloads without pods, and folds equal events of one workload into one', () => {
    const event = (name: string, at: string) => ({
      metadata: { name },
      involvedObject: { kind: 'Pod', name: `web-68f45bbb78-${name}` },
      reason: 'Started',
      message: 'Container started',
      lastTimestamp: `2026-01-01T00:00:${at}Z`,
    });
    const model = projectCluster(
      runningCluster(
        cacheOf({
          nodes: [node('n1')],
          daemonsets: [{ metadata: { name: 'ds', namespace: 'default' }, status: {} } as DaemonSet],
          statefulsets: [{ metadata: { name: 'ss', namespace: 'default' }, spec: { replicas: 1 } } as StatefulSet],
          cronjobs: [{ metadata: { name: 'cj', namespace: 'default' }, spec: { schedule: '*/5 * * * *' } } as CronJob],
          pods: [
            readyPod('ss-0', 'n1', { kind: 'StatefulSet', name: 'ss' }),
            { ...readyPod('done', 'n1'), status: { phase: 'Succeeded' } },
          ],
          events: [event('aaaaa', '01'), event('bbbbb', '02'), event('ccccc', '03'), event('ddddd', '40')],
        }),
      ),
      now,
    );
    expect(model.idle.map(({ kind, note }) => [kind, note])).toEqual([
      ['DaemonSet', 'no node needs it'],
      ['CronJob', '*/5 * * * *'],
    ]);
    expect(model.events.map(({ times }) => times)).toEqual([1, 3]);
    expect(model.pods.map(({ name, holds }) => [name, holds])).toEqual([
      ['ss-0', true],
      ['done', false],
    ]);
  });
});

describe('the board of a node', () => {
  it('rounds requests up to the next shape', () => {
    expect([1, 125, 130, 500, 505, 1000, 1005, 4005].map((cpu) => shapeOf(cpu, 125).join('×'))).toEqual([
      '1×1',
      '1×1',
      '2×1',
      '2×2',
      '3×2',
      '4×2',
      '4×4',
      '8×4',
    ]);
  });

  it('never lays two bricks on one slot, loses none, and lies the same way again', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 40 });
    fc.assert(
      fc.property(sizes, fc.constantFrom(8, 16), (list, columns) => {
        const items = list.map((size, index) => ({ size, name: String(index) }));
        const lay = (given: typeof items) =>
          layOut(
            given,
            ({ size }) => size,
            ({ name }) => name,
            columns,
            32 / columns,
            125,
          );
        const board = lay(items);
        const taken = board.bricks.flatMap(({ x, y, width, height }) =>
          Array.from({ length: width * height }, (_, cell) => `${x + (cell % width)},${y + Math.floor(cell / width)}`),
        );
        expect(new Set(taken).size).toBe(taken.length);
        expect(board.bricks.length + board.dots.length).toBe(items.length);
        expect(taken.length + board.free.length).toBe(board.rows * columns);
        expect(board.bricks.every(({ x, width }) => x + width <= columns)).toBe(true);
        expect(lay([...items].reverse())).toEqual(board.dots.length > 1 ? expect.objectContaining({ bricks: board.bricks }) : board);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the filter', () => {
  const model = {
    uid: '',
    namespace: 'shop',
    name: 'checkout-abc',
    app: 'checkout',
    ownerKind: 'Deployment',
    node: 'worker-2',
    state: 'failing' as const,
    cpu: 0,
    memory: 0,
    holds: true,
    restarts: 0,
    created: 0,
  };
  it.each([
    ['', true],
    ['check', true],
    ['ns:shop state:fail', true],
    ['ns:shop state:ready', false],
    ['node:worker-2 abc', true],
    ['app:web', false],
  ])('%j', (text, matches) => {
    expect(parseFilter(text)(model)).toBe(matches);
  });
});
