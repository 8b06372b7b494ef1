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

test.each([
  ['"\\', "invalid character ' ' in string escape code"],
  ['"\\u00', "invalid character ' ' in \\u hexadecimal character escape"],
  ['[tru', "invalid character ' ' in literal true (expecting 'e')"],
  ['-', "invalid character ' ' in numeric literal"],
  ['[1.', "invalid character ' ' after decimal point in numeric literal"],
  ['1e', "invalid character ' ' in exponent of numeric literal"],
  ['"a', 'unexpected end of JSON input'],
  ['{"a"', 'unexpected end of JSON input'],
])('a text that ends within a word, a number or an escape is as if a space came there: %s', (text, why) => {
  expect(goJsonError(text)).toBe(why);
});

test.each([
  ['é', "'Ã'"],
  ['\u00a0', "'Â'"],
  ['\u4e2d', "'ä'"],
  ['\u{1f600}', "'ð'"],
  ['\ufeff', "'ï'"],
  ['\0', "'\\x00'"],
  ['\u0007', "'\\a'"],
  ['\v', "'\\v'"],
  ['\u001b', "'\\x1b'"],
  ['\u007f', "'\\x7f'"],
  ['\\', "'\\\\'"],
  ["'", "'\\''"],
  ['“', "'â'"],
])('of a character the first byte is told, as Go writes it: %j', (character, shown) => {
  expect(goJsonError(`${character}{}`)).toBe(`invalid character ${shown} looking for beginning of value`);
});
