import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

export const restartPolicy: Rule = {
  id: 'restart-policy',
  title: 'Pod that is not started again',
  why: 'A container that ends by mistake stays ended until somebody notices.',
  severity: 'off',
  scope: 'object',
  check: perPod((spec, { facts }) => {
    const policy = spec.get('restartPolicy');
    if (policy.text !== 'Never' || facts.kind === 'Job' || facts.kind === 'CronJob') return undefined;
    return { at: policy, message: 'Containers that end are not started again', fix: { replace: 'Always' } };
  }),
};
