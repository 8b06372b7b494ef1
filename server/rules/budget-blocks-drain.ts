import { t } from '@vscode/l10n';
import type { ObjectFacts } from '../index/facts.ts';
import type { ObjectNames } from '../index/inquiry.ts';
import { scalingOf } from './autoscalers.ts';
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
    if (chosen.length === 0) return [];
    const fewest = sum(chosen.map(({ what }) => replicasOf(what, index).fewest));
    const greatest = sum(chosen.map(({ what }) => replicasOf(what, index).most));
    if (wanted >= greatest)
      return [{ at: least, message: t('No pod may ever be evicted: there are {0} and {1} must stay', greatest, wanted) }];
    if (wanted < fewest) return [];
    const message = t('No pod may be evicted while the autoscaler keeps {0}: {1} must stay', fewest, wanted);
    return [{ at: least, message, severity: 'hint' }];
  },
};

/** Between which numbers the pods of a workload are. */
function replicasOf(what: ObjectFacts, index: ObjectNames): { fewest: number; most: number } {
  if (what.kind === 'DaemonSet') return { fewest: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY };
  const scales = scalingOf(what, index);
  if (scales) return { fewest: scales.min, most: scales.max ?? Number.POSITIVE_INFINITY };
  const replicas = what.replicas ?? 1;
  return { fewest: replicas, most: replicas };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
