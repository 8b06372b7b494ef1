import type { Environment } from '@marcbachmann/cel-js';

const pattern =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

/** A semantic version. */
class CelSemver {
  readonly numbers: readonly bigint[];
  readonly prerelease: readonly string[];
  constructor(numbers: readonly bigint[], prerelease: readonly string[]) {
    this.numbers = numbers;
    this.prerelease = prerelease;
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

function semver(text: string): CelSemver {
  const version = parse(text);
  if (version === undefined)
    throw new Error(`semver parse error during conversion from string: ${JSON.stringify(text)} is no semantic version`);
  return version;
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

/** `k8s.io/apiserver/pkg/cel/library` semver. */
export function registerSemver(environment: Environment): void {
  const sync = { async: false };
  const type = 'kubernetes.Semver';
  const number = (index: number) => (version: CelSemver) => version.numbers[index] ?? 0n;
  environment
    .registerType(type, CelSemver)
    .registerOperator(`${type} == ${type}`, (a: CelSemver, b: CelSemver) => compare(a, b) === 0)
    .registerFunction(`semver(string): ${type}`, semver, sync)
    .registerFunction(`semver(string, bool): ${type}`, (text: string, lenient: boolean) => semver(lenient ? normalize(text) : text), sync)
    .registerFunction('isSemver(string): bool', (text: string) => parse(text) !== undefined, sync)
    .registerFunction(
      'isSemver(string, bool): bool',
      (text: string, lenient: boolean) => parse(lenient ? normalize(text) : text) !== undefined,
      sync,
    )
    .registerFunction(`${type}.major(): int`, number(0), sync)
    .registerFunction(`${type}.minor(): int`, number(1), sync)
    .registerFunction(`${type}.patch(): int`, number(2), sync)
    .registerFunction(`${type}.compareTo(${type}): int`, (a: CelSemver, b: CelSemver) => BigInt(compare(a, b)), sync)
    .registerFunction(`${type}.isLessThan(${type}): bool`, (a: CelSemver, b: CelSemver) => compare(a, b) < 0, sync)
    .registerFunction(`${type}.isGreaterThan(${type}): bool`, (a: CelSemver, b: CelSemver) => compare(a, b) > 0, sync);
}
