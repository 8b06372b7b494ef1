import type { ConfigMap, Container, PersistentVolume, PersistentVolumeClaim, Pod, Secret, Volume } from '../api/generated/types/core/v1.ts';
import type { VolumeTree } from './volume-tree.ts';

/** The objects of the API that volumes are made of; undefined: there is none of that name. */
export interface VolumeObjects {
  configMap(namespace: string, name: string): Promise<ConfigMap | undefined>;
  secret(namespace: string, name: string): Promise<Secret | undefined>;
  persistentVolumeClaim(namespace: string, name: string): Promise<PersistentVolumeClaim | undefined>;
  persistentVolume(name: string): Promise<PersistentVolume | undefined>;
  /** A token bound to the pod. @param expirationSeconds how long it is to live */
  serviceAccountToken(pod: Pod, audience: string | undefined, expirationSeconds: number): Promise<string>;
}

export interface NodePublishRequest {
  readonly volume: Volume;
  readonly pod: Pod;
  /** What the volume held before, when it is published again. */
  readonly present: VolumeTree | undefined;
}

/** A kind of volume, by the node verbs of the Container Storage Interface. */
export interface VolumeDriver {
  supports(volume: Volume): boolean;
  /** Makes the volume's content stand, or brings it up to date. @throws Error with upstream's words. */
  nodePublishVolume(request: NodePublishRequest): Promise<VolumeTree>;
  /** Whether the content follows objects of the API and has to be published again from time to time. */
  readonly requiresRepublish: boolean;
}

/** What the node offers to containers without limits of their own. */
export interface NodeAllocatable {
  readonly cpu: string;
  readonly memory: string;
  readonly 'ephemeral-storage': string;
}

/** The volume could not be found out about, so that mounting was not even tried. */
export class VolumeProcessingError extends Error {
  override readonly name = 'VolumeProcessingError';
}

/** All containers of a pod. */
export function containersOf(pod: Pod): readonly Container[] {
  return [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
}
