import type { AccessAttributes } from '../authorization/authorizer.ts';
import { isDict, stringAt } from '../registry/api-object.ts';

/** What an event says of the object that a request is about; empty texts are left out. */
export interface ObjectReference {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly apiGroup: string;
  readonly apiVersion: string;
  readonly resourceVersion: string;
  readonly subresource: string;
}

/** The object that a request names. */
export function referenceOf({ resource, namespace, name, group, version, subresource }: AccessAttributes): ObjectReference {
  return { resource, namespace, name, uid: '', apiGroup: group, apiVersion: version, resourceVersion: '', subresource };
}

/** Completes a reference by what the object in the request's body says of itself. Upstream: `LogRequestObject`. */
export function completed(reference: ObjectReference, object: unknown): ObjectReference {
  const metadata = isDict(object) ? object.metadata : undefined;
  if (!isDict(metadata)) return reference;
  const said = (key: 'namespace' | 'name' | 'uid' | 'resourceVersion'): string => reference[key] || stringAt(metadata, key);
  return {
    ...reference,
    namespace: said('namespace'),
    name: said('name'),
    uid: said('uid'),
    resourceVersion: said('resourceVersion'),
  };
}

/** The object, or every object of a list or a Table, without `managedFields`. */
export function withoutManagedFields(object: unknown): unknown {
  if (!isDict(object)) return object;
  const { metadata, items, rows, ...rest } = object;
  return {
    ...rest,
    ...(metadata !== undefined && { metadata: withoutKey(metadata, 'managedFields') }),
    ...(items !== undefined && { items: Array.isArray(items) ? items.map(withoutManagedFields) : items }),
    ...(rows !== undefined && { rows: Array.isArray(rows) ? rows.map(rowWithout) : rows }),
  };
}

function rowWithout(row: unknown): unknown {
  return isDict(row) && row.object !== undefined ? { ...row, object: withoutManagedFields(row.object) } : row;
}

function withoutKey(value: unknown, key: string): unknown {
  return isDict(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)) : value;
}
