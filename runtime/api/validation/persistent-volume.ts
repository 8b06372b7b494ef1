import type { PersistentVolume, PersistentVolumeSpec, SecretReference, VolumeNodeAffinity } from '../generated/types/core/v1.ts';
import { byteLength } from '../names/index.ts';
import {
  checkDnsLabel,
  checkDnsSubdomain,
  checkOptionalOneOf,
  checkRequired,
  type Errors,
  reportInvalid,
  sortedEntries,
} from './checks.ts';
import { semanticEqual } from './equality.ts';
import { forbidden, invalid, notSupported, required } from './field-error.ts';
import { structInGo } from './internal-structs.ts';
import { inGo, mapInGo, volumeNodeAffinityType } from './internal-types.ts';
import { nameIsDnsLabel, nameIsDnsSubdomain } from './name-rules.ts';
import { Path } from './path.ts';
import { validateAccessModes, volumeModes } from './persistent-volume-claim.ts';
import { validateNodeSelector } from './pod/node-selectors.ts';
import { checkNoBacksteps } from './pod/paths.ts';
import { checkBasicQuantity, checkPositiveQuantity } from './resources.ts';
import { jsonDifference } from './unified-diff.ts';
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
  gcePersistentDisk: validateGceDisk,
  awsElasticBlockStore: ({ volumeID, partition }, path, errors) => validatePartitionedDisk(volumeID, 'volumeID', partition, path, errors),
  glusterfs: ({ endpoints, path: target, endpointsNamespace }, path, errors) => {
    checkRequired(endpoints, path.child('endpoints'), errors);
    checkRequired(target, path.child('path'), errors);
    if (endpointsNamespace === '') {
      const detail = 'if the endpointnamespace is set, it must be a valid namespace name';
      errors.push(invalid(path.child('endpointsNamespace'), endpointsNamespace, detail));
    } else if (endpointsNamespace !== undefined) {
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
  quobyte: validateQuobyte,
  cephfs: ({ monitors }, path, errors) => {
    if ((monitors?.length ?? 0) === 0) errors.push(required(path.child('monitors')));
  },
  iscsi: (iscsi, path, errors) => {
    validateIscsi(iscsi, path, errors);
    if (iscsi.secretRef !== undefined) checkRequired(iscsi.secretRef.name, path.child('secretRef', 'name'), errors);
  },
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
  storageos: (storageos, path, errors) => {
    validateStorageOs(storageos, path, errors);
    if (storageos.secretRef === undefined) return;
    checkRequired(storageos.secretRef.name, path.child('secretRef', 'name'), errors);
    checkRequired(storageos.secretRef.namespace, path.child('secretRef', 'namespace'), errors);
  },
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

const mountOptionAnnotation = 'volume.beta.kubernetes.io/mount-options';
/** Whose older annotation for options of mounting is heard, after `pkg/volume/validation`. */
const mountable: readonly (keyof Source)[] = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'gcePersistentDisk',
  'glusterfs',
  'iscsi',
  'nfs',
  'photonPersistentDisk',
  'quobyte',
  'rbd',
  'vsphereVolume',
];

export function validatePersistentVolume(volume: PersistentVolume, errors: Errors): void {
  validateVolume(volume, errors);
  const { metadata, spec } = volume;
  if (metadata?.annotations?.[mountOptionAnnotation] === undefined || mountable.some((source) => spec?.[source] !== undefined)) return;
  const at = Path.of('metadata').child('annotations', mountOptionAnnotation);
  errors.push(forbidden(at, 'may not specify mount options for this volume type'));
}

function validateVolume({ metadata, spec = {} }: PersistentVolume, errors: Errors): void {
  const { accessModes, nodeAffinity, persistentVolumeReclaimPolicy: reclaimPolicy } = spec;
  checkAccessModes(accessModes, specPath, errors);
  validateCapacity(spec.capacity, specPath.child('capacity'), errors);
  checkOptionalOneOf(reclaimPolicy, ['Delete', 'Recycle', 'Retain'], specPath.child('persistentVolumeReclaimPolicy'), errors);
  if (nodeAffinity !== undefined) {
    const at = specPath.child('nodeAffinity', 'required');
    if (nodeAffinity.required === undefined) errors.push(required(at, 'must specify required node constraints'));
    else validateNodeSelector(nodeAffinity.required, at, errors);
  }
  validateSource(spec, metadata?.name ?? '', nodeAffinity !== undefined, specPath, errors);
  const { storageClassName = '' } = spec;
  if (storageClassName !== '') {
    reportInvalid(nameIsDnsSubdomain(storageClassName, false), storageClassName, specPath.child('storageClassName'), errors);
  }
  checkOptionalOneOf(spec.volumeMode, volumeModes, specPath.child('volumeMode'), errors);
  validateAttributesClass(spec, specPath, errors);
}

/** A volume that stands in a VolumeAttachment in place of an object of its own. */
export function validateInlineVolumeSpec(spec: PersistentVolumeSpec, path: Path, errors: Errors): void {
  const { capacity, persistentVolumeReclaimPolicy: reclaimPolicy = '', volumeMode } = spec;
  const forbid = (isGiven: boolean, field: string, detail = 'may not be specified in the context of inline volumes'): void => {
    if (isGiven) errors.push(forbidden(path.child(field), detail));
  };
  forbid(spec.claimRef !== undefined, 'claimRef');
  forbid(Object.keys(capacity ?? {}).length > 0, 'capacity');
  if (spec.csi === undefined) errors.push(required(path.child('csi'), 'has to be specified in the context of inline volumes'));
  checkAccessModes(spec.accessModes, path, errors);
  const retained = reclaimPolicy === '' || reclaimPolicy === 'Retain';
  forbid(!retained, 'persistentVolumeReclaimPolicy', 'may only be Retain in the context of inline volumes');
  forbid(spec.nodeAffinity !== undefined, 'nodeAffinity');
  validateSource(spec, '', false, path, errors);
  forbid((spec.storageClassName ?? '') !== '', 'storageClassName');
  const isFiles = volumeMode === undefined || volumeMode === 'Filesystem';
  forbid(!isFiles, 'volumeMode', 'may not specify volumeMode other than Filesystem in the context of inline volumes');
}

function checkAccessModes(modes: readonly string[] | undefined, path: Path, errors: Errors): void {
  if ((modes?.length ?? 0) === 0) errors.push(required(path.child('accessModes')));
  validateAccessModes(modes, path.child('accessModes'), errors);
}

function validateCapacity(capacity: PersistentVolumeSpec['capacity'], path: Path, errors: Errors): void {
  const entries = sortedEntries(capacity);
  if (entries.length === 0) errors.push(required(path));
  if (capacity?.storage === undefined || entries.length > 1) errors.push(notSupported(path, mapInGo(capacity), ['storage']));
  for (const [name, amount] of entries) {
    checkBasicQuantity(amount, path.key(name), errors);
    checkPositiveQuantity(amount, path.key(name), errors);
  }
}

const maxInitiator = 64;

/** Whether a path leads to `/` in the end. */
function isRoot(path: string): boolean {
  if (!path.startsWith('/')) return false;
  const depth = path.split('/').reduce((at, part) => (part === '..' ? Math.max(0, at - 1) : part === '' || part === '.' ? at : at + 1), 0);
  return depth === 0;
}

function validateSource(spec: PersistentVolumeSpec, name: string, hasAffinity: boolean, path: Path, errors: Errors): void {
  const { iscsi, hostPath, local } = spec;
  if (iscsi?.initiatorName !== undefined && byteLength(`${name}:${iscsi.targetPortal}`) > maxInitiator) {
    const detail = 'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
    errors.push(invalid(path.child('iscsi', 'targetportal'), iscsi.targetPortal, detail));
  }
  // Upstream lets a flexVolume stand after another source.
  validateOneSource<Source>(spec, checks, path, errors, 'flexVolume');
  if (local !== undefined && !hasAffinity) errors.push(required(path.child('nodeAffinity'), 'Local volume requires node affinity'));
  if (spec.persistentVolumeReclaimPolicy === 'Recycle' && isRoot(hostPath?.path ?? '')) {
    errors.push(forbidden(path.child('persistentVolumeReclaimPolicy'), "may not be 'recycle' for a hostPath mount of '/'"));
  }
}

function validateAttributesClass({ volumeAttributesClassName: name, csi }: PersistentVolumeSpec, path: Path, errors: Errors): void {
  if (name === undefined) return;
  const at = path.child('volumeAttributesClassName');
  if (name === '') errors.push(required(at, 'an empty string is disallowed'));
  else reportInvalid(nameIsDnsSubdomain(name, false), name, at, errors);
  if (csi === undefined) errors.push(required(path.child('csi'), 'has to be specified when using volumeAttributesClassName'));
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
    const type = 'PersistentVolumeSource';
    const changes = jsonDifference(structInGo(type, before), structInGo(type, after));
    const detail = `spec.persistentvolumesource is immutable after creation\n${changes}`;
    errors.push(forbidden(specPath.child('persistentvolumesource'), detail));
  }
  if (volume.spec?.volumeMode !== old.spec?.volumeMode) {
    errors.push(invalid(Path.of('volumeMode'), volume.spec?.volumeMode, 'field is immutable'));
  }
  const affinity = volume.spec?.nodeAffinity;
  if (old.spec?.nodeAffinity !== undefined && !semanticEqual(affinity, withStableKeys(old.spec.nodeAffinity, affinity))) {
    errors.push(
      invalid(
        Path.of('nodeAffinity'),
        inGo(volumeNodeAffinityType, affinity),
        'field is immutable, except for updating from beta label to GA',
      ),
    );
  }
  if (old.spec?.volumeAttributesClassName !== undefined && volume.spec?.volumeAttributesClassName === undefined) {
    errors.push(forbidden(specPath.child('volumeAttributesClassName'), 'update from non-nil value to nil is forbidden'));
  }
}

const stableKeys: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
};

/** The old affinity with keys of beta labels replaced where the new one has the stable key in the same place. */
function withStableKeys(old: VolumeNodeAffinity, affinity: VolumeNodeAffinity | undefined): VolumeNodeAffinity {
  const terms = old.required?.nodeSelectorTerms;
  if (terms === undefined) return old;
  const replaced = terms.map((term, index) => ({
    ...term,
    ...(term.matchExpressions && {
      matchExpressions: term.matchExpressions.map((expression, each) => {
        const now = affinity?.required?.nodeSelectorTerms?.[index]?.matchExpressions?.[each]?.key;
        return now !== undefined && stableKeys[expression.key] === now ? { ...expression, key: now } : expression;
      }),
    }),
  }));
  return { ...old, required: { nodeSelectorTerms: replaced } };
}

function sourceOf(spec: PersistentVolumeSpec): Source {
  return Object.fromEntries(Object.entries(spec).filter(([name]) => Object.hasOwn(checks, name))) as Source;
}
