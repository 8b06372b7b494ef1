import type { Pod } from '../../../runtime/api/generated/types/core/v1.ts';
import type { KubeObject } from '../../../runtime/api/object.ts';
import type { ObjectCache } from '../object-cache.ts';

/** The watched objects, to be read. */
export type Objects = Pick<ObjectCache, 'list' | 'get'>;

export interface Owner {
  readonly kind: string;
  readonly name: string;
}

/** The object that controls this one. */
export function controllerOf(object: KubeObject): (Owner & { readonly uid: string }) | undefined {
  return object.metadata?.ownerReferences?.find((reference) => reference.controller === true);
}

/** The workload a person would name as a pod's owner: the Deployment above its ReplicaSet, the CronJob above its Job. */
export function workloadOf(pod: Pod, objects: Objects): Owner | undefined {
  const owner = controllerOf(pod);
  if (owner === undefined) return undefined;
  const key = `${pod.metadata?.namespace ?? ''}/${owner.name}`;
  const parent =
    owner.kind === 'ReplicaSet' ? objects.get('replicasets', key) : owner.kind === 'Job' ? objects.get('jobs', key) : undefined;
  return (parent && controllerOf(parent)) ?? owner;
}
