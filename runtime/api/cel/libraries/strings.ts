import { CostExceeded, type Meter } from '../evaluate/meter.ts';
import {
  costSize,
  characters as countCharacters,
  Failure,
  type List,
  shownValue,
  surrogate,
  type Value,
  ValueList,
} from '../evaluate/values.ts';
import { fillClauses } from '../format-clauses.ts';
import { matching, rewriting, scan, scanning, walking } from './costs.ts';
import { dyn, type FunctionForm, fn, int, list, method, string } from './form.ts';
import { formatted } from './formatting.ts';
import { expressionFor } from './patterns.ts';

const scans = { cost: scanning };
const rewrites = { cost: rewriting };
const walks = { cost: walking };
const searches = { cost: matching };
const joins = { resultCost: (text: Value) => scan(costSize(text) * 2) };

/** What Go takes for space, which is not what this platform does. */
const space = String.raw`[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+`;
const spaceAround = new RegExp(`^${space}|${space}$`, 'g');

/** cel-go's extended texts, whose places are counted in characters, and upstream's `find` and `findAll`, through an engine that needs linear time. */
export const strings: readonly FunctionForm[] = [
  fn('strings.quote', [string], string, quote, { knownCost: scanning }),
  method('charAt', [string, int], string, charAt),
  method('indexOf', [string, string], int, (text, part, meter) => indexOf(text, part, 0n, meter), walks),
  method('indexOf', [string, string, int], int, indexOf, walks),
  method('lastIndexOf', [string, string], int, (text, part, meter) => lastIndexOf(text, part, undefined, meter), walks),
  method('lastIndexOf', [string, string, int], int, lastIndexOf, walks),
  method('lowerAscii', [string], string, (text) => text.replace(/[A-Z]+/g, (part) => part.toLowerCase()), scans),
  method('upperAscii', [string], string, (text) => text.replace(/[a-z]+/g, (part) => part.toUpperCase()), scans),
  method('trim', [string], string, (text) => text.replace(spaceAround, ''), scans),
  method('substring', [string, int], string, (text, start) => substring(text, start, undefined), scans),
  method('substring', [string, int, int], string, substring, scans),
  method('replace', [string, string, string], string, (text, from, to, meter) => replace(text, from, to, -1n, meter), rewrites),
  method('replace', [string, string, string, int], string, replace, rewrites),
  method('split', [string, string], list(string), (text, separator, meter) => split(text, separator, -1n, meter), rewrites),
  method('split', [string, string, int], list(string), split, rewrites),
  method('join', [list(string)], string, (parts, meter) => join(parts, '', meter), joins),
  method('join', [list(string), string], string, join, joins),
  method('format', [string, list(dyn)], string, format, { knownCost: scanning }),
  method('find', [string, string], string, (text, pattern, meter) => found(text, pattern, 1, meter, ([first = '']) => first), searches),
  method(
    'findAll',
    [string, string],
    list(string),
    (text, pattern, meter) => found(text, pattern, -1, meter, (all) => new ValueList(all)),
    searches,
  ),
  method(
    'findAll',
    [string, string, int],
    list(string),
    (text, pattern, most, meter) => found(text, pattern, Number(most), meter, (all) => new ValueList(all)),
    searches,
  ),
];

function found(text: string, pattern: string, most: number, meter: Meter, made: (all: readonly string[]) => Value): Value {
  let expression: ReturnType<typeof expressionFor>;
  try {
    expression = expressionFor(pattern, text, meter);
  } catch (error) {
    if (error instanceof CostExceeded) throw error;
    return new Failure(`Illegal regex: ${error instanceof Error ? error.message : String(error)}`);
  }
  const matcher = expression.matcher(text);
  const all: string[] = [];
  let end = -1;
  while ((most < 0 || all.length < most) && matcher.find()) {
    // What is empty and stands right behind the one before does not count.
    if (matcher.end() > matcher.start() || matcher.start() !== end) all.push(matcher.group() ?? '');
    end = matcher.end();
  }
  return made(all);
}

function outOfRange(index: bigint): Failure {
  return new Failure(`index out of range: ${index}`);
}

/** Before looking for a part, which takes the time of both at worst. */
function search(text: string, part: string, meter: Meter): void {
  meter.work((text.length * part.length) / 256);
}

/** Where a character begins in how a text is stored; undefined beyond its end. */
function placeOf(text: string, index: bigint): number | undefined {
  if (index < 0n || index > BigInt(text.length)) return undefined;
  if (!surrogate.test(text)) return Number(index);
  let place = 0;
  for (let left = Number(index); left > 0; left--) {
    if (place >= text.length) return undefined;
    place += (text.codePointAt(place) ?? 0) > 0xffff ? 2 : 1;
  }
  return place;
}

function charAt(text: string, index: bigint): Value {
  const place = placeOf(text, index);
  if (place === undefined) return outOfRange(index);
  return place === text.length ? '' : String.fromCodePoint(text.codePointAt(place) ?? 0);
}

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

function quote(text: string): string {
  return `"${[...text].map((character) => escapes[character] ?? character).join('')}"`;
}

function substring(text: string, start: bigint, end: bigint | undefined): Value {
  if (end !== undefined && start > end) return new Failure(`invalid substring range. start: ${start}, end: ${end}`);
  const from = placeOf(text, start);
  if (from === undefined) return outOfRange(start);
  const to = end === undefined ? text.length : placeOf(text, end);
  return to === undefined ? outOfRange(end ?? start) : text.slice(from, to);
}

/** Where a part begins, at or after an offset; -1 when it is not there. */
function indexOf(text: string, part: string, offset: bigint, meter: Meter): Value {
  if (offset < 0n) return outOfRange(offset);
  const begin = placeOf(text, offset);
  if (part === '') return begin === undefined ? BigInt(countCharacters(text)) : offset;
  if (begin === undefined) return -1n;
  search(text, part, meter);
  return charactersBefore(text, text.indexOf(part, begin));
}

/** Where a part begins, at or before an offset, which is left out for the whole text; -1 when it is not there. */
function lastIndexOf(text: string, part: string, offset: bigint | undefined, meter: Meter): Value {
  if (offset !== undefined && offset < 0n) return outOfRange(offset);
  const begin = offset === undefined ? undefined : placeOf(text, offset);
  if (part === '') return begin === undefined ? BigInt(countCharacters(text)) : (offset ?? 0n);
  if (offset !== undefined && (begin === undefined || begin === text.length)) return -1n;
  search(text, part, meter);
  return charactersBefore(text, text.lastIndexOf(part, begin));
}

function charactersBefore(text: string, index: number): bigint {
  return index < 0 ? -1n : BigInt(countCharacters(text.slice(0, index)));
}

/** Between all characters, when the text to be replaced is empty. */
function replace(text: string, from: string, to: string, most: bigint, meter: Meter): Value {
  search(text, from, meter);
  const parts = from === '' ? ['', ...text, ''] : text.split(from);
  const count = most < 0n ? parts.length - 1 : Math.min(Number(most), parts.length - 1);
  meter.work((count * to.length) / 8);
  const rest = parts.slice(count + 1);
  const head = parts.slice(0, count + 1).join(to);
  return rest.length === 0 ? head : [head, ...rest].join(from);
}

/** The last part is the rest of the text. */
function split(text: string, separator: string, most: bigint, meter: Meter): Value {
  if (most === 0n) return new ValueList([]);
  search(text, separator, meter);
  const parts = separator === '' ? [...text] : text.split(separator);
  const count = most < 0n ? parts.length : Math.min(Number(most), parts.length);
  if (count === parts.length) return new ValueList(parts);
  return new ValueList([...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)]);
}

function join(parts: List, separator: string, meter: Meter): Value {
  const texts: string[] = [];
  for (const part of parts.items()) {
    if (typeof part !== 'string') return new Failure(`join: invalid input: ${shownValue(part)}`);
    meter.work(1 + (part.length + separator.length) / 8);
    texts.push(part);
  }
  return texts.join(separator);
}

function format(template: string, values: List, meter: Meter): Value {
  try {
    return fillClauses(template, values.size, (index, clause) => formatted(values.at(index), clause, meter)).text;
  } catch (error) {
    if (error instanceof CostExceeded || !(error instanceof Error)) throw error;
    return new Failure(error.message);
  }
}
