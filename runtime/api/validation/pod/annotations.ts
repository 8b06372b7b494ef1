import type { PodSpec } from '../../generated/types/core/v1.ts';
import { type Errors, sortedEntries } from '../checks.ts';
import { forbidden, invalid } from '../field-error.ts';
import type { Path } from '../path.ts';
import { containersOf } from './security.ts';

/** Annotations that mean something to Kubernetes itself. */

type Annotations = Readonly<Record<string, string>> | undefined;

export const mirrorAnnotation = 'kubernetes.io/config.mirror';
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';
const integer = /^(0|-?[1-9][0-9]*)$/;

export function validatePodAnnotations(annotations: Annotations, spec: PodSpec, path: Path, errors: Errors): void {
  if (annotations === undefined) return;
  const mirror = annotations[mirrorAnnotation];
  if (mirror !== undefined && (spec.nodeName ?? '') === '') {
    errors.push(invalid(path.key(mirrorAnnotation), mirror, 'must set spec.nodeName if mirror pod annotation is set'));
  }
  const cost = annotations[deletionCost];
  if (cost !== undefined && (!integer.test(cost) || Math.abs(Number(cost)) > 2 ** 31 - 1)) {
    errors.push(invalid(path.key(deletionCost), cost, 'must be a 32bit integer'));
  }
  for (const [key, profile] of sortedEntries(annotations)) {
    if (!key.startsWith(appArmorPrefix)) continue;
    const container = key.slice(appArmorPrefix.length);
    if (!containersOf(spec, path).some(([{ name }]) => name === container))
      errors.push(invalid(path.key(key), container, 'container not found'));
    if (!['', 'runtime/default', 'unconfined'].includes(profile) && !profile.startsWith('localhost/')) {
      errors.push(invalid(path.key(key), profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`));
    }
  }
}

export function validatePodAnnotationsUpdate(annotations: Annotations, old: Annotations, spec: PodSpec, path: Path, errors: Errors): void {
  for (const [key, value] of sortedEntries(old)) {
    if (annotations?.[key] === value) continue;
    if (key.startsWith(appArmorPrefix)) errors.push(forbidden(path.key(key), 'may not remove or update AppArmor annotations'));
    if (key === mirrorAnnotation) errors.push(forbidden(path.key(key), 'may not remove or update mirror pod annotation'));
  }
  for (const [key] of sortedEntries(annotations)) {
    if (old?.[key] !== undefined) continue;
    if (key.startsWith(appArmorPrefix)) errors.push(forbidden(path.key(key), 'may not add AppArmor annotations'));
    if (key === mirrorAnnotation) errors.push(forbidden(path.key(key), 'may not add mirror pod annotation'));
  }
  validatePodAnnotations(annotations, spec, path, errors);
}
