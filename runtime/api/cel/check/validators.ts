import { compileExpression } from '../../custom-resources/regular-expressions.ts';
import { parseDuration } from '../../duration.ts';
import { type Clause, clauseErrors, clauseTypes, fillClauses } from '../format-clauses.ts';
import type { Issue, Issues } from './issues.ts';
import { type Element, type Entry, occurrences, partsOf, type Syntax } from './syntax.ts';
import { type CelType, formatType, sameType, unwrapped } from './types.ts';

type TypeOf = (syntax: Syntax) => CelType;

/** Upstream looks at the first argument, be the function called on a text or not. */
const literalArguments: Readonly<Record<string, (text: string) => boolean>> = {
  duration: succeeds(parseDuration),
  timestamp: isTimestamp,
  matches: succeeds(compileExpression),
};

/**
 * What is wrong with an expression whose types are right: literals that can never be durations, times, regular expressions or templates for their values,
 * and lists and maps of several types. After the validators of cel-go that upstream's base environment has.
 */
export function validateLiterals(root: Syntax, typeOf: TypeOf, issues: Issues): void {
  const all = occurrences(root);
  const validate = (rule: (syntax: Syntax) => void) => {
    for (const [syntax, times] of all) {
      const from = issues.mark();
      rule(syntax);
      issues.repeat(from, issues.mark(), times - 1);
    }
  };
  for (const name of Object.keys(literalArguments)) validate((syntax) => validateArgument(name, syntax, issues));
  validate((syntax) => validateFormat(syntax, typeOf, issues));
  const formatted = formattedParts(all);
  validate((part) => {
    if (part.kind === 'list' && !formatted.has(part)) validateElements(part.elements, typeOf, issues);
  });
  validate((part) => {
    if (part.kind === 'map' && !formatted.has(part)) validateEntries(part.entries, typeOf, issues);
  });
}

/** The clauses of a template that is written there must fit the values. */
function validateFormat(syntax: Syntax, typeOf: TypeOf, issues: Issues): void {
  if (syntax.kind !== 'call' || syntax.name !== 'format' || syntax.target?.kind !== 'literal' || syntax.target.type !== 'string') return;
  const [list] = syntax.args;
  if (list?.kind !== 'list') return;
  const { elements } = list;
  let at = syntax.at;
  try {
    const { used } = fillClauses(syntax.target.value, elements.length, (index, { verb }) => {
      const value = elements[index]?.value;
      const wrong = value === undefined ? undefined : misfit(value, verb, typeOf);
      if (wrong === undefined) return '';
      at = wrong.at;
      throw new Error(`error during formatting: ${clauseErrors[verb]}, was given ${typeOf(wrong).name}`);
    });
    if (elements.length <= used) return;
    issues.push({ message: `too many arguments supplied to string.format (expected ${used}, got ${elements.length})`, at });
  } catch (error) {
    issues.push({ message: error instanceof Error ? error.message : String(error), at });
  }
}

/** The value, or the one within it, that a clause cannot be used on. */
function misfit(value: Syntax, verb: Clause['verb'], typeOf: TypeOf): Syntax | undefined {
  const { kind, name } = typeOf(value);
  if (kind === 'dyn') return undefined;
  if (verb !== 's') return clauseTypes[verb].includes(name) ? undefined : value;
  if (kind === 'struct' || kind === 'opaque' || kind === 'any' || kind === 'parameter') return value;
  if (value.kind !== 'list' && value.kind !== 'map') return undefined;
  for (const part of partsOf(value)) {
    const wrong = misfit(part, verb, typeOf);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function validateArgument(name: string, syntax: Syntax, issues: Issues): void {
  if (syntax.kind !== 'call' || syntax.name !== name) return;
  const [literal] = syntax.args;
  if (literal?.kind !== 'literal' || literal.type !== 'string' || literalArguments[name]?.(literal.value) !== false) return;
  issues.push({ message: `invalid ${name} argument`, at: literal.at });
}

function validateElements(elements: readonly Element[], typeOf: TypeOf, issues: Issues): void {
  const [first] = elements;
  if (first === undefined) return;
  const type = typeOfItem(first, typeOf);
  const other = elements.find((each) => !sameType(type, typeOfItem(each, typeOf), true));
  if (other !== undefined) issues.push(mismatch(type, typeOfItem(other, typeOf), other.value.at));
}

function validateEntries(entries: readonly Entry[], typeOf: TypeOf, issues: Issues): void {
  const [first, ...rest] = entries;
  if (first === undefined) return;
  const key = typeOf(first.key);
  const value = typeOfItem(first, typeOf);
  for (const entry of rest) {
    if (!sameType(key, typeOf(entry.key), true)) issues.push(mismatch(key, typeOf(entry.key), entry.key.at));
    if (!sameType(value, typeOfItem(entry, typeOf), true)) issues.push(mismatch(value, typeOfItem(entry, typeOf), entry.value.at));
  }
}

function typeOfItem({ value, optional }: { readonly value: Syntax; readonly optional: boolean }, typeOf: TypeOf): CelType {
  return optional ? unwrapped(typeOf(value)) : typeOf(value);
}

function mismatch(expected: CelType, found: CelType, at: number): Issue {
  return { message: `expected type '${formatType(expected)}' but found '${formatType(found)}'`, at };
}

/** What is formatted may be of any types. */
function formattedParts(all: ReadonlyMap<Syntax, number>): ReadonlySet<Syntax> {
  const formatted = new Set<Syntax>();
  for (const syntax of all.keys()) {
    if (formatted.has(syntax) || (syntax.kind === 'call' && syntax.name === 'format'))
      for (const part of [syntax, ...partsOf(syntax)]) formatted.add(part);
  }
  return formatted;
}

function succeeds(parse: (text: string) => unknown): (text: string) => boolean {
  return (text) => {
    try {
      parse(text);
      return true;
    } catch {
      return false;
    }
  };
}

/** RFC 3339 as Go reads it. */
function isTimestamp(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,]\d+)?(?:Z|[+-]([01]\d|2[0-4]):[0-5]\d)$/.exec(text);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1, 4).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year ?? 0, (month ?? 1) - 1, day ?? 1);
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day && (year ?? 0) > 0;
}
