import { apiVersionOf } from '../../api/kinds/kind.ts';
import type { ApiObject } from '../registry/api-object.ts';
import type { Resource } from '../registry/resource.ts';
import type { Attributes } from './admission.ts';

/** What is written and what stood there before, in one version. */
export interface Versioned {
  readonly object: ApiObject | null;
  readonly oldObject: ApiObject | null;
}

/** An object as a resource's clients see it; not to be changed. Rejects with 500 when it cannot be converted. */
export async function servedBy(resource: Resource, object: ApiObject | null | undefined): Promise<ApiObject | null> {
  if (object === undefined || object === null) return null;
  const { conversion, converter, kind } = resource;
  if (conversion !== undefined) return conversion.fromStored(object);
  if (converter === undefined || object.apiVersion === apiVersionOf(kind)) return object;
  const [converted] = await converter.convert([object], apiVersionOf(kind));
  if (converted !== undefined) kind.read?.(converted);
  return converted ?? null;
}

/** Both objects of a write in the version of a resource. */
export async function versionedBy(resource: Resource, { object, oldObject }: Attributes): Promise<Versioned> {
  return { object: await servedBy(resource, object), oldObject: await servedBy(resource, oldObject) };
}

/** Brings an object of a resource's version into the one in which the write goes on. */
export async function asWritten(resource: Resource, object: ApiObject, { resource: own }: Attributes): Promise<ApiObject> {
  if (resource.converter === undefined) return resource.toStored(object);
  const [converted = object] = await resource.converter.convert([object], apiVersionOf(own.kind));
  return converted;
}
