import { expect, it } from 'vitest';
import type { ReplicaSet } from '../../runtime/api/generated/types/apps/v1.ts';
import type { Pod, PodSpec } from '../../runtime/api/generated/types/core/v1.ts';
import { ClusterSnapshot } from '../../runtime/scheduler/framework/cluster-snapshot.ts';
import { node, pod } from './objects.ts';
import { frameworkWith, lister } from './outcome.ts';

const count = 2_000;
const nodes = 20;
const labelSelector = { matchLabels: { app: 'web' } };
const replicaSet: ReplicaSet = {
  metadata: { name: 'web', namespace: 'default' },
  spec: { selector: labelSelector, template: { metadata: { labels: labelSelector.matchLabels } } },
};
const byHost = { topologyKey: 'kubernetes.io/hostname', labelSelector };
const byZone = { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', labelSelector };

it.each<[string, Partial<PodSpec>]>([
  ['nothing', {}],
  [
    'to be spread and kept apart',
    {
      topologySpreadConstraints: [byZone],
      affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: byHost }] } },
    },
  ],
])('placing a pod of a large workload that asks for %s does not mean looking at all the others', (_, spec) => {
  let looks = 0;
  const one = (i: number): Pod => {
    const made = pod(`web-${i}`, { cpu: '1m' }, spec);
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u', controller: true };
    const metadata = { ...made.metadata, ownerReferences: [owner] };
    Object.defineProperty(metadata, 'labels', {
      enumerable: true,
      get() {
        looks++;
        return labelSelector.matchLabels;
      },
    });
    return { ...made, metadata };
  };
  const snapshot = new ClusterSnapshot();
  for (let i = 0; i < nodes; i++) {
    const made = node(`n${i}`, { labels: { 'topology.kubernetes.io/zone': `z${i % 3}` } });
    snapshot.setNode({ ...made, status: { allocatable: { cpu: '100', memory: '1Ti', pods: '500' } } });
  }
  const framework = frameworkWith({ replicaSets: lister(replicaSet) });
  for (let i = 0; i < count; i++) {
    const subject = one(i);
    const { feasible } = framework.filter(subject, snapshot.nodes);
    snapshot.assume(subject, framework.select(subject, feasible, snapshot.nodes)?.name ?? '');
  }
  const perNode = snapshot.nodes.map(({ pods }) => pods.size);
  expect(Math.max(...perNode) - Math.min(...perNode)).toBeLessThanOrEqual(20);
  expect(perNode.reduce((a, b) => a + b)).toBe(count);
  // With every pod looking at every other there would be two million.
  expect(looks / count).toBeLessThan(5 * nodes);
});
