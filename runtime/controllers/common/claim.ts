import type { KubeObject } from '../../api/object.ts';
import type { Selector } from '../../api/selectors/labels.ts';
import { type Client, isReason, type ResourceRef } from '../../client/client.ts';
import type { Informer } from '../../client/informer.ts';
import { nameOf, namespaceOf, uidOf } from '../../client/object-key.ts';
import { controllerReference, orphansIn, ownedBy } from './owners.ts';

export interface ClaimOptions<O extends KubeObject, T extends KubeObject> {
  readonly client: Client;
  readonly owner: O;
  readonly ownerRef: ResourceRef<O>;
  readonly selector: Selector;
  /** Indexed by controller. */
  readonly informer: Informer<T>;
  readonly ref: ResourceRef<T>;
}

/**
 * The objects an owner manages: takes in those without a controller that its selector matches and lets go of those it no longer matches,
 * as upstream's ControllerRefManager does. An owner that is being deleted only looks. Throws when the server refuses.
 */
export async function claimObjects<O extends KubeObject, T extends KubeObject>(options: ClaimOptions<O, T>): Promise<T[]> {
  const { client, owner, ownerRef, selector, informer, ref } = options;
  const deleting = owner.metadata?.deletionTimestamp !== undefined;
  const claimed: T[] = [];
  let confirmed = false;
  for (const object of ownedBy(informer, uidOf(owner))) {
    if (selector.matches(object.metadata?.labels)) claimed.push(object);
    else if (!deleting) await patchOwner(client, ref, object, { $patch: 'delete', uid: uidOf(owner) });
  }
  if (deleting) return claimed;
  for (const object of orphansIn(informer, namespaceOf(owner))) {
    if (object.metadata?.deletionTimestamp !== undefined || !selector.matches(object.metadata?.labels)) continue;
    if (!confirmed) {
      // The cache may be behind: an owner that was deleted, or made anew under its name, must not take anything in.
      const fresh = await client.resource(ownerRef).get(nameOf(owner), namespaceOf(owner));
      if (uidOf(fresh) !== uidOf(owner) || fresh.metadata?.deletionTimestamp !== undefined) return claimed;
      confirmed = true;
    }
    const adopted = await patchOwner(client, ref, object, { ...controllerReference(owner, ownerRef) });
    if (adopted !== undefined) claimed.push(adopted);
  }
  return claimed;
}

async function patchOwner<T extends KubeObject>(
  client: Client,
  ref: ResourceRef<T>,
  object: T,
  reference: Record<string, string | boolean>,
): Promise<T | undefined> {
  const metadata = { uid: uidOf(object), ownerReferences: [reference] };
  try {
    return await client.resource(ref).patch(nameOf(object), namespaceOf(object), { type: 'strategic', body: { metadata } });
  } catch (error) {
    // Gone, or gone and made anew under another UID: nothing to claim or to release.
    if (isReason(error, 'NotFound') || isReason(error, 'Invalid')) return undefined;
    throw error;
  }
}
