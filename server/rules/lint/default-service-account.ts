import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

export const defaultServiceAccount: Rule = {
  id: 'default-service-account',
  title: 'Pod with the default account',
  why: 'Rights given to one such pod are given to all.',
  severity: 'off',
  scope: 'object',
  check: perPod((spec) => {
    const name = spec.get('serviceAccountName');
    if (name.text !== undefined && name.text !== 'default') return undefined;
    return { at: name.exists ? name : spec, onName: !name.exists, message: 'The pod uses the account "default"' };
  }),
};
