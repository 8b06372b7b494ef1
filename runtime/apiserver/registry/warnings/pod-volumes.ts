import type { KeyToPath, PersistentVolumeClaimSpec, PodSpec, Volume, VolumeProjection } from '../../../api/generated/types/core/v1.ts';
import { canonicalQuantity, isWholeInMillis, parseQuantity } from '../../../api/quantity.ts';
import { withoutTrailingSlashes } from '../../../api/trailing-slashes.ts';
import { quote } from '../../../api/validation/field-error.ts';
import type { Path } from '../../../api/validation/path.ts';

/** What is odd about the volumes of a pod, though allowed. */

const retired = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['ephemeral', undefined],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
] as const;

/** Upstream writes one of the names in its paths in another way. */
const pathNames: Readonly<Record<string, string>> = { storageos: 'storageOS' };

export function volumeWarnings({ volumes = [] }: PodSpec, path: Path): string[] {
  const warnings: string[] = [];
  for (const [index, volume] of volumes.entries()) {
    const at = path.index(index);
    for (const [field, message] of retired) {
      if (volume[field] === undefined) continue;
      if (message !== undefined) warnings.push(`${at.child(pathNames[field] ?? field)}: ${message}`);
      else
        warnings.push(...claimWarnings(volume.ephemeral?.volumeClaimTemplate?.spec, at.child('ephemeral', 'volumeClaimTemplate', 'spec')));
    }
  }
  return [...warnings, ...volumes.flatMap(overlapWarnings)];
}

/** Storage comes in whole bytes. */
export function claimWarnings(spec: PersistentVolumeClaimSpec | undefined, path: Path): string[] {
  return (['requests', 'limits'] as const).flatMap((side) => {
    return fractionWarning(spec?.resources?.[side]?.storage, path.child('resources', side).key('storage'));
  });
}

/** A warning of an amount of bytes that is not whole. */
export function fractionWarning(amount: string | number | undefined, path: Path): string[] {
  if (amount === undefined || isWholeInMillis(parseQuantity(amount))) return [];
  return [`${path}: fractional byte value ${quote(canonicalQuantity(amount))} is invalid, must be an integer`];
}

interface Target {
  readonly path: string;
  readonly source: string;
}

function targetsOf(items: readonly Pick<KeyToPath, 'path'>[] | undefined, source: string): Target[] {
  return (items ?? []).map(({ path = '' }) => ({ path, source }));
}

/** Files that are laid upon each other, or into each other, within one volume. */
function overlapWarnings({ name, configMap, secret, downwardAPI, projected }: Volume): string[] {
  const warn = (what: string, overlaps: readonly string[]): string[] =>
    overlaps.map((overlap) => `volume ${quote(name)} (${what}): overlapping paths: ${overlap}`);
  const warnings = [
    ...warn(`ConfigMap ${quote(configMap?.name ?? '')}`, overlapsWithin(targetsOf(configMap?.items, ''))),
    ...warn(`Secret ${quote(secret?.secretName ?? '')}`, overlapsWithin(targetsOf(secret?.items, ''))),
    ...warn('DownwardAPI', overlapsWithin(targetsOf(downwardAPI?.items, ''))),
  ];
  const all: Target[] = [];
  for (const source of projected?.sources ?? []) {
    if (Object.keys(source).length === 0) {
      warnings.push(`volume ${quote(name)} (Projected) has no sources provided`);
      continue;
    }
    const targets = projectedTargets(source);
    if (targets.length === 0) continue;
    for (const target of targets) {
      for (const other of overlapping(all, trimmed(target)))
        warnings.push(...warn('Projected', [`${shown(trimmed(target))} with ${shown(other)}`]));
      all.push(trimmed(target));
    }
  }
  return warnings;
}

function projectedTargets(source: VolumeProjection): Target[] {
  const { configMap, secret, downwardAPI, serviceAccountToken: token, clusterTrustBundle: bundle, podCertificate } = source;
  if (configMap?.items !== undefined) return targetsOf(configMap.items, `ConfigMap ${quote(configMap.name ?? '')}`);
  if (secret?.items !== undefined) return targetsOf(secret.items, `Secret ${quote(secret.name ?? '')}`);
  if (downwardAPI?.items !== undefined) return targetsOf(downwardAPI.items, 'DownwardAPI');
  if (token !== undefined) return targetsOf([token], 'ServiceAccountToken');
  if (bundle !== undefined) return targetsOf([bundle], `ClusterTrustBundle ${quote(bundle.name ?? bundle.signerName ?? '')}`);
  const { certificateChainPath = '', keyPath = '', credentialBundlePath = '' } = podCertificate ?? {};
  return [
    { path: certificateChainPath, source: 'PodCertificate chain' },
    { path: keyPath, source: 'PodCertificate key' },
    { path: credentialBundlePath, source: 'PodCertificate credential bundle' },
  ].filter(({ path }) => path !== '');
}

function trimmed({ path, source }: Target): Target {
  return { path: withoutTrailingSlashes(path), source };
}

function shown({ path, source }: Target): string {
  return source === '' ? quote(path) : `${quote(path)} (${source})`;
}

function overlapsWithin(targets: readonly Target[]): string[] {
  const before: Target[] = [];
  return targets.map(trimmed).flatMap((target) => {
    const overlaps = overlapping(before, target).map((other) => `${shown(target)} with ${shown(other)}`);
    before.push(target);
    return overlaps;
  });
}

function overlapping(others: readonly Target[], { path }: Target): Target[] {
  if (path === '') return [];
  return others.filter(
    (other) => other.path !== '' && (`${other.path}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${other.path}/`)),
  );
}
