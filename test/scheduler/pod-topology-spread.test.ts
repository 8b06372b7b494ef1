import { describe, expect, it } from 'vitest';
import type { ReplicaSet } from '../../runtime/api/generated/types/apps/v1.ts';
import type { NodeSpec, Pod, PodSpec, Service, TopologySpreadConstraint } from '../../runtime/api/generated/types/core/v1.ts';
import type { NodeInfo } from '../../runtime/scheduler/framework/node-info.ts';
import { node, occupied, pod } from './objects.ts';
import { lister, outcome, winner } from './outcome.ts';

const zone = 'topology.kubernetes.io/zone';
let made = 0;
const web = (labels: Record<string, string> = { app: 'web' }, deletionTimestamp?: string): Pod => {
  const one = pod(`web-${made++}`);
  return { ...one, metadata: { ...one.metadata, labels, ...(deletionTimestamp && { deletionTimestamp }) } };
};
const at = (name: string, where: string, count: number, spec: NodeSpec = {}) =>
  occupied(node(name, { labels: { [zone]: where }, spec }), ...Array.from({ length: count }, () => web()));
const spread = (
  extra: Partial<TopologySpreadConstraint> = {},
  labels: Record<string, string> = { app: 'web' },
  spec: Partial<PodSpec> = {},
): Pod => {
  const constraint = {
    topologyKey: zone,
    maxSkew: 1,
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: { app: 'web' } },
    ...extra,
  };
  const one = pod('p', {}, { topologySpreadConstraints: [constraint], ...spec });
  return { ...one, metadata: { ...one.metadata, labels } };
};
const taint = { taints: [{ key: 'k', effect: 'NoSchedule' }] };
const text = "node(s) didn't match pod topology spread constraints";

describe('what must be spread', () => {
  it.each<[string, Pod, NodeInfo[], string]>([
    ['goes where there are fewest', spread(), [at('n1', 'z1', 1), at('n2', 'z2', 0)], 'n2'],
    ['may go anywhere while it is even', spread(), [at('n1', 'z1', 1), at('n2', 'z2', 1)], 'n1 n2'],
    ['may differ by the skew', spread({ maxSkew: 2 }), [at('n1', 'z1', 1), at('n2', 'z2', 0)], 'n1 n2'],
    ['counts by domain, not by node', spread(), [at('n1', 'z1', 0), at('n2', 'z1', 1), at('n3', 'z2', 0)], 'n3'],
    ['does not count itself when it is not meant', spread({}, {}), [at('n1', 'z1', 1), at('n2', 'z2', 0)], 'n1 n2'],
    [
      'does not count pods that are leaving',
      spread(),
      [occupied(node('n1', { labels: { [zone]: 'z1' } }), web({ app: 'web' }, '2026-01-01T00:00:00Z')), at('n2', 'z2', 0)],
      'n1 n2',
    ],
    [
      'needs the label',
      spread(),
      [occupied(node('n1'))],
      `0/1 nodes are available: 1 ${text} (missing required label). no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.`,
    ],
    [
      'waits for missing domains',
      spread({ minDomains: 2 }),
      [at('n1', 'z1', 1)],
      `0/1 nodes are available: 1 ${text}. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
    ],
    [
      'leaves out of account nodes the pod cannot choose',
      spread({}, { app: 'web' }, { nodeSelector: { [zone]: 'z1' } }),
      [at('n1', 'z1', 1), at('n2', 'z2', 0)],
      'n1',
    ],
    [
      'unless it ignores that',
      spread({ nodeAffinityPolicy: 'Ignore' }, { app: 'web' }, { nodeSelector: { [zone]: 'z1' } }),
      [at('n1', 'z1', 1), at('n2', 'z2', 0)],
      `0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 ${text}. no new claims to deallocate, preemption: 0/2 nodes are available: ` +
        '1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.',
    ],
    [
      'counts tainted nodes',
      spread(),
      [at('n1', 'z1', 1), at('n2', 'z2', 0, taint)],
      `0/2 nodes are available: 1 ${text}, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/2 nodes are available: ` +
        '1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.',
    ],
    ['unless it honours taints', spread({ nodeTaintsPolicy: 'Honor' }), [at('n1', 'z1', 1), at('n2', 'z2', 0, taint)], 'n1'],
    [
      'counts only pods of the same revision',
      spread({ matchLabelKeys: ['hash'] }, { app: 'web', hash: '2' }),
      [occupied(node('n1', { labels: { [zone]: 'z1' } }), web({ app: 'web', hash: '1' })), at('n2', 'z2', 0)],
      'n1 n2',
    ],
  ])('%s', (_, subject, nodes, expected) => {
    expect(outcome(subject, nodes)).toBe(expected);
  });

  it('is made even by eviction', () => {
    const nodes = [at('n1', 'z1', 1), at('n2', 'z2', 0, { unschedulable: true })];
    expect(outcome(spread({}, { app: 'web' }, { priority: 5 }), nodes)).toMatch(/^n1 without web-\d+$/);
  });
});

describe('what should be spread', () => {
  it('prefers the emptier domain and may go elsewhere', () => {
    const subject = spread({ whenUnsatisfiable: 'ScheduleAnyway' });
    const nodes = [at('n1', 'z1', 4), at('n2', 'z1', 0), at('n3', 'z2', 1)];
    expect(outcome(subject, nodes)).toBe('n1 n2 n3');
    expect(winner(subject, nodes)).toBe('n3');
  });

  // The second node is emptier in all but the pods of the workload.
  const nodes = () =>
    [at('n1', 'z1', 0), at('n2', 'z2', 6)].map((info, i) => {
      if (i === 0) for (let n = 0; n < 7; n++) info.add(web({ app: 'other' }));
      return info;
    });
  const service: Service = { metadata: { name: 'web', namespace: 'default' }, spec: { selector: { app: 'web' } } };
  const replicaSet: ReplicaSet = {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'web' } } },
  } as ReplicaSet;

  it('is what a Service or a ReplicaSet owns, without a word', () => {
    const owned = web();
    const byReplicaSet = {
      ...owned,
      metadata: {
        ...owned.metadata,
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u', controller: true }],
      },
    };
    expect(winner(web(), nodes(), { services: lister(service) })).toBe('n1');
    expect(winner(byReplicaSet, nodes(), { replicaSets: lister(replicaSet) })).toBe('n1');
    expect(winner(web(), nodes())).toBe('n2');
  });
});
