import { expect, test } from 'vitest';
import type { JsonObject, JsonSchema } from '../../../runtime/api/custom-resources/json-schema.ts';
import { compileRules } from '../../../runtime/api/custom-resources/rules.ts';
import { formatFieldError } from '../../../runtime/api/validation/field-error.ts';

const text: JsonSchema = { type: 'string' };
const number: JsonSchema = { type: 'integer' };

/** What a rule on `spec` says to a spec, and to a change of it. */
function ask(rule: object, properties: Record<string, JsonSchema>, spec: JsonObject, old?: JsonObject): string[] {
  const schema = {
    type: 'object',
    properties: { spec: { type: 'object', properties, 'x-kubernetes-validations': [rule] } },
  } as JsonSchema;
  const rules = compileRules(schema);
  return (rules?.validate({ spec }, old && { spec: old }) ?? []).map(formatFieldError);
}

const fields: Record<string, JsonSchema> = {
  size: number,
  most: number,
  name: text,
  ratio: { type: 'number' },
  port: { 'x-kubernetes-int-or-string': true },
  when: { type: 'string', format: 'date-time' },
  wait: { type: 'string', format: 'duration' },
  tags: { type: 'array', items: text },
  labels: { type: 'object', additionalProperties: text },
  parts: { type: 'array', items: { type: 'object', properties: { id: text, v: number } } },
  namespace: text,
  'a-b': text,
  maybe: { type: 'string', nullable: true },
  some: { type: 'array', items: { type: 'string', nullable: true } },
  others: { type: 'object', additionalProperties: { type: 'string', nullable: true } },
  guest: {
    type: 'object',
    'x-kubernetes-embedded-resource': true,
    properties: {
      kind: text,
      apiVersion: text,
      metadata: { type: 'object', properties: { name: text, generateName: text, namespace: text } },
    },
  },
  host: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
};

const spec: JsonObject = {
  size: 3,
  most: 5,
  name: 'web',
  ratio: 0.5,
  port: 80,
  when: '2026-01-01T00:00:00Z',
  wait: '90s',
  tags: ['a', 'b'],
  labels: { app: 'web' },
  parts: [
    { id: 'a', v: 1 },
    { id: 'b', v: 2 },
  ],
  namespace: 'default',
  'a-b': 'dash',
  maybe: null,
  some: [null, 'a'],
  others: { none: null },
  guest: { kind: 'A', apiVersion: 'v1', metadata: { name: 'a', namespace: 'b' } },
  host: { kind: 'A', apiVersion: 'v1', metadata: { name: 'h', namespace: 'b' } },
};

test.each([
  'self.size <= self.most',
  'self.size + 2 == self.most && self.size / 2 == 1',
  'self.ratio < 1.0',
  'type(self.port) == int ? self.port < 100 : self.port.startsWith("8")',
  "self.name.matches('^[a-z]+$') && 'x1y22'.findAll('[0-9]+') == ['1', '22']",
  "self.when < timestamp('2027-01-01T00:00:00Z') && self.wait > duration('1m')",
  "self.tags.all(t, t.size() == 1) && 'a' in self.tags && self.tags.isSorted()",
  "self.labels['app'] == 'web' && 'app' in self.labels && self.labels.all(k, self.labels[k] != '')",
  'self.parts.map(p, p.v).sum() == 3 && self.parts.exists_one(p, p.id == "a")',
  "self.__namespace__ == 'default' && self.a__dash__b == 'dash'",
  '!has(self.maybe)',
  "type(self.some[0]) == null_type && self.some[1] == 'a' && self.some.size() == 2",
  "'none' in self.others && type(self.others['none']) == null_type",
  "self.guest.metadata.namespace == 'b' && self.host.metadata.name == 'h'",
  "string(self.when) == '2026-01-01T00:00:00Z' && string(timestamp('2026-01-01T00:00:00.250Z')) == '2026-01-01T00:00:00.25Z'",
  "string(self.wait) == '90s' && string(duration('-1500ms')) == '-1.5s'",
  "[duration('1h'), duration('2m')].sum() == duration('62m')",
  'self != null && self.when != null && self.parts[0] != null',
  "!format.dns1123Label().validate('abc').hasValue() && format.dns1123Label().validate('A') != null",
  'has(self.parts[0].id) && !has(self.labels.other) && has(self.labels.app)',
  "quantity('1Gi').isGreaterThan(quantity('500Mi')) && quantity('1k') == quantity('1000') && isQuantity('2') && !isQuantity('x')",
  "url('https://example.com:8080/a?x=1').getPort() == '8080' && isURL('/abc') && url('https://example.com/a').getEscapedPath() == '/a'",
  "ip('192.168.0.1').family() == 4 && cidr('10.0.0.0/8').containsIP('10.1.2.3') && isCIDR('::/0') && !isIP('1.2.3')",
  "!format.dns1123Label().validate('abc').hasValue() && format.named('dns1123Label').value().validate('A').hasValue()",
  "semver('1.2.3').isLessThan(semver('1.10.0')) && isSemver('1.0.0-alpha') && !isSemver('v1')",
  "sets.contains([1, 2, 3], [1, 3]) && sets.intersects(['a'], self.tags) && 'a-b'.replace('-', '+') == 'a+b'",
  "'%s has %d'.format([self.name, self.size]) == 'web has 3' && 'abc'.charAt(1) == 'b'",
  'self == self && self.parts[0] == self.parts[0] && self.parts[0] != self.parts[1]',
  "self.?name.orValue('') == 'web'",
  "self.?name.optMap(n, n + '!').orValue('') == 'web!' && self.?labels.optFlatMap(l, l[?'app']).orValue('') == 'web'",
  "self.parts.existsOne(p, p.id == 'a') && self.labels.existsOne(k, k == 'app')",
  '(self.parts + self.parts).distinct().size() == 2 && self.parts.indexOf(self.parts[1]) == 1 && sets.contains(self.parts, [self.parts[0]])',
  'optional.of(self.parts[0]) == optional.of(self.parts[0]) && optional.of(self.parts[0]) != optional.of(self.parts[1])',
  '[self.labels, self.labels].distinct().size() == 1 && [self.wait, self.wait].distinct() == [duration("90s")] && [self.when].indexOf(self.when) == 0',
])('%s holds', (rule) => {
  expect(ask({ rule }, fields, spec)).toEqual([]);
});

test.each([
  [{ rule: 'self.size > self.most' }, 'spec: Invalid value: failed rule: self.size > self.most'],
  [{ rule: 'self.size > self.most', message: 'too small' }, 'spec: Invalid value: too small'],
  [{ rule: 'self.size > 9', messageExpression: "'size is ' + string(self.size)" }, 'spec: Invalid value: size is 3'],
  [{ rule: 'self.size > 9', message: 'no', messageExpression: "self.labels['none']" }, 'spec: Invalid value: no'],
  [{ rule: 'self.size > 9', fieldPath: '.size', reason: 'FieldValueForbidden', message: 'never' }, 'spec.size: Forbidden: never'],
  [
    { rule: 'self.size > 9', fieldPath: ".labels['app']", reason: 'FieldValueRequired', message: 'm' },
    'spec.labels[app]: Required value: m',
  ],
  [{ rule: "self.labels['none'] == 'x'" }, `spec: Invalid value: "object": no such key: none evaluating rule: self.labels['none'] == 'x'`],
  [{ rule: 'self.size / 0 == 1' }, 'spec: Invalid value: "object": division by zero evaluating rule: self.size / 0 == 1'],
  [{ rule: 'self.tags[7] == "a"' }, 'spec: Invalid value: "object": index out of bounds: 7 evaluating rule: self.tags[7] == "a"'],
])('%j is broken', (rule, message) => {
  expect(ask(rule, fields, spec)).toEqual([message]);
});

test('rules about changes are asked when there is something to compare with', () => {
  const fixed = { rule: 'self.name == oldSelf.name', message: 'name is immutable' };
  expect(ask(fixed, fields, spec)).toEqual([]);
  expect(ask(fixed, fields, { ...spec, size: 4 }, spec)).toEqual([]);
  expect(ask(fixed, fields, { ...spec, name: 'other' }, spec)).toEqual(['spec: Invalid value: name is immutable']);
  const optional = { rule: "oldSelf.hasValue() || self.name == 'first'", optionalOldSelf: true };
  expect(ask(optional, fields, spec)).toEqual(["spec: Invalid value: failed rule: oldSelf.hasValue() || self.name == 'first'"]);
  expect(ask(optional, fields, { ...spec, size: 4 }, spec)).toEqual([]);
});

test('what was broken before and is left as it was is let through', () => {
  const rule = { rule: 'self.size > 9' };
  expect(ask(rule, fields, { size: 1 }, { size: 1 })).toEqual([]);
  expect(ask(rule, fields, { size: 2 }, { size: 1 })).toEqual(['spec: Invalid value: failed rule: self.size > 9']);
});

test('an expression that runs long is stopped', () => {
  const tags = Array.from({ length: 2000 }, (_, index) => `t${index}`);
  const rule = 'self.tags.all(a, self.tags.all(b, a != b || a == b))';
  expect(ask({ rule }, fields, { tags })).toEqual([
    `spec: Invalid value: "object": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`,
  ]);
});

test('a pattern that would backtrack for ever is answered at once', () => {
  const name = 'a'.repeat(5000);
  expect(ask({ rule: "self.name.matches('^(a+)+b$')" }, fields, { name })).toEqual([
    "spec: Invalid value: failed rule: self.name.matches('^(a+)+b$')",
  ]);
});

const kinds: Record<string, JsonSchema> = {
  set: { type: 'array', items: number, 'x-kubernetes-list-type': 'set' },
  map: {
    type: 'array',
    items: { type: 'object', properties: { key: text, 'v-1': number } },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['key'],
  },
  open: { type: 'object', properties: { a: number }, 'x-kubernetes-preserve-unknown-fields': true },
};

// After upstream's `valuesunstructured.go`.
test.each([
  'self.set == [3, 2, 1] && self.set == oldSelf.set && self.set != [1, 2, 4] && self.set != [1, 2]',
  'self.set + [2, 4] == [4, 3, 2, 1] && (self.set + [2, 4]).size() == 4 && (self.set + [4])[3] == 4',
  'self.map == oldSelf.map && self.map[0] != oldSelf.map[0] && self.map != oldSelf.map.filter(m, m.key == "a")',
  '(self.map + oldSelf.map).size() == 2 && (self.map + self.map.filter(m, m.key == "b")).map(m, m.v__dash__1) == [1, 2]',
  'self.open != oldSelf.open && self.open.a == oldSelf.open.a && self.open == self.open',
])('%s holds, whatever the order', (rule) => {
  const [a, b] = [
    { key: 'a', 'v-1': 1 },
    { key: 'b', 'v-1': 2 },
  ];
  const old = { set: [2, 3, 1], map: [b, a], open: { a: 1, b: { c: 2 } } };
  expect(ask({ rule }, kinds, { set: [1, 2, 3], map: [a, b], open: { a: 1, b: { c: 3 } } }, old)).toEqual([]);
});

test.each<[string, JsonSchema, unknown, string]>([
  ['oldSelf.x == b"a"', { type: 'string', format: 'byte' }, '!', 'Invalid byte formatted string !: illegal base64 data at input byte 0'],
  [
    'oldSelf.x > duration("1s")',
    { type: 'string', format: 'duration' },
    '1.2.3h',
    'Invalid duration 1.2.3h: unable to parse 1.2.3h as duration',
  ],
  ['oldSelf.x == 1', { type: 'integer' }, 'a', 'invalid data, expected int, got string'],
  ['oldSelf.x == 1', { type: 'integer' }, 1.5, 'invalid data, expected int, got float64'],
  ['oldSelf.x == 1.0', { type: 'number' }, [], 'invalid data, expected float, got []interface {}'],
  ['oldSelf.x', { type: 'boolean' }, {}, 'invalid data, expected bool, got map[string]interface {}'],
  ['oldSelf.x == ""', { type: 'string' }, 1, 'invalid data, expected string, got int64'],
])('%s of what does not fit the schema any more fails: %#', (rule, schema, old, error) => {
  const problems = ask({ rule }, { x: schema }, {}, { x: old } as JsonObject);
  expect(problems).toEqual([`spec: Invalid value: "object": ${error} evaluating rule: ${rule}`]);
});

test('durations in words are read', () => {
  const wait: JsonSchema = { type: 'string', format: 'duration' };
  for (const text of ['3 days', '3d', ' 72 Hours ', '72h'])
    expect([text, ask({ rule: 'self.wait == duration("72h")' }, { wait }, { wait: text })]).toEqual([text, []]);
});

test('what the schema does not know is compared in bounds', () => {
  const open = Array.from({ length: 200_000 }, (_, index) => index);
  const rule = { rule: 'self.list.all(i, self == oldSelf)' };
  const list = Array.from({ length: 1000 }, (_, index) => index);
  const problems = ask(rule, { list: { type: 'array', items: number } }, { list, open }, { list, open: [...open] });
  expect(problems).toEqual([expect.stringContaining('operation cancelled: actual cost limit exceeded')]);
});

test('a message that costs too much ends all', () => {
  const rule = { rule: 'self.size > 5', message: 'plain' };
  const dear = 'string([self.tags, self.tags].map(a, lists.range(900000).size()).size())';
  expect(ask({ ...rule, messageExpression: '"size " + string(self.size)' }, fields, spec)).toEqual(['spec: Invalid value: size 3']);
  expect(ask({ ...rule, messageExpression: dear }, fields, spec)).toEqual([
    `spec: Invalid value: "object": no further validation rules will be run due to call cost exceeds limit for messageExpression: "${dear}"`,
  ]);
});
