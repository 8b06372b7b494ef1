import type {
  ClusterTrustBundleProjection,
  PodCertificateProjection,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
} from '../../generated/types/core/v1.ts';
import { checkRequired, type Errors } from '../checks.ts';
import { forbidden, invalid, notSupported, required } from '../field-error.ts';
import { selectorInGo } from '../internal-types.ts';
import { validateLabelSelector } from '../label-selector.ts';
import type { Path } from '../path.ts';
import { lifetimeLimits, validateUserAnnotations } from '../pod-certificates.ts';
import { checkSignerName, clusterTrustBundleNameProblems } from '../signer-names.ts';
import { checkFileMode, checkNonReservedPath } from './paths.ts';
import { validateDownwardFile, validateItem } from './volume-files.ts';

/** Volumes into which several sources are laid. */

const projections = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken', 'clusterTrustBundle', 'podCertificate'] as const;

export function validateProjected(projected: ProjectedVolumeSource, path: Path, errors: Errors): void {
  checkFileMode(projected.defaultMode, path.child('defaultMode'), errors);
  const paths = new Set<string>();
  const claimPath = (target: string | undefined, owner: string): void => {
    if (target === undefined) return;
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
        if (item.path) claimPath(item.path, reference.name ?? '');
      }
    }
    for (const file of source.downwardAPI?.items ?? []) {
      validateDownwardFile(file, at.child('downwardAPI'), errors);
      if (file.path) claimPath(file.path, file.path);
    }
    if (source.serviceAccountToken !== undefined) {
      validateTokenProjection(source.serviceAccountToken, path, at.child('serviceAccountToken'), errors);
    }
    if (source.clusterTrustBundle !== undefined) {
      validateTrustBundle(source.clusterTrustBundle, at.child('clusterTrustBundle'), errors);
      claimPath(source.clusterTrustBundle.path ?? '', source.clusterTrustBundle.path ?? '');
    }
    if (source.podCertificate !== undefined) validatePodCertificate(source.podCertificate, claimPath, at.child('podCertificate'), errors);
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
    for (const problem of clusterTrustBundleNameProblems(name)) {
      errors.push(invalid(path.child('name'), name, `not a valid clustertrustbundlename: ${problem}`));
    }
    if (labelSelector !== undefined) {
      errors.push(invalid(path.child('labelSelector'), selectorInGo(labelSelector), 'labelSelector must be unset if name is specified'));
    }
  } else if (signerName !== undefined) {
    if (signerName === '') errors.push(required(path.child('signerName'), 'must be a valid signer name'));
    checkSignerName(signerName, path.child('signerName'), errors);
    validateLabelSelector(labelSelector, path.child('labelSelector'), errors);
  } else errors.push(required(path, 'either name or signerName must be specified'));
  checkRequired(target, path.child('path'), errors);
  checkNonReservedPath(target, path.child('path'), errors);
}

const keyTypes = ['RSA3072', 'RSA4096', 'ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519'];

function validatePodCertificate(
  certificate: PodCertificateProjection,
  claimPath: (target: string, owner: string) => void,
  path: Path,
  errors: Errors,
): void {
  const { signerName = '', keyType = '', userAnnotations, maxExpirationSeconds: seconds } = certificate;
  checkSignerName(signerName, path.child('signerName'), errors);
  if (userAnnotations !== undefined) validateUserAnnotations(userAnnotations, path.child('userAnnotations'), errors);
  if (!keyTypes.includes(keyType)) errors.push(notSupported(path.child('keyType'), keyType, keyTypes));
  if (seconds !== undefined) {
    const at = path.child('maxExpirationSeconds');
    const { shortest, longest } = lifetimeLimits(signerName);
    if (seconds < shortest) errors.push(invalid(at, seconds, `if provided, maxExpirationSeconds must be >= ${shortest}`));
    if (seconds > longest) errors.push(invalid(at, seconds, `if provided, maxExpirationSeconds must be <= ${longest}`));
  }
  let given = 0;
  for (const field of ['credentialBundlePath', 'keyPath', 'certificateChainPath'] as const) {
    const target = certificate[field] ?? '';
    if (target === '') continue;
    given++;
    checkNonReservedPath(target, path.child(field), errors);
    claimPath(target, target);
  }
  if (given === 0) errors.push(required(path, 'specify at least one of credentialBundlePath, keyPath, and certificateChainPath'));
}
