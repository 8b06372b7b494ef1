import type { Node, PersistentVolumeClaim, Pod } from '../../api/generated/types/core/v1.ts';

/** Something happened that may let a waiting pod in. Pods are those on nodes. Upstream: `ClusterEvent` of kube-scheduler's framework. */
export type ClusterEvent =
  | { readonly type: 'node added'; readonly node: Node }
  | { readonly type: 'node updated'; readonly node: Node; readonly previous: Node }
  | { readonly type: 'node deleted'; readonly node: Node }
  | { readonly type: 'pod added' | 'pod deleted'; readonly pod: Pod }
  | { readonly type: 'pod updated'; readonly pod: Pod; readonly previous: Pod }
  | { readonly type: 'claim changed'; readonly claim: PersistentVolumeClaim }
  | { readonly type: 'volume changed' | 'storage class changed' | 'namespace changed' };

/** What a plugin whose verdict depends on the Node object alone answers to `wakes`: pods which fit the node now and did not before. */
export function wakesByNode(fits: (pod: Pod, node: Node) => boolean): (event: ClusterEvent) => ((pod: Pod) => boolean) | undefined {
  return (event) => {
    if (event.type === 'node added') return (pod) => fits(pod, event.node);
    if (event.type === 'node updated') return (pod) => fits(pod, event.node) && !fits(pod, event.previous);
    return undefined;
  };
}
