import type { Rule } from '../rule.ts';
import { addSecurity, lacking, perContainer, security } from '../shapes.ts';

export const kernelConfinement: Rule = {
  id: 'kernel-confinement',
  title: 'Container that the kernel does not confine',
  why: 'With none of AppArmor, SELinux, seccomp and fewer capabilities, a hole in a program is a hole in the node.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container, spec, { pod }) => {
    const annotations = pod?.get('metadata', 'annotations').entries() ?? [];
    const profiles = [security(container, spec, 'seccompProfile', 'type'), security(container, spec, 'appArmorProfile', 'type')];
    const confined =
      profiles.some(({ text }) => text !== undefined && text !== 'Unconfined') ||
      security(container, spec, 'seLinuxOptions').exists ||
      container.get('securityContext', 'capabilities', 'drop').items().length > 0 ||
      annotations.some(([name, { text }]) => name.startsWith('container.apparmor.security.beta.kubernetes.io/') && text !== 'unconfined');
    if (confined) return undefined;
    return lacking(container, 'Nothing confines the container', addSecurity(container, 'seccompProfile: { type: RuntimeDefault }'));
  }),
};
