import type { Rule } from '../rule.ts';
import { objectLacks, perObject } from '../shapes.ts';

export const cronConcurrency: Rule = {
  id: 'cron-concurrency',
  title: 'CronJob whose runs may overlap',
  why: 'A slow run is joined by the next, and the next.',
  severity: 'off',
  scope: 'object',
  check: perObject(['CronJob'], (object) => {
    const policy = object.get('spec', 'concurrencyPolicy');
    if (policy.text === 'Forbid' || policy.text === 'Replace') return [];
    return [
      policy.exists ? { at: policy, message: 'Runs may overlap', fix: { replace: 'Forbid' } } : objectLacks(object, 'Runs may overlap'),
    ];
  }),
};
