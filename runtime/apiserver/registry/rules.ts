import { emptyStatusOf } from '../../api/defaults/status.ts';
import { apiVersionOf, type Kind } from '../../api/kinds/kind.ts';
import type { FieldError } from '../../api/validation/field-error.ts';
import { nameIsPathSegment } from '../../api/validation/name-rules.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from '../../api/validation/object-meta.ts';
import type { ApiObject } from './api-object.ts';

/** Gives an object the status that a new object of its kind shows. */
export function resetStatus(kind: Kind, object: ApiObject): void {
  delete object.status;
  emptyStatusOf(`${apiVersionOf(kind)}/${kind.kind}`)?.(object);
}

/**
 * What is wrong with the metadata of a changed object, as of a new one and as of a change. Upstream asks both for all kinds, and most
 * kinds then ask again: the causes stand there several times. Upstream: `validateCommonFields`.
 */
export function metadataErrors({ namespaced }: Kind, object: ApiObject, old: ApiObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(object.metadata, { namespaced, name: nameIsPathSegment }, errors);
  validateObjectMetaUpdate(object.metadata, old.metadata, errors);
  return errors;
}
