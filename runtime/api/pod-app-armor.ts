import { jsonEqual } from './equality.ts';
import type { AppArmorProfile, Pod } from './generated/types/core/v1.ts';
import type { FieldError } from './validation/field-error.ts';
import { metadataPath } from './validation/object-meta.ts';
import { root } from './validation/path.ts';
import { appArmorPrefix } from './validation/pod/annotations.ts';
import { containersOf } from './validation/pod/containers-of.ts';
import { validateAppArmorProfile } from './validation/pod/security.ts';

const localhost = 'localhost/';

/**
 * Writes what the annotations of a new pod say of its containers' AppArmor profiles into the fields that came after them, and warns of
 * those that have none. Upstream: `applyAppArmorVersionSkew` of pkg/registry/core/pod/strategy.go.
 */
export function takeOverAppArmor({ metadata, spec }: Pod, warn: (text: string) => void): void {
  const { annotations } = metadata ?? {};
  if (annotations === undefined || spec === undefined || spec.os?.name === 'windows') return;
  for (const [container] of containersOf(spec, root)) {
    const key = `${appArmorPrefix}${container.name}`;
    const annotation = annotations[key];
    if (annotation === undefined || container.securityContext?.appArmorProfile !== undefined) continue;
    const profile = validProfile(annotation);
    if (profile !== undefined && jsonEqual(profile, spec.securityContext?.appArmorProfile)) continue;
    if (profile !== undefined) container.securityContext = { ...container.securityContext, appArmorProfile: profile };
    warn(`${metadataPath.child('annotations').key(key)}: deprecated since v1.30; use the "appArmorProfile" field instead`);
  }
}

/** The profile that an annotation means, if it is one that the field may hold. */
function validProfile(annotation: string): AppArmorProfile | undefined {
  const profile = profileOf(annotation);
  const errors: FieldError[] = [];
  validateAppArmorProfile(profile, root, errors);
  return errors.length === 0 ? profile : undefined;
}

function profileOf(annotation: string): AppArmorProfile | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  if (!annotation.startsWith(localhost) || annotation === localhost) return undefined;
  return { type: 'Localhost', localhostProfile: annotation.slice(localhost.length) };
}
