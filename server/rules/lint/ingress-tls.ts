import type { Rule } from '../rule.ts';
import { objectLacks, perObject } from '../shapes.ts';

export const ingressTls: Rule = {
  id: 'ingress-tls',
  title: 'Ingress without TLS',
  why: 'Passwords and cookies travel where others can read them.',
  severity: 'off',
  scope: 'object',
  check: perObject(['Ingress'], (object) =>
    object.get('spec', 'tls').items().length > 0 ? [] : [objectLacks(object, 'The Ingress has no TLS')],
  ),
};
