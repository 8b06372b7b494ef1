import type { OwnerReference } from '../../api/generated/types/meta/v1.ts';
import { apiVersionOf } from '../../api/kinds/kind.ts';
import type { KubeObject } from '../../api/object.ts';
import type { ResourceRef } from '../../client/client.ts';
import type { Informer } from '../../client/informer.ts';
import { nameOf, namespaceOf, uidOf } from '../../client/object-key.ts';

/** The owner that manages an object, of which there is at most one. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata?.ownerReferences?.find((owner) => owner.controller === true);
}

/** The reference by which `owner` manages what it makes. */
export function controllerReference<T extends KubeObject>(owner: T, ref: ResourceRef<T>): OwnerReference {
  return {
    apiVersion: apiVersionOf(ref),
    kind: ref.kind,
    name: nameOf(owner),
    uid: uidOf(owner),
    controller: true,
    blockOwnerDeletion: true,
  };
}

const byController = 'controller';
const orphans = 'orphan';

/** Indexes objects by the UID of their controller, and those without one by namespace; see {@link ownedBy} and {@link orphansIn}. */
export function indexByController<T extends KubeObject>(informer: Informer<T>): void {
  informer.addIndex(byController, (object) => {
    const owner = controllerOf(object);
    return owner === undefined ? [] : [owner.uid];
  });
  informer.addIndex(orphans, (object) => (controllerOf(object) === undefined ? [namespaceOf(object)] : []));
}

/** The objects whose controller has this UID. */
export function ownedBy<T extends KubeObject>(informer: Informer<T>, uid: string): T[] {
  return informer.lister.byIndex(byController, uid);
}

/** The objects of a namespace that have no controller. */
export function orphansIn<T extends KubeObject>(informer: Informer<T>, namespace: string): T[] {
  return informer.lister.byIndex(orphans, namespace);
}
