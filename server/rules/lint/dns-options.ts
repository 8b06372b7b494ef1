import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

export const dnsOptions: Rule = {
  id: 'dns-options',
  title: 'Pod that asks for every name five times',
  why: 'With `ndots: 5` each name outside the cluster is looked up in every search domain first.',
  severity: 'off',
  scope: 'object',
  check: perPod((spec) => {
    const options = spec.get('dnsConfig', 'options').items();
    return options.some((option) => option.get('name').text === 'ndots')
      ? undefined
      : { at: spec, onName: true, message: 'dnsConfig does not set ndots' };
  }),
};
