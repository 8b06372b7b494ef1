import type { ObjectRef } from './row.ts';

/** Where an object's document stands: the last part is what its tab says, which a manifest of the workspace should not say as well. */
export function objectAddress({ namespace, kind, name }: Pick<ObjectRef, 'namespace' | 'kind' | 'name'>): string {
  return ['', ...(namespace === undefined ? [] : [namespace]), `${name} (${kind}).yaml`].join('/');
}
