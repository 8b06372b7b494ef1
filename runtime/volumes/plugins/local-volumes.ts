import type { VolumeDriver, VolumeObjects } from '../driver.ts';
import { VolumeProcessingError } from '../driver.ts';
import type { VolumeTree } from '../volume-tree.ts';

/** Files that outlive a pod: what lies on a node's disk, and what is in persistent volumes. */
export interface Disks {
  /** The tree of that name, made when it is not there yet. */
  open(name: string): VolumeTree;
  has(name: string): boolean;
}

export function createDisks(): Disks {
  const trees = new Map<string, VolumeTree>();
  return {
    open(name) {
      const tree = trees.get(name) ?? new Map();
      trees.set(name, tree);
      return tree;
    },
    has: (name) => trees.has(name),
  };
}

/** Directories that a node's host has from the start. */
const hostDirectories = [
  '/',
  '/bin',
  '/dev',
  '/etc',
  '/etc/kubernetes',
  '/home',
  '/lib',
  '/lib/modules',
  '/mnt',
  '/opt',
  '/proc',
  '/root',
  '/run',
  '/srv',
  '/sys',
  '/sys/fs/cgroup',
  '/tmp',
  '/usr',
  '/var',
  '/var/lib',
  '/var/lib/kubelet',
  '/var/log',
  '/var/log/pods',
  '/var/log/containers',
  '/var/run',
];
const hostSockets = ['/run/containerd/containerd.sock', '/var/run/docker.sock'];

/** Volumes whose files lie on the node or in the cluster's storage. */
export function localVolumes(objects: VolumeObjects, host: Disks, storage: Disks): readonly VolumeDriver[] {
  for (const directory of hostDirectories) host.open(directory);
  return [
    {
      requiresRepublish: false,
      supports: (volume) => volume.emptyDir !== undefined,
      nodePublishVolume: async ({ present }) => present ?? new Map(),
    },
    {
      requiresRepublish: false,
      supports: (volume) => volume.hostPath !== undefined,
      async nodePublishVolume({ volume }) {
        const { path = '', type = '' } = volume.hostPath ?? {};
        const there = host.has(path);
        if (type === 'Directory' && !there) throw new Error(`hostPath type check failed: ${path} is not a directory`);
        if (type === 'File' && !there) throw new Error(`hostPath type check failed: ${path} is not a file`);
        if (type === 'Socket' && !hostSockets.includes(path)) throw new Error(`hostPath type check failed: ${path} is not a socket file`);
        if (type === 'CharDevice') throw new Error(`hostPath type check failed: ${path} is not a character device`);
        if (type === 'BlockDevice') throw new Error(`hostPath type check failed: ${path} is not a block device`);
        return host.open(path);
      },
    },
    {
      requiresRepublish: false,
      supports: (volume) => volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined,
      async nodePublishVolume({ volume, pod }) {
        const namespace = pod.metadata?.namespace ?? '';
        const claimName = volume.persistentVolumeClaim?.claimName ?? `${pod.metadata?.name ?? ''}-${volume.name}`;
        const problem = (text: string) => new VolumeProcessingError(`error processing PVC ${namespace}/${claimName}: ${text}`);
        const claim = await objects.persistentVolumeClaim(namespace, claimName);
        if (claim === undefined) {
          throw problem(`failed to fetch PVC from API server: persistentvolumeclaims "${claimName}" not found`);
        }
        if (claim.metadata?.deletionTimestamp !== undefined) throw problem('PVC is being deleted');
        const volumeName = claim.spec?.volumeName ?? '';
        if (claim.status?.phase !== 'Bound' || volumeName === '') throw problem('PVC is not bound');
        const volumeObject = await objects.persistentVolume(volumeName);
        if (volumeObject === undefined) {
          throw problem(`failed to fetch PV "${volumeName}" from API server: persistentvolumes "${volumeName}" not found`);
        }
        return storage.open(volumeObject.metadata?.uid ?? volumeName);
      },
    },
  ];
}
