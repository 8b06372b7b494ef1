import type { Rule } from '../rule.ts';
import { addSecurity, lacking, perContainer } from '../shapes.ts';

export const dropCapabilities: Rule = {
  id: 'drop-capabilities',
  title: 'Container that keeps capabilities',
  why: 'Most programs need none of what the runtime grants by default.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container) => {
    const capabilities = container.get('securityContext', 'capabilities');
    const dropped = capabilities
      .get('drop')
      .items()
      .map((item) => item.text?.toUpperCase());
    if (dropped.includes('ALL')) return undefined;
    return lacking(
      container,
      'The container keeps its capabilities',
      capabilities.exists ? undefined : addSecurity(container, 'capabilities: { drop: [ALL] }'),
    );
  }),
};
