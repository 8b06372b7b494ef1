import { t } from '@vscode/l10n';
import { scalingOf } from './autoscalers.ts';
import type { Rule } from './rule.ts';

/** Workloads that say their replicas while an autoscaler sets them. */
export const replicasWithAutoscaler: Rule = {
  id: 'replicas-with-autoscaler',
  title: 'Replicas beside an autoscaler',
  why: 'Each apply sets the number back, and the autoscaler has to start over.',
  severity: 'hint',
  scope: 'workspace',
  check({ object, facts, index }) {
    const replicas = object.get('spec', 'replicas');
    if (facts.name === '' || replicas.number === undefined || !facts.pod) return [];
    const scales = scalingOf(facts, index);
    // None at all is how autoscaling is switched off.
    if (!scales || replicas.number === 0) return [];
    const { min, max } = scales;
    const outside = replicas.number < min || (max !== undefined && replicas.number > max);
    const message = !outside
      ? t('An autoscaler sets the replicas: leave them out here')
      : max === undefined
        ? t('An autoscaler sets the replicas, to {0} at least: leave them out here', min)
        : t('An autoscaler sets the replicas, to {0} at least and {1} at most: leave them out here', min, max);
    return [{ at: replicas, onName: true, message }];
  },
};
