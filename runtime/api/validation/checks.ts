import {
  cidrProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  inclusiveRangeMessage,
  ipProblems,
  pathSegmentNameProblems,
  portNameProblems,
  portNumberProblems,
  qualifiedNameProblems,
} from '../names/index.ts';
import { semanticEqual } from './equality.ts';
import { type FieldError, invalid, notSupported, required } from './field-error.ts';
import { inGo, type Shown } from './internal-types.ts';
import type { Path } from './path.ts';

/** Small checks that many kinds share. Each appends what it finds. */

export type Errors = FieldError[];

export const immutableMessage = 'field is immutable';
export const negativeMessage = 'must be greater than or equal to 0';
export const notPositiveMessage = 'must be greater than zero';

/** Reports each reason why a value breaks a rule. */
export function reportInvalid(problems: readonly string[], value: unknown, path: Path, errors: Errors): void {
  for (const problem of problems) errors.push(invalid(path, value, problem));
}

/** A number that may be absent but not negative. */
export function checkNonNegative(value: number | undefined, path: Path, errors: Errors): void {
  if (value !== undefined && value < 0) errors.push(invalid(path, value, negativeMessage));
}

/** A value that an update may not change; an object of a type of upstream's inside is shown as one. */
export function checkImmutable(value: unknown, old: unknown, path: Path, errors: Errors, type?: Shown): void {
  if (semanticEqual(value, old)) return;
  errors.push(invalid(path, type === undefined ? value : inGo(type, value), immutableMessage));
}

/** A text that an update may not change; one that is left out is empty. */
export function checkImmutableText(value: string | undefined, old: string | undefined, path: Path, errors: Errors): void {
  checkImmutable(value ?? '', old ?? '', path, errors);
}

/** A value out of a fixed list; an empty one is missing. */
export function checkOneOf(value: string | undefined, supported: readonly string[], path: Path, errors: Errors): void {
  if (value === undefined || value === '') errors.push(required(path));
  else if (!supported.includes(value)) errors.push(notSupported(path, value, supported));
}

/** A value out of a fixed list that may be absent. */
export function checkOptionalOneOf(value: string | undefined, supported: readonly string[], path: Path, errors: Errors): void {
  if (value !== undefined && !supported.includes(value)) errors.push(notSupported(path, value, supported));
}

/** A text that must not be empty. */
export function checkRequired(value: string | undefined, path: Path, errors: Errors, detail = ''): void {
  if (value === undefined || value === '') errors.push(required(path, detail));
}

/** A text that must be there and may stand in a URL's path. */
export function checkPathSegment(text: string, path: Path, errors: Errors): void {
  if (text === '') errors.push(required(path));
  else reportInvalid(pathSegmentNameProblems(text), text, path, errors);
}

export function checkDnsLabel(value: string, path: Path, errors: Errors): void {
  reportInvalid(dns1123LabelProblems(value), value, path, errors);
}

export function checkDnsSubdomain(value: string, path: Path, errors: Errors): void {
  reportInvalid(dns1123SubdomainProblems(value), value, path, errors);
}

export function checkQualifiedName(value: string, path: Path, errors: Errors): void {
  reportInvalid(qualifiedNameProblems(value), value, path, errors);
}

export function checkPortNumber(value: number, path: Path, errors: Errors): void {
  reportInvalid(portNumberProblems(value), value, path, errors);
}

/** A port's number or name. */
export function checkPort(value: string | number | undefined, path: Path, errors: Errors): void {
  if (typeof value === 'string') reportInvalid(portNameProblems(value), value, path, errors);
  else checkPortNumber(value ?? 0, path, errors);
}

export function checkIp(value: string | undefined, path: Path, errors: Errors): void {
  reportInvalid(ipProblems(value ?? ''), value ?? '', path, errors);
}

export function checkCidr(value: string | undefined, path: Path, errors: Errors): void {
  reportInvalid(cidrProblems(value ?? ''), value ?? '', path, errors);
}

const maxId = 2 ** 31 - 1;

/** A user's or group's number. */
export function checkId(value: number | undefined, path: Path, errors: Errors): void {
  if (value !== undefined && (value < 0 || value > maxId)) errors.push(invalid(path, value, inclusiveRangeMessage(0, maxId)));
}

/** Upstream walks maps in random order; by key the same object always gives the same answer. */
export function sortedEntries<T>(map: Readonly<Record<string, T>> | undefined): [string, T][] {
  if (map === undefined) return [];
  const entries = Object.entries(map);
  return entries.length < 2 ? entries : entries.sort(([left], [right]) => (left < right ? -1 : 1));
}
