import { expect, test } from 'vitest';
import { readCustomObject } from '../../../runtime/api/custom-resources/custom-kind.ts';
import { formatCheck } from '../../../runtime/api/custom-resources/formats.ts';
import { parseJsonPath } from '../../../runtime/api/custom-resources/json-path.ts';
import type { JsonSchema } from '../../../runtime/api/custom-resources/json-schema.ts';
import { validateAgainstJsonSchema } from '../../../runtime/api/custom-resources/schema-validator.ts';
import { validateStructural } from '../../../runtime/api/custom-resources/structural.ts';
import { formatFieldError } from '../../../runtime/api/validation/field-error.ts';
import { Path } from '../../../runtime/api/validation/path.ts';

const text: JsonSchema = { type: 'string' };

test('objects are defaulted, pruned and given their metadata', () => {
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        default: {},
        properties: {
          mode: { type: 'string', default: 'slow' },
          list: { type: 'array', items: { type: 'object', properties: { a: { type: 'integer', default: 1 } } } },
          open: {
            type: 'object',
            'x-kubernetes-preserve-unknown-fields': true,
            properties: { known: { type: 'object', properties: { x: text } } },
          },
          map: { type: 'object', additionalProperties: { type: 'object', properties: { x: text } } },
          resource: {
            type: 'object',
            'x-kubernetes-embedded-resource': true,
            properties: { data: { type: 'object', properties: { k: text } } },
          },
          maybe: { type: 'string', nullable: true },
          none: { type: 'object', additionalProperties: false },
          gone: text,
        },
      },
    },
  };
  const object = {
    apiVersion: 'a.b/v1',
    kind: 'K',
    metadata: { name: 'n', bogus: 1 },
    spec: {
      mode: null,
      gone: null,
      maybe: null,
      none: { one: { x: 1 } },
      list: [{}, { a: 2, b: 3 }],
      open: { any: { thing: 1 }, known: { x: 'y', z: 1 } },
      map: { one: { x: 'y', z: 1 } },
      resource: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', other: true }, data: { k: 'v', l: 'w' }, extra: 1 },
    },
    rest: 1,
  };
  expect(readCustomObject(object, schema).unknownFields.toSorted()).toEqual([
    'metadata.bogus',
    'rest',
    'spec.list[1].b',
    'spec.map.one.z',
    'spec.none.one.x',
    'spec.open.known.z',
    'spec.resource.data.l',
    'spec.resource.extra',
    'spec.resource.metadata.other',
  ]);
  expect(object).toEqual({
    apiVersion: 'a.b/v1',
    kind: 'K',
    metadata: { name: 'n' },
    spec: {
      mode: 'slow',
      maybe: null,
      none: { one: {} },
      list: [{ a: 1 }, { a: 2 }],
      open: { any: { thing: 1 }, known: { x: 'y' } },
      map: { one: { x: 'y' } },
      resource: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { k: 'v' } },
    },
  });
});

test.each<[JsonSchema, unknown, string[]]>([
  [
    { type: 'object', anyOf: [{ required: ['a'] }, { required: ['b'] }] },
    {},
    ['<nil>: Invalid value: "": "x" must validate at least one schema (anyOf)', 'x.a: Required value'],
  ],
  [
    { type: 'integer', oneOf: [{ minimum: 1 }, { minimum: 2 }] },
    3,
    ['<nil>: Invalid value: "": "x" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
  ],
  [{ type: 'string', not: { enum: ['a'] } }, 'a', ['<nil>: Invalid value: "": "x" must not validate the schema (not)']],
  [{ type: 'string', nullable: true }, null, []],
  [text, null, ['x: Invalid value: "null": x in body must be of type string: "null"']],
  [{ type: 'number', multipleOf: 0.1 }, 0.3, []],
  [
    { type: 'object', additionalProperties: false, required: ['b'] },
    { a: { c: 1 } },
    ['x: Invalid value: "a": x.a in body is a forbidden property', 'x.b: Required value'],
  ],
  [{ type: 'object', additionalProperties: false }, {}, []],
  [
    { type: 'object', minProperties: 2, properties: { a: text } },
    { a: 1 },
    [
      'x: Invalid value: 1: x in body should have at least 2 properties',
      'x.a: Invalid value: "integer": x.a in body must be of type string: "integer"',
    ],
  ],
  [
    { type: 'object', maxProperties: 1, additionalProperties: text },
    { a: 'b', c: 1 },
    ['x: Too many: 2: must have at most 1 item', 'x.c: Invalid value: "integer": x.c in body must be of type string: "integer"'],
  ],
  [
    { type: 'string', maxLength: 3, pattern: '^b', format: 'date' },
    'abcd',
    ['x: Too long: may not be more than 3 bytes', 'x: Invalid value: "abcd": x in body must be of type date: "abcd"'],
  ],
  [
    { type: 'integer', format: 'int32' },
    1.5,
    [
      'x: Invalid value: "float64": x in body must be of type int32: "float64"',
      '<nil>: Invalid value: "": Checked value must be of type integer with format int32 in x',
    ],
  ],
  [
    { type: 'integer', format: 'int32' },
    2 ** 31,
    ['<nil>: Invalid value: "": Checked value must be of type integer with format int32 in x'],
  ],
  [{ type: 'integer', format: 'int64' }, true, ['x: Invalid value: "": x in body must be of type int64: ""']],
  [{ type: 'integer', format: 'int64' }, 'a', ['x: Invalid value: "string": x in body must be of type integer: "string"']],
  [{ type: 'integer', format: 'int16' }, true, ['x: Invalid value: "boolean": x in body must be of type integer: "boolean"']],
  [
    { type: 'integer' },
    1e19,
    [
      'x: Invalid value: "number": x in body must be of type integer: "number"',
      '<nil>: Invalid value: "": Checked value must be of type integer (default format) in x',
    ],
  ],
  [{ type: 'number', format: 'float' }, 1e39, ['<nil>: Invalid value: "": Checked value must be of type number with format float in x']],
  [{ type: 'number', format: 'double' }, 1e39, []],
  [{ type: 'number', format: 'double' }, 5, []],
  [{ type: 'string', format: 'date' }, 5, ['x: Invalid value: "int64": x in body must be of type date: "int64"']],
  [{ type: 'string', format: 'date' }, ['a'], []],
  [{ type: 'string', format: 'unheard-of' }, ['a'], ['x: Invalid value: "array": x in body must be of type string: "array"']],
  [{ type: 'integer', maximum: 3, exclusiveMaximum: true }, 3, ['x: Invalid value: 3: x in body should be less than 3']],
  [{ type: 'string', minLength: 2 }, 'ü', ['x: Invalid value: "ü": x in body should be at least 2 chars long']],
  [{ type: 'array', minItems: 1, items: text }, [], ['x: Invalid value: 0: x in body should have at least 1 items']],
])('values are held against %j', (schema, value, errors) => {
  const found = validateAgainstJsonSchema({ x: value }, { type: 'object', properties: { x: schema } }, '');
  expect(found.map(formatFieldError)).toEqual(errors);
});

test('of a change only what is new is judged', () => {
  const schema: JsonSchema = { type: 'object', properties: { a: { type: 'integer', maximum: 3 }, b: text } };
  expect(validateAgainstJsonSchema({ a: 9, b: 'new' }, schema, '', { a: 9, b: 'old' })).toEqual([]);
  expect(validateAgainstJsonSchema({ a: 8 }, schema, '', { a: 9 })).toHaveLength(1);
  const items: JsonSchema = { type: 'object', properties: { id: { type: 'string' }, v: { type: 'integer' } } };
  const list: JsonSchema = { type: 'array', maxItems: 1, items };
  const keyed: JsonSchema = { ...list, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['id'] };
  const [one, two] = [{ id: 'a', v: 1 }, { id: 'b' }];
  const judge = (x: JsonSchema, value: unknown, old: unknown) =>
    validateAgainstJsonSchema({ x: value }, { type: 'object', properties: { x } }, '', { x: old }).length;
  // The order of items with keys tells nothing.
  expect(judge(keyed, [two, one], [one, two])).toBe(0);
  expect(judge(keyed, [two, { ...one, v: 2 }], [one, two])).toBe(1);
  expect(judge(keyed, [two, { id: 'c' }], [one, two])).toBe(1);
  expect(judge(list, [two, one], [one, two])).toBe(1);
  expect(judge(list, [one, two], [one, two])).toBe(0);
  // Fields that the schema does not know are not compared.
  const open: JsonSchema = { type: 'object', maxProperties: 1, 'x-kubernetes-preserve-unknown-fields': true };
  expect(judge(open, { a: 1, b: 2 }, { a: 1, b: 2 })).toBe(1);
  expect(judge({ ...open, additionalProperties: { type: 'integer' } }, { a: 1, b: 2 }, { a: 1, b: 2 })).toBe(0);
});

test.each<[JsonSchema, string]>([
  [{ type: 'object', properties: { a: {} } }, 's.properties[a].type: Required value: must not be empty for specified object fields'],
  [{ type: 'object', additionalProperties: text }, 's.additionalProperties: Forbidden: must not be used at the root'],
  [{ type: 'object', anyOf: [{ type: 'object' }] }, 's.anyOf[0].type: Forbidden: must be empty to be structural'],
  [
    { type: 'object', allOf: [{ properties: { a: { minimum: 1 } } }] },
    's.properties[a]: Required value: because it is defined in s.allOf[0].properties[a]',
  ],
  [
    { type: 'object', properties: { a: { 'x-kubernetes-int-or-string': true, 'x-kubernetes-preserve-unknown-fields': true } } },
    's.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true',
  ],
])('%j is not structural', (schema, error) => {
  expect(validateStructural(schema, Path.of('s')).map(formatFieldError)).toEqual([error]);
});

test('columns find their values by paths', () => {
  const object = {
    metadata: { annotations: { 'example.com/size': 'big' } },
    status: {
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'Done', status: 'False' },
      ],
    },
  };
  const find = (path: string): readonly unknown[] => parseJsonPath(path).find(object);
  expect(find('.status.conditions[?(@.type=="Ready")].status')).toEqual(['True']);
  expect(find('.metadata.annotations.example\\.com/size')).toEqual(['big']);
  expect(find(".metadata.annotations['example\\.com/size']")).toEqual(['big']);
  expect(find('.status.conditions[*].type')).toEqual(['Ready', 'Done']);
  expect(find('.status.conditions[-1].type')).toEqual(['Done']);
  expect(find('..type')).toEqual(['Ready', 'Done']);
  expect(find('.nothing.here')).toEqual([]);
  expect(() => parseJsonPath('.a[b]')).toThrow();
});

test.each([
  ['date-time', '2026-01-01T00:00:00.5Z', '2026-13-01T00:00:00Z'],
  ['date', '2024-02-29', '2023-02-29'],
  ['duration', '1h30m', 'soon'],
  ['ipv4', '10.0.0.1', '::1'],
  ['cidr', '10.0.0.0/8', '10.0.0.0'],
  ['uuid', '123e4567-e89b-12d3-a456-426614174000', '123'],
  ['uri', 'https://example.com', 'no uri'],
  ['byte', 'YQ==', '%'],
  ['k8s-short-name', 'a-b', 'A'],
  ['mac', '01:23:45:67:89:ab', '01:23'],
])('format %s', (format, good, bad) => {
  expect([formatCheck(format)?.(good), formatCheck(format)?.(bad)]).toEqual([true, false]);
});
