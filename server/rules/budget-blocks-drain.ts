import type { Rule } from './rule.ts';

/** Disruption budgets that never allow a disruption. */
export const budgetBlocksDrain: Rule = {
  id: 'budget-blocks-drain',
  title: 'Disruption budget that blocks every drain',
  why: 'No node that runs such a pod can be drained, so upgrades of the cluster stop.',
  severity: 'warning',
  scope: 'workspace',
  check({ object, facts, index }) {
    if (facts.kind !== 'PodDisruptionBudget') return [];
    const most = object.get('spec', 'maxUnavailable');
    const least = object.get('spec', 'minAvailable');
    if (most.number === 0 || most.text === '0%') return [{ at: most, message: 'No pod may ever be evicted' }];
    if (least.text === '100%') return [{ at: least, message: 'No pod may ever be evicted' }];
    const wanted = least.number;
    const { selector } = facts;
    if (wanted === undefined || !selector) return [];
    const chosen = index.selectedBy(facts.namespace, selector.labels);
    const replicas = chosen.reduce(
      (sum, { what }) => sum + (what.kind === 'DaemonSet' ? Number.POSITIVE_INFINITY : (what.replicas ?? 1)),
      0,
    );
    if (chosen.length === 0 || wanted < replicas) return [];
    return [{ at: least, message: `No pod may ever be evicted: there are ${replicas} and ${wanted} must stay` }];
  },
};
