import type { KubeObject } from '../api/object.ts';
import { type Client, ifFound, type ResourceRef } from '../client/client.ts';

/** Makes an object when there is none of its name; gives what is there otherwise. */
export async function ensure<T extends KubeObject>(client: Client, ref: ResourceRef<T>, object: T): Promise<T> {
  const { name = '', namespace } = object.metadata ?? {};
  return (await ifFound(client.resource(ref).get(name, namespace))) ?? client.resource(ref).create(object);
}
