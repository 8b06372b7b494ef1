import type { Rule } from '../rule.ts';
import { objectLacks, perObject } from '../shapes.ts';

export const wildcardHost: Rule = {
  id: 'wildcard-host',
  title: 'Ingress for every host',
  why: 'It answers for hosts that were meant for others.',
  severity: 'off',
  scope: 'object',
  check: perObject(['Ingress'], (object) =>
    object
      .get('spec', 'rules')
      .items()
      .map((rule) => rule.get('host'))
      .filter((host) => host.text?.startsWith('*') ?? !host.exists)
      .map((host) =>
        host.exists ? { at: host, message: 'The rule holds for every host' } : objectLacks(object, 'A rule holds for every host'),
      ),
  ),
};
