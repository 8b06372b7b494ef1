import type { KubeObject } from '../api/object.ts';

/** The name of an object, empty when it has none yet. */
export function nameOf(object: KubeObject): string {
  return object.metadata?.name ?? '';
}

/** The namespace of an object, empty for cluster-scoped ones. */
export function namespaceOf(object: KubeObject): string {
  return object.metadata?.namespace ?? '';
}

/** The UID of an object, empty when the server has not seen it. */
export function uidOf(object: KubeObject): string {
  return object.metadata?.uid ?? '';
}

/** `namespace/name`, or `name` alone for cluster-scoped objects: the key of caches and work queues. */
export function keyOf(object: KubeObject): string {
  return joinKey(namespaceOf(object), nameOf(object));
}

/** Makes a key of its parts; an empty or missing namespace is left away. */
export function joinKey(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

/** Takes a key apart; the namespace is empty for cluster-scoped objects. */
export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return slash < 0 ? { namespace: '', name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
