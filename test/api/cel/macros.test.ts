import { expect, test } from 'vitest';
import { dynType } from '../../../runtime/api/cel/check/index.ts';
import { compileExpression } from '../../../runtime/api/cel/expression.ts';

/** Nothing is known of the types of `x` beforehand. */
function outcomeOf(source: string, x: unknown) {
  return compileExpression(source, { variables: new Map([['x', dynType]]) }).attempt({ x });
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
  '[1, 2].all(i, v, v == i + 1) && {"a": 1}.all(k, v, k == "a" && v == 1) && ![1].all(i, v, i > 0)',
  '[7].exists(i, v, i == 0 && v == 7) && !{"a": 1}.exists(k, v, v == 2) && [5, 5].existsOne(i, v, i == 1)',
  '[1, 2, 3].transformList(i, v, v * i) == [0, 2, 6] && [1, 2, 3].transformList(i, v, i > 0, v) == [2, 3]',
  '{"a": 1, "b": 2}.transformList(k, v, k + string(v)).sort() == ["a1", "b2"]',
  '{"a": 1, "b": 2}.transformMap(k, v, v + 1) == {"a": 2, "b": 3} && {"a": 1, "b": 2}.transformMap(k, v, v > 1, v) == {"b": 2}',
  '["x", "y"].transformMap(i, v, v) == {0: "x", 1: "y"}',
  '{"a": "x", "b": "y"}.transformMapEntry(k, v, {v: k}) == {"x": "a", "y": "b"}',
  '{"a": 1, "b": 2}.transformMapEntry(k, v, v > 1, {k: v}) == {"b": 2} && [1].transformMapEntry(i, v, {}) == {}',
  '[3, 1, 2].sortBy(e, -e) == [3, 2, 1] && ["bb", "a"].sortBy(e, e.size()) == ["a", "bb"] && x.list.sortBy(e, e) == ["a", "b"]',
  '[dyn("b"), ?x.?name, ?x.?other] == ["b", "abc"] && [?optional.none()] == [] && [?optional.of(1)] == [1]',
  '{"a": dyn(1), ?"b": x.?name, ?"c": x.?other} == {"a": dyn(1), "b": dyn("abc")} && {?"a": optional.none()} == {}',
  'x.?name.hasValue() && !x.?other.hasValue() && x.?other.?deeper == optional.none() && x.?list[0] == optional.of("a")',
  'x.list[?0] == optional.of("a") && x.list[?7] == optional.none() && x[?"name"].value() == "abc" && {1: 2}[?3] == optional.none()',
  'has(x.?name.size) == false && x.?list.orValue([]).size() == 2 && x.?other.or(x.?name).value() == "abc"',
])('%s', (source) => {
  expect(outcomeOf(source, { name: 'abc', list: ['a', 'b'] })).toMatchObject({ value: true });
});

test.each<[string, unknown, string]>([
  ['optional.of(x).optMap(v, 1 / v).hasValue()', 0n, 'division by zero'],
  ['optional.of(x).optMap(v, lists.range(v)).hasValue()', 2_000_000n, 'operation cancelled: actual cost limit exceeded'],
  ['x.existsOne(i, 1 / i == 1)', [0n], 'division by zero'],
  ['x.transformMapEntry(i, v, {"a": v}).size() == 1', [1n, 2n], 'insert failed: key a already exists'],
  ['x.all(i, v, v > 0)', 1n, 'unsupported comprehension range type: types.Int'],
  ['[?x].size() == 1', 1n, 'cannot initialize optional list element from non-optional value 1'],
  ['{?"a": x}.size() == 1', 1n, "cannot initialize optional entry 'a' from non-optional value 1"],
  ['x.sortBy(e, e).size() == 1', [1n, 'a'], 'list elements must have the same type'],
])('%s fails: %#', (source, x, error) => {
  expect(outcomeOf(source, x)).toMatchObject({ error });
});
