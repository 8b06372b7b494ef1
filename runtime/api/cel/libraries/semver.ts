import { type CelType, structType } from '../check/types.ts';
import { Failure, Opaque, type Value } from '../evaluate/values.ts';
import { scanning } from './costs.ts';
import { bool, type FunctionForm, fn, int, method, opaque, string } from './form.ts';

const pattern =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

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

function parse(text: string): CelSemver | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, major = '', minor = '', patch = '', prerelease] = match;
  return new CelSemver([BigInt(major), BigInt(minor), BigInt(patch)], prerelease?.split('.') ?? []);
}

/** `v1.2` becomes `1.2.0`, as upstream's normalization makes it. */
function normalize(text: string): string {
  const [, numbers = '', rest = ''] = /^v?([\d.]*)(.*)$/s.exec(text) ?? [];
  const parts = numbers.split('.').map((part) => part.replace(/^0+(?=\d)/, ''));
  while (parts.length < 3) parts.push('0');
  return parts.join('.') + rest;
}

function read(text: string): Value {
  return parse(text) ?? new Failure(`semver parse error during conversion from string: ${JSON.stringify(text)} is no semantic version`);
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
  if (numberA && numberB) return Math.sign(Number(a) - Number(b));
  if (numberA !== numberB) return numberA ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

const semver = opaque(semverType, CelSemver);
const scans = { cost: scanning };
const nominal = { cost: () => 1 };
const lenient = (text: string, normal: boolean) => (normal ? normalize(text) : text);
const number = (index: number) => (version: CelSemver) => version.numbers[index] ?? 0n;

/** `k8s.io/apiserver/pkg/cel/library` semver. */
export const semvers: readonly FunctionForm[] = [
  fn('semver', [string], semver, read, scans),
  fn('semver', [string, bool], semver, (text, normal) => read(lenient(text, normal)), scans),
  fn('isSemver', [string], bool, (text) => parse(text) !== undefined, scans),
  fn('isSemver', [string, bool], bool, (text, normal) => parse(lenient(text, normal)) !== undefined, scans),
  method('major', [semver], int, number(0), nominal),
  method('minor', [semver], int, number(1), nominal),
  method('patch', [semver], int, number(2), nominal),
  method('compareTo', [semver, semver], int, (a, b) => BigInt(compare(a, b)), nominal),
  method('isLessThan', [semver, semver], bool, (a, b) => compare(a, b) < 0, nominal),
  method('isGreaterThan', [semver, semver], bool, (a, b) => compare(a, b) > 0, nominal),
];
