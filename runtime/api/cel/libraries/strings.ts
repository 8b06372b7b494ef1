import type { Environment } from '@marcbachmann/cel-js';
import { compileExpression } from '../../custom-resources/regular-expressions.ts';

const sync = { async: false };

/** cel-go's extended texts, whose places are counted in characters, and `matches`, `find` and `findAll` through an engine that needs linear time. */
export function registerStrings(environment: Environment): void {
  class Strings {}
  environment
    .registerType('StringsNamespace', Strings)
    .registerConstant('strings', 'StringsNamespace', new Strings())
    .registerFunction('StringsNamespace.quote(string): string', (_strings: Strings, text: string) => quote(text), sync)
    .registerFunction(
      'string.__matches(string): bool',
      (text: string, pattern: string) => compileExpression(pattern).matcher(text).find(),
      sync,
    )
    .registerFunction(
      '__matches(string, string): bool',
      (text: string, pattern: string) => compileExpression(pattern).matcher(text).find(),
      sync,
    )
    .registerFunction('string.find(string): string', (text: string, pattern: string) => findAll(text, pattern, 1)[0] ?? '', sync)
    .registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) => findAll(text, pattern, -1), sync)
    .registerFunction(
      'string.findAll(string, int): list<string>',
      (text: string, pattern: string, most: bigint) => findAll(text, pattern, Number(most)),
      sync,
    )
    .registerFunction('string.charAt(int): string', charAt, sync)
    .registerFunction('string.__substring(int): string', (text: string, start: bigint) => substring(text, start), sync)
    .registerFunction('string.__substring(int, int): string', substring, sync)
    .registerFunction('string.__indexOf(string): int', (text: string, part: string) => indexOf(text, part, 0n), sync)
    .registerFunction('string.__indexOf(string, int): int', indexOf, sync)
    .registerFunction('string.__lastIndexOf(string): int', (text: string, part: string) => lastIndexOf(text, part), sync)
    .registerFunction('string.__lastIndexOf(string, int): int', lastIndexOf, sync)
    .registerFunction(
      'string.replace(string, string): string',
      (text: string, from: string, to: string) => text.replaceAll(from, () => to),
      sync,
    )
    .registerFunction('string.replace(string, string, int): string', replaceSome, sync);
}

function findAll(text: string, pattern: string, most: number): string[] {
  let expression: ReturnType<typeof compileExpression>;
  try {
    expression = compileExpression(pattern);
  } catch (error) {
    throw new Error(`Illegal regex: ${error instanceof Error ? error.message : String(error)}`);
  }
  const matcher = expression.matcher(text);
  const found: string[] = [];
  while ((most < 0 || found.length < most) && matcher.find()) found.push(matcher.group() ?? '');
  return found;
}

function charAt(text: string, index: bigint): string {
  const characters = [...text];
  if (index < 0n || index > BigInt(characters.length)) throw new Error(`index out of range: ${index}`);
  return characters[Number(index)] ?? '';
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

function substring(text: string, start: bigint, end?: bigint): string {
  const characters = [...text];
  if (end !== undefined && start > end) throw new Error(`invalid substring range. start: ${start}, end: ${end}`);
  for (const place of [start, end ?? start])
    if (place < 0n || place > BigInt(characters.length)) throw new Error(`index out of range: ${place}`);
  return characters.slice(Number(start), end === undefined ? undefined : Number(end)).join('');
}

/** Where a part begins, at or after an offset; -1 when it is not there. */
function indexOf(text: string, part: string, offset: bigint): bigint {
  if (offset < 0n) throw new Error(`index out of range: ${offset}`);
  const characters = [...text];
  const begin = characters.slice(0, Number(offset)).join('').length;
  if (part === '') return offset > BigInt(characters.length) ? BigInt(characters.length) : offset;
  return offset >= BigInt(characters.length) ? -1n : charactersBefore(text, text.indexOf(part, begin));
}

/** Where a part begins, at or before an offset, which is left out for the whole text; -1 when it is not there. */
function lastIndexOf(text: string, part: string, offset?: bigint): bigint {
  const characters = [...text];
  const length = BigInt(characters.length);
  if (offset !== undefined && offset < 0n) throw new Error(`index out of range: ${offset}`);
  if (part === '') return offset === undefined || offset > length ? length : offset;
  if (offset === undefined) return charactersBefore(text, text.lastIndexOf(part));
  if (offset >= length) return -1n;
  return charactersBefore(text, text.lastIndexOf(part, characters.slice(0, Number(offset)).join('').length));
}

function charactersBefore(text: string, index: number): bigint {
  return index < 0 ? -1n : BigInt([...text.slice(0, index)].length);
}

function replaceSome(text: string, from: string, to: string, most: bigint): string {
  if (most < 0n) return text.replaceAll(from, () => to);
  const parts = text.split(from);
  const count = Math.min(Number(most), parts.length - 1);
  const head = parts.slice(0, count + 1).join(to);
  const rest = parts.slice(count + 1);
  return rest.length === 0 ? head : [head, ...rest].join(from);
}
