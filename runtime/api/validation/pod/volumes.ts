import type {
  ClusterTrustBundleProjection,
  CSIVolumeSource,
  DownwardAPIVolumeFile,
  EphemeralVolumeSource,
  KeyToPath,
  PodSpec,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  Volume,
} from '../../generated/types/core/v1.ts';
import { compareQuantities, parseQuantity, zero } from '../../quantity.ts';
import { checkDnsLabel, checkOneOf, checkRequired, type Errors, reportInvalid } from '../checks.ts';
import { duplicate, forbidden, invalid, required } from '../field-error.ts';
import { validateLabelSelector } from '../label-selector.ts';
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
  validateHostPath,
  validateIscsi,
  validateNfs,
  validateOneSource,
  validatePartitionedDisk,
  validateStorageOs,
} from '../volume-sources.ts';
import { pullPolicies } from './containers.ts';
import { validateFieldRef, validateResourceFieldRef } from './field-references.ts';
import { checkDescendingPath, checkFileMode, checkNonReservedPath } from './paths.ts';

/** Volumes of a pod. Gives those without fault; a mount of any other is an error too. */
export function validateVolumes(spec: PodSpec, podName: string, path: Path, errors: Errors): Map<string, Volume> {
  const sound = new Map<string, Volume>();
  const { volumes } = spec;
  if (volumes === undefined) return sound;
  for (const [index, volume] of volumes.entries()) {
    const at = path.index(index);
    const name = volume.name ?? '';
    const before = errors.length;
    validateSource(volume, podName, at, errors);
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
  gcePersistentDisk: ({ pdName, partition }, path, errors) => validatePartitionedDisk(pdName, 'pdName', partition, path, errors),
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
  quobyte: ({ registry, volume }, path, errors) => {
    checkRequired(registry, path.child('registry'), errors, 'must be a host:port pair or multiple pairs separated by commas');
    checkRequired(volume, path.child('volume'), errors);
  },
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
  image: ({ pullPolicy }, path, errors) => checkOneOf(pullPolicy, pullPolicies, path.child('pullPolicy'), errors),
};

function validateSource(volume: Volume, podName: string, path: Path, errors: Errors): void {
  validateOneSource<Volume>(volume, checks, path, errors);
  if (volume.ephemeral !== undefined && podName !== '' && (volume.name ?? '') !== '') {
    const claim = `${podName}-${volume.name}`;
    for (const problem of nameIsDnsSubdomain(claim, false)) {
      errors.push(invalid(path.child('name'), volume.name, `PVC name ${JSON.stringify(claim)}: ${problem}`));
    }
  }
}

function validateItems(items: readonly KeyToPath[] | undefined, path: Path, errors: Errors): void {
  for (const [index, item] of (items ?? []).entries()) validateItem(item, path.index(index), errors);
}

function validateItem({ key, path: target = '', mode }: KeyToPath, path: Path, errors: Errors): void {
  checkRequired(key, path.child('key'), errors);
  checkRequired(target, path.child('path'), errors);
  checkNonReservedPath(target, path.child('path'), errors);
  checkFileMode(mode, path.child('mode'), errors);
}

function validateDownwardFile(file: DownwardAPIVolumeFile, path: Path, errors: Errors): void {
  const target = file.path ?? '';
  checkRequired(target, path.child('path'), errors);
  checkNonReservedPath(target, path.child('path'), errors);
  if (file.fieldRef !== undefined) {
    validateFieldRef(file.fieldRef, 'volume', path.child('fieldRef'), errors);
    if (file.resourceFieldRef !== undefined) {
      errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
    }
  } else if (file.resourceFieldRef !== undefined) {
    validateResourceFieldRef(file.resourceFieldRef, 'volume', path.child('resourceFieldRef'), errors);
  } else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
  checkFileMode(file.mode, path.child('mode'), errors);
}

const projections = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken', 'clusterTrustBundle', 'podCertificate'] as const;

function validateProjected(projected: ProjectedVolumeSource, path: Path, errors: Errors): void {
  checkFileMode(projected.defaultMode, path.child('defaultMode'), errors);
  const paths = new Set<string>();
  const claimPath = (target: string | undefined, owner: string): void => {
    if (target === undefined || target === '') return;
    if (paths.has(target)) errors.push(invalid(path, owner, 'conflicting duplicate paths'));
    else paths.add(target);
  };
  for (const [index, source] of (projected.sources ?? []).entries()) {
    const at = path.child('sources').index(index);
    for (const kind of ['secret', 'configMap'] as const) {
      const reference = source[kind];
      if (reference === undefined) continue;
      checkRequired(reference.name, at.child(kind, 'name'), errors);
      for (const [itemIndex, item] of (reference.items ?? []).entries()) {
        validateItem(item, at.child(kind, 'items').index(itemIndex), errors);
        claimPath(item.path, reference.name ?? '');
      }
    }
    for (const file of source.downwardAPI?.items ?? []) {
      validateDownwardFile(file, at.child('downwardAPI'), errors);
      claimPath(file.path, file.path);
    }
    if (source.serviceAccountToken !== undefined) {
      validateTokenProjection(source.serviceAccountToken, path, at.child('serviceAccountToken'), errors);
    }
    if (source.clusterTrustBundle !== undefined) {
      validateTrustBundle(source.clusterTrustBundle, at.child('clusterTrustBundle'), errors);
      claimPath(source.clusterTrustBundle.path, source.clusterTrustBundle.path);
    }
    if (projections.filter((name) => source[name] !== undefined).length > 1) {
      errors.push(forbidden(at, 'may not specify more than 1 volume type per source'));
    }
  }
}

function validateTokenProjection(token: ServiceAccountTokenProjection, volumePath: Path, path: Path, errors: Errors): void {
  const seconds = token.expirationSeconds ?? 0;
  if (seconds < 600) errors.push(invalid(path.child('expirationSeconds'), seconds, 'may not specify a duration less than 10 minutes'));
  if (seconds > 2 ** 32)
    errors.push(invalid(path.child('expirationSeconds'), seconds, 'may not specify a duration larger than 2^32 seconds'));
  const target = token.path ?? '';
  if (target === '') errors.push(required(volumePath.child('path')));
  else checkNonReservedPath(target, volumePath.child('path'), errors);
}

function validateTrustBundle(bundle: ClusterTrustBundleProjection, path: Path, errors: Errors): void {
  const { name, signerName, labelSelector, path: target = '' } = bundle;
  if (name !== undefined && signerName !== undefined) errors.push(invalid(path, bundle, 'only one of name and signerName may be used'));
  else if (name !== undefined) {
    if (name === '') errors.push(required(path.child('name'), 'must be a valid object name'));
    if (labelSelector !== undefined) {
      errors.push(invalid(path.child('labelSelector'), labelSelector, 'labelSelector must be unset if name is specified'));
    }
  } else if (signerName !== undefined) {
    if (signerName === '') errors.push(required(path.child('signerName'), 'must be a valid signer name'));
    validateLabelSelector(labelSelector, path.child('labelSelector'), errors);
  } else errors.push(required(path, 'either name or signerName must be specified'));
  checkRequired(target, path.child('path'), errors);
  checkNonReservedPath(target, path.child('path'), errors);
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
    if (field !== 'annotations' && field !== 'labels') errors.push(forbidden(at.child('metadata', field), 'cannot be set'));
  }
  validatePersistentVolumeClaimSpec(template.spec, at.child('spec'), errors);
}
