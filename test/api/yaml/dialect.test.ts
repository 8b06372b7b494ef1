import { describe, expect, test } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { kubernetesYaml } from '../../../runtime/api/yaml/dialect.ts';

/** What go-yaml v2 and sigs.k8s.io/yaml make of plain values; a string is text that stays as it is. */
describe('a plain value is read as sigs.k8s.io/yaml reads it', () => {
  test.each<[source: string, value: unknown]>([
    ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map((word): [string, boolean] => [word, true]),
    ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map((word): [string, boolean] => [word, false]),
    ...['', '~', 'null', 'Null', 'NULL'].map((word): [string, null] => [word, null]),
    ...['yEs', 'tRUE', 'oN', 'nil', 'None', 'nUll', 'nan', 'inf'].map((word): [string, string] => [word, word]),
    ['0777', 511],
    ['0o777', 511],
    ['0O17', 15],
    ['-012', -10],
    ['0_7', 7],
    ['0888', 888],
    ['08', 8],
    ['0o8', '0o8'],
    ['0x1F', 31],
    ['0X_1f', 31],
    ['-0x1f', -31],
    ['0x', '0x'],
    ['0b11', 3],
    ['-0b11', -3],
    ['0b2', '0b2'],
    ['1_000', 1000],
    ['1__0_', 10],
    ['_1', '_1'],
    ['+1', 1],
    ['+_1', 1],
    ['1e3', 1000],
    ['1E-3', 0.001],
    ['1e1000', '1e1000'],
    ['99999999999999999999', 1e20],
    ['1.10', 1.1],
    ['1.', 1],
    ['-1_0.5_0', -10.5],
    ['.5', 0.5],
    ['.5_0', 0.5],
    ['._5', '._5'],
    ['.5_', '.5_'],
    ['+.5', 0.5],
    ['.', '.'],
    ['+', '+'],
    ['1.2.3', '1.2.3'],
    ['22:22', '22:22'],
    ['1:02:03.5', '1:02:03.5'],
    ['2024-01-01', '2024-01-01'],
    ['2001-12-14t21:59:43.10-05:00', '2001-12-14t21:59:43.10-05:00'],
    ['"0777"', '0777'],
    ["'yes'", 'yes'],
    ['!!str 12', '12'],
    ['!!int "3"', 3],
    ['!!float 3', 3],
    ['!unknown 3', '3'],
  ])('%s', (source, value) => {
    const document = parseDocument(`value: ${source}`, { ...kubernetesYaml, logLevel: 'silent' });
    expect(document.errors).toEqual([]);
    expect(document.toJS()).toEqual({ value });
  });
});

test('keys are text in the end, and merged mappings are taken in', () => {
  expect(parse('base: &base {a: 1, b: 1}\nmerged:\n  <<: *base\n  b: 2\n0777: octal\non: boolean\n1.10: float', kubernetesYaml)).toEqual({
    base: { a: 1, b: 1 },
    merged: { a: 1, b: 2 },
    '511': 'octal',
    true: 'boolean',
    '1.1': 'float',
  });
});
