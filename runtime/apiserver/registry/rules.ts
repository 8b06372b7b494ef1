import { emptyStatusOf } from '../../api/defaults/status.ts';
import { apiVersionOf, type Kind } from '../../api/kinds/kind.ts';
import type { FieldError } from '../../api/validation/field-error.ts';
import type { ApiObject } from './api-object.ts';

export { applyDefaults } from '../../api/defaults/index.ts';

/** Gives an object the status that a new object of its kind shows. */
export function resetStatus(kind: Kind, object: ApiObject): void {
  delete object.status;
  emptyStatusOf(`${apiVersionOf(kind)}/${kind.kind}`)?.(object);
}

/** What is wrong with a new object. */
export function validateCreate(_kind: Kind, _object: ApiObject): readonly FieldError[] {
  return [];
}

/** What is wrong with a change of an object. */
export function validateUpdate(_kind: Kind, _object: ApiObject, _old: ApiObject): readonly FieldError[] {
  return [];
}

/** What is wrong with a change of an object's status. */
export function validateStatusUpdate(_kind: Kind, _object: ApiObject, _old: ApiObject): readonly FieldError[] {
  return [];
}
