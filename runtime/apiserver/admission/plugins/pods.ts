import type { ApiObject, Dict } from '../../registry/api-object.ts';
import { ensureDict } from '../../registry/api-object.ts';
import type { Attributes } from '../admission.ts';
import type { Operation } from '../operation.ts';

/** The pod that is being written, when the write is of a whole pod. */
export function podOf({ operation, resource, subresource, object }: Attributes, operations: readonly Operation[]): ApiObject | undefined {
  if (resource.kind.group !== '' || resource.kind.plural !== 'pods' || subresource !== '' || !operations.includes(operation))
    return undefined;
  return object;
}

/** The spec of an object, made when it is missing. */
export function specOf(object: ApiObject): Dict {
  return ensureDict(object, 'spec');
}
