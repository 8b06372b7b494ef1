import { expect, test } from 'vitest';
import { dynType } from '../../../runtime/api/cel/check/index.ts';
import { compileExpression } from '../../../runtime/api/cel/expression.ts';

/** Nothing is known of the types of `x` beforehand. */
function outcomeOf(source: string, x: unknown) {
  return compileExpression(source, { variables: new Map([['x', dynType]]) }).attempt({ x });
}

// After cel-go's `common/types` and the examples of its standard library.
test.each([
  '1 + 2 * 3 - 4 / 2 == 5 && 7 % 3 == 1 && -7 / 2 == -3 && -7 % 2 == -1',
  '1u + 2u == 3u && 5u - 3u == 2u && 7u / 2u == 3u && 7u % 4u == 3u && 1.5 * 2.0 == 3.0 && 1.0 / 0.0 > 1.0',
  '9223372036854775807 == 9223372036854775807 && -9223372036854775808 < 0 && 18446744073709551615u > 1u && 0xff == 255',
  'dyn(1) == 1u && dyn(1) == 1.0 && dyn(1u) == 1.0 && dyn(1) != 1.5 && dyn(1) != "1" && dyn(true) != 1',
  '1 < 1.5 && 1u < 2 && 2.5 > 2u && -1 < 0u && 9007199254740993 >= 9007199254740992.0 && 9007199254740993u > 9007199254740992',
  'double("NaN") != double("NaN") && string(double("Inf")) == "+Inf" && double("-infinity") < 0.0',
  '"a" < "b" && "ab" > "a" && "\\U0001F600" > "\\uffff" && b"a" < b"ab" && false < true',
  '"a" + "b" == "ab" && b"a" + b"b" == b"ab" && [1] + [2] == [1, 2] && [1] + [] == [1]',
  'size("\\U0001F600a") == 2 && size(b"\\xff\\x00") == 2 && b"\\xff" != b"ÿ" && b"ÿ" == bytes("ÿ") && size({1: 2}) == 1 && [1, 2].size() == 2',
  'int("-12") == -12 && int(3.9) == 3 && int(-3.9) == -3 && int(5u) == 5 && int(duration("1s")) == 1000000000 && int("+5") == 5',
  'uint("7") == 7u && uint(3.9) == 3u && double("1e3") == 1000.0 && double(3) == 3.0 && bool("T") && !bool("0") && bool("True")',
  'string(1) == "1" && string(2u) == "2" && string(1.5) == "1.5" && string(1e6) == "1e+06" && string(0.00001) == "1e-05" && string(3.0) == "3"',
  'string(b"abc") == "abc" && string(true) == "true" && bytes("ü") == b"\\xc3\\xbc" && string(123456.0) == "123456"',
  'duration("1h30m") == duration("5400s") && string(duration("1h0.5s")) == "3600.5s" && string(duration("-1ms")) == "-0.001s" && duration("1h").getMinutes() == 60',
  'duration("90s").getMinutes() == 1 && duration("-90s").getMinutes() == -1 && duration("1.5s").getMilliseconds() == 1500 && duration("26h").getHours() == 26',
  'timestamp("2026-02-28T23:59:59.5Z") + duration("1s") == timestamp("2026-03-01T00:00:00.5Z")',
  'timestamp("2026-01-01T00:00:00Z") - timestamp("2025-12-31T23:00:00Z") == duration("1h") && timestamp("2026-01-01T00:00:00Z") - duration("1ns") < timestamp("2026-01-01T00:00:00Z")',
  'string(timestamp("2026-01-01T01:00:00.120+01:00")) == "2026-01-01T01:00:00.12+01:00" && timestamp("2026-01-01T01:00:00+01:00") == timestamp("2026-01-01T00:00:00Z")',
  'timestamp(1).getSeconds() == 1 && int(timestamp("1970-01-01T00:01:00Z")) == 60 && timestamp("0001-01-01T00:00:00Z").getFullYear() == 1',
  'timestamp("2023-07-14T10:30:45.123Z").getMonth() == 6 && timestamp("2023-07-14T10:30:45.123Z").getDayOfWeek() == 5 && timestamp("2023-07-14T10:30:45.123Z").getMilliseconds() == 123',
  'timestamp("2023-07-14T10:30:45Z").getDate() == 14 && timestamp("2023-07-14T10:30:45Z").getDayOfMonth() == 13 && timestamp("2023-12-31T00:00:00Z").getDayOfYear() == 364',
  'timestamp("2023-01-01T05:30:00Z").getFullYear("-08:00") == 2022 && timestamp("2023-01-01T05:30:00Z").getHours("+02:30") == 8',
  'timestamp("2023-07-14T10:30:45Z").getHours("America/Los_Angeles") == 3 && timestamp("2023-01-01T05:00:00Z").getDayOfYear("America/Los_Angeles") == 364',
  'type(1) == int && type(1u) == uint && type("") == string && type([]) == list && type({}) == map && type(null) == null_type && type(int) == type',
  'type(ip("::1")) == net.IP && type(cidr("::/0")) == net.CIDR && type(duration("1s")) == google.protobuf.Duration && type(1) != type(1.0)',
  'type(optional.none()) == optional_type && type(quantity("1")) != type(semver("1.0.0")) && string(ip("0::1")) == "::1"',
  '{1: "a"}[1] == "a" && {1u: "a"}[dyn(1)] == "a" && {1: "a"}[dyn(1.0)] == "a" && {true: 1}[true] == 1 && 1 in {1: 2} && !("a" in {"b": 1})',
  '{"a": [{"b": null}]} == {"a": [{"b": null}]} && optional.of(null).value() == null && optional.of(null).orValue(null) == null && {"a": 1, "b": 2} == {"b": 2, "a": 1} && {"a": 1} != {"a": 2} && [[1], []] != [[], [1]]',
  '[1, 2][1] == 2 && [1, 2][dyn(0.0)] == 1 && [1, 2][dyn(1u)] == 2 && 2 in [1, 2] && dyn(2.0) in [1, 2] && !(dyn("2") in [1, 2])',
  '"\\u2003a\\u00a0".trim() == "a" && "\\ufeffa".trim() == "\\ufeffa" && !isIP("::ffff:1.2.3.4") && !isIP("fe80::1%a") && isIP("::1") && isCIDR("::/0")',
  'true || 1 / 0 > 0 && false || true',
  '(1 / 0 > 0 || true) && !(1 / 0 > 0 && false) && (false ? 1 / 0 : 2) == 2',
  '[0, 1].exists(i, 1 / i == 1) && ![1, 0].all(i, 1 / i == 2) && [1, 2, 3].exists_one(i, i > 2) && [1, 2].map(i, i > 1, i * 2) == [4]',
  '[[1, 2], [3]].map(l, l.map(i, l.size() + i)) == [[3, 4], [4]] && [1, 2, 3].filter(i, i % 2 == 1).map(i, [i]) == [[1], [3]]',
  '{"a": 1, "b": 2}.all(k, k in {"a": 0, "b": 0}) && {"a": 1}.map(k, k + "!") == ["a!"] && {"b": 1}.filter(k, k == "b") == ["b"]',
  '"a,b,c".split(",", 2) == ["a", "b,c"] && "abc".split("") == ["a", "b", "c"] && "a,b".split(",", 0) == [] && ["a", "b"].join("-") == "a-b"',
  '"aXbX".replace("X", "", 1) == "abX" && "ab".replace("", "-") == "-a-b-" && " \\t a ".trim() == "a" && "Äb".upperAscii() == "ÄB"',
  '"abc".charAt(3) == "" && "a1b22".findAll("[0-9]+") == ["1", "22"] && "a1b22".findAll("[0-9]+", 1) == ["1"] && "abc".find("z") == ""',
  'url("https://u@example.com:80/a/b?x=1&x=2").getQuery() == {"x": ["1", "2"]} && url("https://example.com:80/a").getPort() == "80" && url("/a").getHost() == ""',
  'quantity("1.5Gi").asApproximateFloat() > 1.0 && sign(quantity("-1")) == -1 && quantity("2").asInteger() == 2 && isQuantity("1k") && !isQuantity("x")',
  'semver("v01.02.00-rc.1+b", true) == semver("1.2.0-rc.1") && semver("0.0.0", true) == semver("0", true) && semver("1.2.3-9").isLessThan(semver("1.2.3-10"))',
  'semver("v1.2", true).minor() == 2 && semver("1.0.0-alpha").isLessThan(semver("1.0.0")) && !isSemver("1.2") && isSemver("1.2", true)',
  '[duration("1s"), duration("2s")].sum() == duration("3s") && [3, 1].min() == 1 && ["b", "a"].max() == "b" && [1, 1, 2].isSorted() && [1.5, 2.0].sum() == 3.5',
  'x.__proto__ == 1 && x["constructor"] == 2 && has(x.__proto__) && !has(x.toString) && !("valueOf" in x) && x.?hasOwnProperty == optional.none()',
  'x.whole == 3 && type(x.whole) == int && type(x.half) == double && x.none == null && x.list[1].deep == "d" && x.list.size() == 2',
])('%s', (source) => {
  const x = JSON.parse('{"__proto__": 1, "constructor": 2, "whole": 3, "half": 0.5, "none": null, "list": [1, {"deep": "d"}]}');
  expect(outcomeOf(source, x)).toMatchObject({ value: true });
});

test.each<[string, unknown, string]>([
  ['x - 9223372036854775807 < 0', -2n, 'integer overflow'],
  ['x * 4611686018427387904 > 0', 2n, 'integer overflow'],
  ['-x > 0', -(2n ** 63n), 'integer overflow'],
  ['x / -1 > 0', -(2n ** 63n), 'integer overflow'],
  ['1u - uint(x) == 0u', 2n, 'unsigned integer overflow'],
  ['uint(x) == 0u', -1n, 'unsigned integer overflow'],
  ['int(x) == 0', 1e30, 'integer overflow'],
  ['int(x) == 0', '9223372036854775808', "type conversion error from 'string' to 'int'"],
  ['string(x) == ""', new Uint8Array([0xff]), 'invalid UTF-8 in bytes, cannot convert to string'],
  ['timestamp(x) == timestamp(0)', 253_402_300_800n, 'timestamp overflow'],
  ['duration("2562047h") + duration(x) > duration("0s")', '100h', 'integer overflow'],
  ['timestamp(0).getHours(x) == 0', 'Nowhere/Else', 'unknown time zone Nowhere/Else'],
  ['x < 1.0', Number.NaN, 'NaN values cannot be ordered'],
  ['x == 1 && x + "a" == ""', 1n, 'no such overload'],
  ['x[0] == 1', 'a', 'no such key: 0'],
  ['x["a"] == 1', [1n], "unsupported index type 'string' in list"],
  ['x.a == 1', 7n, 'no such key: a'],
  ['x.toString == 1', {}, 'no such key: toString'],
  ['x.__proto__ == 1', {}, 'no such key: __proto__'],
  ['int(x) == 1', [1n], 'no such overload: int(list)'],
  ['[1, 2].exists(i, x.a == i)', {}, 'no such key: a'],
  ['![1, 2].all(i, x.a == i)', {}, 'no such key: a'],
  ['[1].map(i, x.a)[0] == 1', {}, 'no such key: a'],
  ['x.all(i, true)', 1n, "got 'types.Int', expected iterable type"],
  ['x.or(optional.of(1)).value() == 1', 1n, 'no such overload'],
  ['x.sort() == x', [[1n]], 'list elements must be comparable'],
  ['x.join(",") == ""', ['a', 1n], 'join: invalid input: 1'],
  ...[
    ['192.168.0.1.0', 'IPv4 address too long'],
    ['192.168.1', 'IPv4 address too short'],
    ['1..2.3', 'IPv4 field must have at least one digit (at ".2.3")'],
    ['1.2.3.256', 'IPv4 field has value >255'],
    ['1.02.3.4', 'IPv4 field has octet with leading zero'],
    ['1.2.3.x', 'unexpected character (at "x")'],
    ['a', 'unable to parse IP'],
    ['%a::', 'missing IPv6 address'],
    ['fe80::1%', 'zone must be a non-empty string'],
    ['2001:db8:::68', 'each colon-separated field must have at least one digit (at ":68")'],
    ['2001::db8::68', 'multiple :: in address (at ":68")'],
    ['12345::', 'each group must have 4 or fewer digits (at "12345::")'],
    ['1:2:3', 'address string too short'],
    ['1:2:3:4:5:6:7:8:9', 'trailing garbage after address (at "9")'],
    ['1:2:3:4:5:6:7::8', 'the :: must expand to at least one field of zeros'],
    ['1:2:', 'colon must be followed by more characters (at ":")'],
    ['1:g', 'each colon-separated field must have at least one digit (at "g")'],
    ['1:2g', 'unexpected character, want colon (at "g")'],
    ['1:2:1.2.3.4', 'embedded IPv4 address must replace the final 2 fields of the address (at "1.2.3.4")'],
  ].map(([text = '', wrong = '']): [string, unknown, string] => {
    const shown = JSON.stringify(text);
    return ['ip(x) == ip("::")', text, `IP Address ${shown} parse error during conversion from string: ParseAddr(${shown}): ${wrong}`];
  }),
  ...[
    ['', 'Version string empty'],
    ['1.2', 'No Major.Minor.Patch elements found'],
    ['v1.2.3', 'Invalid character(s) found in major number "v1"'],
    ['1.02.3', 'Minor number must not contain leading zeroes "02"'],
    ['1.2.', 'strconv.ParseUint: parsing "": invalid syntax'],
    ['1.2.18446744073709551616', 'strconv.ParseUint: parsing "18446744073709551616": value out of range'],
    ['1.2.3-', 'Prerelease is empty'],
    ['1.2.3-a.01', 'Numeric PreRelease version must not contain leading zeroes "01"'],
    ['1.2.3-a_b', 'Invalid character(s) found in prerelease "a_b"'],
    ['1.2.3+a..b', 'Build meta data is empty'],
    ['1.2.3+ä', 'Invalid character(s) found in build meta data "ä"'],
  ].map(([text = '', wrong = '']): [string, unknown, string] => ['semver(x).major() == 1', text, wrong]),
  ['semver(x, true).major() == 1', 'v1.2-rc', 'short version cannot contain PreRelease/Build meta data'],
  ['ip(x).family() == 6', 'fe80::1%eth0', 'IP address "fe80::1%eth0" with zone value is not allowed'],
  ['ip(x).family() == 4', '::ffff:1.2.3.4', 'IPv4-mapped IPv6 address "::ffff:1.2.3.4" is not allowed'],
  ...[
    ['10.0.0.0', "no '/'"],
    ['10.0.0/8', 'ParseAddr("10.0.0"): IPv4 address too short'],
    ['10.0.0.0/', 'bad bits after slash: ""'],
    ['10.0.0.0/08', 'bad bits after slash: "08"'],
    ['10.0.0.0/33', 'prefix length out of range'],
    ['fe80::1%a/64', 'IPv6 zones cannot be present in a prefix'],
  ].map(([text = '', wrong = '']): [string, unknown, string] => {
    const why = 'network address parse error during conversion from string';
    return ['cidr(x) == cidr("::/0")', text, `${why}: ${why}: netip.ParsePrefix(${JSON.stringify(text)}): ${wrong}`];
  }),
])('%s fails: %#', (source, x, error) => {
  expect(outcomeOf(source, x)).toMatchObject({ error });
});

test('variables that are not given are told, whatever objects inherit', () => {
  const { attempt } = compileExpression('constructor == 1', { variables: new Map([['constructor', dynType]]) });
  expect(attempt({}).error).toBe('no such attribute(s): constructor');
  expect(attempt({ constructor: 1 }).value).toBe(true);
});

test('values that are nested without end are given up, and numbers without end are none', () => {
  let nested: unknown = 1;
  for (let depth = 0; depth < 100_000; depth++) nested = [nested];
  expect(outcomeOf('x[0][0].size()', nested)).toMatchObject({ value: 1n });
  expect(outcomeOf('x == x', nested)).toMatchObject({ error: 'operation cancelled: actual cost limit exceeded', exceeded: true });
  const long = '9'.repeat(1_000_000);
  expect(outcomeOf('int(x) == 1', long).error).toBe("type conversion error from 'string' to 'int'");
  expect(outcomeOf('uint(x) == 1u', long).error).toBe("type conversion error from 'string' to 'uint'");
  expect(outcomeOf('isSemver(x + ".0.0") || isSemver("1.0.0-" + x)', long)).toMatchObject({ value: false });
  expect(outcomeOf('int(x) == 7', `+${'0'.repeat(100)}7`)).toMatchObject({ value: true });
});

test('a plan can be evaluated again and again: nothing of an evaluation is left in it', () => {
  const { attempt } = compileExpression('x.map(i, i + 1).filter(i, i > 2).size()', { variables: new Map([['x', dynType]]) });
  expect([attempt({ x: [1, 2] }), attempt({ x: [5] }), attempt({ x: [1, 2] })].map(({ value }) => value)).toEqual([1n, 1n, 1n]);
  expect(attempt({ x: [1, 2] }).cost).toBe(attempt({ x: [1, 2] }).cost);
});
