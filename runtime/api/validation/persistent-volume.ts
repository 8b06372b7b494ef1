import type { PersistentVolume, PersistentVolumeSpec, SecretReference } from '../generated/types/core/v1.ts';
import { parseQuantity } from '../quantity.ts';
import {
  checkDnsLabel,
  checkDnsSubdomain,
  checkOptionalOneOf,
  checkRequired,
  type Errors,
  reportInvalid,
  sortedEntries,
} from './checks.ts';
import { describeChanges, semanticEqual } from './equality.ts';
import { forbidden, invalid, notSupported, required } from './field-error.ts';
import { nameIsDnsLabel, nameIsDnsSubdomain } from './name-rules.ts';
import { Path } from './path.ts';
import { validateAccessModes, volumeModes } from './persistent-volume-claim.ts';
import { validateNodeSelector } from './pod/node-selectors.ts';
import { checkNoBacksteps } from './pod/paths.ts';
import { checkPositiveQuantity } from './resources.ts';
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
} from './volume-sources.ts';

/** `ValidatePersistentVolume` of `pkg/apis/core/validation` */

const specPath = Path.of('spec');

type Source = Pick<
  PersistentVolumeSpec,
  | 'awsElasticBlockStore'
  | 'azureDisk'
  | 'azureFile'
  | 'cephfs'
  | 'cinder'
  | 'csi'
  | 'fc'
  | 'flexVolume'
  | 'flocker'
  | 'gcePersistentDisk'
  | 'glusterfs'
  | 'hostPath'
  | 'iscsi'
  | 'local'
  | 'nfs'
  | 'photonPersistentDisk'
  | 'portworxVolume'
  | 'quobyte'
  | 'rbd'
  | 'scaleIO'
  | 'storageos'
  | 'vsphereVolume'
>;

const checks: { readonly [K in keyof Source]-?: SourceCheck<NonNullable<Source[K]>> } = {
  hostPath: validateHostPath,
  gcePersistentDisk: ({ pdName, partition }, path, errors) => validatePartitionedDisk(pdName, 'pdName', partition, path, errors),
  awsElasticBlockStore: ({ volumeID, partition }, path, errors) => validatePartitionedDisk(volumeID, 'volumeID', partition, path, errors),
  glusterfs: ({ endpoints, path: target, endpointsNamespace }, path, errors) => {
    checkRequired(endpoints, path.child('endpoints'), errors);
    checkRequired(target, path.child('path'), errors);
    if (endpointsNamespace !== undefined) {
      reportInvalid(nameIsDnsLabel(endpointsNamespace, false), endpointsNamespace, path.child('endpointsNamespace'), errors);
    }
  },
  flocker: ({ datasetName = '', datasetUUID = '' }, path, errors) => {
    if (datasetName === '' && datasetUUID === '') errors.push(required(path, 'one of datasetName and datasetUUID is required'));
  },
  nfs: validateNfs,
  rbd: ({ monitors, image }, path, errors) => {
    if ((monitors?.length ?? 0) === 0) errors.push(required(path.child('monitors')));
    checkRequired(image, path.child('image'), errors);
  },
  quobyte: ({ registry, volume }, path, errors) => {
    checkRequired(registry, path.child('registry'), errors, 'must be a host:port pair or multiple pairs separated by commas');
    checkRequired(volume, path.child('volume'), errors);
  },
  cephfs: ({ monitors }, path, errors) => {
    if ((monitors?.length ?? 0) === 0) errors.push(required(path.child('monitors')));
  },
  iscsi: validateIscsi,
  cinder: ({ volumeID, secretRef }, path, errors) => {
    checkRequired(volumeID, path.child('volumeID'), errors);
    if (secretRef !== undefined) {
      checkRequired(secretRef.name, path.child('secretRef', 'name'), errors);
      checkRequired(secretRef.namespace, path.child('secretRef', 'namespace'), errors);
    }
  },
  fc: validateFc,
  flexVolume: validateFlexVolume,
  azureFile: ({ secretName, shareName, secretNamespace }, path, errors) => {
    checkRequired(secretName, path.child('secretName'), errors);
    checkRequired(shareName, path.child('shareName'), errors);
    if (secretNamespace === '') errors.push(required(path.child('secretNamespace')));
  },
  vsphereVolume: ({ volumePath }, path, errors) => checkRequired(volumePath, path.child('volumePath'), errors),
  photonPersistentDisk: ({ pdID }, path, errors) => checkRequired(pdID, path.child('pdID'), errors),
  portworxVolume: ({ volumeID }, path, errors) => checkRequired(volumeID, path.child('volumeID'), errors),
  azureDisk: validateAzureDisk,
  scaleIO: ({ gateway, system, volumeName }, path, errors) => {
    checkRequired(gateway, path.child('gateway'), errors);
    checkRequired(system, path.child('system'), errors);
    checkRequired(volumeName, path.child('volumeName'), errors);
  },
  local: ({ path: target = '' }, path, errors) => {
    if (target === '') errors.push(required(path.child('path')));
    else checkNoBacksteps(target, path.child('path'), errors);
  },
  storageos: validateStorageOs,
  csi: (csi, path, errors) => {
    checkCsiDriverName(csi.driver ?? '', path.child('driver'), errors);
    checkRequired(csi.volumeHandle, path.child('volumeHandle'), errors);
    for (const field of [
      'controllerPublishSecretRef',
      'controllerExpandSecretRef',
      'nodePublishSecretRef',
      'nodeExpandSecretRef',
    ] as const) {
      const reference = csi[field];
      if (reference !== undefined) validateSecretReference(reference, path.child(field), errors);
    }
  },
};

function validateSecretReference({ name = '', namespace = '' }: SecretReference, path: Path, errors: Errors): void {
  if (name === '') errors.push(required(path.child('name')));
  else checkDnsSubdomain(name, path.child('name'), errors);
  if (namespace === '') errors.push(required(path.child('namespace')));
  else checkDnsLabel(namespace, path.child('namespace'), errors);
}

export function validatePersistentVolume(volume: PersistentVolume, errors: Errors): void {
  const spec = volume.spec ?? {};
  const { accessModes, capacity, nodeAffinity, persistentVolumeReclaimPolicy: reclaimPolicy } = spec;
  if ((accessModes?.length ?? 0) === 0) errors.push(required(specPath.child('accessModes')));
  validateAccessModes(accessModes, specPath.child('accessModes'), errors);
  const entries = sortedEntries(capacity);
  if (entries.length === 0) errors.push(required(specPath.child('capacity')));
  if (capacity?.storage === undefined || entries.length > 1) {
    errors.push(notSupported(specPath.child('capacity'), capacity, ['storage']));
  }
  for (const [name, amount] of entries) {
    const at = specPath.child('capacity').key(name);
    if (parseQuantity(amount).nanos < 0n) errors.push(invalid(at, Number(amount), 'must be a valid resource quantity'));
    checkPositiveQuantity(amount, at, errors);
  }
  checkOptionalOneOf(reclaimPolicy, ['Delete', 'Recycle', 'Retain'], specPath.child('persistentVolumeReclaimPolicy'), errors);
  if (nodeAffinity !== undefined) {
    const at = specPath.child('nodeAffinity', 'required');
    if (nodeAffinity.required === undefined) errors.push(required(at, 'must specify required node constraints'));
    else validateNodeSelector(nodeAffinity.required, at, errors);
  }
  validateOneSource<Source>(spec, checks, specPath, errors);
  if (spec.local !== undefined && nodeAffinity === undefined) {
    errors.push(required(specPath.child('nodeAffinity'), 'Local volume requires node affinity'));
  }
  if (reclaimPolicy === 'Recycle' && spec.hostPath !== undefined && /^\/+(\.\/*)*$/.test(spec.hostPath.path)) {
    errors.push(forbidden(specPath.child('persistentVolumeReclaimPolicy'), "may not be 'recycle' for a hostPath mount of '/'"));
  }
  const { storageClassName = '', volumeAttributesClassName } = spec;
  if (storageClassName !== '') {
    reportInvalid(nameIsDnsSubdomain(storageClassName, false), storageClassName, specPath.child('storageClassName'), errors);
  }
  checkOptionalOneOf(spec.volumeMode, volumeModes, specPath.child('volumeMode'), errors);
  if (volumeAttributesClassName === undefined) return;
  const at = specPath.child('volumeAttributesClassName');
  if (volumeAttributesClassName === '') errors.push(required(at, 'an empty string is disallowed'));
  else reportInvalid(nameIsDnsSubdomain(volumeAttributesClassName, false), volumeAttributesClassName, at, errors);
  if (spec.csi === undefined) errors.push(required(specPath.child('csi'), 'has to be specified when using volumeAttributesClassName'));
}

export function validatePersistentVolumeUpdate(volume: PersistentVolume, old: PersistentVolume, errors: Errors): void {
  validatePersistentVolume(volume, errors);
  const before = sourceOf(old.spec ?? {});
  const after = sourceOf(volume.spec ?? {});
  if (before.csi !== undefined && before.csi.controllerExpandSecretRef === undefined && after.csi !== undefined) {
    const { controllerExpandSecretRef: _, ...csi } = after.csi;
    after.csi = csi;
  }
  if (!semanticEqual(before, after)) {
    const changes = describeChanges(before, after).join('\n');
    const detail = `spec.persistentvolumesource is immutable after creation\n${changes}`;
    errors.push(forbidden(specPath.child('persistentvolumesource'), detail));
  }
  if (volume.spec?.volumeMode !== old.spec?.volumeMode) {
    errors.push(invalid(Path.of('volumeMode'), volume.spec?.volumeMode, 'field is immutable'));
  }
  if (old.spec?.nodeAffinity !== undefined && !semanticEqual(volume.spec?.nodeAffinity, old.spec.nodeAffinity)) {
    errors.push(
      invalid(Path.of('nodeAffinity'), volume.spec?.nodeAffinity, 'field is immutable, except for updating from beta label to GA'),
    );
  }
}

function sourceOf(spec: PersistentVolumeSpec): Source {
  return Object.fromEntries(Object.entries(spec).filter(([name]) => Object.hasOwn(checks, name))) as Source;
}
