import type { Rule } from '../rule.ts';
import { perObject } from '../shapes.ts';

export const wildcardRole: Rule = {
  id: 'wildcard-role',
  title: 'Role that may do everything',
  why: 'Rights that nobody meant to give come with every new kind.',
  severity: 'hint',
  scope: 'object',
  check: perObject(['Role', 'ClusterRole'], (object) =>
    object
      .get('rules')
      .items()
      .flatMap((rule) =>
        ['apiGroups', 'resources', 'verbs'].flatMap((name) =>
          rule
            .get(name)
            .items()
            .filter((item) => item.text === '*'),
        ),
      )
      .map((item) => ({ at: item, message: 'This covers whatever is added later' })),
  ),
};
