import { expect, test } from 'vitest';
import { estimateCost } from '../../../runtime/api/cel/estimate/cost.ts';
import type { JsonSchema } from '../../../runtime/api/custom-resources/json-schema.ts';
import { compileRulesOf } from '../../../runtime/api/custom-resources/rules.ts';

function estimateOf(rule: string): number | string {
  const number: JsonSchema = { type: 'integer' };
  const numbers: JsonSchema = { type: 'array', maxItems: 100, items: number };
  const schema = {
    type: 'object',
    properties: {
      numbers,
      lists: { type: 'array', maxItems: 10, items: numbers },
      texts: { type: 'array', maxItems: 100, items: { type: 'string', maxLength: 10 } },
      name: { type: 'string' },
    },
    'x-kubernetes-validations': [{ rule }],
  } as JsonSchema;
  const compiled = compileRulesOf(schema, true).rules[0];
  if (compiled?.expression === undefined) return compiled?.error ?? 'nothing';
  return estimateCost(compiled.expression.checked, schema);
}

// Each rule also pays for its fields, comparisons and calls, a few units.
test.each<[string, number]>([
  ['lists.range(500).size() == 1', 500],
  ['self.numbers.reverse().size() == 1', 100],
  ['self.numbers.slice(10, 60).size() == 1', 50],
  ['self.numbers.slice(10, self.numbers[0]).size() == 1', 90],
  ['self.lists.flatten().size() == 1', 10],
  ['self.lists.flatten(20).size() == 1', 200],
  ['self.numbers.distinct().size() == 1', 20_000],
  ['self.numbers.sort().size() == 1', 20_000],
  ['self.texts.sort().size() == 1', 21_000],
  ['sets.contains(self.numbers, self.numbers)', 10_000],
  ['sets.intersects(self.numbers, self.numbers)', 10_000],
  ['sets.equivalent(self.numbers, self.numbers)', 20_000],
  ['self.numbers.all(n, lists.range(1000).size() > n)', 100_000],
  ["self.?name.orValue('') == 'web'", 0],
  ["self.?name.or(optional.of('a')).hasValue()", 0],
  ['self.?numbers.optMap(n, n.sum()).orValue(0) == 1', 100],
  ['self.?numbers.optMap(n, n.distinct().size()).orValue(0) == 1', 20_000],
  ['self.?numbers.optFlatMap(n, n.first()).orValue(0) == 1', 0],
  ['self.numbers.existsOne(n, n == 1)', 300],
  // Items of what has no path are taken for the schema's own value, an object, which has no size.
  ["(has(self.texts) ? self.texts : []).exists(t, t.contains('/'))", 500],
  ["[self.name, 'a'].all(n, n.contains('/'))", 0],
  ["(has(self.texts) ? self.texts : ['a'])[0].contains('/')", 0],
  ["(has(self.name) ? self : self).name.contains('/')", 0],
])('%s costs about %d', (rule, cost) => {
  const estimated = estimateOf(rule);
  expect(estimated).toBeGreaterThanOrEqual(cost);
  expect(estimated).toBeLessThan(cost * 1.2 + 50);
});

test.each(['lists.range(self.numbers[0]).size() == 1', 'self.numbers.flatten(self.numbers[0]).size() == 1'])(
  '%s may cost any amount',
  (rule) => {
    expect(estimateOf(rule)).toBeGreaterThanOrEqual(2 ** 64);
  },
);

test('what may cost any amount many times is still a number', () => {
  const nested = 'lists.range(self.numbers[0])'.concat(
    '.distinct()'.repeat(20),
    '.all(a, lists.range(a).all(b, lists.range(b).size() > 0))',
  );
  expect(estimateOf(nested)).toBe(2 ** 64);
});
