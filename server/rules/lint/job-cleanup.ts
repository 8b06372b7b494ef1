import type { Rule } from '../rule.ts';
import { objectLacks, perObject } from '../shapes.ts';

export const jobCleanup: Rule = {
  id: 'job-cleanup',
  title: 'Job that is never cleaned up, or twice',
  why: 'Finished Jobs and their pods stay until somebody deletes them.',
  severity: 'off',
  scope: 'object',
  check: perObject(['Job', 'CronJob'], (object, { facts }) => {
    if (facts.kind === 'Job') {
      return object.get('spec', 'ttlSecondsAfterFinished').exists ? [] : [objectLacks(object, 'The Job stays when it has finished')];
    }
    const lifetime = object.get('spec', 'jobTemplate', 'spec', 'ttlSecondsAfterFinished');
    return lifetime.exists ? [{ at: lifetime, onName: true, message: 'The history limits of the CronJob clean up its Jobs already' }] : [];
  }),
};
