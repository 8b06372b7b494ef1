import { pemBlocks } from '../certificates/pem.ts';
import { certificateRequestProblem, readCertificate } from '../certificates/x509.ts';
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from '../generated/types/certificates/v1.ts';
import type { ClusterTrustBundle } from '../generated/types/certificates/v1beta1.ts';
import { byteLength } from '../names/index.ts';
import { checkImmutableText, type Errors } from './checks.ts';
import { semanticEqual } from './equality.ts';
import { duplicate, forbidden, invalid, notSupported, required, tooLong } from './field-error.ts';
import { structInGo } from './internal-structs.ts';
import { nameIsDnsSubdomain } from './name-rules.ts';
import { validateObjectMeta } from './object-meta.ts';
import { Path } from './path.ts';
import { checkSignerName } from './signer-names.ts';
import { jsonDifference } from './unified-diff.ts';

/** `pkg/apis/certificates/validation` */

const specPath = Path.of('spec');
const conditionsPath = Path.of('status', 'conditions');
const certificatePath = Path.of('status', 'certificate');
const minSeconds = 600;
const legacySigner = 'kubernetes.io/legacy-unknown';
const usages = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];

type Request = CertificateSigningRequest;
/** Parts of a request that may be written in one way only. */
type Part = 'approval' | 'certificate' | 'none';

export function validateCertificateSigningRequest(request: Request, errors: Errors): void {
  validateRequest(request, undefined, errors);
}

function validateRequest({ spec, status }: Request, old: Request | undefined, errors: Errors): void {
  const { request = '', usages: wanted = [], signerName = '', expirationSeconds: seconds } = spec ?? {};
  const problem = certificateRequestProblem(atob(request));
  if (problem !== undefined) errors.push(invalid(specPath.child('request'), spec?.request ?? null, problem));
  validateUsages(wanted, old?.spec?.usages ?? [], specPath.child('usages'), errors);
  if (signerName === legacySigner && old?.spec?.signerName !== legacySigner) {
    errors.push(invalid(specPath.child('signerName'), signerName, 'the legacy signerName is not allowed via this API version'));
  } else checkSignerName(signerName, specPath.child('signerName'), errors);
  if (seconds !== undefined && seconds < minSeconds) {
    const detail = `may not specify a duration less than ${minSeconds} seconds (10 minutes)`;
    errors.push(invalid(specPath.child('expirationSeconds'), seconds, detail));
  }
  validateConditions(status?.conditions ?? [], old?.status?.conditions ?? [], errors);
  const certificate = status?.certificate ?? '';
  const before = old?.status?.certificate ?? '';
  // What stands there already is let be.
  if (old !== undefined && (certificate === before || certificateProblem(before) !== undefined)) return;
  const flaw = certificateProblem(certificate);
  if (flaw !== undefined) errors.push(invalid(certificatePath, '<certificate data>', flaw));
}

function validateUsages(wanted: readonly string[], before: readonly string[], path: Path, errors: Errors): void {
  if (wanted.length === 0) errors.push(required(path));
  if (before.every((usage) => usages.includes(usage))) {
    for (const [index, usage] of wanted.entries()) {
      if (!usages.includes(usage)) errors.push(notSupported(path.index(index), usage, usages));
    }
  }
  if (new Set(before).size < before.length) return;
  for (const [index, usage] of wanted.entries()) if (wanted.indexOf(usage) < index) errors.push(duplicate(path.index(index), usage));
}

const onlyTrue = ['Approved', 'Denied', 'Failed'];

function validateConditions(
  conditions: readonly CertificateSigningRequestCondition[],
  before: readonly CertificateSigningRequestCondition[],
  errors: Errors,
): void {
  const types = before.map(({ type }) => type);
  const mayBeBoth = types.includes('Approved') && types.includes('Denied');
  const mayRepeat = new Set(types).size < types.length;
  const seen = new Set<string>();
  for (const [index, { type = '', status = '' }] of conditions.entries()) {
    const at = conditionsPath.index(index);
    if (type === '' && !types.includes('')) errors.push(required(at.child('type')));
    const allowed = onlyTrue.includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
    if (status === '') errors.push(required(at.child('status')));
    else if (!allowed.includes(status)) errors.push(notSupported(at.child('status'), status, allowed));
    const other = type === 'Approved' ? 'Denied' : type === 'Denied' ? 'Approved' : undefined;
    if (!mayBeBoth && other !== undefined && seen.has(other)) {
      errors.push(invalid(conditionsPath, type, 'Approved and Denied conditions are mutually exclusive'));
    }
    if (seen.has(type) && !mayRepeat) errors.push(duplicate(at.child('type'), type));
    seen.add(type);
  }
}

/** Why there is something else than certificates, in upstream's words. The text is base64 over PEM. */
function certificateProblem(encoded: string): string | undefined {
  if (encoded === '') return undefined;
  const blocks = pemBlocks(atob(encoded));
  for (const { type, hasHeaders, bytes } of blocks) {
    if (type !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(type)}`;
    if (hasHeaders) return 'no PEM block headers are permitted';
    if (bytes.length === 0) return 'found CERTIFICATE PEM block containing 0 certificates';
    if (readCertificate(bytes) === undefined) return 'x509: malformed certificate';
  }
  return blocks.length === 0 ? 'must contain at least one CERTIFICATE PEM block' : undefined;
}

/** A change of the request itself. */
export function validateCertificateSigningRequestUpdate(request: Request, old: Request, errors: Errors): void {
  validateChange(request, old, 'none', errors);
}

/** A change by who signs. */
export function validateCertificateSigningRequestStatus(request: Request, old: Request, errors: Errors): void {
  validateChange(request, old, 'certificate', errors);
}

/** A change by who approves or denies. */
export function validateCertificateSigningRequestApproval(request: Request, old: Request, errors: Errors): void {
  validateChange(request, old, 'approval', errors);
}

function validateChange(request: Request, old: Request, part: Part, errors: Errors): void {
  validateRequest(request, old, errors);
  const ofType = ({ status }: Request, type: string): CertificateSigningRequestCondition[] =>
    (status?.conditions ?? []).filter((condition) => condition.type === type);
  const quoted = (type: string): string => `condition of type ${JSON.stringify(type)}`;
  for (const type of onlyTrue) {
    if (ofType(request, type).length < ofType(old, type).length) {
      errors.push(forbidden(conditionsPath, `updates may not remove a ${quoted(type)}`));
    }
  }
  if (part !== 'approval') {
    for (const type of ['Approved', 'Denied']) {
      const [now, before] = [ofType(request, type), ofType(old, type)];
      if (now.length > before.length) errors.push(forbidden(conditionsPath, `updates may not add a ${quoted(type)}`));
      else if (now.length === before.length && !semanticEqual(now, before)) {
        const [was, is] = [before, now].map((conditions) => structInGo('CertificateSigningRequestCondition', conditions));
        const changes = jsonDifference(was, is);
        errors.push(forbidden(conditionsPath, `updates may not modify a ${quoted(type)}\n${changes}`));
      }
    }
  }
  const certificate = old.status?.certificate ?? '';
  if ((request.status?.certificate ?? '') === certificate) return;
  if (part !== 'certificate') errors.push(forbidden(certificatePath, 'updates may not set certificate content'));
  else if (certificate !== '') errors.push(forbidden(certificatePath, 'updates may not modify existing certificate content'));
}

const maxBundle = 1024 * 1024;

/** The names of bundles begin with their signer's. */
function bundleNameProblems(signer: string, name: string, isPrefix: boolean): readonly string[] {
  if (signer === '') {
    if (name.includes(':')) return ['ClusterTrustBundle without signer name must not have ":" in its name'];
    return nameIsDnsSubdomain(name, isPrefix);
  }
  const prefix = `${signer.replaceAll('/', ':')}:`;
  if (!name.startsWith(prefix)) return [`ClusterTrustBundle for signerName ${signer} must be named with prefix ${prefix}`];
  return nameIsDnsSubdomain(name.slice(prefix.length), isPrefix);
}

export function validateClusterTrustBundle(bundle: ClusterTrustBundle, errors: Errors): void {
  validateBundle(bundle, errors);
  validateTrustAnchors(bundle.spec?.trustBundle ?? '', specPath.child('trustBundle'), errors);
}

function validateBundle({ metadata, spec }: ClusterTrustBundle, errors: Errors): void {
  const signer = spec?.signerName ?? '';
  const name = (text: string, isPrefix: boolean): readonly string[] => bundleNameProblems(signer, text, isPrefix);
  validateObjectMeta(metadata, { namespaced: false, name }, errors);
  if (signer !== '') checkSignerName(signer, specPath.child('signerName'), errors);
}

function validateTrustAnchors(text: string, path: Path, errors: Errors): void {
  if (byteLength(text) > maxBundle) {
    errors.push(tooLong(path, maxBundle));
    return;
  }
  const before = errors.length;
  const places = new Map<string, number[]>();
  for (const [index, { type, hasHeaders, bytes }] of pemBlocks(text).entries()) {
    const report = (detail: string): void => void errors.push(invalid(path, '<value omitted>', `entry ${index} ${detail}`));
    const certificate = readCertificate(bytes);
    if (type !== 'CERTIFICATE') report(`has bad block type: ${type}`);
    else if (hasHeaders) report('has PEM block headers');
    else if (certificate === undefined) report('does not parse as X.509');
    else if (!certificate.isAuthority) report('does not have the CA bit set');
    else places.set(bytes.join(), [...(places.get(bytes.join()) ?? []), index]);
  }
  if (errors.length > before) return;
  if (places.size === 0) errors.push(invalid(path, '<value omitted>', 'at least one trust anchor must be provided'));
  for (const indices of places.values()) {
    if (indices.length > 1) errors.push(invalid(path, '<value omitted>', `duplicate trust anchor (indices [${indices.join(' ')}])`));
  }
}

export function validateClusterTrustBundleUpdate(bundle: ClusterTrustBundle, old: ClusterTrustBundle, errors: Errors): void {
  const isSame = bundle.spec?.trustBundle === old.spec?.trustBundle;
  if (isSame) validateBundle(bundle, errors);
  else validateClusterTrustBundle(bundle, errors);
  checkImmutableText(bundle.spec?.signerName, old.spec?.signerName, specPath.child('signerName'), errors);
}
