import type { Field } from '../../documents/field.ts';
import type { Rule } from '../rule.ts';
import { addSecurity, lacking, perContainer, security } from '../shapes.ts';

export const kernelConfinement: Rule = {
  id: 'kernel-confinement',
  title: 'Container that the kernel does not confine',
  why: 'With none of AppArmor, SELinux, seccomp and fewer capabilities, a hole in a program is a hole in the node.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container, spec, { pod }) => {
    const name = container.get('name').text ?? '';
    const annotation = pod?.get('metadata', 'annotations', `container.apparmor.security.beta.kubernetes.io/${name}`).text;
    const profiles = [security(container, spec, 'seccompProfile', 'type'), security(container, spec, 'appArmorProfile', 'type')];
    const confined =
      profiles.some(({ text }) => text !== undefined && text !== 'Unconfined') ||
      security(container, spec, 'seLinuxOptions').entries().length > 0 ||
      hasFewerCapabilities(container) ||
      (annotation !== undefined && annotation !== 'unconfined');
    if (confined) return undefined;
    return lacking(container, 'Nothing confines the container', addSecurity(container, 'seccompProfile: { type: RuntimeDefault }'));
  }),
};

/** Capabilities that are dropped come back where all are added. */
function hasFewerCapabilities(container: Field): boolean {
  const capabilities = container.get('securityContext', 'capabilities');
  const added = capabilities.get('add').items();
  return capabilities.get('drop').items().length > 0 && !added.some(({ text }) => text?.toUpperCase() === 'ALL');
}
