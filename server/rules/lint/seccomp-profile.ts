import type { Rule } from '../rule.ts';
import { addSecurity, lacking, perPod, security } from '../shapes.ts';

export const seccompProfile: Rule = {
  id: 'seccomp-profile',
  title: 'Container without a seccomp profile',
  why: 'Every call of the kernel is open to it, those too that no program needs.',
  severity: 'off',
  scope: 'object',
  check: perPod((spec, { containers }) => {
    const profiles = containers.map((container) => ({ container, type: security(container, spec, 'seccompProfile', 'type') }));
    // What the pod says for several containers is told once.
    const unconfined = new Map(profiles.flatMap(({ type }) => (type.text === 'Unconfined' ? [[type.span.start, type] as const] : [])));
    return [
      ...profiles
        .filter(({ type }) => !type.exists)
        .map(({ container }) =>
          lacking(container, 'The container has no seccomp profile', addSecurity(container, 'seccompProfile: { type: RuntimeDefault }')),
        ),
      ...[...unconfined.values()].map((at) => ({
        at,
        message: 'No call of the kernel is kept from it',
        fix: { replace: 'RuntimeDefault' },
      })),
    ];
  }),
};
