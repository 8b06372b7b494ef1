import type { Rule } from '../rule.ts';
import { perObject } from '../shapes.ts';

export const exposedService: Rule = {
  id: 'exposed-service',
  title: 'Service that is open to the outside',
  why: 'Everybody who reaches a node or the load balancer reaches the pods.',
  severity: 'off',
  scope: 'object',
  check: perObject(['Service'], (object) => {
    const type = object.get('spec', 'type');
    return type.text === 'NodePort' || type.text === 'LoadBalancer' ? [{ at: type, message: 'The Service is open to the outside' }] : [];
  }),
};
