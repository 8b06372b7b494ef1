import { describe, expect, it } from 'vitest';
import type { Pod, PodSpec } from '../../runtime/api/generated/types/core/v1.ts';
import type { PodDisruptionBudget } from '../../runtime/api/generated/types/policy/v1.ts';
import { Nominator } from '../../runtime/scheduler/framework/nominator.ts';
import { node, occupied, pod } from './objects.ts';
import { outcome } from './outcome.ts';

const victim = (
  name: string,
  cpu: string,
  { app, startTime, ...spec }: Partial<PodSpec> & { app?: string; startTime?: string } = {},
): Pod => {
  const one = pod(name, { cpu }, { priority: 1, ...spec });
  return { ...one, metadata: { ...one.metadata, labels: { app: app ?? name } }, status: startTime ? { startTime } : {} };
};
const budget = (app: string, disruptionsAllowed: number): PodDisruptionBudget => ({
  metadata: { name: app, namespace: 'default' },
  spec: { selector: { matchLabels: { app } } },
  status: { disruptionsAllowed, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 },
});
const important = (cpu: string, spec: Partial<PodSpec> = {}) => pod('p', { cpu }, { priority: 10, ...spec });

describe('evicts', () => {
  it('the least important pods that make room, and no more', () => {
    const nodes = [
      occupied(node('a'), victim('keep', '2', { priority: 5 }), victim('go', '2')),
      occupied(node('b'), victim('high', '4', { priority: 100 })),
    ];
    expect(outcome(important('2'), nodes)).toBe('a without go');
  });

  it('where the victims matter least, then where there are fewer, then where they have run for a shorter time', () => {
    const one = (name: string, startTime: string) => occupied(node(name), victim(`on-${name}`, '4', { startTime }));
    expect(outcome(important('2'), [occupied(node('a'), victim('x', '4', { priority: 5 })), occupied(node('b'), victim('y', '4'))])).toBe(
      'b without y',
    );
    expect(outcome(important('4'), [occupied(node('a'), victim('x', '2'), victim('y', '2')), occupied(node('b'), victim('z', '4'))])).toBe(
      'b without z',
    );
    expect(outcome(important('2'), [one('a', '2026-01-01T00:00:00Z'), one('b', '2026-01-02T00:00:00Z')])).toBe('b without on-b');
  });

  it('of equals the one that started last', () => {
    const nodes = [
      occupied(
        node('a'),
        victim('old', '2', { startTime: '2025-01-01T00:00:00Z' }),
        victim('new', '2', { startTime: '2025-06-01T00:00:00Z' }),
      ),
    ];
    expect(outcome(important('2'), nodes)).toBe('a without new');
  });

  it('no pod that a budget protects if there is another way, and such a pod if there is none', () => {
    const nodes = () => [occupied(node('a'), victim('guarded', '4')), occupied(node('b'), victim('free', '4', { priority: 5 }))];
    expect(outcome(important('2'), nodes(), { budgets: [budget('guarded', 0)] })).toBe('b without free');
    expect(outcome(important('2'), nodes(), { budgets: [budget('guarded', 1)] })).toBe('a without guarded');
    expect(outcome(important('2'), nodes().slice(0, 1), { budgets: [budget('guarded', 0)] })).toBe('a without guarded');
  });

  it('on one node, rather more important pods than guarded ones', () => {
    const nodes = [occupied(node('a'), victim('guarded', '2'), victim('free', '2', { priority: 5 }))];
    expect(outcome(important('2'), nodes, { budgets: [budget('guarded', 0)] })).toBe('a without free');
  });

  it('only as many of a workload as its budget allows, if that is enough', () => {
    const nodes = [occupied(node('a'), victim('w1', '2', { app: 'w' }), victim('w2', '2', { app: 'w' }))];
    expect(outcome(important('2'), nodes, { budgets: [budget('w', 1)] })).toMatch(/^a without w[12]$/);
  });
});

describe('does not evict', () => {
  it('for a pod that says so', () => {
    expect(outcome(important('2', { preemptionPolicy: 'Never' }), [occupied(node('a'), victim('x', '4'))])).toBe(
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.',
    );
  });

  it('while a victim is still leaving the nominated node', () => {
    const leaving = victim('x', '4');
    const target = { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' };
    const nodes = [
      occupied(node('a'), {
        ...leaving,
        metadata: { ...leaving.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
        status: { conditions: [target] },
      }),
    ];
    expect(outcome({ ...important('2'), status: { nominatedNodeName: 'a' } }, nodes)).toBe(
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to a terminating pod on the nominated node.',
    );
  });

  it('what would not make enough room, and says what is still short', () => {
    const nodes = [occupied(node('a'), victim('x', '1'), victim('high', '3', { priority: 20 }))];
    expect(outcome(important('2'), nodes)).toBe(
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Insufficient cpu.',
    );
  });
});

describe('a nominated pod', () => {
  const nominated = (priority: number) => {
    const nominator = new Nominator();
    nominator.nominate(pod('first', { cpu: '3' }, { priority }), 'a');
    return nominator;
  };

  it('keeps its room against pods that are no more important', () => {
    const full = `0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.`;
    expect(outcome(important('2'), [occupied(node('a'))], { nominator: nominated(10) })).toBe(full);
    expect(outcome(important('2'), [occupied(node('a'))], { nominator: nominated(9) })).toBe('a');
    expect(outcome(important('1'), [occupied(node('a'))], { nominator: nominated(10) })).toBe('a');
  });

  it('does not lend its neighbourhood before it is there', () => {
    const nominator = new Nominator();
    const web = pod('first', {}, { priority: 10 });
    nominator.nominate({ ...web, metadata: { ...web.metadata, labels: { app: 'web' } } }, 'a');
    const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } };
    const near = important('1', { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } });
    expect(outcome(near, [occupied(node('a'))], { nominator })).toMatch(/didn't match pod affinity rules/);
    const apart = important('1', { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } });
    expect(outcome(apart, [occupied(node('a'))], { nominator })).toMatch(/didn't match pod anti-affinity rules/);
  });
});
