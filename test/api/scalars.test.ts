import { describe, expect, test } from 'vitest';
import { base64Problem, canonicalBase64 } from '../../runtime/api/base64.ts';
import { formatDuration, parseDuration } from '../../runtime/api/duration.ts';
import { getScaledValue } from '../../runtime/api/int-or-string.ts';
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  quantityMilliValue,
  quantityValue,
  subtractQuantities,
} from '../../runtime/api/quantity.ts';
import { notFound } from '../../runtime/api/status.ts';
import { quote } from '../../runtime/api/validation/field-error.ts';

describe('quantities', () => {
  test.each([
    ['0', '0'],
    ['0.1', '100m'],
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['1.5', '1500m'],
    ['0.5Gi', '512Mi'],
    ['1536Mi', '1536Mi'],
    ['1024Mi', '1Gi'],
    ['0.5Ki', '512'],
    ['1000', '1k'],
    ['1e3', '1e3'],
    ['1E6', '1E6'],
    ['1.500', '1.500'],
    ['0.500', '500m'],
    ['1.024G', '1.024G'],
    ['2.000', '2'],
    ['1028Ki', '1028Ki'],
    ['0012Ki', '0012Ki'],
    ['1.5e3', '1500'],
    ['1e21', '1e21'],
    ['100e21', '100e21'],
    ['1000e21', '1e24'],
    ['12E', '12E'],
    ['10000000000000000000', '10E'],
    ['-9223372036854775809', '-9223372036854775809'],
    ['9999999999999999999.1', '9999999999999999999100m'],
    ['9Ei', '9223372036854775807'],
    ['-9Ei', '-9223372036854775807'],
    ['0.000000000001Ki', '2n'],
    ['9E', '9E'],
    ['1Ei', '1Ei'],
    ['-1.5', '-1500m'],
    ['+2', '+2'],
    ['+0.5', '500m'],
    ['.5', '500m'],
    ['5.', '5.'],
    ['1u', '1u'],
    ['0.0000000001', '1n'],
    [3, '3'],
    ['100000Ti', '100000Ti'],
  ])('%s is written %s', (written, canonical) => {
    expect(canonicalQuantity(written)).toBe(canonical);
  });

  test.each(['', 'lots', '1.5.5', '1 Gi', '--1', 'Gi', '1x'])('%j breaks the format', (text) => {
    expect(() => parseQuantity(text)).toThrow(/quantities must match/);
  });

  test('a suffix made of allowed letters may still be none', () => {
    expect(() => parseQuantity('1KK')).toThrow("unable to parse quantity's suffix");
  });

  test('arithmetic is exact and keeps the left writing', () => {
    expect(formatQuantity(addQuantities(parseQuantity('100m'), parseQuantity('200m')))).toBe('300m');
    expect(formatQuantity(subtractQuantities(parseQuantity('1Gi'), parseQuantity('512Mi')))).toBe('512Mi');
    expect(compareQuantities(parseQuantity('1Gi'), parseQuantity('1G'))).toBe(1);
    expect([quantityValue('1001m'), quantityMilliValue('1.0001'), quantityValue('2Ki')]).toEqual([2, 1001, 2048]);
  });
});

test('a percentage of a total is rounded as asked', () => {
  expect([getScaledValue('25%', 10, true), getScaledValue('25%', 10, false), getScaledValue(3, 10, true)]).toEqual([3, 2, 3]);
  expect(() => getScaledValue('x', 1, true)).toThrow('not a percentage');
});

test('durations are read and written as in Go', () => {
  expect(parseDuration('1h30m')).toBe(5_400_000);
  expect(parseDuration('-1.5s')).toBe(-1500);
  expect(() => parseDuration('5')).toThrow('time: missing unit in duration "5"');
  expect(() => parseDuration('5d')).toThrow('time: unknown unit "d" in duration "5d"');
  expect([formatDuration(5_400_000), formatDuration(1500), formatDuration(250), formatDuration(0)]).toEqual([
    '1h30m0s',
    '1.5s',
    '250ms',
    '0s',
  ]);
});

test.each([
  ['', undefined],
  ['YQ==', undefined],
  ['YWI=\n', undefined],
  ['***', 'illegal base64 data at input byte 0'],
  ['YQ=', 'illegal base64 data at input byte 3'],
  ['YWJj!', 'illegal base64 data at input byte 4'],
  ['abc', 'illegal base64 data at input byte 0'],
  ['YWJjYQ', 'illegal base64 data at input byte 4'],
  ['YQ=\nx', 'illegal base64 data at input byte 3'],
  ['YQ=\n', 'illegal base64 data at input byte 4'],
  ['YQ=\n=', undefined],
  ['YQ==\nx', 'illegal base64 data at input byte 5'],
  ['YWI=Y', 'illegal base64 data at input byte 4'],
])('base64 %j: %s', (text, problem) => {
  expect(base64Problem(text)).toBe(problem);
});

test.each([
  ['', ''],
  ['YWJj', 'YWJj'],
  ['AA+=', 'AA8='],
  ['A\nA+=\n', 'AA8='],
  ['YR==', 'YQ=='],
])('base64 %j is written as %j', (text, canonical) => {
  expect(canonicalBase64(text)).toBe(canonical);
});

test.each([
  ['\u0000x', '"\\x00x"'],
  ['\u200b\u0085', '"\\u200b\\u0085"'],
  ['\u{e0001}', '"\\U000e0001"'],
  ['ü🙂"\\', '"ü🙂\\"\\\\"'],
])('%j is quoted as Go quotes it', (text, quoted) => {
  expect(quote(text)).toBe(quoted);
  expect(notFound({ group: '', resource: 'pods' }, text).message).toBe(`pods ${quoted} not found`);
});
