import { type CelType, structType } from '../check/types.ts';
import { Failure, Opaque } from '../evaluate/values.ts';
import { scanning } from './costs.ts';
import { bool, type FunctionForm, fn, int, method, opaque, string } from './form.ts';

const semverType = structType('kubernetes.Semver');

/** A semantic version. */
class CelSemver extends Opaque {
  readonly type: CelType = semverType;
  readonly numbers: readonly bigint[];
  readonly prerelease: readonly string[];

  constructor(numbers: readonly bigint[], prerelease: readonly string[]) {
    super();
    this.numbers = numbers;
    this.prerelease = prerelease;
  }

  equals(other: Opaque): boolean {
    return other instanceof CelSemver && compare(this, other) === 0;
  }
}

const digits = /^\d*$/;
const identifier = /^[0-9A-Za-z-]*$/;

/** Upstream's normalization: `v1.02` is `1.2.0`. @throws Error for short versions with more than numbers */
function normalize(text: string): string {
  const parts = splitInThree(text.replace(/^v/, '')).map((part) => (part.length > 1 ? part.replace(/^0+(?=\d)/, '') : part));
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? '')) throw new Error('short version cannot contain PreRelease/Build meta data');
  while (parts.length < 3) parts.push('0');
  return parts.join('.');
}

/** The last part may have dots in it. */
function splitInThree(text: string): string[] {
  const [major = '', minor, ...rest] = text.split('.');
  return [major, ...(minor === undefined ? [] : [minor]), ...(rest.length === 0 ? [] : [rest.join('.')])];
}

/** Reads a version as the library that upstream uses. @throws Error in its words */
function parse(text: string): CelSemver {
  if (text === '') throw new Error('Version string empty');
  const [major = '', minor = '', tail] = splitInThree(text);
  if (tail === undefined) throw new Error('No Major.Minor.Patch elements found');
  const numbers = [numberOf('Major', major), numberOf('Minor', minor)];
  const [before, build] = cut(tail, '+');
  const [patch, prerelease] = cut(before, '-');
  numbers.push(numberOf('Patch', patch));
  const identifiers = prerelease?.split('.') ?? [];
  identifiers.forEach(checkPrerelease);
  build?.split('.').forEach(checkBuild);
  return new CelSemver(numbers, identifiers);
}

function cut(text: string, sign: string): readonly [string, string | undefined] {
  const index = text.indexOf(sign);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

const largestNumber = 2n ** 64n - 1n;

function numberOf(name: string, text: string): bigint {
  const shown = JSON.stringify(text);
  if (!digits.test(text)) throw new Error(`Invalid character(s) found in ${name.toLowerCase()} number ${shown}`);
  if (hasLeadingZeros(text)) throw new Error(`${name} number must not contain leading zeroes ${shown}`);
  if (text === '') throw new Error(`strconv.ParseUint: parsing ${shown}: invalid syntax`);
  if (text.length > 20 || BigInt(text) > largestNumber) throw new Error(`strconv.ParseUint: parsing ${shown}: value out of range`);
  return BigInt(text);
}

function hasLeadingZeros(text: string): boolean {
  return text.length > 1 && text.startsWith('0');
}

function checkPrerelease(text: string): void {
  const shown = JSON.stringify(text);
  if (text === '') throw new Error('Prerelease is empty');
  if (digits.test(text) && hasLeadingZeros(text)) throw new Error(`Numeric PreRelease version must not contain leading zeroes ${shown}`);
  if (digits.test(text)) numberOf('PreRelease', text);
  if (!identifier.test(text)) throw new Error(`Invalid character(s) found in prerelease ${shown}`);
}

function checkBuild(text: string): void {
  if (text === '') throw new Error('Build meta data is empty');
  if (!identifier.test(text)) throw new Error(`Invalid character(s) found in build meta data ${JSON.stringify(text)}`);
}

function read(text: string, normal: boolean): CelSemver | Failure {
  try {
    return parse(normal ? normalize(text) : text);
  } catch (error) {
    return new Failure(error instanceof Error ? error.message : String(error));
  }
}

function compare(a: CelSemver, b: CelSemver): number {
  for (const [index, number] of a.numbers.entries()) {
    const other = b.numbers[index] ?? 0n;
    if (number !== other) return number < other ? -1 : 1;
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0) return Math.sign(b.prerelease.length - a.prerelease.length);
  for (let index = 0; ; index++) {
    const [left, right] = [a.prerelease[index], b.prerelease[index]];
    if (left === undefined || right === undefined) return left === right ? 0 : left === undefined ? -1 : 1;
    const order = compareIdentifiers(left, right);
    if (order !== 0) return order;
  }
}

function compareIdentifiers(a: string, b: string): number {
  const [numberA, numberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (numberA && numberB) return BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0;
  if (numberA !== numberB) return numberA ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

const semver = opaque(semverType, CelSemver);
const scans = { cost: scanning };
const nominal = { cost: () => 1 };
const number = (index: number) => (version: CelSemver) => version.numbers[index] ?? 0n;

/** `k8s.io/apiserver/pkg/cel/library` semver. */
export const semvers: readonly FunctionForm[] = [
  fn('semver', [string], semver, (text) => read(text, false), scans),
  fn('semver', [string, bool], semver, read, scans),
  fn('isSemver', [string], bool, (text) => read(text, false) instanceof CelSemver, scans),
  fn('isSemver', [string, bool], bool, (text, normal) => read(text, normal) instanceof CelSemver, scans),
  method('major', [semver], int, number(0), nominal),
  method('minor', [semver], int, number(1), nominal),
  method('patch', [semver], int, number(2), nominal),
  method('compareTo', [semver, semver], int, (a, b) => BigInt(compare(a, b)), nominal),
  method('isLessThan', [semver, semver], bool, (a, b) => compare(a, b) < 0, nominal),
  method('isGreaterThan', [semver, semver], bool, (a, b) => compare(a, b) > 0, nominal),
];
