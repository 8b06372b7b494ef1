import type { AppArmorProfile, PodSpec, SeccompProfile } from '../../generated/types/core/v1.ts';
import type { Errors } from '../checks.ts';
import { forbidden } from '../field-error.ts';
import type { Path } from '../path.ts';
import { appArmorPrefix, podSeccomp, seccompPrefix } from './annotations.ts';
import { containersOf } from './containers-of.ts';

/** Profiles that a pod names twice, in a field and in the annotation that came before it, must be the same ones. */

type Annotations = Readonly<Record<string, string>> | undefined;

const localhost = 'localhost/';

/** @param path Where the specification stands. */
export function validateProfileAnnotations(annotations: Annotations, spec: PodSpec, path: Path, errors: Errors): void {
  if (annotations === undefined) return;
  matchSeccomp(annotations[podSeccomp], spec.securityContext?.seccompProfile, path.child('securityContext', 'seccompProfile'), errors);
  for (const [container, at] of containersOf(spec, path)) {
    const annotation = annotations[`${seccompPrefix}${container.name}`];
    matchSeccomp(annotation, container.securityContext?.seccompProfile, at.child('securityContext', 'seccompProfile'), errors);
  }
  if (spec.os?.name === 'windows') return;
  for (const [container, at] of containersOf(spec, path)) {
    const profile = container.securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
    matchAppArmor(annotations[`${appArmorPrefix}${container.name}`], profile, at.child('securityContext', 'appArmorProfile'), errors);
  }
}

function matchSeccomp(annotation: string | undefined, profile: SeccompProfile | undefined, path: Path, errors: Errors): void {
  if (annotation === undefined || profile === undefined) return;
  const runtimeDefaults = ['runtime/default', 'docker/default'];
  match('seccomp', annotation, profile, runtimeDefaults, path, errors);
}

function matchAppArmor(annotation: string | undefined, profile: AppArmorProfile | undefined, path: Path, errors: Errors): void {
  if (annotation === undefined || profile === undefined) return;
  match('apparmor', annotation, profile, ['runtime/default'], path, errors);
}

function match(
  what: string,
  annotation: string,
  { type, localhostProfile }: SeccompProfile | AppArmorProfile,
  runtimeDefaults: readonly string[],
  path: Path,
  errors: Errors,
): void {
  const sameType =
    type === 'Unconfined'
      ? annotation === 'unconfined'
      : type === 'RuntimeDefault'
        ? runtimeDefaults.includes(annotation)
        : type !== 'Localhost' || annotation.startsWith(localhost);
  if (!sameType) errors.push(forbidden(path.child('type'), `${what} type in annotation and field must match`));
  else if (type === 'Localhost' && annotation.slice(localhost.length) !== localhostProfile) {
    errors.push(forbidden(path.child('localhostProfile'), `${what} profile in annotation and field must match`));
  }
}
