import { pemBlocks } from '../certificates/pem.ts';
import { readCertificate } from '../certificates/x509.ts';
import type {
  PodCertificateRequest,
  PodCertificateRequestSpec,
  PodCertificateRequestStatus,
} from '../generated/types/certificates/v1beta1.ts';
import { byteLength, dns1123SubdomainProblems } from '../names/index.ts';
import { checkImmutable, type Errors, reportInvalid } from './checks.ts';
import { validateConditions } from './conditions.ts';
import { semanticEqual } from './equality.ts';
import { invalid, invalidAsWhole, notSupported, required, tooLong } from './field-error.ts';
import { Path } from './path.ts';
import { lifetimeLimits, validateUserAnnotations } from './pod-certificates.ts';
import { checkSignerName } from './signer-names.ts';

/** `pkg/apis/certificates/validation` of requests by pods. Keys are not looked into: neither their kind nor the proof that they are possessed. */

const specPath = Path.of('spec');
const statusPath = Path.of('status');
const chainPath = statusPath.child('certificateChain');
const refreshPath = statusPath.child('beginRefreshAt');
const maxUidBytes = 128;
const tenMinutes = 10 * 60_000;
const outcomes = ['Issued', 'Denied', 'Failed'];

export function validatePodCertificateRequest({ spec = {} }: { readonly spec?: Partial<PodCertificateRequestSpec> }, errors: Errors): void {
  const { signerName = '', unverifiedUserAnnotations: annotations, maxExpirationSeconds: seconds } = spec;
  checkSignerName(signerName, specPath.child('signerName'), errors);
  if (annotations !== undefined) validateUserAnnotations(annotations, specPath.child('unverifiedUserAnnotations'), errors);
  for (const owner of ['pod', 'serviceAccount', 'node'] as const) {
    const [name = '', uid = ''] = [spec[`${owner}Name`], spec[`${owner}UID`]];
    const path = specPath.child(`${owner}UID`);
    reportInvalid(dns1123SubdomainProblems(name), name, specPath.child(`${owner}Name`), errors);
    if (uid === '') errors.push(invalid(path, uid, 'must not be empty'));
    if (byteLength(uid) > maxUidBytes) errors.push(tooLong(path, maxUidBytes));
  }
  const { shortest, longest } = lifetimeLimits(signerName);
  const path = specPath.child('maxExpirationSeconds');
  if (seconds === undefined) errors.push(required(path, 'must be set'));
  else if (seconds < shortest || seconds > longest) errors.push(invalid(path, seconds, `must be in the range [${shortest}, ${longest}]`));
}

export function validatePodCertificateRequestUpdate({ spec }: PodCertificateRequest, old: PodCertificateRequest, errors: Errors): void {
  checkImmutable(spec, old.spec, specPath, errors);
}

/** Who signs decides once. What is wrong with the conditions is told alone. */
export function validatePodCertificateRequestStatus(
  { status = {} }: PodCertificateRequest,
  { status: old = {} }: PodCertificateRequest,
  errors: Errors,
): void {
  const before = errors.length;
  checkOutcomes(status, errors);
  validateConditions(status.conditions, statusPath.child('conditions'), errors);
  if (errors.length > before) return;
  const refuse = (detail: string): void => void errors.push(invalidAsWhole(statusPath, detail));
  const isSame = semanticEqual(status, old);
  if (outcomes.some((type) => has(old, type))) {
    if (!isSame) refuse('immutable after PodCertificateRequest is issued, denied, or failed');
  } else if (has(status, 'Denied') || has(status, 'Failed')) {
    const { conditions: _, ...others } = status;
    if (Object.keys(others).length > 0) {
      refuse('non-condition status fields must be empty when denying or failing the PodCertificateRequest');
    }
  } else if (has(status, 'Issued')) checkIssued(status, errors);
  else if (!isSame) refuse('status is immutable unless transitioning to "Issued", "Denied", or "Failed"');
}

function has({ conditions = [] }: PodCertificateRequestStatus, type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === 'True');
}

function checkOutcomes({ conditions = [] }: PodCertificateRequestStatus, errors: Errors): void {
  let known = 0;
  for (const [index, { type = '', status = '' }] of conditions.entries()) {
    const path = statusPath.child('conditions', `[${index}]`);
    if (!outcomes.includes(type)) {
      errors.push(notSupported(path.child('type'), type, outcomes));
      continue;
    }
    known++;
    const detail = 'There may be at most one condition with type "Issued", "Denied", or "Failed"';
    if (known > 1) errors.push(invalid(path.child('type'), type, detail));
    if (status !== 'True') errors.push(notSupported(path.child('status'), status, ['True']));
  }
}

function checkIssued({ certificateChain = '', notBefore, notAfter, beginRefreshAt }: PodCertificateRequestStatus, errors: Errors): void {
  const problem = chainProblem(certificateChain);
  if (problem !== undefined) {
    errors.push(invalid(chainPath, certificateChain, problem));
    return;
  }
  const consistent = 'must be present and consistent with the issued certificate';
  if (notBefore === undefined) errors.push(required(statusPath.child('notBefore'), consistent));
  if (notAfter === undefined) errors.push(required(statusPath.child('notAfter'), consistent));
  if (beginRefreshAt === undefined)
    errors.push(required(refreshPath, 'must be present and in the range [notbefore+10min, notafter-10min]'));
  if (notBefore === undefined || notAfter === undefined || beginRefreshAt === undefined) return;
  const refresh = Date.parse(beginRefreshAt);
  if (refresh < Date.parse(notBefore) + tenMinutes) {
    errors.push(invalid(refreshPath, beginRefreshAt, 'must be at least 10 minutes after status.notBefore'));
  } else if (refresh > Date.parse(notAfter) - tenMinutes) {
    errors.push(invalid(refreshPath, beginRefreshAt, 'must be at least 10 minutes before status.notAfter'));
  }
}

function chainProblem(chain: string): string | undefined {
  const [leaf, ...others] = pemBlocks(chain);
  if (leaf === undefined) return 'issued certificate chain must contain at least one certificate';
  if (leaf.type !== 'CERTIFICATE') return 'issued certificate chain must consist entirely of CERTIFICATE PEM blocks';
  if (readCertificate(leaf.bytes) === undefined) return 'leaf certificate does not parse as valid X.509';
  for (const { type, bytes } of others) {
    // Upstream's spelling.
    if (type !== 'CERTIFICATE') return 'issued certificate chain must consist entirely of CERTFICATE PEM blocks';
    if (readCertificate(bytes) === undefined) return 'intermediate certificate does not parse as valid X.509';
  }
  return undefined;
}
