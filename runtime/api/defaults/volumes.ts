import type {
  AzureDiskVolumeSource,
  DownwardAPIVolumeFile,
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
  ProjectedVolumeSource,
  Volume,
} from '../generated/types/core/v1.ts';
import { defaultPullPolicy } from './images.ts';

const defaultMode = 0o644;

/** A volume of a pod. One that says nothing but its name is an empty directory. */
export function defaultVolume(volume: Volume): void {
  if (Object.keys(volume).every((key) => key === 'name')) volume.emptyDir = {};
  if (volume.secret !== undefined) volume.secret.defaultMode ??= defaultMode;
  if (volume.configMap !== undefined) volume.configMap.defaultMode ??= defaultMode;
  if (volume.downwardAPI !== undefined) {
    volume.downwardAPI.defaultMode ??= defaultMode;
    defaultDownwardFiles(volume.downwardAPI.items);
  }
  if (volume.projected !== undefined) defaultProjected(volume.projected);
  if (volume.hostPath !== undefined) volume.hostPath.type ??= '';
  if (volume.iscsi !== undefined) volume.iscsi.iscsiInterface ??= 'default';
  if (volume.rbd !== undefined) defaultRbd(volume.rbd);
  if (volume.azureDisk !== undefined) defaultAzureDisk(volume.azureDisk);
  if (volume.scaleIO !== undefined) defaultScaleIo(volume.scaleIO);
  if (volume.image !== undefined) volume.image.pullPolicy ??= defaultPullPolicy(volume.image.reference);
  if (volume.ephemeral?.volumeClaimTemplate !== undefined) {
    volume.ephemeral.volumeClaimTemplate.metadata ??= {};
    defaultClaimSpec(volume.ephemeral.volumeClaimTemplate.spec);
  }
}

function defaultProjected(projected: ProjectedVolumeSource): void {
  projected.defaultMode ??= defaultMode;
  for (const source of projected.sources ?? []) {
    defaultDownwardFiles(source.downwardAPI?.items);
    if (source.serviceAccountToken !== undefined) source.serviceAccountToken.expirationSeconds ??= 3600;
  }
}

function defaultDownwardFiles(files: readonly DownwardAPIVolumeFile[] | undefined): void {
  for (const file of files ?? []) {
    if (file.fieldRef !== undefined) file.fieldRef.apiVersion ??= 'v1';
    if (file.resourceFieldRef !== undefined) file.resourceFieldRef.divisor ??= '0';
  }
}

function defaultRbd(rbd: { pool?: string; user?: string; keyring?: string }): void {
  rbd.pool ??= 'rbd';
  rbd.user ??= 'admin';
  rbd.keyring ??= '/etc/ceph/keyring';
}

function defaultAzureDisk(disk: AzureDiskVolumeSource): void {
  disk.cachingMode ??= 'ReadWrite';
  disk.kind ??= 'Shared';
  disk.fsType ??= 'ext4';
  disk.readOnly ??= false;
}

function defaultScaleIo(volume: { storageMode?: string; fsType?: string }): void {
  volume.storageMode ??= 'ThinProvisioned';
  volume.fsType ??= 'xfs';
}

export function defaultPersistentVolume(volume: PersistentVolume): void {
  volume.status ??= {};
  volume.status.phase ??= 'Pending';
  const { spec } = volume;
  if (spec === undefined) return;
  spec.persistentVolumeReclaimPolicy ??= 'Retain';
  spec.volumeMode ??= 'Filesystem';
  if (spec.hostPath !== undefined) spec.hostPath.type ??= '';
  if (spec.iscsi !== undefined) spec.iscsi.iscsiInterface ??= 'default';
  if (spec.rbd !== undefined) defaultRbd(spec.rbd);
  if (spec.azureDisk !== undefined) defaultAzureDisk(spec.azureDisk);
  if (spec.scaleIO !== undefined) defaultScaleIo(spec.scaleIO);
}

export function defaultPersistentVolumeClaim(claim: PersistentVolumeClaim): void {
  claim.status ??= {};
  claim.status.phase ??= 'Pending';
  if (claim.spec !== undefined) defaultClaimSpec(claim.spec);
}

function defaultClaimSpec(spec: PersistentVolumeClaimSpec | undefined): void {
  if (spec === undefined) return;
  spec.resources ??= {};
  spec.volumeMode ??= 'Filesystem';
}
