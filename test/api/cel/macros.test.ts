import { expect, test } from 'vitest';
import { dynType } from '../../../runtime/api/cel/check/index.ts';
import { createCelEnvironment } from '../../../runtime/api/cel/environment.ts';
import { CompileError, compileExpression } from '../../../runtime/api/cel/expression.ts';

/** Nothing is known of the types of `x` beforehand. */
function outcomeOf(source: string, x: unknown) {
  const environment = createCelEnvironment().registerVariable('x', 'dyn');
  return compileExpression(environment, { variables: new Map([['x', dynType]]) }, source).attempt({ x });
}

test.each([
  'optional.of(1).optMap(v, v + 1) == optional.of(2)',
  'optional.of(1).optMap(v, v + 1).value() == 2',
  '!optional.none().optMap(v, v).hasValue()',
  'optional.of(3).optFlatMap(v, v > 2 ? optional.of(v) : optional.none()).value() == 3',
  '!optional.of(1).optFlatMap(v, v > 2 ? optional.of(v) : optional.none()).hasValue()',
  '!optional.none().optFlatMap(v, optional.of(v)).hasValue()',
  'x.?name.optMap(n, n.size()).orValue(0) == 3 && x.?other.optMap(n, n.size()).orValue(7) == 7',
  'x.?list.optFlatMap(l, l[?1]).orValue("none") == "b" && !x.?list.optFlatMap(l, l[?2]).hasValue()',
  'optional.of(1).optMap(v, optional.of(2).optMap(w, v + w).value() + v).value() == 4',
  'x.list.map(i, optional.of(i).optMap(v, v + "!").value()) == ["a!", "b!"]',
  'optional.of(2).optMap(v, x.list.map(i, i + string(v))).value() == ["a2", "b2"]',
  'optional.of(1).optMap(x, x + 1).value() == 2 && x.name == "abc"',
  'x.list.existsOne(i, i == "a") && !x.list.existsOne(i, i != "") && !x.list.existsOne(i, i == "c")',
  '{"a": 1, "b": 2}.existsOne(k, k == "a")',
])('%s', (source) => {
  expect(outcomeOf(source, { name: 'abc', list: ['a', 'b'] })).toMatchObject({ value: true });
});

test.each<[string, unknown, string]>([
  ['optional.of(x).optMap(v, 1 / v).hasValue()', 0n, 'division by zero'],
  ['optional.of(x).optMap(v, lists.range(v)).hasValue()', 2_000_000n, 'operation cancelled: actual cost limit exceeded'],
  ['x.existsOne(i, 1 / i == 1)', [0n], 'division by zero'],
])('%s fails: %#', (source, x, error) => {
  expect(outcomeOf(source, x)).toMatchObject({ error });
});

test('a macro of two variables is not evaluated', () => {
  expect(() => outcomeOf('[1].existsOne(i, v, i == v)', null)).toThrow(CompileError);
});
