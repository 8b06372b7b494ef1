import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distance, nearest } from '../../server/schemas/distance.ts';

test.each([
  ['image', 'image', 0],
  ['imgae', 'image', 1],
  ['imag', 'image', 1],
  ['images', 'image', 1],
  ['omage', 'image', 1],
  ['containers', 'initContainers', 5],
  ['', 'abc', 3],
])('from %s to %s', (left, right, letters) => {
  expect(distance(left, right)).toBe(letters);
});

test('a limit changes nothing below it, and what is beyond it stays beyond', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
  fc.assert(
    fc.property(word, word, fc.nat(5), (left, right, limit) => {
      const whole = distance(left, right);
      const limited = distance(left, right, limit);
      expect(whole <= limit ? limited === whole : limited > limit).toBe(true);
    }),
  );
});

test('the nearest word, and none that is far', () => {
  expect(nearest('contianers', ['containers', 'initContainers', 'volumes'])).toBe('containers');
  expect(nearest('Image', ['images', 'image'])).toBe('image');
  expect(nearest('metadata', ['spec', 'status'])).toBeUndefined();
});
