import type { ListMeta } from '../../api/generated/types/meta/v1.ts';
import { badRequest } from '../../api/status.ts';
import { tableFor } from '../../api/tables/table.ts';
import type { ApiObject } from '../registry/api-object.ts';
import type { Resource } from '../registry/resource.ts';

/** What of each object a Table carries beside its cells. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Reads the query parameter `includeObject`. */
export function includeObject(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') ?? '';
  if (value === '' || value === 'Metadata') return 'Metadata';
  if (value === 'None' || value === 'Object') return value;
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(value)}`);
}

/** A `metav1.Table` of objects. `withColumns` is false for all but the first event of a watch. */
export function tableOf(
  resource: Resource,
  objects: readonly ApiObject[],
  metadata: ListMeta,
  include: IncludeObject,
  now: number,
  withColumns = true,
): unknown {
  const { columnDefinitions, rows } = tableFor(resource.kind, objects, { now }, resource.strategy.printer);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withColumns ? columnDefinitions : null,
    rows: rows.map((row, index) => ({ ...row, object: rowObject(objects[index], include) })),
  };
}

function rowObject(object: ApiObject | undefined, include: IncludeObject): unknown {
  if (include === 'None') return null;
  return include === 'Object' ? object : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object?.metadata };
}
