import type { ListMeta } from '../../api/generated/types/meta/v1.ts';
import { badRequest } from '../../api/status.ts';
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

const nameDescription =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names';
const createdDescription =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata';

/** A `metav1.Table` of objects. `withColumns` is false for all but the first event of a watch. */
export function tableOf(
  _resource: Resource,
  objects: readonly ApiObject[],
  metadata: ListMeta,
  include: IncludeObject,
  _now: number,
  withColumns = true,
): unknown {
  const columns = [
    { name: 'Name', type: 'string', format: 'name', description: nameDescription, priority: 0 },
    { name: 'Created At', type: 'date', format: '', description: createdDescription, priority: 0 },
  ];
  const rows = objects.map((object) => ({
    cells: [object.metadata.name, object.metadata.creationTimestamp],
    object: rowObject(object, include),
  }));
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: withColumns ? columns : null, rows };
}

function rowObject(object: ApiObject, include: IncludeObject): unknown {
  if (include === 'None') return null;
  return include === 'Object' ? object : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}
