import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  difference,
  type FieldsV1,
  intersection,
  isEmptySet,
  onlyBelow,
  pathsOf,
  sorted,
  union,
} from '../../../runtime/api/apply/fields-v1.ts';
import { freeze } from './freeze.ts';

describe('sets of fields', () => {
  const element = fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'v:"y"');
  const path = fc.array(element, { minLength: 1, maxLength: 3 });
  const setOf = (paths: readonly string[][]): FieldsV1 =>
    paths.map((one) => one.reduceRight<FieldsV1>((node, key) => ({ [key]: node }), {})).reduce(union, {});
  const texts = (set: FieldsV1) => new Set(pathsOf(set).map((one) => one.join('/')));

  it('behave like sets of paths', () => {
    fc.assert(
      fc.property(fc.array(path), fc.array(path), (left, right) => {
        const [a, b] = [freeze(setOf(left)), freeze(setOf(right))];
        const [inA, inB] = [texts(a), texts(b)];
        expect(inA).toEqual(new Set(left.map((one) => one.join('/'))));
        expect(texts(union(a, b))).toEqual(new Set([...inA, ...inB]));
        expect(texts(intersection(a, b))).toEqual(new Set([...inA].filter((one) => inB.has(one))));
        expect(texts(difference(a, b))).toEqual(new Set([...inA].filter((one) => !inB.has(one))));
        expect(isEmptySet(difference(a, a))).toBe(true);
        expect(difference(a, {})).toBe(a);
        expect(texts(sorted(a))).toEqual(inA);
      }),
    );
  });

  it('are cut down to what is below some paths', () => {
    const step = fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', '*');
    const isBelow = (one: readonly string[], pattern: readonly string[]) =>
      pattern.length <= one.length && pattern.every((wanted, index) => wanted === '*' || wanted === one[index]);
    fc.assert(
      fc.property(fc.array(path), fc.array(fc.array(step, { minLength: 1, maxLength: 3 })), (paths, patterns) => {
        const kept = paths.filter((one) => patterns.some((pattern) => isBelow(one, pattern)));
        expect(texts(onlyBelow(freeze(setOf(paths)), patterns))).toEqual(texts(setOf(kept)));
      }),
    );
  });
});
