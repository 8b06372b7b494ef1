import { t } from '@vscode/l10n';
import type { Rule } from '../rule.ts';
import { lasting, objectLacks, perObject } from '../shapes.ts';

const label = 'app.kubernetes.io/instance';

export const instanceLabel: Rule = {
  id: 'instance-label',
  title: 'Workload whose instance label is not its name',
  why: 'Where both are to be the same, what is asked for by one is not found by the other.',
  severity: 'off',
  house: true,
  scope: 'object',
  check: perObject([...lasting, 'Job', 'CronJob'], (object, { facts }) => {
    const instance = object.get('metadata', 'labels', label);
    if (instance.text === facts.name) return [];
    return [
      instance.exists
        ? { at: instance, message: t('The label is not the name "{0}"', facts.name), fix: { replace: facts.name } }
        : objectLacks(object, t('The label {0} is missing', label)),
    ];
  }),
};
