import { scanJson } from './scan-json.ts';

/** The numbers of a JSON text of which `JSON.parse` does not keep how they are written, by their place. */
export type NumberSpellings = ReadonlyMap<string, string>;

/** The place of a value, by the names and indices that lead to it. */
export function placeOf(way: readonly (string | number)[]): string {
  return way.join('\0');
}

/** What may be a number with a fraction, an exponent or many digits. It may stand in a text as well, where commas and colons do, too. */
const mayBeSpelled = /(?:"\s*:|[[,])\s*-?(?:\d{16}|\d+[.eE])/;
/** JavaScript writes no number other than this as it was read. */
const isUsual = /^-?(?:0|[1-9]\d{0,14})$/;

/** How numbers are written that are not just a few digits; `undefined` when there are none. The text must be valid JSON. */
export function numberSpellings(text: string): NumberSpellings | undefined {
  if (!mayBeSpelled.test(text)) return undefined;
  const found = new Map<string, string>();
  scanJson(text, {
    onNumber(frames, literal) {
      if (!isUsual.test(literal)) found.set(placeOf(frames.map(({ step }) => step)), literal);
    },
  });
  return found.size === 0 ? undefined : found;
}

/** Whether a number is written as an integer, without fraction and exponent: Go's decoder takes no other for one. */
export function isWrittenInteger(literal: string): boolean {
  return !/[.eE]/.test(literal);
}

/** What Go's decoder says of a number that is too large for a double, where there is no type that has fields; `undefined` when none is. */
export function overflowProblem(spellings: NumberSpellings | undefined): string | undefined {
  for (const literal of spellings?.values() ?? []) {
    if (!Number.isFinite(Number(literal))) return `json: cannot unmarshal number ${literal} into Go value of type float64`;
  }
  return undefined;
}

/**
 * The integers of 64 bits that an object does not keep to the last digit, each with what becomes of it: `spec.id: 9007199254740993 is kept as
 * 9007199254740992`. What was left out of the object, and what it keeps as a text, is no loss.
 */
export function lossesOf(spellings: NumberSpellings | undefined, object: unknown): readonly string[] {
  const losses: string[] = [];
  for (const [place, literal] of spellings ?? []) {
    if (!isLarge64BitInteger(literal)) continue;
    const way = place.split('\0');
    const value = valueAt(object, way);
    if (typeof value === 'number' && String(value) !== literal) losses.push(`${way.join('.')}: ${literal} is kept as ${value}`);
  }
  return losses;
}

/** One with fewer digits is kept as it is, and one with more is none of 64 bits. */
const largeInteger = /^-?\d{16,19}$/;

function isLarge64BitInteger(literal: string): boolean {
  return largeInteger.test(literal) && BigInt.asIntN(64, BigInt(literal)) === BigInt(literal);
}

function valueAt(object: unknown, way: readonly string[]): unknown {
  let value = object;
  for (const step of way) {
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, step)) value = Reflect.get(value, step);
    else return undefined;
  }
  return value;
}
