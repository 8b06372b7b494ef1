/** `%.2f`: the verb and the precision of a clause. */
export interface Clause {
  readonly verb: Verb;
  readonly precision: number | undefined;
}

type Verb = 's' | 'd' | 'f' | 'e' | 'b' | 'x' | 'X' | 'o';

const verbs: ReadonlySet<string> = new Set(['s', 'd', 'f', 'e', 'b', 'x', 'X', 'o']);
/** More digits than any number has; upstream's later versions draw the same line. */
const maxPrecision = 100;

/** What cannot be formatted, and what upstream says of it. */
export const clauseErrors: Readonly<Record<Verb, string>> = {
  s: 'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
  d: 'decimal clause can only be used on integers',
  f: 'fixed-point clause can only be used on doubles',
  e: 'scientific clause can only be used on doubles',
  b: 'only integers and bools can be formatted as binary',
  x: 'only integers, byte buffers, and strings can be formatted as hex',
  X: 'only integers, byte buffers, and strings can be formatted as hex',
  o: 'octal clause can only be used on integers',
};

/** The names of the types that clauses can be used on, but for `%s`. */
export const clauseTypes: Readonly<Record<Exclude<Verb, 's'>, readonly string[]>> = {
  d: ['int', 'uint'],
  f: ['double', 'string'],
  e: ['double', 'string'],
  b: ['int', 'uint', 'bool'],
  x: ['int', 'uint', 'string', 'bytes'],
  X: ['int', 'uint', 'string', 'bytes'],
  o: ['int', 'uint'],
};

/**
 * Fills the clauses of a template with `count` values, as cel-go's `parseFormatString`. Gives the text, and how many values it has.
 *
 * @param format gives the text of the value at an index. @throws Error in upstream's words
 */
export function fillClauses(
  template: string,
  count: number,
  format: (index: number, clause: Clause) => string,
): { readonly text: string; readonly used: number } {
  let text = '';
  let used = 0;
  let at = 0;
  while (at < template.length) {
    const next = template.indexOf('%', at);
    if (next < 0) break;
    text += template.slice(at, next);
    if (template[next + 1] === '%') {
      text += '%';
      at = next + 2;
      continue;
    }
    if (next + 1 >= template.length) throw new Error('unexpected end of string');
    if (used >= count) throw new Error(`index ${used} out of range`);
    const { clause, end } = readClause(template, next + 1);
    text += format(used, clause);
    used++;
    at = end;
  }
  return { text: text + template.slice(at), used };
}

function readClause(template: string, begin: number): { readonly clause: Clause; readonly end: number } {
  let at = begin;
  let precision: number | undefined;
  if (template[at] === '.') {
    const digits = /\d*/y;
    digits.lastIndex = at + 1;
    const text = digits.exec(template)?.[0] ?? '';
    at += 1 + text.length;
    if (at >= template.length) throw precisionError('could not find end of precision specifier');
    if (text === '') throw precisionError('error while converting precision to integer: strconv.Atoi: parsing "": invalid syntax');
    precision = Number(text);
    if (precision > maxPrecision) throw precisionError(`precision ${text} exceeds maximum allowed precision ${maxPrecision}`);
  }
  const verb = String.fromCodePoint(template.codePointAt(at) ?? 0);
  if (!isVerb(verb)) throw new Error(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
  return { clause: { verb, precision }, end: at + 1 };
}

function precisionError(reason: string): Error {
  return new Error(`could not parse formatting clause: error while parsing precision: ${reason}`);
}

function isVerb(text: string): text is Verb {
  return verbs.has(text);
}
