import { expect, test } from 'vitest';
import { customPrinter } from '../../../runtime/api/custom-resources/columns.ts';
import type { KubeObject } from '../../../runtime/api/object.ts';

const now = Date.parse('2026-01-02T00:00:00Z');

function cell(type: string, value: unknown, jsonPath = '.spec.v'): unknown {
  const object = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec: { v: value } } as unknown as KubeObject;
  return customPrinter([{ name: 'V', type, jsonPath }]).cells(object, now)[1];
}

test.each<[string, unknown, unknown]>([
  ['integer', 42, 42],
  ['integer', -3.9, -3],
  ['integer', true, null],
  ['number', 3.5, 3.5],
  ['number', '3', null],
  ['boolean', false, false],
  ['boolean', 'true', null],
  ['string', 'a', 'a'],
  ['string', 7, '7'],
  ['string', 12345678, '12345678'],
  ['string', 0.5, '0.5'],
  ['string', 999999.5, '999999.5'],
  ['string', 1000000.5, '1.0000005e+06'],
  ['string', -2500000.25, '-2.50000025e+06'],
  ['string', 0.0001, '0.0001'],
  ['string', 0.00001, '1e-05'],
  ['string', 1e21, '1e+21'],
  ['string', false, 'false'],
  ['string', null, '<no value>'],
  ['string', ['a', 'b'], '["a","b"]'],
  ['string', { z: 1, a: { y: '<&>', b: [] } }, String.raw`{"a":{"b":[],"y":"\u003c\u0026\u003e"},"z":1}`],
  ['date', '2026-01-01T12:00:00Z', '12h'],
  ['date', '2026-01-01T14:00:00+02:00', '12h'],
  ['date', '2026-01-02T12:00:00Z', '<invalid>'],
  ['date', '', '<unknown>'],
  ['date', '2026-01-01', '<invalid>'],
  ['date', 'yesterday', '<invalid>'],
  ['date', 5, null],
  ['date', null, null],
])('a column of type %s shows %j as %j', (type, value, shown) => {
  expect(cell(type, value)).toBe(shown);
});

test('of several values the first is shown', () => {
  const servers = [{ hosts: ['a'] }, { hosts: ['b', 'c'] }];
  expect(cell('string', servers, '.spec.v[*].hosts')).toBe('["a"]');
  expect(cell('string', servers, '.spec.v[1].hosts')).toBe('["b","c"]');
  expect(cell('string', servers, '.spec.v[0].hosts[0]')).toBe('a');
  expect(cell('string', servers, '.spec.v[2].hosts')).toBe(null);
  expect(cell('string', null, '.spec.v.w')).toBe(null);
});

const ports = [
  { port: 80, name: 'web' },
  { port: 90, name: 'api' },
  { port: 91, name: 'ops' },
];

test.each<[string, unknown, unknown]>([
  [".spec.v[0]['name','port']", ports, 'web'],
  ['.spec.v[2,0].name', ports, 'ops'],
  ['.spec.v[1:].name', ports, 'api'],
  ['.spec.v[1::2].name', ports, 'api'],
  ['.spec.v[-1:].name', ports, 'ops'],
  ['.spec.v[-1].name', ports, 'ops'],
  ['.spec.v[].name', ports, 'web'],
  ['.spec.v[3].name', ports, null],
  ['.spec.v[0:9].name', ports, null],
  ['.spec.v[0,3].name', ports, null],
  ['.spec.v[*].name', {}, null],
  ['.spec.v[*]', { a: 1 }, null],
  ['.spec.v[?(@.port>80)].name', ports, 'api'],
  ['.spec.v[?(@.port>80)]', { a: { port: 90 } }, null],
  [".spec.v['a.b']", { 'a.b': 'one', a: { b: 'two' } }, 'two'],
  [String.raw`.spec.v['a\.b']`, { 'a.b': 'one', a: { b: 'two' } }, 'one'],
])('the column %s', (path, value, shown) => {
  expect(cell('string', value, path)).toBe(shown);
});

test('columns from the first that cannot be read on are left out', () => {
  const columns = ['.a', '.b["c"]', '.d'].map((jsonPath) => ({ name: jsonPath, type: 'string', jsonPath }));
  expect(customPrinter(columns).columns.map(({ name }) => name)).toEqual(['Name', '.a']);
});
