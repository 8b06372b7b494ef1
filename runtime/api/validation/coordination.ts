import type { Lease } from '../generated/types/coordination/v1.ts';
import type { LeaseCandidate } from '../generated/types/coordination/v1beta1.ts';
import { checkImmutableText, checkNonNegative, checkQualifiedName, type Errors } from './checks.ts';
import { forbidden, invalid, notSupported, required } from './field-error.ts';
import { Path } from './path.ts';

/** `pkg/apis/coordination/validation` */

const specPath = Path.of('spec');
const knownStrategy = 'OldestEmulationVersion';

function checkStrategy(strategy: string, path: Path, errors: Errors): void {
  const at = path.child('strategy');
  if (strategy.includes('/')) checkQualifiedName(strategy, at, errors);
  else if (strategy !== knownStrategy) errors.push(notSupported(at, strategy, [knownStrategy]));
}

export function validateLease({ spec }: Lease, errors: Errors): void {
  const { leaseDurationSeconds: duration, leaseTransitions: transitions, strategy, preferredHolder = '' } = spec ?? {};
  if (duration !== undefined && duration <= 0) {
    errors.push(invalid(specPath.child('leaseDurationSeconds'), duration, 'must be greater than 0'));
  }
  checkNonNegative(transitions, specPath.child('leaseTransitions'), errors);
  if (strategy !== undefined) checkStrategy(strategy, specPath.child('strategy'), errors);
  if (preferredHolder !== '' && (strategy ?? '') === '') {
    errors.push(forbidden(specPath.child('preferredHolder'), 'may only be specified if `strategy` is defined'));
  }
}

const numeric = '(0|[1-9]\\d*)';
const identifier = '(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)';
const semanticVersion = new RegExp(
  `^${numeric}\\.${numeric}\\.${numeric}(?:-(${identifier}(?:\\.${identifier})*))?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$`,
);

interface Version {
  readonly numbers: readonly number[];
  /** Of a version before the release: `alpha.1`. */
  readonly early: string;
}

/** What a version counts as that is missing or malformed. */
const zero: Version = { numbers: [0, 0, 0], early: '' };

function parseVersion(text: string): Version | undefined {
  const match = semanticVersion.exec(text);
  if (match === null) return undefined;
  return { numbers: [match[1], match[2], match[3]].map(Number), early: match[4] ?? '' };
}

function isBefore(left: Version, right: Version): boolean {
  for (const [index, number] of left.numbers.entries()) {
    const difference = number - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  if (left.early === right.early || left.early === '') return false;
  return right.early === '' || isEarlier(left.early.split('.'), right.early.split('.'));
}

function isEarlier(left: readonly string[], right: readonly string[]): boolean {
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return false;
    if (part === other) continue;
    const [isNumber, otherIsNumber] = [/^\d+$/.test(part), /^\d+$/.test(other)];
    if (isNumber !== otherIsNumber) return isNumber;
    return isNumber ? Number(part) < Number(other) : part < other;
  }
  return left.length < right.length;
}

function checkVersion(text: string, path: Path, errors: Errors): Version {
  if (text === '') return zero;
  const version = parseVersion(text);
  if (version === undefined) errors.push(invalid(path, text, 'must be a valid semantic version'));
  return version ?? zero;
}

export function validateLeaseCandidate({ spec }: LeaseCandidate, errors: Errors): void {
  const { leaseName = '', emulationVersion = '', binaryVersion = '', strategy = '' } = spec ?? {};
  if (leaseName === '') errors.push(required(specPath.child('leaseName')));
  const emulation = checkVersion(emulationVersion, specPath.child('emulationVersion'), errors);
  const binaryPath = specPath.child('binaryVersion');
  if (binaryVersion === '') errors.push(required(binaryPath));
  const binary = checkVersion(binaryVersion, binaryPath, errors);
  if (binaryVersion !== '' && emulationVersion !== '' && isBefore(binary, emulation)) {
    errors.push(invalid(binaryPath, binaryVersion, 'must be greater than or equal to `emulationVersion`'));
  }
  if (strategy === knownStrategy && emulation.numbers.every((number) => number === 0) && emulation.early === '') {
    errors.push(required(specPath.child('emulationVersion'), `must be specified when \`strategy\` is '${knownStrategy}'`));
  }
  if (strategy === '') errors.push(required(specPath.child('strategy')));
  else checkStrategy(strategy, specPath.child('strategy'), errors);
}

export function validateLeaseCandidateUpdate(candidate: LeaseCandidate, old: LeaseCandidate, errors: Errors): void {
  validateLeaseCandidate(candidate, errors);
  checkImmutableText(candidate.spec?.leaseName, old.spec?.leaseName, specPath.child('leaseName'), errors);
}
