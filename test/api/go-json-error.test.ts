import { expect, test } from 'vitest';
import { goJsonError } from '../../runtime/api/go-json-error.ts';

const deepest = 10_000;

test('what comes first in the text is told: the bracket too many, or what is wrong before it', () => {
  const [list, map] = ['['.repeat(deepest), '{"a":'.repeat(deepest)];
  expect(goJsonError(`${list}[`)).toBe("invalid character '[' exceeded max depth");
  expect(goJsonError(`${map}{`)).toBe("invalid character '{' exceeded max depth");
  expect(goJsonError(`${list}x[`)).toBe("invalid character 'x' looking for beginning of value");
  expect(goJsonError(`[1 2,${list}`)).toBe("invalid character '2' after array element");
  // Where no value may stand, a bracket is wrong before it is too deep.
  expect(goJsonError(`${list}1[`)).toBe("invalid character '[' after array element");
});

test('the deepest that is allowed is read to its end', () => {
  expect(goJsonError('['.repeat(deepest))).toBe('unexpected end of JSON input');
  expect(goJsonError(`${'['.repeat(deepest)}${']'.repeat(deepest)}`)).toBeUndefined();
  expect(goJsonError(`${'{"a":'.repeat(deepest)}1${'}'.repeat(deepest)}}`)).toBe("invalid character '}' after top-level value");
});
