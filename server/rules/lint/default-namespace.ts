import type { Rule } from '../rule.ts';
import { objectLacks } from '../shapes.ts';

export const defaultNamespace: Rule = {
  id: 'default-namespace',
  title: 'Object in the default namespace',
  why: 'Quotas, policies and rights are given per namespace, and everybody shares this one.',
  severity: 'off',
  scope: 'object',
  check: (subject) => {
    const namespace = subject.object.get('metadata', 'namespace');
    if (subject.facts.namespace !== 'default') return [];
    return [
      namespace.exists
        ? { at: namespace, message: 'The object is in the namespace "default"' }
        : objectLacks(subject.object, 'The object names no namespace'),
    ];
  },
};
