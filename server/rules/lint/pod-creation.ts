import { grantsOf } from '../grants.ts';
import type { Rule } from '../rule.ts';
import { perObject } from '../shapes.ts';

/** What makes pods, by API group. */
const makers = {
  '': ['pods', 'replicationcontrollers'],
  apps: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'],
  batch: ['jobs', 'cronjobs'],
};

export const podCreation: Rule = {
  id: 'pod-creation',
  title: 'Role that may create pods',
  why: 'Whoever creates pods can use every account and Secret of the namespace.',
  severity: 'off',
  scope: 'object',
  check: perObject(['Role', 'ClusterRole'], (object) =>
    grantsOf(object, makers, ['create']).map((at) => ({ at, message: 'This role may create pods' })),
  ),
};
