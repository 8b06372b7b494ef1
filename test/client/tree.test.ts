import { describe, expect, it } from 'vitest';
import type { ObjectCache } from '../../client/cluster/object-cache.ts';
import { clusterRows } from '../../client/explorer/cluster-rows.ts';
import { shortName } from '../../client/explorer/names.ts';
import type { Row } from '../../client/explorer/row.ts';
import { cacheOf, deployment, node, pod, readyPod, replicaSet } from './fixtures.ts';

const now = Date.parse('2026-01-01T00:02:10Z');
const tree = (objects: ObjectCache, phase: 'running' | 'stopped' | 'starting' | 'lost' = 'running') =>
  clusterRows({ name: 'kubeside', capabilities: { simulated: true, lifecycle: true }, state: { phase }, objects }, now);

/** The rows as indented lines, to be compared at a glance. */
function draw(rows: readonly Row[], depth = 0): string[] {
  return rows.flatMap((row) => [
    `${'  '.repeat(depth)}${[row.label, row.description, row.badge].filter(Boolean).join(' | ')}`,
    ...draw(row.children ?? [], depth + 1),
  ]);
}

const web = (revision: string) => ({ kind: 'ReplicaSet', name: `web-${revision}` });

describe('the tree', () => {
  it('draws a cluster from its problems down to its containers', () => {
    const objects = cacheOf({
      nodes: [node('node-1'), node('node-2')],
      namespaces: [{ metadata: { name: 'kube-system' } }, { metadata: { name: 'default' } }],
      deployments: [deployment('web', 2, 1)],
      replicasets: [replicaSet('web-old', 'web', 1, 0), replicaSet('web-new', 'web', 2, 2)],
      services: [{ metadata: { name: 'web', namespace: 'default' }, spec: { clusterIP: '10.96.0.7', ports: [{ port: 80 }] } }],
      pods: [
        readyPod('web-new-aaaaa', 'node-1', web('new')),
        pod({
          name: 'web-new-bbbbb',
          node: 'node-2',
          owner: web('new'),
          statuses: [{ restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
        }),
      ],
    });
    expect(draw(tree(objects))).toEqual([
      'kubeside | simulated',
      '  Needs attention | 1',
      '    web-new-bbbbb | CrashLoopBackOff ×2 | !',
      '  Nodes | 2 of 2 ready',
      '    node-1 | 1 pod, 0 of 4 CPU',
      '    node-2 | 1 pod, 0 of 4 CPU',
      '  default | 2 pods | !',
      '    Workloads | 1',
      '      web | 1 of 2 | !',
      '        revision 2 | new, 2 of 2',
      '          bbbbb | CrashLoopBackOff ×2 | !',
      '            app | nginx, CrashLoopBackOff',
      '          aaaaa | node-1',
      '            app | nginx',
      '        revision 1 | old',
      '    Network | 1 service',
      '      web | 10.96.0.7 · 80',
      '  kube-system | no pods',
    ]);
  });

  it('says of a workload without a controller that it is only stored, unless somebody has made pods for it', () => {
    const of = (name: string) => ({ metadata: { name, namespace: 'default', uid: `uid-${name}` } });
    const template = { spec: { containers: [] } };
    const set = (name: string) => ({ ...of(name), spec: { replicas: 2, serviceName: name, selector: {}, template } });
    const objects = cacheOf({
      namespaces: [{ metadata: { name: 'default' } }],
      statefulsets: [set('db'), set('own')],
      jobs: [{ ...of('migrate'), spec: { template } }],
      cronjobs: [{ ...of('report'), spec: { schedule: '@daily', jobTemplate: { spec: { template } } } }],
      pods: [readyPod('own-0', 'node-1', { kind: 'StatefulSet', name: 'own' })],
    });
    const told = draw(tree(objects)).map((line) => line.trim());
    expect(told).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^db \| only stored: nothing acts on it yet/),
        expect.stringMatching(/^migrate \| only stored: nothing acts on it yet/),
        'report | @daily, only stored: nothing acts on it yet',
        expect.stringMatching(/^own \| 0 of 2/),
      ]),
    );
  });

  it('folds ready pods beyond 25 away, but no problem', () => {
    const owner = web('x');
    const pods = Array.from({ length: 40 }, (_, index) => readyPod(`web-x-${String(index).padStart(5, '0')}`, 'node-1', owner));
    const failing = pod({ name: 'web-x-zzzzz', node: 'node-1', owner, phase: 'Failed' });
    const objects = cacheOf({
      nodes: [node('node-1')],
      namespaces: [{ metadata: { name: 'default' } }],
      deployments: [deployment('web', 41, 40)],
      replicasets: [replicaSet('web-x', 'web', 1, 41)],
      pods: [...pods, failing],
    });
    const lines = draw(tree(objects)).map((line) => line.trim());
    const revision = tree(objects)[0]?.children?.find(({ label }) => label === 'default')?.children?.[0]?.children?.[0]?.children?.[0];
    expect(revision?.children).toHaveLength(1 + 25 + 1);
    expect(revision?.children?.[0]?.label).toBe('zzzzz');
    expect(lines).toContain('15 more ready');
  });

  it('has unique ids', () => {
    const objects = cacheOf({
      nodes: [node('a')],
      namespaces: [{ metadata: { name: 'default' } }, { metadata: { name: 'b' } }],
      pods: [readyPod('x', 'a'), readyPod('y', 'a')],
    });
    const ids = (rows: readonly Row[]): string[] => rows.flatMap((row) => [row.id, ...ids(row.children ?? [])]);
    const all = ids(tree(objects));
    expect(new Set(all).size).toBe(all.length);
  });

  it('is empty without a cluster, so that the welcome shows, and keeps the last state of a lost one', () => {
    const objects = cacheOf({ nodes: [node('a')] });
    expect(tree(objects, 'stopped')).toEqual([]);
    expect(tree(cacheOf({}), 'starting').map(({ label }) => label)).toEqual(['Starting kubeside']);
    expect(draw(tree(objects, 'starting')).slice(0, 2)).toEqual(['kubeside | starting', '  Nodes | 1 of 1 ready']);
    expect(tree(objects, 'starting')[0]?.children?.[0]?.children?.[0]?.state).toBeUndefined();
    expect(draw(tree(objects, 'lost')).slice(0, 2)).toEqual(['kubeside | stopped unexpectedly | !', '  Nodes | 1 of 1 ready']);
  });
});

describe('long names', () => {
  it('lose their middle and keep both ends', () => {
    expect(shortName('payments-api-7d9f6c5b8-v4k7m-of-something-long', 20)).toMatch(/^payments.*-…-long$/);
    expect(shortName('web')).toBe('web');
  });
});
