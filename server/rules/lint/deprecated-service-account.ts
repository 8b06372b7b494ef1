import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

export const deprecatedServiceAccount: Rule = {
  id: 'deprecated-service-account',
  title: 'Old name of the field serviceAccountName',
  why: '`serviceAccount` has been deprecated since 1.0 and is kept only for old manifests.',
  severity: 'warning',
  deprecated: true,
  scope: 'object',
  check: perPod((spec) => {
    const old = spec.get('serviceAccount');
    return old.exists && !spec.get('serviceAccountName').exists
      ? { at: old, onName: true, message: 'serviceAccount is deprecated: use serviceAccountName', fix: { replace: 'serviceAccountName' } }
      : undefined;
  }),
};
