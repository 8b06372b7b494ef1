import { expect, test } from 'vitest';
import { parseJson } from '../../runtime/api/parse-json.ts';

const last = 2 ** 63 - 1024;

test.each<[string, unknown]>([
  ['9223372036854775807', last],
  ['[9223372036854775296,9223372036854775000]', [last, last]],
  ['9223372036854775808', 2 ** 63],
  ['-9223372036854775807', -(2 ** 63)],
  ['[9223372036854775807.0, 92233720368547758070, 9223372036854775807e1]', [2 ** 63, 10 * 2 ** 63, 10 * 2 ** 63]],
  ['{"9223372036854775807":"a\\"9223372036854775807"}', { '9223372036854775807': 'a"9223372036854775807' }],
])('%s', (text, value) => {
  expect(parseJson(text)).toEqual(value);
});

test('long texts beside such an integer are read', () => {
  const long = 'a\\n'.repeat(1e6);
  expect(parseJson(`{"a":"${long}","b":9223372036854775807}`)).toEqual({ a: 'a\n'.repeat(1e6), b: last });
});

test('what is no JSON is refused', () => {
  expect(() => parseJson('{"a":9223372036854775807')).toThrow(SyntaxError);
});
