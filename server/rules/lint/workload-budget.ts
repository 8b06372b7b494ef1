import { selects } from '../../index/facts.ts';
import type { Rule } from '../rule.ts';
import { objectLacks, perObject } from '../shapes.ts';

export const workloadBudget: Rule = {
  id: 'workload-budget',
  title: 'Replicas without a disruption budget',
  why: 'A drain may evict all of them at once.',
  severity: 'off',
  scope: 'workspace',
  check: perObject(['Deployment', 'StatefulSet'], (object, { facts, index }) => {
    if ((facts.replicas ?? 1) < 2) return [];
    const budgets = index.objects('PodDisruptionBudget', facts.namespace);
    if (budgets.some(({ what }) => what.selector && selects(what.selector.labels, facts.pod?.labels ?? {}))) return [];
    return [objectLacks(object, 'No disruption budget protects the replicas')];
  }),
};
