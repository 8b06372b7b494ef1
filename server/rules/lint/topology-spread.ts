import type { Rule } from '../rule.ts';
import { lasting, perPod } from '../shapes.ts';

export const topologySpread: Rule = {
  id: 'topology-spread',
  title: 'Pods that are not spread',
  why: 'They may all run in one zone, and fail together with it.',
  severity: 'off',
  scope: 'object',
  check: perPod((spec, { facts }) => {
    if (!lasting.some((kind) => kind === facts.kind) || facts.kind === 'DaemonSet') return undefined;
    return spec.get('topologySpreadConstraints').items().length > 0
      ? undefined
      : { at: spec, onName: true, message: 'The pods have no topology spread constraint' };
  }),
};
