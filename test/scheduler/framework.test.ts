import { describe, expect, it } from 'vitest';
import type { Pod } from '../../runtime/api/generated/types/core/v1.ts';
import type { NodeInfo } from '../../runtime/scheduler/framework/node-info.ts';
import { podRequests } from '../../runtime/scheduler/framework/resources.ts';
import { node, occupied, pod } from './objects.ts';
import { outcome, winner } from './outcome.ts';

describe('what a pod asks for', () => {
  it.each<[string, Pod, Record<string, number>]>([
    ['its containers together', pod('a', { cpu: '100m', memory: '1Mi' }, {}), { cpu: 100, memory: 2 ** 20 }],
    [
      'the largest init container when that is more',
      pod('a', { cpu: '100m' }, { initContainers: [{ name: 'i', resources: { requests: { cpu: '1' } } }] }),
      { cpu: 1000 },
    ],
    [
      'sidecars beside the containers and beside later init containers',
      pod(
        'a',
        { cpu: '100m' },
        {
          initContainers: [
            { name: 's', restartPolicy: 'Always', resources: { requests: { cpu: '200m' } } },
            { name: 'i', resources: { requests: { cpu: '1' } } },
          ],
        },
      ),
      { cpu: 1200 },
    ],
    ['overhead on top', pod('a', { cpu: '100m' }, { overhead: { cpu: '10m' } }), { cpu: 110 }],
    ['devices', pod('a', { 'example.com/gpu': '2' }), { 'example.com/gpu': 2 }],
  ])('is %s', (_, subject, expected) => {
    expect(podRequests(subject)).toEqual(expected);
  });
});

describe('filters', () => {
  const port = (hostPort: number, hostIP?: string) => ({
    containers: [{ name: 'main', ports: [{ containerPort: 80, hostPort, protocol: 'TCP', ...(hostIP && { hostIP }) }] }],
  });
  const none = 'no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
  const noVictims = 'no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';
  it.each<[string, Pod, NodeInfo, string]>([
    ['an empty node takes any pod', pod('a', { cpu: '4' }), occupied(node('n')), 'n'],
    [
      'a full node has no CPU left',
      pod('a', { cpu: '1' }),
      occupied(node('n'), pod('b', { cpu: '3500m' })),
      `0/1 nodes are available: 1 Insufficient cpu. ${noVictims}`,
    ],
    [
      'a node can be too small for good',
      pod('a', { cpu: '5' }),
      occupied(node('n')),
      `0/1 nodes are available: 1 Insufficient cpu. ${none}`,
    ],
    [
      'all that is short is named',
      pod('a', { cpu: '5', memory: '9Gi' }),
      occupied(node('n')),
      `0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. ${none}`,
    ],
    [
      'cordoned nodes are left out',
      pod('a'),
      occupied(node('n', { spec: { unschedulable: true } })),
      `0/1 nodes are available: 1 node(s) were unschedulable. ${none}`,
    ],
    [
      'taints keep pods away',
      pod('a'),
      occupied(node('n', { spec: { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] } })),
      `0/1 nodes are available: 1 node(s) had untolerated taint(s). ${none}`,
    ],
    [
      'tolerations let them in',
      pod('a', {}, { tolerations: [{ key: 'k', operator: 'Equal', value: 'v', effect: 'NoSchedule' }] }),
      occupied(node('n', { spec: { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] } })),
      'n',
    ],
    [
      'an empty key with Exists tolerates everything',
      pod('a', {}, { tolerations: [{ operator: 'Exists' }] }),
      occupied(node('n', { spec: { unschedulable: true, taints: [{ key: 'k', effect: 'NoExecute' }] } })),
      'n',
    ],
    [
      'a node selector must match',
      pod('a', {}, { nodeSelector: { disk: 'ssd' } }),
      occupied(node('n')),
      `0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. ${none}`,
    ],
    [
      'required affinity is a choice of terms',
      pod('a', {}, affinity({ key: 'size', operator: 'Gt', values: ['3'] }, { key: 'disk', operator: 'Exists' })),
      occupied(node('n', { labels: { size: '4' } })),
      'n',
    ],
    [
      'a pod with a node name wants that one',
      pod('a', {}, { nodeName: 'other' }),
      occupied(node('n')),
      `0/1 nodes are available: 1 node(s) didn't match the requested node name. ${none}`,
    ],
    [
      'a host port can be taken once',
      pod('a', {}, port(80)),
      occupied(node('n'), pod('b', {}, port(80, '127.0.0.1'))),
      `0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. ${noVictims}`,
    ],
    [
      'a host port on another address is free',
      pod('a', {}, port(80, '10.0.0.1')),
      occupied(node('n'), pod('b', {}, port(80, '127.0.0.1'))),
      'n',
    ],
  ])('%s', (_, subject, on, expected) => {
    expect(outcome(subject, [on])).toBe(expected);
  });

  it('counts reasons over all nodes in the order of their texts', () => {
    const nodes = [
      occupied(node('a', { cpu: '1' })),
      occupied(node('b', { spec: { unschedulable: true } })),
      occupied(node('c'), pod('x', { cpu: '3' })),
    ];
    expect(outcome(pod('p', { cpu: '2' }), nodes)).toBe(
      '0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu. ' +
        'no new claims to deallocate, preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.',
    );
  });
});

describe('scores', () => {
  it('spread pods that ask for nothing', () => {
    const nodes = [occupied(node('a'), pod('x')), occupied(node('b'))];
    expect(winner(pod('p'), nodes)).toBe('b');
  });

  it('follow preferred affinity', () => {
    const preferred = { weight: 1, preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] } };
    const nodes = [occupied(node('a')), occupied(node('b', { labels: { disk: 'ssd' } }))];
    const subject = pod('p', {}, { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [preferred] } } });
    expect(winner(subject, nodes)).toBe('b');
  });

  it('like nodes that have the image', () => {
    const images = [{ names: ['docker.io/library/nginx:latest', 'nginx:latest'], sizeBytes: 2 ** 30 }];
    const [a, b, c] = [node('a'), node('b'), node('c')];
    const nodes = [occupied(a), occupied({ ...b, status: { ...b.status, images } }), occupied(c)];
    expect(winner(pod('p'), nodes)).toBe('b');
  });

  it('avoid nodes with a PreferNoSchedule taint', () => {
    const nodes = [occupied(node('a', { spec: { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] } })), occupied(node('b'))];
    expect(winner(pod('p'), nodes)).toBe('b');
  });
});

function affinity(...expressions: { key: string; operator: string; values?: string[] }[]) {
  const nodeSelectorTerms = expressions.map((expression) => ({ matchExpressions: [expression] }));
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } };
}
