import { describe, expect, test } from 'vitest';
import {
  bindMacro,
  boolType,
  checkCel,
  dynType,
  intType,
  listOf,
  mapOf,
  nullType,
  optionalOf,
  stringType,
  structOf,
  structType,
  timestampType,
  typeText,
  uintType,
} from '../../../runtime/api/cel/check/index.ts';
import { patchType } from '../../../runtime/api/cel/mutation.ts';

const spec = structOf('Self.spec', { name: stringType, size: intType, when: timestampType, any: dynType });
const variables = new Map(
  Object.entries({
    self: structOf('Self', { spec, items: listOf(spec), labels: mapOf(stringType, stringType), on: boolType }),
    maybe: optionalOf(mapOf(stringType, intType)),
    is: stringType,
    ii: intType,
    iu: uintType,
    ix: nullType,
    x: dynType,
    authorizer: structType('kubernetes.authorization.Authorizer'),
    'authorizer.requestResource': structType('kubernetes.authorization.ResourceCheck'),
  }),
);

function problems(source: string, more: object = {}): readonly string[] {
  const { error = '' } = checkCel(source, { variables, ...more });
  return error
    .split('\n')
    .filter((line) => line.startsWith('ERROR: <input>:'))
    .map((line) => line.slice('ERROR: <input>:'.length));
}

// In the words of cel-go's checker_test.go and the tests of apiserver and apiextensions-apiserver.
test.each<[string, ...string[]]>([
  ['foo', "1:1: undeclared reference to 'foo' (in container '')"],
  ['foo.bar', "1:1: undeclared reference to 'foo' (in container '')"],
  [
    'fakeFunction(1) == foo',
    "1:13: undeclared reference to 'fakeFunction' (in container '')",
    "1:20: undeclared reference to 'foo' (in container '')",
  ],
  ['self.spec.fake()', "1:15: undeclared reference to 'fake' (in container '')"],
  [
    'cel.bind(a, 1, a > 0)',
    "1:1: undeclared reference to 'cel' (in container '')",
    "1:9: undeclared reference to 'bind' (in container '')",
    "1:10: undeclared reference to 'a' (in container '')",
    "1:16: undeclared reference to 'a' (in container '')",
  ],
  ['self.foo > 1', "1:5: undefined field 'foo'"],
  ['self.foo.bar.all(a, a.b) && self.bar', "1:5: undefined field 'foo'", "1:33: undefined field 'bar'"],
  ['has(self.spec.z)', "1:4: undefined field 'z'"],
  ['is.size', "1:3: type 'string' does not support field selection"],
  ["self.spec['name'] == 1", "1:10: found no matching overload for '_[_]' applied to '(Self.spec, string)'"],
  ["1 < 'asdf'", "1:3: found no matching overload for '_<_' applied to '(int, string)'"],
  ['self.spec.name > 1', "1:16: found no matching overload for '_>_' applied to '(string, int)'"],
  ['self.spec.name == null', "1:16: found no matching overload for '_==_' applied to '(string, null)'"],
  ["self.spec == {'name': 'a'}", "1:11: found no matching overload for '_==_' applied to '(Self.spec, map(string, string))'"],
  ['self.labels + 1', "1:13: found no matching overload for '_+_' applied to '(map(string, string), int)'"],
  ['self.items[iu] == self.spec', "1:11: found no matching overload for '_[_]' applied to '(list(Self.spec), uint)'"],
  [
    'self.spec.when > 1 && -is == is',
    "1:16: found no matching overload for '_>_' applied to '(timestamp, int)'",
    "1:23: found no matching overload for '-_' applied to '(string)'",
  ],
  ['!self.spec.size', "1:1: found no matching overload for '!_' applied to '(int)'"],
  ['is ? 1 : 2', "1:4: found no matching overload for '_?_:_' applied to '(string, int, int)'"],
  ['self.on ? 1 : "a"', "1:9: found no matching overload for '_?_:_' applied to '(bool, int, string)'"],
  ['1 && self.on || is', "1:1: expected type 'bool' but found 'int'", "1:17: expected type 'bool' but found 'string'"],
  ['ii in self.labels', "1:4: found no matching overload for '@in' applied to '(int, map(string, string))'"],
  ['is.startsWith(1)', "1:14: found no matching overload for 'startsWith' applied to 'string.(int)'"],
  ['is.startsWith()', "1:14: found no matching overload for 'startsWith' applied to 'string.()'"],
  ["startsWith(is, 'a')", "1:11: found no matching overload for 'startsWith' applied to '(string, string)'"],
  ['size(1)', "1:5: found no matching overload for 'size' applied to '(int)'"],
  ['size()', "1:5: found no matching overload for 'size' applied to '()'"],
  ["['a', 'b'].sum() == 'c'", "1:15: found no matching overload for 'sum' applied to 'list(string).()'"],
  ['maybe.orValue({}).a + maybe.a', "1:21: found no matching overload for '_+_' applied to '(int, optional_type(int))'"],
  ['type(1) > ii', "1:9: found no matching overload for '_>_' applied to '(type(int), int)'"],
  ['authorizer.allowed()', "1:19: found no matching overload for 'allowed' applied to 'kubernetes.authorization.Authorizer.()'"],
  ['authorizer.foo', "1:11: unexpected failed resolution of 'kubernetes.authorization.Authorizer'"],
  ['is.all(a, a == "")', "1:1: expression of type 'string' cannot be range of a comprehension (must be list, map, or dynamic)"],
  ['self.items.all(i, i.foo == 1)', "1:20: undefined field 'foo'"],
  ['[1].all(e, 0)', "1:12: expected type 'bool' but found 'int'"],
  ['[1].filter(e, e)', "1:11: found no matching overload for '_?_:_' applied to '(int, list(int), list(int))'"],
  ['[1].exists_one(e, e.a)', "1:20: type 'int' does not support field selection"],
  ["[1, 'a', false].filter(x, string(x) == 'a')", "1:5: expected type 'int' but found 'string'"],
  ["{'k1': 'a', 'k2': 1, 'k2': false}", "1:19: expected type 'string' but found 'int'", "1:28: expected type 'string' but found 'bool'"],
  ["{'k1': 'a', 1: 'b'}", "1:13: expected type 'string' but found 'int'"],
  ["is.matches(')')", '1:12: invalid matches argument'],
  [
    "duration('1 day') > duration('1h') && timestamp('tomorrow') == x",
    '1:10: invalid duration argument',
    '1:49: invalid timestamp argument',
  ],
  ["'%d %s'.format([is, 1])", '1:17: error during formatting: decimal clause can only be used on integers, was given string'],
  [
    "'%s'.format([[1, self.spec]])",
    '1:22: error during formatting: string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps, was given Self.spec',
  ],
  ["'%d'.format([])", '1:12: index 0 out of range'],
  ["'a%'.format([1])", '1:12: unexpected end of string'],
  ["'%q %s'.format([1, 2])", '1:15: could not parse formatting clause: unrecognized formatting clause "q"'],
  [
    "'%.'.format([1.0])",
    '1:12: could not parse formatting clause: error while parsing precision: could not find end of precision specifier',
  ],
  ["'%d'.format([1, 2])", '1:12: too many arguments supplied to string.format (expected 1, got 2)'],
  ['Object{}', "1:7: undeclared reference to 'Object' (in container '')"],
  ['int{}', "1:4: 'int' is not a message type"],
  ['[?1]', "1:3: expected type 'optional_type(int)' but found 'int'"],
  ['[1, 2].exists(i, v, i == "a")', "1:23: found no matching overload for '_==_' applied to '(int, string)'"],
  ['[1].transformList(a, a, 1)', '1:22: duplicate variable name: a'],
])('%s', (source, ...expected) => {
  expect(problems(source)).toEqual(expected);
});

describe('where mutations are written', () => {
  const more = { constructed: patchType };
  test.each<[string, ...string[]]>([
    ['[JSONPatch{op: 1, path: "/a", value: 3}]', "1:14: expected type of field 'op' is 'string' but provided type is 'int'"],
    ['[JSONPatch{opp: "add"}]', "1:15: expected type of field 'opp' is '' but provided type is 'string'"],
    ['Other{}', "1:6: undeclared reference to 'Other' (in container '')"],
    ['Object{spec: Object.spec{replicas: foo}}', "1:36: undeclared reference to 'foo' (in container '')"],
  ])('%s', (source, ...expected) => {
    expect(problems(source, more)).toEqual(expected);
  });

  test.each([
    ['Object{spec: Object.spec{replicas: 1}, ?metadata: optional.none()}', 'Object'],
    ['[JSONPatch{op: "add", path: "/a/" + jsonpatch.escapeKey("b"), value: Object.a{}}]', 'list(JSONPatch)'],
    ['x.a ? [JSONPatch{op: "test"}] : []', 'list(JSONPatch)'],
  ])('%s is %s', (source, type) => {
    expect(typeText(checkCel(source, { variables, ...more }).type)).toBe(type);
  });
});

test.each([
  ['[]', 'list(dyn)'],
  ['[1] + []', 'list(int)'],
  ['{"a": [null]}', 'map(string, list(null_type))'],
  ['self.items.map(i, i.when)', 'list(google.protobuf.Timestamp)'],
  ['self.labels.filter(k, k != "")', 'list(string)'],
  ['x.a.b', 'dyn'],
  ['x + 1', 'int'],
  ['self.?spec.name', 'optional_type(string)'],
  ['maybe[?"a"].orValue(1)', 'int'],
  ['maybe.optMap(m, m.size()).orValue(0)', 'int'],
  ['[3, 1].sortBy(i, -i)', 'list(int)'],
  ['{"a": 1}.transformMap(k, v, v > 0, string(v))', 'map(string, string)'],
  ['authorizer.requestResource.check("get").allowed()', 'bool'],
  ['authorizer.group("").resource("pods").namespace("a").check("get").reason()', 'string'],
  ['"%s %d".format(["a", 1])', 'string'],
  ['1 < 2.0 && 2u > 1', 'bool'],
  ['type(1) == int && type(x) == google.protobuf.Timestamp && type(ip("::1")) == net.IP', 'bool'],
  ['format.dns1123Label().validate("a") == null', 'bool'],
  ['self.spec == null || self.spec.when != null || ix == null', 'bool'],
])('%s is %s', (source, type) => {
  const result = checkCel(source, { variables });
  expect([result.error, typeText(result.type)]).toEqual([undefined, type]);
});

test('values can be bound to names where an environment has the macro for it', () => {
  const { type, error } = checkCel('cel.bind(a, ii + 1, a * a)', { variables, macros: new Set([bindMacro]) });
  expect([error, typeText(type)]).toEqual([undefined, 'int']);
});
