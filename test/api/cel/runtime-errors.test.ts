import { expect, test } from 'vitest';
import { dynType } from '../../../runtime/api/cel/check/index.ts';
import { compileExpression } from '../../../runtime/api/cel/expression.ts';

/** Nothing is known of the types of `x` beforehand. */
function outcomeOf(source: string, x: unknown) {
  return compileExpression(source, { variables: new Map([['x', dynType]]) }).attempt({ x });
}

// The texts of cel-go's common/types, interpreter and ext, and of apiserver's pkg/cel/library.
test.each<[string, unknown, string]>([
  ['x.a.b == 1', { a: {} }, 'no such key: b'],
  ['x["a b"] == 1', {}, 'no such key: a b'],
  ['x[3] == 1', [1n], 'index out of bounds: 3'],
  ['x[-1] == 1', [1n], 'index out of bounds: -1'],
  ['1 / x == 1', 0n, 'division by zero'],
  ['1 % x == 1', 0n, 'modulus by zero'],
  ['x + 9223372036854775807 > 0', 1n, 'integer overflow'],
  ['int(x) == 1', 'a', "type conversion error from 'string' to 'int'"],
  ['double(x) == 1.0', 'a', "type conversion error from 'string' to 'double'"],
  ['bool(x)', 'a', "type conversion error from 'string' to 'bool'"],
  ['duration(x) == duration("1s")', 'a', "type conversion error from 'string' to 'google.protobuf.Duration'"],
  ['timestamp(x) == timestamp("2026-01-01T00:00:00Z")', 'a', "type conversion error from 'string' to 'google.protobuf.Timestamp'"],
  ['x + 1 == 2', 'a', 'no such overload'],
  ['x > 1', 'a', 'no such overload'],
  ['x > 1', {}, 'no such overload: _>_'],
  ['x + 1 == 2', null, 'no such overload: _+_'],
  ['x - 1 == 2', 'a', 'no such overload: _-_'],
  ['-x == 2', 'a', 'no such overload: -_'],
  ['!x', 1n, 'no such overload'],
  ['x && true', 1n, 'no such overload'],
  ['x ? true : false', 1n, 'no such overload'],
  ['1 in x', 1n, 'no such overload'],
  ['x.contains("a")', 1n, 'no such overload'],
  ['"a".startsWith(x)', 1n, 'no such overload'],
  ['"a".substring(x) == ""', null, 'no such overload: substring(string, null_type)'],
  ['x.lowerAscii() == ""', ['a'], 'no such overload: lowerAscii(list)'],
  ['size(x) == 1', 1n, 'no such overload: size'],
  ['x.all(a, a)', 1n, "got 'types.Int', expected iterable type"],
  ['"abc".substring(x) == ""', 4n, 'index out of range: 4'],
  ['"abc".substring(2, x) == ""', 1n, 'invalid substring range. start: 2, end: 1'],
  ['"abc".charAt(x) == ""', 4n, 'index out of range: 4'],
  ['"abc".indexOf("c", x) == 2', -1n, 'index out of range: -1'],
  ['"abc".lastIndexOf("c", x) == 2', -1n, 'index out of range: -1'],
  ['"abc".matches(x)', '(', 'error parsing regexp: missing closing ): `(`'],
  ['"abc".find(x) == ""', '(', 'Illegal regex: error parsing regexp: missing closing ): `(`'],
  ['"%d".format([x]) == ""', 'a', 'error during formatting: decimal clause can only be used on integers, was given string'],
  ['"%f".format([x]) == ""', {}, 'error during formatting: fixed-point clause can only be used on doubles, was given map'],
  ['x.format([1]) == ""', '%d %d', 'index 1 out of range'],
  ['[1].slice(0, x) == [1]', 2n, 'cannot slice(0, 2), list is length 1'],
  ['lists.range(x) == [1]', 10_000_000n, 'operation cancelled: actual cost limit exceeded'],
  ['ip.isCanonical(x)', 1n, 'no such overload: ip.isCanonical(int)'],
  ['optional.none().value() == x', 1n, 'optional.none() dereference'],
  ['[].min() == x', 1n, 'min called on empty list'],
  ['quantity(x).asInteger() == 1', '100Ei', 'cannot convert value to integer'],
  ['timestamp(0).getHours(x) == 1', 'america/new_york', 'unknown time zone america/new_york'],
  ['timestamp(0).getHours(x) == 1', '+0100', 'unknown time zone +0100'],
  ['timestamp(0).getHours(x) == 1', '1:x', 'strconv.Atoi: parsing "x": invalid syntax'],
  ['timestamp(0).getHours(x) == 1', '99999999999999999999:0', 'strconv.Atoi: parsing "99999999999999999999": value out of range'],
])('%s, %# of the table', (source, x, error) => {
  expect(outcomeOf(source, x)).toMatchObject({ error });
});

test.each([
  "'Rook 👑 a'.indexOf('a') == 7 && 'abcabc'.indexOf('b', 2) == 4 && 'abc'.indexOf('c', 9) == -1 && 'abc'.indexOf('', 2) == 2",
  "'a👑a'.lastIndexOf('a') == 2 && 'abcabc'.lastIndexOf('b', 3) == 1 && 'abc'.lastIndexOf('c', 9) == -1 && 'abc'.lastIndexOf('') == 3",
  "'👑takes'.substring(1) == 'takes' && '👑takes'.substring(0, 2) == '👑t'",
  "'%d %s %f %s %s'.format([1, 'abc', 1.0, duration('1m'), timestamp('2000-01-01T00:00:00.000Z')]) == '1 abc 1.000000 60s 2000-01-01T00:00:00Z'",
  "'%e %e'.format([3.14, 0.001]) == '3.140000×10⁰⁰ 1.000000×10⁻⁰³'",
  "'%o %b %x %X %x %b'.format([8, 9, 255, 255, 'hi', true]) == '10 1001 ff FF 6869 1'",
  "'%.2f %f'.format([1234567.891, 0.5]) == '1,234,567.89 0.500000'",
  `'%s %s'.format([['a', 'b'], {'b': 2.5, 'a': 1.0}]) == '["a", "b"] {"a":1.000000, "b":2.500000}'`,
  "'%s %s %%'.format([null, true]) == 'null true %'",
  '[1, 2, 3].slice(1, 3) == [2, 3] && [3, 1, 2].sort() == [1, 2, 3] && ["b", "a"].sort() == ["a", "b"] && [1, 2].reverse() == [2, 1]',
  '[1, 2, 1].distinct() == [1, 2] && [[1], [2, 3]].flatten() == [1, 2, 3] && [[[1]], [[2]]].flatten(2) == [1, 2] && lists.range(3) == [0, 1, 2]',
  "ip.isCanonical('::1') && !ip.isCanonical('0::1') && string(cidr('10.1.2.3/8').masked()) == '10.0.0.0/8'",
  `strings.quote('a"\\n') == '"a\\\\"\\\\n"'`,
  "{'a': 'v'}.?a == optional.of('v') && {}.?b == optional.none() && optional.of([1]) != optional.of([2]) && optional.of(1) != optional.none()",
  "optional.ofNonZeroValue('') == optional.none() && optional.ofNonZeroValue(1).value() == 1 && !optional.ofNonZeroValue({}).hasValue()",
  '[1, 2].first().value() == 1 && [1, 2].last() == optional.of(2) && !([].first().hasValue()) && [optional.of(1), optional.none()].unwrapOpt() == [1]',
  '[1, 2, 1].indexOf(1) == 0 && [1, 2, 1].lastIndexOf(1) == 2',
  'dyn(9007199254740993) == 9007199254740992.0 && dyn(9223372036854775807) == 9223372036854775808.0 && dyn(9007199254740993) != 9007199254740992',
  'dyn(9007199254740993) <= 9007199254740992.0 && dyn(9007199254740993u) == 9007199254740992.0 && dyn(1.5) > 1 && dyn(2u) < 2.5',
  "'%.0f %.0f %.0f %.1f %.2f %.2f'.format([2.5, 3.5, -0.5, 0.25, 0.125, 0.126]) == '2 4 -0 0.2 0.12 0.13'",
  `'%s'.format([[1e30, 'a\\a', b'\\xff']]) == '[1000000000000000019884624838656.000000, "a\\\\a", b"\ufffd"]'`,
  "!quantity('9223372036854775808').isInteger() && !quantity('100Ei').isInteger() && quantity('-50k').asInteger() == -50000",
  "url('https://example.com/a/../b').getEscapedPath() == '/a/../b' && url('https://h/a b%2f{').getEscapedPath() == '/a%20b%2F%7B'.replace('%2F', '/')",
  "!isURL('http://a/%zz') && isURL('http://a/%7a?x=%zz') && isURL('mailto:a') && url('https://h').getEscapedPath() == ''",
  "url('/a?b=1&c=2&b=3').getQuery() == {'b': ['1', '3'], 'c': ['2']}",
  "'baaac'.findAll('a*') == ['', 'aaa', ''] && 'abab'.findAll('b') == ['b', 'b'] && '👑a'.findAll('') == ['', '', '']",
  "timestamp('2024-02-29T23:30:00Z').getDate('Europe/Berlin') == 1 && timestamp('2024-02-29T23:30:00Z').getHours('-01:30') == 22",
  "'a👑b'.charAt(1) == '👑' && 'a👑b'.substring(1, 2) == '👑' && 'a👑b'.lastIndexOf('b', 2) == 2 && 'a👑b'.indexOf('', 9) == 3",
])('%s', (source) => {
  expect(outcomeOf(source, null)).toMatchObject({ value: true });
});
