import { expect, test } from 'vitest';
import { writeConstructors } from '../../runtime/api/cel/constructors.ts';

test.each([
  ['a + 1', 'a + 1'],
  ['{"a": 1}', '{"a": 1}'],
  ['"Object{a: 1}" + \'it\\\'s {\' + r"\\"', '"Object{a: 1}" + \'it\\\'s {\' + r"\\"'],
  ['"a" in {"a": 1}', '"a" in {"a": 1}'],
  ['Object{}', '__construct_0({})'],
  ['Object . spec {a: 1, b: c ? {"x": 2} : {},}', '__construct_0({"a": 1, "b": c ? {"x": 2} : {},})'],
  ['Object{a: [Object.a{b: x.map(y, f(y, 1))}], ?c: d}', '__construct_0({"a": [__construct_1({"b": x.map(y, f(y, 1))})], "?c": d})'],
  ['JSONPatch{op: a ? "x" : "y", value: 1}', '__construct_0({"op": a ? "x" : "y", "value": 1})'],
  ['Object{ // {not: this}\n a: 1}', '__construct_0({ // {not: this}\n "a": 1})'],
])('%s is written as calls', (source, text) => {
  expect(writeConstructors(source).text).toBe(text);
});

test('every character knows where it comes from', () => {
  const source = 'Object{a: bad}';
  const { text, types, origin } = writeConstructors(source);
  expect(source.slice(origin(text.indexOf('bad')))).toBe('bad}');
  expect(types).toEqual([{ name: 'Object', at: 6 }]);
  expect(origin(text.length)).toBe(source.length);
});
