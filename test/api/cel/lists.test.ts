import { expect, test } from 'vitest';
import { dynType, intType, listOf } from '../../../runtime/api/cel/check/index.ts';
import { perCallLimit } from '../../../runtime/api/cel/evaluate/meter.ts';
import { compileExpression } from '../../../runtime/api/cel/expression.ts';

/** Nothing is known of the types of `x` beforehand. */
function outcomeOf(source: string, x: unknown = null) {
  return compileExpression(source, { variables: new Map([['x', dynType]]) }).attempt({ x });
}

test.each([
  'lists.range(4000).map(x, lists.range(4000)).size() > 0',
  'lists.range(200000).map(x, lists.range(200000)).size() > 0',
  'lists.range(9223372036854775807).size() > 0',
  'lists.range(3000).map(x, x).distinct().size() > 0',
  'lists.range(3000).reverse().sort().size() > 0',
  'lists.range(200000).map(i, lists.range(200000).slice(0, 200000)).size() > 0',
  '[lists.range(1000)].map(r, lists.range(1000).map(i, r)).all(n, lists.range(1000).map(i, n).flatten(2).size() > 0)',
  '[[lists.range(1000).map(i, [])].map(r, lists.range(1000).map(i, r))].all(n, lists.range(1000).map(i, n).indexOf(n) > 0)',
  '[lists.range(1000).map(i, "")].all(r, [lists.range(1000).map(i, r)].all(n, "%s".format([lists.range(1000).map(i, n)]) == ""))',
  '[lists.range(2000)].all(r, r.all(i, -i in r || true))',
  '[lists.range(2000)].all(r, sets.contains(r, r))',
  'lists.range(300000).all(i, 1 / 0 > 0)',
  '[lists.range(1000)].all(r, [lists.range(1000).map(i, r)].all(n, lists.range(1000).map(i, n) == lists.range(1000).map(i, n).reverse()))',
  '[lists.range(1000)].all(r, [lists.range(1000).map(i, r)].all(n, [lists.range(1000).map(i, n), lists.range(1000).map(i, n)].distinct().size() > 0))',
  '[lists.range(2000)].exists(r, sets.equivalent(r, r)) || true',
  '[lists.range(1000)].all(r, [r + r].all(a, lists.range(10000).all(i, (a + a).size() > 0)))',
])('%s costs more than it may', (source) => {
  expect(outcomeOf(source)).toMatchObject({ error: 'operation cancelled: actual cost limit exceeded', exceeded: true });
});

// What cel-go's trackers charge for a list of 100, beside what they charge for an empty one.
test.each([
  ['x.reverse()', 100],
  ['x.distinct()', 20_000],
  ['x.sort()', 20_000],
  ['x.flatten(3)', 300],
  ['sets.contains(x, x)', 10_000],
  ['sets.intersects(x, [7, 8])', 200],
  ['sets.equivalent(x, x)', 20_000],
  ['7 in x', 100],
  ['x.sum()', 100],
  ['x.indexOf(7)', 100],
])('%s pays for what it looks at', (source, cost) => {
  const list = Array.from({ length: 100 }, (_, index) => BigInt(index));
  const { attempt } = compileExpression(source, { variables: new Map([['x', listOf(intType)]]) });
  const [dear, cheap] = [attempt({ x: list }), attempt({ x: [] })];
  expect([dear.error, cheap.error]).toEqual([undefined, undefined]);
  expect(dear.cost - cheap.cost).toBe(cost);
  expect(dear.cost).toBeLessThan(perCallLimit);
});

test.each([
  '[{"a": 1}, {"a": 1}].distinct().size() == 1',
  '[{"a": 1}, {"a": 2}, {"b": 1}, {}].distinct().size() == 4',
  '[1u, 1u].distinct().size() == 1 && [1u, 2u].distinct().size() == 2',
  '[dyn(1), dyn(1.0), dyn(1u)].distinct().size() == 1 && [dyn(1), dyn(1.5), dyn("1"), dyn(true)].distinct().size() == 4',
  '[duration("1s"), duration("1000ms")].distinct().size() == 1 && [duration("1s"), duration("1ns")].distinct().size() == 2',
  '[timestamp("2026-01-01T00:00:00Z"), timestamp("2026-01-01T01:00:00+01:00")].distinct().size() == 1',
  '[b"a", b"a"].distinct().size() == 1 && [b"a", b"b", b"ab"].distinct().size() == 3',
  '[null, null].distinct().size() == 1 && [dyn(null), dyn(0), dyn(false), dyn("")].distinct().size() == 4',
  '[[1, 2], [1, 2], [2, 1]].distinct().size() == 2',
  '[{"a": 1}].indexOf({"a": 1}) == 0 && [{"a": 1}, {"a": 1}].lastIndexOf({"a": 1}) == 1 && [{"a": 1}].indexOf({"a": 2}) == -1',
  'optional.of({"a": 1}) == optional.of({"a": 1}) && optional.of({"a": 1}) != optional.of({"a": 2})',
  'optional.of([b"a"]) == optional.of([b"a"]) && optional.of(quantity("1k")) == optional.of(quantity("1000"))',
  '[optional.of(1), optional.of(1), optional.none(), optional.none()].distinct().size() == 2',
  'sets.contains([1u], [1u]) && sets.intersects([{"a": b"x"}], [{"a": b"x"}]) && sets.equivalent([duration("1s")], [duration("1s")])',
  '!sets.contains([1u], [2u]) && !sets.intersects([{"a": 1}], [{"a": 2}])',
  '[quantity("1k"), quantity("1000")].distinct().size() == 1 && [semver("1.0.0"), semver("1.0.1")].distinct().size() == 2',
  '[ip("::1"), ip("0::1")].distinct().size() == 1 && [cidr("10.0.0.0/8")].indexOf(cidr("10.0.0.0/8")) == 0',
  '[double("NaN"), double("NaN")].distinct().size() == 2',
])('%s', (source) => {
  expect(outcomeOf(source)).toMatchObject({ value: true });
});
