import type { Rule } from '../rule.ts';
import { addSecurity, lacking, perContainer } from '../shapes.ts';

export const readOnlyRoot: Rule = {
  id: 'read-only-root',
  title: 'Container with a root file system that can be written',
  why: 'Who breaks in can change the programs that run there.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container) => {
    const readOnly = container.get('securityContext', 'readOnlyRootFilesystem');
    if (readOnly.isTrue) return undefined;
    return lacking(
      container,
      'The root file system can be written',
      readOnly.exists ? undefined : addSecurity(container, 'readOnlyRootFilesystem: true'),
    );
  }),
};
