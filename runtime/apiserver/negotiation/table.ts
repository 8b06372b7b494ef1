import type { ListMeta } from '../../api/generated/types/meta/v1.ts';
import { badRequest } from '../../api/status.ts';
import { tableFor } from '../../api/tables/table.ts';
import type { ApiObject } from '../registry/api-object.ts';
import type { Resource } from '../registry/resource.ts';
import { type Accepted, metaApiVersion } from './accept.ts';
import { servedColumns } from './column-descriptions.ts';
import { partialMetadata } from './partial-metadata.ts';

/** What of each object a Table carries beside its cells. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Reads the query parameter `includeObject`. */
export function includeObject(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') ?? '';
  if (value === '' || value === 'Metadata') return 'Metadata';
  if (value === 'None' || value === 'Object') return value;
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

/** A `metav1.Table` of objects. `withColumns` is false for all but the first event of a watch. */
export function tableOf(
  { kind, strategy }: Pick<Resource, 'kind'> & { readonly strategy: Pick<Resource['strategy'], 'printer'> },
  objects: readonly ApiObject[],
  metadata: ListMeta,
  include: IncludeObject,
  accepted: Accepted,
  now: number,
  withColumns = true,
): unknown {
  const { columnDefinitions, rows, objects: listed } = tableFor(kind, objects, { now }, strategy.printer);
  return {
    kind: 'Table',
    apiVersion: metaApiVersion(accepted),
    metadata,
    columnDefinitions: withColumns ? servedColumns(columnDefinitions) : null,
    rows: rows.map((row, index) => ({ ...row, object: rowObject(listed[index], include, accepted) })),
  };
}

function rowObject(object: ApiObject | undefined, include: IncludeObject, accepted: Accepted): unknown {
  if (include === 'None' || object === undefined) return null;
  return include === 'Object' ? object : partialMetadata(object, accepted);
}
