import type { KubeObject } from '../../../api/object.ts';
import type { Warn } from './warn.ts';

const staticSuffix = '.static.k8s.io';

/** Upstream can read the configuration of admission from files, whose names nobody else should use. */
function nameWarnings({ metadata }: KubeObject): readonly string[] {
  if (metadata?.name?.endsWith(staticSuffix) !== true) return [];
  const reserved = `names ending with "${staticSuffix}" are reserved for static manifest-based configurations`;
  return [`metadata.name: ${reserved} and cannot be managed via the API`];
}

export const admissionWarnings: Readonly<Record<string, Warn>> = Object.fromEntries(
  [
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'mutatingadmissionpolicies',
    'mutatingadmissionpolicybindings',
    'validatingwebhookconfigurations',
    'mutatingwebhookconfigurations',
  ].map((plural) => [`admissionregistration.k8s.io/${plural}`, nameWarnings]),
);
