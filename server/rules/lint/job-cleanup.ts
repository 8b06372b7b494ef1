import type { Rule } from '../rule.ts';
import { objectLacks, perObject } from '../shapes.ts';

export const jobCleanup: Rule = {
  id: 'job-cleanup',
  title: 'Job that is never cleaned up',
  why: 'Finished Jobs and their pods stay until somebody deletes them.',
  severity: 'off',
  scope: 'object',
  check: perObject(['Job'], (object) =>
    object.get('spec', 'ttlSecondsAfterFinished').exists ? [] : [objectLacks(object, 'The Job stays when it has finished')],
  ),
};
