import type { Rule } from '../rule.ts';
import { objectLacks, perObject } from '../shapes.ts';

export const cronDeadline: Rule = {
  id: 'cron-deadline',
  title: 'CronJob without a starting deadline',
  why: 'After a hundred missed starts the controller gives up for good.',
  severity: 'off',
  scope: 'object',
  check: perObject(['CronJob'], (object) =>
    object.get('spec', 'startingDeadlineSeconds').exists ? [] : [objectLacks(object, 'The CronJob has no starting deadline')],
  ),
};
