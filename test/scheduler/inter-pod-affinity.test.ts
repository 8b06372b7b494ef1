import { describe, expect, it } from 'vitest';
import type { Namespace, Pod, PodAffinityTerm, PodSpec } from '../../runtime/api/generated/types/core/v1.ts';
import type { NodeInfo } from '../../runtime/scheduler/framework/node-info.ts';
import { node, occupied, pod } from './objects.ts';
import { lister, outcome, winner } from './outcome.ts';

const zone = 'topology.kubernetes.io/zone';
const zones = (name: string, in_: string) => node(name, { labels: { [zone]: in_ } });
const labelled = (name: string, labels: Record<string, string>, spec: Partial<PodSpec> = {}, namespace = 'default') => {
  const made = pod(name, {}, spec);
  return { ...made, metadata: { ...made.metadata, labels, namespace } };
};
const term = (app: string, extra: Partial<PodAffinityTerm> = {}): PodAffinityTerm => ({
  topologyKey: zone,
  labelSelector: { matchLabels: { app } },
  ...extra,
});
const near = (...terms: PodAffinityTerm[]) => ({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } } });
const apart = (...terms: PodAffinityTerm[]) => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const preferNear = (weight: number, podAffinityTerm: PodAffinityTerm) => ({
  affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm }] } },
});
const preferApart = (weight: number, podAffinityTerm: PodAffinityTerm) => ({
  affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm }] } },
});

const noVictims = (n: number) =>
  `no new claims to deallocate, preemption: 0/${n} nodes are available: ${n} No preemption victims found for incoming pod.`;
const notHelpful = (n: number) =>
  `no new claims to deallocate, preemption: 0/${n} nodes are available: ${n} Preemption is not helpful for scheduling.`;
const unmet = (n: number) => `0/${n} nodes are available: ${n} node(s) didn't match pod affinity rules. ${notHelpful(n)}`;
const antiUnmet = (n: number) => `0/${n} nodes are available: ${n} node(s) didn't match pod anti-affinity rules. ${noVictims(n)}`;
const unwelcome = (n: number) =>
  `0/${n} nodes are available: ${n} node(s) didn't satisfy existing pods anti-affinity rules. ${noVictims(n)}`;

const namespaces = lister<Namespace>(
  { metadata: { name: 'default', labels: { team: 'a' } } },
  { metadata: { name: 'other', labels: { team: 'b' } } },
);

describe('required affinity', () => {
  const web = () => labelled('web', { app: 'web' });
  const elsewhere = () => labelled('web', { app: 'web' }, {}, 'other');
  it.each<[string, Pod, NodeInfo[], string]>([
    [
      'brings pods into the same domain, not only onto the same node',
      labelled('a', {}, near(term('web'))),
      [occupied(zones('n1', 'z1'), web()), occupied(zones('n2', 'z1')), occupied(zones('n3', 'z2'))],
      'n1 n2',
    ],
    ['has no place without the other pod', labelled('a', {}, near(term('web'))), [occupied(zones('n1', 'z1'))], unmet(1)],
    [
      'lets the first pod that means itself go anywhere',
      labelled('a', { app: 'web' }, near(term('web'))),
      [occupied(zones('n1', 'z1'))],
      'n1',
    ],
    [
      'keeps even that one from nodes without the label',
      labelled('a', { app: 'web' }, near(term('web'))),
      [occupied(node('n1'))],
      unmet(1),
    ],
    [
      'asks for one pod that all terms match',
      labelled('a', {}, near(term('web'), { topologyKey: zone, labelSelector: { matchLabels: { tier: 'x' } } })),
      [occupied(zones('n1', 'z1'), web(), labelled('b', { tier: 'x' }))],
      unmet(1),
    ],
    ['means its own namespace', labelled('a', {}, near(term('web'))), [occupied(zones('n1', 'z1'), elsewhere())], unmet(1)],
    [
      'or those it names',
      labelled('a', {}, near(term('web', { namespaces: ['other'] }))),
      [occupied(zones('n1', 'z1'), elsewhere())],
      'n1',
    ],
    [
      'or those its selector matches',
      labelled('a', {}, near(term('web', { namespaceSelector: { matchLabels: { team: 'b' } } }))),
      [occupied(zones('n1', 'z1'), elsewhere())],
      'n1',
    ],
    [
      'and none that it does not match',
      labelled('a', {}, near(term('web', { namespaceSelector: { matchLabels: { team: 'c' } } }))),
      [occupied(zones('n1', 'z1'), elsewhere())],
      unmet(1),
    ],
    [
      'an empty selector means all',
      labelled('a', {}, near(term('web', { namespaceSelector: {} }))),
      [occupied(zones('n1', 'z1'), elsewhere())],
      'n1',
    ],
    [
      'narrows down to pods with the same value of a label',
      labelled('a', { hash: '1' }, near(term('web', { matchLabelKeys: ['hash'] }))),
      [
        occupied(zones('n1', 'z1'), labelled('w', { app: 'web', hash: '2' })),
        occupied(zones('n2', 'z2'), labelled('w', { app: 'web', hash: '1' })),
      ],
      'n2',
    ],
  ])('%s', (_, subject, nodes, expected) => {
    expect(outcome(subject, nodes, { namespaces })).toBe(expected);
  });
});

describe('required anti-affinity', () => {
  it.each<[string, Pod, NodeInfo[], string]>([
    [
      'keeps out of the domain of a pod it names',
      labelled('a', {}, apart(term('web'))),
      [occupied(zones('n1', 'z1'), labelled('w', { app: 'web' })), occupied(zones('n2', 'z1')), occupied(zones('n3', 'z2'))],
      'n3',
    ],
    [
      'says so when no domain is left',
      labelled('a', {}, apart(term('web'))),
      [occupied(zones('n1', 'z1'), labelled('w', { app: 'web' })), occupied(zones('n2', 'z1'))],
      antiUnmet(2),
    ],
    [
      'of pods that are there keeps others away',
      labelled('w', { app: 'web' }),
      [occupied(zones('n1', 'z1'), labelled('a', {}, apart(term('web')))), occupied(zones('n2', 'z1'))],
      unwelcome(2),
    ],
    [
      'of pods in another namespace means their own',
      labelled('w', { app: 'web' }),
      [occupied(zones('n1', 'z1'), labelled('a', {}, apart(term('web')), 'other'))],
      'n1',
    ],
    [
      'with mismatching labels keeps only others away',
      labelled('w', { app: 'web', tenant: '1' }),
      [
        occupied(zones('n1', 'z1'), labelled('a', { tenant: '1' }, apart(term('web', { mismatchLabelKeys: ['tenant'] })))),
        occupied(zones('n2', 'z2'), labelled('b', { tenant: '2' }, apart(term('web', { mismatchLabelKeys: ['tenant'] })))),
      ],
      'n1',
    ],
    [
      'does not care about nodes without the label',
      labelled('a', {}, apart(term('web'))),
      [occupied(node('n1'), labelled('w', { app: 'web' }))],
      'n1',
    ],
  ])('%s', (_, subject, nodes, expected) => {
    expect(outcome(subject, nodes, { namespaces })).toBe(expected);
  });

  it('is given room by evicting the less important pod, in the whole domain or not at all', () => {
    const important = labelled('a', {}, { ...apart(term('web')), priority: 10 });
    expect(
      outcome(important, [
        occupied(zones('n1', 'z1'), labelled('w', { app: 'web' })),
        occupied(zones('n2', 'z2'), labelled('v', { app: 'web' }, { priority: 20 })),
      ]),
    ).toBe('n1 without w');
    expect(
      outcome(important, [
        occupied(zones('n1', 'z1'), labelled('w', { app: 'web' })),
        occupied(zones('n2', 'z1'), labelled('v', { app: 'web' })),
      ]),
    ).toBe(
      "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules. no new claims to deallocate, preemption: 0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.",
    );
  });
});

describe('preferences', () => {
  const nodes = (first: Pod) => [occupied(zones('n1', 'z1'), first), occupied(zones('n2', 'z2'), labelled('x', {}))];
  it.each<[string, Pod, Pod, string]>([
    ['for a pod', labelled('a', {}, preferNear(100, term('web'))), labelled('w', { app: 'web' }), 'n1'],
    ['against a pod', labelled('a', {}, preferApart(100, term('web'))), labelled('w', { app: 'web' }), 'n2'],
    ['of a pod that is there', labelled('a', { app: 'web' }), labelled('w', {}, preferNear(100, term('web'))), 'n1'],
    ['of a pod that is there, against', labelled('a', { app: 'web' }), labelled('w', {}, preferApart(100, term('web'))), 'n2'],
    ['of required affinity that is there', labelled('a', { app: 'web' }), labelled('w', { app: 'web' }, near(term('web'))), 'n1'],
  ])('%s', (_, subject, there, expected) => {
    expect(winner(subject, nodes(there), { namespaces })).toBe(expected);
  });

  it('still count right after pods have come and gone', () => {
    const [first, second] = [occupied(zones('n1', 'z1')), occupied(zones('n2', 'z2'))];
    const web = labelled('w', { app: 'web' });
    const subject = () => labelled('a', {}, near(term('web')));
    first.add(web);
    expect(outcome(subject(), [first, second], { namespaces })).toBe('n1');
    first.remove(web.metadata?.uid ?? '');
    second.add(web);
    expect(outcome(subject(), [first, second], { namespaces })).toBe('n2');
    second.add({ ...web, metadata: { ...web.metadata, labels: {} } });
    expect(outcome(subject(), [first, second], { namespaces })).toBe(unmet(2));
  });
});
