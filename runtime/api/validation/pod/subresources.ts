import type { Binding, Pod } from '../../generated/types/core/v1.ts';
import type { Errors } from '../checks.ts';
import { semanticEqual } from '../equality.ts';
import { type FieldError, forbidden, notSupported, quote, required } from '../field-error.ts';
import { structInGo } from '../internal-structs.ts';
import { metadataPath, validateCoreFinalizers, validateObjectMetaUpdate } from '../object-meta.ts';
import { Path, root } from '../path.ts';
import { jsonDifference } from '../unified-diff.ts';
import { mirrorAnnotation, validatePodAnnotationsUpdate } from './annotations.ts';
import { validatePod } from './pod.ts';

/** What reaches a pod through `binding` and `ephemeralcontainers`. */

/** The assignment of a pod to a node, as `ValidatePodBinding` judges it. */
export function validatePodBinding({ target }: Binding): FieldError[] {
  const errors: Errors = [];
  const { kind = '', name = '' } = target ?? {};
  if (kind !== '' && kind !== 'Node') errors.push(notSupported(Path.of('target', 'kind'), kind, ['Node', '<empty>']));
  if (name === '') errors.push(required(Path.of('target', 'name')));
  return errors;
}

/** Containers for debugging may be added to a pod, but neither changed nor removed. The pods may differ in nothing else. */
export function validateEphemeralContainersUpdate(pod: Pod, old: Pod): FieldError[] {
  const errors: Errors = [];
  validateObjectMetaUpdate(pod.metadata, old.metadata, errors);
  validateCoreFinalizers(pod.metadata, errors);
  validatePod(pod, errors, old);
  const spec = pod.spec ?? { containers: [] };
  validatePodAnnotationsUpdate(pod.metadata?.annotations, old.metadata?.annotations, spec, metadataPath.child('annotations'), errors);
  if (old.metadata?.annotations?.[mirrorAnnotation] !== undefined) {
    return [forbidden(root, 'static pods do not support ephemeral containers')];
  }
  const at = Path.of('spec', 'ephemeralContainers');
  for (const before of old.spec?.ephemeralContainers ?? []) {
    const after = spec.ephemeralContainers?.find(({ name }) => name === before.name);
    const container = `existing ephemeral containers ${quote(before.name)} may not be`;
    if (after === undefined) errors.push(forbidden(at, `${container} removed\n`));
    else if (!semanticEqual(before, after)) {
      const type = 'EphemeralContainer';
      const changes = jsonDifference(structInGo(type, before), structInGo(type, after));
      errors.push(forbidden(at, `${container} changed\n${changes}`));
    }
  }
  return errors;
}
