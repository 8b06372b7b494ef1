import { expect, test } from 'vitest';
import { dynType } from '../../../runtime/api/cel/check/index.ts';
import { Meter } from '../../../runtime/api/cel/evaluate/meter.ts';
import { compileExpression } from '../../../runtime/api/cel/expression.ts';
import { jsonOfCel, mismatchedTypes, patchType } from '../../../runtime/api/cel/mutation.ts';

function outcomeOf(source: string, x: unknown = null) {
  return compileExpression(source, { variables: new Map([['x', dynType]]), constructed: patchType }).attempt({ x });
}

const round = Array.from({ length: 100 }, (_, index) => index);
const long = 'a'.repeat(1_000_000);
const pairs = 'a👑'.repeat(300_000);
const many = Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 50_000);
const map = Object.fromEntries(many.map((number) => [`k${number}`, number]));
const texts = Array.from({ length: 20 }, () => 'b'.repeat(50_000));
const otherTexts = [...texts.slice(1), `${'b'.repeat(49_999)}c`];

/** A value with so many parts that share what is in them that written out it has 2 to the power of `depth`. */
function doubled(innermost: string, depth: number, pair: (name: string) => string): string {
  return round.slice(0, depth).reduce((inner, level) => `[${inner}].map(v${level}, ${pair(`v${level}`)})[0]`, innermost);
}

// Each of these costs little in each of ten thousand rounds, as upstream counts, and takes long.
test.each<[string, unknown]>([
  ['x.s.charAt(j) == "a"', { s: long }],
  ['x.s.size() > 1', { s: pairs }],
  ['x.a < x.b', { a: `${long}a`, b: `${long}b` }],
  ['x.a != x.b', { a: texts, b: otherTexts }],
  ['x.list.sort().size() > 1', { list: many }],
  ['x.list.slice(0, 49999).size() > 1', { list: many }],
  ['x.map.size() > 1', { map }],
  ['x.map != {}', { map }],
  ['x.map.exists(k, true)', { map }],
  ['optional.ofNonZeroValue(x.map).hasValue()', { map }],
  ['"%x".format([x.s]) != ""', { s: long }],
  ['bytes(x.s) != b""', { s: long }],
  ['x.s.matches("(\\\\pL{10}){90}$") || true', { s: 'é'.repeat(600) }],
  ['duration(x.s) < duration("1s") || true', { s: '1h'.repeat(100_000) }],
  ['timestamp(0).getHours("A" + string(j) + "x" + string(i)) == 0 || true', {}],
])('%s in each round of a loop is given up', (source, x) => {
  const outcome = outcomeOf(`x.round.all(i, x.round.all(j, ${source}))`, { round, ...Object(x) });
  expect(outcome).toMatchObject({ exceeded: true, error: 'operation cancelled: actual cost limit exceeded' });
});

// Looking for what is not there takes the product of both lengths.
test.each(['x.a.indexOf(x.b)', 'x.a.lastIndexOf(x.b)', 'x.a.split(x.b).size()', 'x.a.replace(x.b, "").size()'])(
  '%s is given up',
  (source) => {
    const half = 'a'.repeat(125_000);
    expect(outcomeOf(`${source} == 0`, { a: 'a'.repeat(500_000), b: `${half}b${half}` })).toMatchObject({ exceeded: true });
  },
);

test('values that are endless when written out are compared, told and converted in bounds', () => {
  const lists = doubled('[1]', 40, (name) => `[${name}, ${name}]`);
  const objects = doubled('Object{a: 1}', 24, (name) => `Object{a: ${name}, b: ${name}}`);
  expect(outcomeOf(`{"a": 1}[dyn(${lists})] == 1`).error).toMatch(/^no such key: \[.{999}\.\.\.$/);
  expect(outcomeOf(`${objects} == ${objects}`)).toMatchObject({ exceeded: true });
  for (const source of [lists, objects]) {
    const { value = null } = outcomeOf(source);
    expect(() => jsonOfCel(value)).toThrow('operation cancelled: actual cost limit exceeded');
  }
  expect(() => mismatchedTypes(outcomeOf(objects).value)).toThrow('operation cancelled: actual cost limit exceeded');
});

test('patterns that repeat much are paid for by what they come to', () => {
  expect(outcomeOf('x.matches("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")', 'a'.repeat(63))).toMatchObject({ value: true });
  const outcome = outcomeOf('x.all(i, "a".matches("a{1000}a{1000}a{1000}" + string(i)) || true)', round.concat(round, round));
  expect(outcome).toMatchObject({ exceeded: true });
});

test('what an evaluation does is told beside its cost', () => {
  const { cost, work } = outcomeOf('x.size() > 1', long);
  expect({ cost, works: work > 10_000 }).toEqual({ cost: 3, works: true });
  expect(() => new Meter().work(2_000_001)).toThrow('operation cancelled: actual cost limit exceeded');
});
