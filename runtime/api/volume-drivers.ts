import type { PersistentVolume, PersistentVolumeSpec, Volume } from './generated/types/core/v1.ts';

/** The CSI drivers that have taken over from volume plugins that Kubernetes itself once had. Upstream: k8s.io/csi-translation-lib. */
export const migratedDrivers = {
  awsElasticBlockStore: 'ebs.csi.aws.com',
  azureDisk: 'disk.csi.azure.com',
  azureFile: 'file.csi.azure.com',
  cinder: 'cinder.csi.openstack.org',
  gcePersistentDisk: 'pd.csi.storage.gke.io',
  portworxVolume: 'pxd.portworx.com',
  vsphereVolume: 'csi.vsphere.vmware.com',
} satisfies { readonly [Source in keyof PersistentVolumeSpec & keyof Volume]?: string };

const migratedSources = Object.keys(migratedDrivers) as (keyof typeof migratedDrivers)[];

/** The CSI driver of a persistent volume; undefined for other kinds of volumes. */
export function csiDriverOf({ spec }: PersistentVolume): string | undefined {
  return spec === undefined ? undefined : (spec.csi?.driver ?? successorOf(spec));
}

/** The CSI driver of a volume that stands in a pod itself; undefined for other kinds of volumes. */
export function inlineCsiDriverOf(volume: Volume): string | undefined {
  return volume.csi?.driver ?? successorOf(volume);
}

function successorOf(source: { readonly [Source in keyof typeof migratedDrivers]?: object }): string | undefined {
  const found = migratedSources.find((each) => source[each] !== undefined);
  return found && migratedDrivers[found];
}
