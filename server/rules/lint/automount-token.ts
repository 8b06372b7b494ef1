import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

export const automountToken: Rule = {
  id: 'automount-token',
  title: 'Pod with a token that it may not need',
  why: 'Who breaks in can talk to the API server.',
  severity: 'off',
  scope: 'object',
  check: perPod((spec, { pod }) => {
    if (spec.get('automountServiceAccountToken').flag === false || !pod) return undefined;
    return {
      at: spec,
      onName: true,
      message: 'A token of the API server is mounted',
      fix: { add: 'automountServiceAccountToken: false', to: spec },
    };
  }),
};
