import type { CSIVolumeSource, EphemeralVolumeSource, PodSpec, Volume } from '../../generated/types/core/v1.ts';
import type { ObjectMeta } from '../../generated/types/meta/v1.ts';
import { compareQuantities, parseQuantity, zero } from '../../quantity.ts';
import { checkDnsLabel, checkOneOf, checkRequired, type Errors, reportInvalid } from '../checks.ts';
import { duplicate, forbidden, invalid, quote, required } from '../field-error.ts';
import { nameIsDnsSubdomain } from '../name-rules.ts';
import { validateAnnotations, validateLabels } from '../object-meta.ts';
import type { Path } from '../path.ts';
import { validatePersistentVolumeClaimSpec } from '../persistent-volume-claim.ts';
import {
  checkCsiDriverName,
  type SourceCheck,
  validateAzureDisk,
  validateFc,
  validateFlexVolume,
  validateGceDisk,
  validateHostPath,
  validateIscsi,
  validateNfs,
  validateOneSource,
  validatePartitionedDisk,
  validateQuobyte,
  validateStorageOs,
} from '../volume-sources.ts';
import { pullPolicies } from './containers.ts';
import { checkDescendingPath, checkFileMode } from './paths.ts';
import { validateProjected } from './projected-volumes.ts';
import { validateDownwardFile, validateItems } from './volume-files.ts';

/**
 * Volumes of a pod. Gives those without fault; a mount of any other is an error too.
 *
 * @param meta The metadata of the pod itself; a template has none.
 */
export function validateVolumes(spec: PodSpec, meta: ObjectMeta | undefined, path: Path, errors: Errors): Map<string, Volume> {
  const podName = meta?.name ?? '';
  const sound = new Map<string, Volume>();
  const { volumes } = spec;
  if (volumes === undefined) return sound;
  for (const [index, volume] of volumes.entries()) {
    const at = path.index(index);
    const name = volume.name ?? '';
    const before = errors.length;
    validateSource(volume, meta !== undefined, podName, at, errors);
    if (name === '') errors.push(required(at.child('name')));
    else checkDnsLabel(name, at.child('name'), errors);
    if (sound.has(name)) errors.push(duplicate(at.child('name'), name));
    if (errors.length === before) sound.set(name, volume);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (
      claim !== undefined &&
      podName !== '' &&
      volumes.some((other) => other.ephemeral !== undefined && claim === `${podName}-${other.name}`)
    ) {
      const detail = 'must not reference a PVC that gets created for an ephemeral volume';
      errors.push(invalid(at.child('persistentVolumeClaim', 'claimName'), claim, detail));
    }
  }
  return sound;
}

const checks: { readonly [K in Exclude<keyof Volume, 'name'>]-?: SourceCheck<NonNullable<Volume[K]>> } = {
  emptyDir: ({ sizeLimit }, path, errors) => {
    if (sizeLimit !== undefined && compareQuantities(parseQuantity(sizeLimit), zero) < 0) {
      errors.push(forbidden(path.child('sizeLimit'), 'SizeLimit field must be a valid resource quantity'));
    }
  },
  hostPath: validateHostPath,
  gitRepo: ({ repository, directory = '' }, path, errors) => {
    checkRequired(repository, path.child('repository'), errors);
    checkDescendingPath(directory, path.child('directory'), errors);
  },
  gcePersistentDisk: validateGceDisk,
  awsElasticBlockStore: ({ volumeID, partition }, path, errors) => validatePartitionedDisk(volumeID, 'volumeID', partition, path, errors),
  secret: ({ secretName, defaultMode, items }, path, errors) => {
    checkRequired(secretName, path.child('secretName'), errors);
    checkFileMode(defaultMode, path.child('defaultMode'), errors);
    validateItems(items, path.child('items'), errors);
  },
  nfs: validateNfs,
  iscsi: validateIscsi,
  glusterfs: ({ endpoints, path: target }, path, errors) => {
    checkRequired(endpoints, path.child('endpoints'), errors);
    checkRequired(target, path.child('path'), errors);
  },
  flocker: ({ datasetName = '', datasetUUID = '' }, path, errors) => {
    if (datasetName === '' && datasetUUID === '') errors.push(required(path, 'one of datasetName and datasetUUID is required'));
    if (datasetName !== '' && datasetUUID !== '') {
      errors.push(invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'));
    }
    if (datasetName.includes('/')) errors.push(invalid(path.child('datasetName'), datasetName, "must not contain '/'"));
  },
  persistentVolumeClaim: ({ claimName }, path, errors) => checkRequired(claimName, path.child('claimName'), errors),
  rbd: ({ monitors, image }, path, errors) => {
    if ((monitors?.length ?? 0) === 0) errors.push(required(path.child('monitors')));
    checkRequired(image, path.child('image'), errors);
  },
  cinder: ({ volumeID, secretRef }, path, errors) => {
    checkRequired(volumeID, path.child('volumeID'), errors);
    if (secretRef !== undefined) checkRequired(secretRef.name, path.child('secretRef', 'name'), errors);
  },
  cephfs: ({ monitors }, path, errors) => {
    if ((monitors?.length ?? 0) === 0) errors.push(required(path.child('monitors')));
  },
  quobyte: validateQuobyte,
  downwardAPI: ({ defaultMode, items }, path, errors) => {
    checkFileMode(defaultMode, path.child('defaultMode'), errors);
    for (const file of items ?? []) validateDownwardFile(file, path, errors);
  },
  fc: validateFc,
  flexVolume: validateFlexVolume,
  configMap: ({ name, defaultMode, items }, path, errors) => {
    checkRequired(name, path.child('name'), errors);
    checkFileMode(defaultMode, path.child('defaultMode'), errors);
    validateItems(items, path.child('items'), errors);
  },
  azureFile: ({ secretName, shareName }, path, errors) => {
    checkRequired(secretName, path.child('secretName'), errors);
    checkRequired(shareName, path.child('shareName'), errors);
  },
  vsphereVolume: ({ volumePath }, path, errors) => checkRequired(volumePath, path.child('volumePath'), errors),
  photonPersistentDisk: ({ pdID }, path, errors) => checkRequired(pdID, path.child('pdID'), errors),
  portworxVolume: ({ volumeID }, path, errors) => checkRequired(volumeID, path.child('volumeID'), errors),
  azureDisk: validateAzureDisk,
  storageos: (volume, path, errors) => {
    validateStorageOs(volume, path, errors);
    if (volume.secretRef !== undefined) checkRequired(volume.secretRef.name, path.child('secretRef', 'name'), errors);
  },
  projected: validateProjected,
  scaleIO: ({ gateway, system, volumeName }, path, errors) => {
    checkRequired(gateway, path.child('gateway'), errors);
    checkRequired(system, path.child('system'), errors);
    checkRequired(volumeName, path.child('volumeName'), errors);
  },
  csi: validateCsi,
  ephemeral: validateEphemeral,
  image: ({ reference, pullPolicy }, path, errors) => {
    checkRequired(reference, path.child('reference'), errors);
    checkOneOf(pullPolicy, pullPolicies, path.child('pullPolicy'), errors);
  },
};

/** A template may leave the image to whatever changes its pods on the way. */
const checksOfTemplate: typeof checks = {
  ...checks,
  image: ({ pullPolicy }, path, errors) => checkOneOf(pullPolicy, pullPolicies, path.child('pullPolicy'), errors),
};

function validateSource(volume: Volume, ofPod: boolean, podName: string, path: Path, errors: Errors): void {
  validateOneSource<Volume>(volume, ofPod ? checks : checksOfTemplate, path, errors);
  if (volume.ephemeral !== undefined && podName !== '' && (volume.name ?? '') !== '') {
    const claim = `${podName}-${volume.name}`;
    for (const problem of nameIsDnsSubdomain(claim, false)) {
      errors.push(invalid(path.child('name'), volume.name, `PVC name ${quote(claim)}: ${problem}`));
    }
  }
}

function validateCsi({ driver, nodePublishSecretRef }: CSIVolumeSource, path: Path, errors: Errors): void {
  checkCsiDriverName(driver ?? '', path.child('driver'), errors);
  if (nodePublishSecretRef === undefined) return;
  const name = nodePublishSecretRef.name ?? '';
  if (name === '') errors.push(required(path.child('nodePublishSecretRef', 'name')));
  else reportInvalid(nameIsDnsSubdomain(name, false), name, path.child('name'), errors);
}

function validateEphemeral({ volumeClaimTemplate: template }: EphemeralVolumeSource, path: Path, errors: Errors): void {
  const at = path.child('volumeClaimTemplate');
  if (template === undefined) {
    errors.push(required(at));
    return;
  }
  validateAnnotations(template.metadata?.annotations, at.child('metadata', 'annotations'), errors);
  validateLabels(template.metadata?.labels, at.child('metadata', 'labels'), errors);
  for (const field of Object.keys(template.metadata ?? {})) {
    if (field !== 'annotations' && field !== 'labels')
      errors.push(forbidden(at.child('metadata', field === 'uid' ? 'uID' : field), 'cannot be set'));
  }
  validatePersistentVolumeClaimSpec(template.spec, at.child('spec'), errors);
}
