import type { Pod, Volume } from '../api/generated/types/core/v1.ts';
import { containersOf, type NodeAllocatable, type VolumeDriver, type VolumeObjects, VolumeProcessingError } from './driver.ts';
import { createDisks, type Disks, localVolumes } from './plugins/local-volumes.ts';
import { objectVolumes } from './plugins/object-volumes.ts';
import type { VolumeTree } from './volume-tree.ts';

export interface VolumeManagerOptions {
  readonly objects: VolumeObjects;
  readonly allocatable: NodeAllocatable;
  /** The cluster's storage, shared by its nodes. */
  readonly storage: Disks;
}

/** Why volumes of a pod are not mounted: the texts of its `FailedMount` events. */
export class MountError extends Error {
  override readonly name = 'MountError';
  readonly messages: readonly string[];
  constructor(messages: readonly string[]) {
    super(messages.join('; '));
    this.messages = messages;
  }
}

/** The volumes of the pods of one node. */
export interface VolumeManager {
  /** Mounts all volumes that the pod's containers use. @throws MountError; what could be mounted stays mounted. */
  mount(pod: Pod): Promise<void>;
  /** Brings volumes that follow objects up to date; what fails stays as it was. */
  refresh(pod: Pod): Promise<void>;
  unmount(podUid: string): void;
  /** Content of the mounted volumes of a pod by volume name. */
  volumes(podUid: string): ReadonlyMap<string, VolumeTree> | undefined;
  /** Whether the pod has volumes that want {@link VolumeManager.refresh}. */
  follows(pod: Pod): boolean;
}

export function createVolumeManager({ objects, allocatable, storage }: VolumeManagerOptions): VolumeManager {
  const drivers: readonly VolumeDriver[] = [...objectVolumes(objects, allocatable), ...localVolumes(objects, createDisks(), storage)];
  const mounted = new Map<string, Map<string, VolumeTree>>();
  const driverOf = (volume: Volume) => drivers.find((driver) => driver.supports(volume));

  const publish = async (pod: Pod, volume: Volume, trees: Map<string, VolumeTree>) => {
    const driver = driverOf(volume);
    if (driver === undefined) throw new VolumeProcessingError(`no volume plugin matched name: ${kindOf(volume)}`);
    trees.set(volume.name, await driver.nodePublishVolume({ volume, pod, present: trees.get(volume.name) }));
  };

  return {
    async mount(pod) {
      const uid = pod.metadata?.uid ?? '';
      const trees = mounted.get(uid) ?? new Map<string, VolumeTree>();
      mounted.set(uid, trees);
      const setUpErrors: string[] = [];
      const processErrors: { readonly volume: string; readonly message: string }[] = [];
      for (const volume of usedVolumes(pod)) {
        if (trees.has(volume.name)) continue;
        try {
          await publish(pod, volume, trees);
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          if (error instanceof VolumeProcessingError) processErrors.push({ volume: volume.name, message });
          else setUpErrors.push(`MountVolume.SetUp failed for volume "${volume.name}" : ${message}`);
        }
      }
      if (processErrors.length > 0) {
        const names = processErrors.map(({ volume }) => volume).join(' ');
        setUpErrors.push(
          `Unable to attach or mount volumes: unmounted volumes=[${names}], unattached volumes=[], failed to process volumes=[${names}]: ${processErrors.map(({ message }) => message).join(', ')}`,
        );
      }
      if (setUpErrors.length > 0) throw new MountError(setUpErrors);
    },
    async refresh(pod) {
      const trees = mounted.get(pod.metadata?.uid ?? '');
      if (trees === undefined) return;
      for (const volume of usedVolumes(pod)) {
        if (driverOf(volume)?.requiresRepublish !== true) continue;
        try {
          await publish(pod, volume, trees);
        } catch {
          // The containers keep what they have, as upstream's do.
        }
      }
    },
    unmount: (podUid) => void mounted.delete(podUid),
    volumes: (podUid) => mounted.get(podUid),
    follows: (pod) => usedVolumes(pod).some((volume) => driverOf(volume)?.requiresRepublish === true),
  };
}

function usedVolumes(pod: Pod): readonly Volume[] {
  const used = new Set(
    containersOf(pod).flatMap(({ volumeMounts = [], volumeDevices = [] }) => [...volumeMounts, ...volumeDevices].map(({ name }) => name)),
  );
  return (pod.spec?.volumes ?? []).filter(({ name }) => used.has(name));
}

function kindOf(volume: Volume): string {
  return Object.keys(volume).find((key) => key !== 'name') ?? '';
}
