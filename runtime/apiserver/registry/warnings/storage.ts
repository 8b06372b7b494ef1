import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeSpec } from '../../../api/generated/types/core/v1.ts';
import type { CSIDriver, CSIStorageCapacity, StorageClass } from '../../../api/generated/types/storage/v1.ts';
import { semanticEqual } from '../../../api/validation/equality.ts';
import { Path } from '../../../api/validation/path.ts';
import { nodeLabelAdvice, nodeTermWarnings } from './node-labels.ts';
import { claimWarnings as sizeWarnings } from './pod-volumes.ts';
import type { Warn } from './warn.ts';

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';
const mountAnnotation = 'volume.beta.kubernetes.io/mount-options';
const classAdvice = `metadata.annotations[${classAnnotation}]: deprecated since v1.8; use "storageClassName" attribute instead`;

/** Volumes whose drivers are gone: since when they were deprecated, and since when they do nothing. */
const dead: readonly (readonly [field: keyof PersistentVolumeSpec, shown: string, deprecated: string, gone: string])[] = [
  ['cephfs', 'cephfs', 'v1.28', 'v1.31+'],
  ['photonPersistentDisk', 'photonPersistentDisk', 'v1.11', 'v1.16+'],
  ['scaleIO', 'scaleIO', 'v1.16', 'v1.22+'],
  ['storageos', 'storageOS', 'v1.22', 'v1.25+'],
  ['glusterfs', 'glusterfs', 'v1.25', 'v1.26+'],
  ['rbd', 'rbd', 'v1.28', 'v1.31+'],
];

function volumeWarnings({ metadata, spec = {} }: PersistentVolume): readonly string[] {
  const warnings: string[] = [];
  for (const [index, term] of (spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).entries()) {
    warnings.push(...nodeTermWarnings(term, `spec.nodeAffinity.required.nodeSelectorTerms[${index}]`));
  }
  if (metadata?.annotations?.[classAnnotation] !== undefined) warnings.push(classAdvice);
  if (metadata?.annotations?.[mountAnnotation] !== undefined) {
    warnings.push(`metadata.annotations[${mountAnnotation}]: deprecated since v1.31; use "mountOptions" attribute instead`);
  }
  if (spec.persistentVolumeReclaimPolicy === 'Recycle') {
    const advice = 'The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';
    warnings.push(`spec.persistentVolumeReclaimPolicy: ${advice}`);
  }
  const found = dead.find(([field]) => spec[field] !== undefined);
  if (found !== undefined) warnings.push(`spec.${found[1]}: deprecated in ${found[2]}, non-functional in ${found[3]}`);
  return warnings;
}

function claimWarnings({ metadata, spec }: PersistentVolumeClaim): readonly string[] {
  const warnings: string[] = [];
  if (metadata?.annotations?.[classAnnotation] !== undefined) warnings.push(classAdvice);
  return [...warnings, ...sizeWarnings(spec, Path.of('spec'))];
}

function classWarnings({ allowedTopologies }: StorageClass): readonly string[] {
  return (allowedTopologies ?? []).flatMap(({ matchLabelExpressions }, index) =>
    (matchLabelExpressions ?? []).flatMap(({ key }, each) => {
      const advice = nodeLabelAdvice(key);
      return advice === undefined ? [] : [`allowedTopologies[${index}].matchLabelExpressions[${each}].key: ${advice}`];
    }),
  );
}

function capacityWarnings({ nodeTopology }: CSIStorageCapacity): readonly string[] {
  const advise = (key: string, text: string): string[] => {
    const advice = nodeLabelAdvice(key);
    return advice === undefined ? [] : [`nodeTopology.${text}${advice}`];
  };
  return [
    ...Object.keys(nodeTopology?.matchLabels ?? {}).flatMap((key) => advise(key, `matchLabels.${key}: `)),
    ...(nodeTopology?.matchExpressions ?? []).flatMap(({ key }, index) => advise(key, `matchExpressions[${index}].key: ${key} is `)),
  ];
}

function driverWarnings({ spec }: CSIDriver, old: CSIDriver | undefined): readonly string[] {
  const requests = spec?.tokenRequests ?? [];
  if (requests.length === 0 || spec?.serviceAccountTokenInSecrets !== undefined) return [];
  if (old !== undefined && semanticEqual(requests, old.spec?.tokenRequests)) return [];
  const advice = 'if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes';
  return [`spec.serviceAccountTokenInSecrets is unset; ${advice}`];
}

export const storageWarnings: Readonly<Record<string, Warn>> = {
  '/persistentvolumes': volumeWarnings,
  '/persistentvolumeclaims': claimWarnings,
  'storage.k8s.io/csidrivers': driverWarnings,
  'storage.k8s.io/storageclasses': classWarnings,
  'storage.k8s.io/csistoragecapacities': capacityWarnings,
};
