import type { Rule } from '../rule.ts';
import { objectLacks, perObject } from '../shapes.ts';

export const barePod: Rule = {
  id: 'bare-pod',
  title: 'Pod that nothing keeps running',
  why: 'When its node fails it is gone.',
  severity: 'off',
  scope: 'object',
  check: perObject(['Pod'], (object) => [objectLacks(object, 'Nothing starts this pod again on another node')]),
};
