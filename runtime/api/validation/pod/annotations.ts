import type { PodSpec, Toleration } from '../../generated/types/core/v1.ts';
import { type Errors, sortedEntries } from '../checks.ts';
import { forbidden, invalid, quote } from '../field-error.ts';
import type { Path } from '../path.ts';
import { containersOf } from './containers-of.ts';
import { checkDescendingPath } from './paths.ts';
import { validateTolerations } from './scheduling.ts';

/** Annotations that mean something to Kubernetes itself. */

type Annotations = Readonly<Record<string, string>> | undefined;

export const mirrorAnnotation = 'kubernetes.io/config.mirror';
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
const tolerations = 'scheduler.alpha.kubernetes.io/tolerations';
export const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';
export const podSeccomp = 'seccomp.security.alpha.kubernetes.io/pod';
export const seccompPrefix = 'container.seccomp.security.alpha.kubernetes.io/';
const integer = /^(0|-?[1-9][0-9]*)$/;

/** @param old What the annotations were; a cost that was wrong already is borne. */
export function validatePodAnnotations(annotations: Annotations, spec: PodSpec, path: Path, errors: Errors, old?: Annotations): void {
  if (annotations === undefined) return;
  const mirror = annotations[mirrorAnnotation];
  if (mirror !== undefined && (spec.nodeName ?? '') === '') {
    errors.push(invalid(path.key(mirrorAnnotation), mirror, 'must set spec.nodeName if mirror pod annotation is set'));
  }
  validateTolerationsAnnotation(annotations[tolerations], path, errors);
  const cost = annotations[deletionCost];
  if (!isDeletionCost(cost) && isDeletionCost(old?.[deletionCost])) {
    errors.push(invalid(path.key(deletionCost), cost, 'must be a 32bit integer'));
  }
  if (annotations[podSeccomp] !== undefined) checkSeccompProfile(annotations[podSeccomp], path.child(podSeccomp), errors);
  for (const [key, profile] of sortedEntries(annotations)) {
    if (key.startsWith(seccompPrefix)) checkSeccompProfile(profile, path.child(key), errors);
  }
  for (const [key, profile] of sortedEntries(annotations)) {
    if (!key.startsWith(appArmorPrefix)) continue;
    const container = key.slice(appArmorPrefix.length);
    if (!containersOf(spec, path).some(([{ name }]) => name === container))
      errors.push(invalid(path.key(key), container, 'container not found'));
    if (!['', 'runtime/default', 'unconfined'].includes(profile) && !profile.startsWith('localhost/')) {
      errors.push(invalid(path.key(key), profile, `invalid AppArmor profile name: ${quote(profile)}`));
    }
  }
}

function isDeletionCost(cost: string | undefined): boolean {
  if (cost === undefined) return true;
  return integer.test(cost) && Number(cost) >= -(2 ** 31) && Number(cost) < 2 ** 31;
}

function validateTolerationsAnnotation(written: string | undefined, path: Path, errors: Errors): void {
  if (written === undefined || written === '') return;
  let parsed: unknown;
  try {
    parsed = JSON.parse(written);
  } catch (error) {
    errors.push(invalid(path, tolerations, error instanceof Error ? error.message : String(error)));
    return;
  }
  if (Array.isArray(parsed)) validateTolerations(parsed.filter(isObject), path.child(tolerations), errors);
}

function isObject(value: unknown): value is Toleration {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkSeccompProfile(profile: string, path: Path, errors: Errors): void {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(profile)) return;
  if (profile.startsWith('localhost/')) checkDescendingPath(profile.slice('localhost/'.length), path, errors);
  else errors.push(invalid(path, profile, 'must be a valid seccomp profile'));
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
  validatePodAnnotations(annotations, spec, path, errors, old);
}
