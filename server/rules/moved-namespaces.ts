import type { ObjectNames } from '../index/inquiry.ts';
import { movingInto } from '../index/made-objects.ts';
import { defaultNamespace } from '../index/symbol.ts';

/**
 * The namespaces in which the objects of one may stand in the workspace: a kustomization that names it moves those along that name none.
 */
export function namespacesOf(index: Pick<ObjectNames, 'declared'>, namespace: string): readonly string[] {
  const isMoved = namespace !== '' && namespace !== defaultNamespace && index.declared(movingInto, '', namespace).length > 0;
  return isMoved ? [namespace, defaultNamespace] : [namespace];
}
