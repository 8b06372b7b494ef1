import { describe, expect, it } from 'vitest';
import type { PersistentVolume, PersistentVolumeClaim } from '../../runtime/api/generated/types/core/v1.ts';
import type { StorageClass } from '../../runtime/api/generated/types/storage/v1.ts';
import { node, occupied, pod } from './objects.ts';
import { lister, outcome } from './outcome.ts';

const none = (n: number) =>
  `no new claims to deallocate, preemption: 0/${n} nodes are available: ${n} Preemption is not helpful for scheduling.`;
const claim = (extra: Partial<PersistentVolumeClaim['spec']> = {}, metadata = {}, phase = 'Pending'): PersistentVolumeClaim => ({
  metadata: { name: 'data', namespace: 'default', ...metadata },
  spec: { storageClassName: 'standard', ...extra },
  status: { phase },
});
const bound = claim({ volumeName: 'pv' }, { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } }, 'Bound');
const volume: PersistentVolume = {
  metadata: { name: 'pv' },
  spec: {
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['n2'] }] }] },
    },
  },
};
const late: StorageClass = { metadata: { name: 'standard' }, provisioner: 'p', volumeBindingMode: 'WaitForFirstConsumer' };

describe('a pod with a claim', () => {
  it.each<[string, PersistentVolumeClaim[], PersistentVolume[], StorageClass[], string]>([
    ['goes where its volume can be reached', [bound], [volume], [], 'n2'],
    ['waits for the claim to be there', [], [], [], `0/2 nodes are available: persistentvolumeclaim "data" not found. not found`],
    ['waits for it to be bound', [claim()], [], [], `0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found`],
    [
      'waits for it to be gone when it is going',
      [claim({}, { deletionTimestamp: '2026-01-01T00:00:00Z' })],
      [],
      [],
      `0/2 nodes are available: persistentvolumeclaim "data" is being deleted. not found`,
    ],
    [
      'has lost its volume',
      [claim({ volumeName: 'pv' }, {}, 'Lost')],
      [],
      [],
      `0/2 nodes are available: persistentvolumeclaim "data" bound to non-existent persistentvolume "pv". not found`,
    ],
    [
      'has a volume that is gone',
      [bound],
      [],
      [],
      `0/2 nodes are available: 2 node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s). ${none(2)}`,
    ],
    [
      'has no volume to choose from on first use',
      [claim()],
      [],
      [late],
      `0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind. ${none(2)}`,
    ],
  ])('%s', (_, claims, volumes, classes, expected) => {
    const subject = pod('a', {}, { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] });
    const nodes = [occupied(node('n1')), occupied(node('n2'))];
    expect(outcome(subject, nodes, { claims: lister(...claims), volumes: lister(...volumes), storageClasses: lister(...classes) })).toBe(
      expected,
    );
  });

  it('from a template waits for its own claim to be made', () => {
    const subject = pod('a', {}, { volumes: [{ name: 'data', ephemeral: {} }] });
    const nodes = [occupied(node('n1'))];
    expect(outcome(subject, nodes)).toContain('waiting for ephemeral volume controller to create the persistentvolumeclaim "a-data".');
    const anothers = { ...claim(), metadata: { name: 'a-data', namespace: 'default' } };
    expect(outcome(subject, nodes, { claims: lister(anothers) })).toContain(
      'PVC default/a-data was not created for pod default/a (pod is not owner).',
    );
  });
});
