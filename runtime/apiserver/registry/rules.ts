import { emptyStatusOf } from '../../api/defaults/status.ts';
import { apiVersionOf, type Kind } from '../../api/kinds/kind.ts';
import type { FieldError } from '../../api/validation/field-error.ts';
import { validateObjectMetaUpdate } from '../../api/validation/object-meta.ts';
import type { ApiObject } from './api-object.ts';

/** Gives an object the status that a new object of its kind shows. */
export function resetStatus(kind: Kind, object: ApiObject): void {
  delete object.status;
  emptyStatusOf(`${apiVersionOf(kind)}/${kind.kind}`)?.(object);
}

/** What is wrong with the metadata of a changed object. Upstream asks this for all kinds, and most kinds then ask it again: the causes stand twice. */
export function metadataErrors(object: ApiObject, old: ApiObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(object.metadata, old.metadata, errors);
  return errors;
}
