import type { PersistentVolumeClaim, Pod } from '../../api/generated/types/core/v1.ts';
import { matchesTerm } from '../../api/node-selection.ts';
import type { Listers } from '../framework/listers.ts';
import type { NodeFilter, Plugin, Rejection } from '../framework/plugin.ts';

const elsewhere: Rejection = { reasons: ["node(s) didn't match PersistentVolume's node affinity"], unresolvable: true };
const unbound: Rejection = { reasons: ['pod has unbound immediate PersistentVolumeClaims'], unresolvable: true };
const volumeGone: Rejection = {
  reasons: ['node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)'],
  unresolvable: true,
};
const noVolume: Rejection = { reasons: ["node(s) didn't find available persistent volumes to bind"], unresolvable: true };

type VolumeListers = Pick<Listers, 'claims' | 'volumes' | 'storageClasses'>;

/**
 * Lets a pod wait for its claims, and holds it to nodes from which their volumes can be reached. Volumes are never chosen here: a claim
 * whose class binds it on first use, and that is not bound, keeps its pods waiting.
 */
export function volumeBinding(listers: VolumeListers): Plugin {
  return {
    name: 'VolumeBinding',
    filter: (pod) => filter(pod, listers),
    wakes(event) {
      switch (event.type) {
        case 'claim changed': {
          const { name, namespace } = event.claim.metadata ?? {};
          return (pod) => pod.metadata?.namespace === namespace && claimsOf(pod).some((claim) => claim.name === name);
        }
        case 'volume changed':
        case 'storage class changed':
        case 'node added':
          return () => true;
        case 'node updated':
          return JSON.stringify(event.node.metadata?.labels) === JSON.stringify(event.previous.metadata?.labels) ? undefined : () => true;
        default:
          return undefined;
      }
    },
  };
}

function filter(pod: Pod, { claims, volumes, storageClasses }: VolumeListers): NodeFilter | Rejection | undefined {
  const names = claimsOf(pod);
  if (names.length === 0) return undefined;
  const found: PersistentVolumeClaim[] = [];
  for (const { name, ephemeral } of names) {
    const claim = claims.get(pod.metadata?.namespace, name);
    const problem = problemWith(claim, name, ephemeral, pod);
    if (problem !== undefined || !claim) return { reasons: [problem ?? ''], unresolvable: true };
    found.push(claim);
  }
  const isBound = (claim: PersistentVolumeClaim) =>
    claim.spec?.volumeName && claim.metadata?.annotations?.['pv.kubernetes.io/bind-completed'] !== undefined;
  const loose = found.filter((claim) => !isBound(claim));
  const waits = (claim: PersistentVolumeClaim) =>
    storageClasses.get(undefined, claim.spec?.storageClassName ?? '')?.volumeBindingMode === 'WaitForFirstConsumer' &&
    !claim.spec?.volumeName;
  if (loose.some((claim) => !waits(claim))) return unbound;
  const bound = found.filter(isBound).map((claim) => volumes.get(undefined, claim.spec?.volumeName ?? ''));
  return {
    check({ node }) {
      for (const volume of bound) {
        if (!volume) return volumeGone;
        const required = volume.spec?.nodeAffinity?.required;
        if (required && !required.nodeSelectorTerms.some((term) => matchesTerm(term, node))) return elsewhere;
      }
      return loose.length > 0 ? noVolume : undefined;
    },
  };
}

interface ClaimName {
  readonly name: string;
  /** It is made for the pod from a template in its spec. */
  readonly ephemeral: boolean;
}

/** The names of the claims a pod uses. */
function claimsOf(pod: Pod): ClaimName[] {
  return (pod.spec?.volumes ?? []).flatMap((volume): ClaimName[] => {
    if (volume.persistentVolumeClaim) return [{ name: volume.persistentVolumeClaim.claimName, ephemeral: false }];
    return volume.ephemeral ? [{ name: `${pod.metadata?.name ?? ''}-${volume.name}`, ephemeral: true }] : [];
  });
}

function problemWith(claim: PersistentVolumeClaim | undefined, name: string, ephemeral: boolean, pod: Pod): string | undefined {
  const quoted = JSON.stringify(name);
  if (!claim) {
    return ephemeral
      ? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${quoted}`
      : `persistentvolumeclaim ${quoted} not found`;
  }
  if (claim.status?.phase === 'Lost') {
    return `persistentvolumeclaim ${quoted} bound to non-existent persistentvolume ${JSON.stringify(claim.spec?.volumeName ?? '')}`;
  }
  if (claim.metadata?.deletionTimestamp) return `persistentvolumeclaim ${quoted} is being deleted`;
  if (ephemeral && !claim.metadata?.ownerReferences?.some((owner) => owner.controller && owner.uid === pod.metadata?.uid)) {
    const { name: podName = '', namespace = '' } = pod.metadata ?? {};
    return `PVC ${namespace}/${name} was not created for pod ${namespace}/${podName} (pod is not owner)`;
  }
  return undefined;
}
