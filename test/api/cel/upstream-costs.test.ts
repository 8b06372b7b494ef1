import { expect, test } from 'vitest';
import { dynType, intType, listOf, mapOf, stringType } from '../../../runtime/api/cel/check/index.ts';
import { estimateCost } from '../../../runtime/api/cel/estimate/cost.ts';
import { compileExpression } from '../../../runtime/api/cel/expression.ts';
import { authorizerType, CelAuthorizer } from '../../../runtime/api/cel/libraries/authorizer.ts';
import { patchType } from '../../../runtime/api/cel/mutation.ts';

const variables = new Map([
  ['authorizer', authorizerType],
  ['x', dynType],
  ['texts', listOf(stringType)],
  ['labels', mapOf(stringType, stringType)],
  ['number', intType],
  ['text', stringType],
]);
const authorizer = new CelAuthorizer(() => ({ decision: 'allow' }), { group: '', resource: '', subresource: '', namespace: '', name: '' });
const given = {
  authorizer,
  x: { a: { b: 1n }, list: [1n, 2n] },
  texts: ['a', 'b', 'c'],
  labels: { a: 'b' },
  number: 3n,
  text: 'abcdefghijk',
};

function costsOf(source: string): { readonly estimated: number; readonly runtime: number; readonly error: string | undefined } {
  const { checked, attempt } = compileExpression(source, { variables, constructed: patchType });
  const { cost, error } = attempt(given);
  return { estimated: estimateCost(checked, {}), runtime: cost, error };
}

// The numbers of upstream's own tests (`pkg/cel/library/cost_test.go`), which run without cel-go's optimizer: lists and maps of constants, which the API server
// has for nothing, are left out of the second.
test.each<[string, number, number]>([
  ['[1, 2, 3, 4, 5].sum()', 15, 5],
  ['[uint(1), uint(2), uint(3), uint(4), uint(5)].max()', 20, 5],
  ["['012345678901', '012345678901', '012345678901', '012345678901', '012345678901'].isSorted()", 25, 5],
  ["['012345678901', '012345678901', '012345678901', '012345678901', '012345678901'].indexOf('x')", 25, 5],
  ["'01234567890123456789012345678901234567890123456789'.indexOf('123')", 5, 5],
  ["url('https://kubernetes.i/').getScheme()", 4, 4],
  ["ip('192.168.0.1')", 2, 2],
  ["ip('2001:db8:3333:4444:5555:6666:7777:8888').family()", 5, 5],
  ["ip('192.168.0.1') == ip('192.168.0.1')", 5, 5],
  ["ip.isCanonical('2001:db8:3333:4444:5555:6666:7777:8888')", 8, 8],
  ["cidr('192.168.0.0/16').masked()", 3, 3],
  ["cidr('192.168.0.0/16') == cidr('2001:db8::/32')", 5, 5],
  ["cidr('192.168.0.0/16').containsCIDR(cidr('192.0.0.0/30'))", 11, 7],
  ["cidr('192.168.0.0/16').containsCIDR('192.0.0.0/30')", 11, 7],
  ["cidr('192.168.0.0/16').containsIP(ip('192.0.0.1'))", 7, 4],
  ["'ABCDEFGHIJ abcdefghij'.lowerAscii()", 3, 3],
  ["'ABCDEFGHIJ abcdefghij'.lowerAscii() == 'abcdefghij ABCDEFGHIJ'.lowerAscii()", 9, 9],
  ["strings.quote('ABCDEFGHIJ abcdefghij')", 3, 3],
  ["strings.quote('ABCDEFGHIJ abcdefghij') == strings.quote('ABCDEFGHIJ abcdefghij')", 11, 9],
  ["'abc 123 def 123'.replace('123', '456')", 3, 3],
  ["'abc 123 def 123'.replace('', 'x')", 3, 3],
  ["'abc 123 def 123'.split(' ')", 3, 3],
  ["'abc 123 def 123'.substring(5, 8)", 2, 2],
  ["'  abc 123 def 123  '.trim()", 2, 2],
  ["'abc 123 def 123'.find('123')", 2, 2],
  ["'abc 123 def 123'.findAll('123', 1)", 2, 2],
  ["jsonpatch.escapeKey('abc/def~ abc/def~')", 2, 2],
  ["authorizer.path('/healthz')", 2, 2],
  ["authorizer.group('apps').resource('deployments').subresource('status').namespace('test').name('backend')", 6, 6],
  [
    "authorizer.group('').resource('pods').fieldSelector('spec.nodeName=example-node-name.fully.qualified.domain.name.example.com')",
    1821,
    1821,
  ],
  ["authorizer.path('/healthz').check('get').allowed()", 350_003, 350_003],
  ["authorizer.group('').resource('pods').check('create').errored()", 350_004, 350_004],
  ['quantity("12Mi")', 1, 1],
  ['quantity("200M") == quantity("0.2G") && quantity("0.2G") == quantity("200M")', 6, 6],
  ['quantity("50k").add(20).sub(quantity("100k")).sub(-50000).asInteger() > 0', 7, 7],
  ['format.named("dns1123Subdomain").value().validate("my-name")', 34, 17],
  ['format.named("dns1123Label").value().validate("my-name")', 34, 10],
  ['format.named("dns1123Label").value() == format.named("dns1123Label").value()', 11, 5],
  ['sets.contains([1, 2, 3, 4], [2, 3])', 29, 9],
  ['sets.equivalent([1], [1, 1])', 25, 5],
  ['!sets.intersects([1], [2])', 23, 3],
  ['semver("1234.56789012345.67890123456789")', 4, 4],
  ['semver("1.0.0").compareTo(semver("1.2.3"))', 3, 3],
  ["{'a': 1, 'b': 2}.all(k, v, v > 0)", 41, 11],
  ["{'a': 1, 'b': 2}.exists(k, v, v > 0)", 43, 10],
  ["{'a': 1, 'b': 2}.existsOne(k, v, v > 0)", 40, 10],
  ["{'a': 1, 'b': 2}.transformMap(k, v, v + 1)", 71, 11],
  ["{'a': 1, 'b': 2}.transformMapEntry(k, v, v < 5, {k: v + 1})", 135, 75],
  ['[1, 2].all(i, v, v > 0)', 21, 11],
  ['[1, 2].transformList(i, v, v + 1)', 49, 29],
  ['[1, 2].transformList(i, v, v < 5, v + 1)', 53, 33],
])('%s may cost %d, and costs %d', (source, estimated, runtime) => {
  expect(costsOf(source)).toEqual({ estimated, runtime, error: undefined });
});

// By cel-go's `interpreter/runtimecost.go`.
test.each<[string, number, string]>([
  ['number', 1, 'a name'],
  ['x.a.b', 3, 'a name and two fields'],
  ['has(x.a.b)', 2, 'the way to what is asked for'],
  ['has(x.c)', 1, 'what is not there costs as much'],
  ['x.list[0]', 3, 'an index'],
  ['x.list[number - 3]', 5, 'what is worked out for an index as well'],
  ['labels[texts[0]]', 3, 'but not the name alone that begins it'],
  ['x.?a.b.hasValue()', 4, 'fields that are there'],
  ['x.?c.d.hasValue()', 2, 'and none that are not'],
  ['number > 2 ? number : 1', 2, 'nothing for a name in a branch'],
  ['[["a"], ["b", string(1)]].size() == 2', 2, 'nothing for what is always the same'],
  ['number in [1, 2, 3]', 1, 'nothing for a look into such a list'],
  ['"b" in texts', 4, 'one for each item of another'],
  ['dyn(1) in x', 2, 'one where nobody knows beforehand what it is'],
  ['[number]', 11, 'ten for a list'],
  ['{"a": number}', 31, 'thirty for a map'],
  ['text + text == "a"', 6, 'texts by their length'],
  ['text.startsWith("a")', 3, 'the text that is looked at'],
  ['text.contains("abcdefghijkl")', 5, 'both texts'],
  ['text.matches("^[a-z]+$")', 5, 'a pattern by its length'],
  ['duration("1h") > duration("1s") && int("3") == 3', 2, 'no conversions of constants'],
  ['number == 3 || x.a.b == 1', 2, 'nothing behind what settles it'],
  ['texts.all(t, t != "d")', 17, 'five for each round, one for the list, one for what comes of it'],
  ['texts.exists(t, t == "b")', 17, 'until one is found'],
  ['texts.join(", ")', 3, 'a text that is made by its own length'],
  ['texts.map(t, t)', 41, 'lists that are made, and put together'],
  ['optional.of(1).optMap(v, v + 1)', 7, 'the target twice'],
])('%s costs %d: %s', (source, cost) => {
  expect(costsOf(source)).toMatchObject({ runtime: cost, error: undefined });
});
