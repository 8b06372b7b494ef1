import { expect, test } from 'vitest';
import { Checker } from '../../../runtime/api/cel/check/checker.ts';
import { checkCel, dynType, formatType, typeText } from '../../../runtime/api/cel/check/index.ts';
import { Issues } from '../../../runtime/api/cel/check/issues.ts';
import { parseSyntax } from '../../../runtime/api/cel/check/parser.ts';
import { compileExpression } from '../../../runtime/api/cel/expression.ts';

const declarations = { variables: new Map([['x', dynType]]) };

/** How many parts of types a checker looks at, and what it makes of an expression without faults. */
function judged(source: string): { readonly steps: number; readonly type: string } {
  const issues = new Issues();
  const syntax = parseSyntax(source, issues, new Set());
  const checker = new Checker(declarations, issues);
  checker.check(syntax);
  const type = formatType(checker.typeOf(syntax));
  expect(issues.kept).toEqual([]);
  expect(checkCel(source, declarations).error).toBeUndefined();
  return { steps: checker.steps, type };
}

function repeated(part: string, count: number, sign: string): string {
  return Array<string>(count).fill(part).join(sign);
}

/** Loops within each other, in which the type of a variable has that of the one around it twice. */
function nestedLoops(count: number, innermost: string, name = 'a'): string {
  let source = innermost;
  for (let index = count; index > 0; index--) source = `[{${name}${index - 1}:${name}${index - 1}}].all(${name}${index}, ${source})`;
  return `[1].all(${name}0, ${source})`;
}

/** A map with maps for its keys and values, as deep as said, and 2^depth items. */
function nestedMaps(depth: number, item: string): string {
  return depth === 0 ? item : `{${nestedMaps(depth - 1, item)}:${nestedMaps(depth - 1, item)}}`;
}

function optMaps(count: number): string {
  return `optional.of(1)${'.optMap(x, x)'.repeat(count)}`;
}

const families: readonly (readonly [string, (size: number) => string, string])[] = [
  ['optMap', optMaps, 'optional_type(int)'],
  ['optFlatMap', (size) => `optional.of(1)${'.optFlatMap(x, optional.of(x))'.repeat(size)}`, 'optional_type(int)'],
  ['loops over maps of maps', (size) => nestedLoops(size, `a${size} == a${size}`), 'bool'],
  [
    'types that are alike, and made twice',
    (size) => nestedLoops(size, nestedLoops(size, `a${size} == b${size} && [a${size}, b${size}] == [b${size}]`, 'b')),
    'bool',
  ],
  ['terms', (size) => repeated('1 == 1', size * 100, ' && '), 'bool'],
  ['type parameters that stand for each other', (size) => `[[[]]].all(y, ${repeated('y == []', size * 50, ' && ')})`, 'bool'],
  ['items', (size) => `[${repeated('[]', size * 100, ', ')}]`, 'list(list(dyn))'],
];

test.each(families)('twice as much to check is twice the work, not its square or double for each step: %s', (_name, source, type) => {
  const half = judged(source(50));
  const whole = judged(source(100));
  expect(whole.type).toBe(type);
  expect(whole.steps).toBeGreaterThan(half.steps);
  expect(whole.steps / half.steps).toBeLessThan(2.1);
  expect(whole.steps).toBeLessThan(100_000);
});

test('what is wrong with the target of optMap is as wrong in the copy that upstream makes of it', () => {
  const { error = '' } = checkCel('optional.of(y).optMap(z, z).optMap(z, z)', declarations);
  expect(error.match(/undeclared reference to 'y'/g)).toHaveLength(4);
  const list = checkCel("optional.of([1, 'a']).optMap(z, z)", declarations);
  expect(list.error?.match(/expected type 'int' but found 'string'/g)).toHaveLength(2);
});

test('of more issues than are shown the others are counted', () => {
  const { error = '' } = checkCel(`optional.of(y)${'.optMap(z, z)'.repeat(10)}`, declarations);
  expect(error.match(/undeclared reference to 'y'/g)).toHaveLength(100);
  expect(error.split('\n').at(-1)).toBe(`${2 ** 10 - 100} more errors were truncated`);
  const list = checkCel(`optional.of([1, 'a'])${'.optMap(z, z)'.repeat(10)}`, declarations);
  expect(list.error?.split('\n').at(-1)).toBe(`${2 ** 10 - 100} more errors were truncated`);
});

test('a type that would fill all memory when written out ends with dots', () => {
  const { error = '' } = checkCel(nestedLoops(60, 'a60 + 1'), declarations);
  const [, shown = ''] = /applied to '\((.*), int\)'/.exec(error) ?? [];
  expect(shown).toMatch(/^(map\(){60}int, int\), map\(int, int\)\), map\(.*\.\.\.$/);
  expect(shown).toHaveLength(2003);
  expect(typeText(checkCel(nestedMaps(10, '1'), declarations).type)).toHaveLength(2003);
});

test.each(['1', '[]'])('an expression that is made to be hard is refused: maps of %s', (item) => {
  const map = nestedMaps(11, item);
  const { error } = checkCel(`[${map}].all(a, [${map}].all(b, ${repeated('a == b', 3000, ' && ')}))`, declarations);
  expect(error).toBe('ERROR: <input>:-1:0: expression type check limit exceeded: 5000000');
});

test('what checks can be evaluated: loops within each other, and thousands of operators in a row', () => {
  const evaluate = (source: string) => compileExpression(source, declarations).attempt({});
  expect(evaluate(nestedLoops(60, 'true'))).toMatchObject({ value: true });
  expect(evaluate(repeated('true', 9000, '&&'))).toMatchObject({ value: true, exceeded: false, cost: 0 });
  expect(evaluate(`${repeated('1 / 0 > 1', 2000, ' || ')} || true`)).toMatchObject({ value: true });
  expect(evaluate(repeated('1', 200, ' + '))).toMatchObject({ value: 200n });
});
