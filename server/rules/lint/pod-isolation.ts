import { selects } from '../../index/facts.ts';
import type { Rule } from '../rule.ts';
import { lasting, objectLacks, perObject } from '../shapes.ts';

export const podIsolation: Rule = {
  id: 'pod-isolation',
  title: 'Pods without a network policy',
  why: 'Every pod of the cluster can reach them.',
  severity: 'off',
  scope: 'workspace',
  check: perObject(lasting, (object, { facts, index }) => {
    const policies = index.objects('NetworkPolicy', facts.namespace);
    const covered = policies.some(({ what }) => {
      const labels = what.selector?.labels;
      return labels !== undefined && (Object.keys(labels).length === 0 || selects(labels, facts.pod?.labels ?? {}));
    });
    return covered ? [] : [objectLacks(object, 'No network policy holds for these pods')];
  }),
};
