import type { Rule } from './rule.ts';

/** Workloads that say their replicas while an autoscaler sets them. */
export const replicasWithAutoscaler: Rule = {
  id: 'replicas-with-autoscaler',
  title: 'Replicas beside an autoscaler',
  why: 'Each apply sets the number back, and the autoscaler has to start over.',
  severity: 'hint',
  scope: 'workspace',
  check({ object, facts, index }) {
    const replicas = object.get('spec', 'replicas');
    if (facts.name === '' || !replicas.exists || !facts.pod) return [];
    const symbol = `object ${facts.kind} ${facts.namespace} ${facts.name}`;
    const scaled = index.find(symbol).some(({ what }) => what.role === 'reference' && what.path.includes('scaleTargetRef'));
    return scaled ? [{ at: replicas, onName: true, message: 'An autoscaler sets the replicas: leave them out here' }] : [];
  },
};
