import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../../runtime/apiserver/decoding/read-yaml.ts';
import { YamlFault } from '../../../runtime/apiserver/decoding/yaml-fault.ts';

/** Bytes, each written as the character of its number. */
const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const read = (text: string) => parseYaml(new TextEncoder().encode(text));
const line = (count: number) => `${'*a,'.repeat(count)}*a`;

describe('bytes that are no text of YAML are refused as go-yaml refuses them', () => {
  test.each<[string, string]>([
    ['a: \xff', 'invalid leading UTF-8 octet'],
    ['a: "b\x80"', 'invalid leading UTF-8 octet'],
    ['a: \xf8\x88\x80\x80\x80', 'invalid leading UTF-8 octet'],
    ['a: \xc3\n', 'invalid trailing UTF-8 octet'],
    ['a: \xe2\x82', 'incomplete UTF-8 octet sequence'],
    ['a: \xc0\x80', 'invalid length of a UTF-8 sequence'],
    ['a: \xed\xa0\x80', 'invalid Unicode character'],
    ['a: \xf4\x90\x80\x80', 'invalid Unicode character'],
    ['a: b\x07c', 'control characters are not allowed'],
    ['a: "\x00"', 'control characters are not allowed'],
    ['# \x1b[1m', 'control characters are not allowed'],
    ['a: \x7f', 'control characters are not allowed'],
    ['{"a": "\x7f"}', 'control characters are not allowed'],
    ['a: \xc2\x80', 'control characters are not allowed'],
    ['a: \xef\xbf\xbf', 'control characters are not allowed'],
    ['a: \x01\xff', 'control characters are not allowed'],
    ['a: \xff\x01', 'invalid leading UTF-8 octet'],
    ['\xff\xfea\x00:\x00 \x00b', 'incomplete UTF-16 character'],
    ['\xff\xfea\x00:\x00 \x00\x00\xd8', 'incomplete UTF-16 surrogate pair'],
    ['\xff\xfea\x00:\x00 \x00\x00\xd8\n\x00', 'expected low surrogate area'],
    ['\xff\xfea\x00:\x00 \x00\x00\xdc\n\x00', 'unexpected low surrogate area'],
    ['\xff\xfe\x01\x00', 'control characters are not allowed'],
  ])('%j', (text, why) => {
    expect(() => parseYaml(bytes(text))).toThrow(`yaml: ${why}`);
  });

  test.each<[string, string, unknown]>([
    ['a mark of UTF-8', '\xef\xbb\xbfa: b', { a: 'b' }],
    ['UTF-16 of either order', '\xff\xfea\x00:\x00 \x00\x3d\xd8\x00\xde', { a: '\u{1f600}' }],
    ['UTF-16 of either order', '\xfe\xff\x00a\x00:\x00 \x00b', { a: 'b' }],
    ['lines that end in another way', 'a: b\rc: d\r\ne: f\xc2\x85g: h', { a: 'b', c: 'd', e: 'f', g: 'h' }],
    ['a mark within a text', 'a: b\xef\xbb\xbfc', { a: 'b\ufeffc' }],
  ])('%s is read', (_, text, value) => {
    expect(parseYaml(bytes(text))).toEqual({ value });
  });
});

describe('keys that JSON has not are refused', () => {
  test.each<[string, string]>([
    ['? [a, 1]\n: b', 'yaml: invalid map key: []interface {}{"a", 1}'],
    ['{ {a: [true, ~]}: c}', 'yaml: invalid map key: map[interface {}]interface {}{"a":[]interface {}{true, interface {}(nil)}}'],
    ['x: &a [k]\n*a : b', 'yaml: invalid map key: []interface {}{"k"}'],
    ['~: a', 'unsupported map key of type: %!s(<nil>), key: <nil>, value: "a"'],
    ['? \n: [1]', 'unsupported map key of type: %!s(<nil>), key: <nil>, value: []interface {}{1}'],
    ['18446744073709551615: a', 'unsupported map key of type: uint64, key: 0xffffffffffffffff, value: "a"'],
    ['a: b\n: c', 'yaml: line 1: did not find expected key'],
    ['{: a}', 'yaml: did not find expected node content'],
    ['a: [b]: c', 'yaml: mapping values are not allowed in this context'],
  ])('%j', (text, why) => {
    expect(() => read(text)).toThrow(new YamlFault(why));
  });

  test('others become text', () => {
    const text =
      '1: a\n0x10: a\n-1: a\n1.50: a\n1e3: a\n9223372036854775807: a\n123456789.125: a\n.inf: a\nyes: a\n2001-01-01: a\n!!binary aGk=: a\n__proto__: a';
    expect(Object.keys(read(text).value as object).sort()).toEqual(
      ['-1', '.inf', '1', '1.2345679e+08', '1.5', '1000', '16', '2001-01-01', '9223372036854775807', '__proto__', 'hi', 'true'].sort(),
    );
  });
});

describe('tags hold text to what they say', () => {
  test.each<[string, string]>([
    ['a: !!int x', 'yaml: cannot decode !!str `x` as a !!int'],
    ['a: !!int 1.5', 'yaml: cannot decode !!float `1.5` as a !!int'],
    ['a: !!bool ""', 'yaml: cannot decode !!null `` as a !!bool'],
    ['a: !!null x', 'yaml: cannot decode !!str `x` as a !!null'],
    ['a: !!timestamp 1', 'yaml: cannot decode !!int `1` as a !!timestamp'],
    ['a: !!binary "a Gk="', 'yaml: !!binary value contains invalid base64 data'],
    ['a: !!binary aGk', 'yaml: !!binary value contains invalid base64 data'],
    ['a: !e!foo x', 'yaml: found undefined tag handle'],
    ['a: .nan', 'json: unsupported value: NaN'],
    ['a: -.inf', 'json: unsupported value: -Inf'],
  ])('%j', (text, why) => {
    expect(() => read(text)).toThrow(new YamlFault(why));
  });

  test('others are none of its business', () => {
    expect(read('a: !!float 0x10\nb: !foo 1\nc: !!str yes\nd: !!timestamp 2001-1-1\ne: ! 1\nf: !!seq {a: 1}').value).toEqual({
      a: 16,
      b: '1',
      c: 'yes',
      d: '2001-1-1',
      e: '1',
      f: { a: 1 },
    });
  });
});

describe('what only later YAML has is refused', () => {
  test.each<[string, string]>([
    ['%YAML 1.2\n---\na: 1', 'yaml: found incompatible YAML document'],
    ['# a\n%FOO x\n---\na: 1', 'yaml: line 2: found unknown directive name'],
    ['%YAML 1.1\n%YAML 1.1\n---\na: 1', 'yaml: line 1: found duplicate %YAML directive'],
    ['a: "\\ud800"', 'yaml: found invalid Unicode character escape code'],
    ['{"a": "\\ud83d\\ude00"}', 'yaml: found invalid Unicode character escape code'],
    ['a:\n  "\\U0000d800"', 'yaml: line 2: found invalid Unicode character escape code'],
    ['{"a": "b\\/c"}', 'yaml: found unknown escape character'],
    ['a: &b&c d', 'yaml: did not find expected alphabetic or numeric character'],
    ['a: [b?c]', "yaml: did not find expected ',' or ']'"],
    ['a: {u: http://x/?q}', "yaml: did not find expected ',' or '}'"],
  ])('%j', (text, why) => {
    expect(() => read(text)).toThrow(new YamlFault(why));
  });

  test('and what looks like it is not', () => {
    const text = '%YAML 1.1\n%TAG !e! tag:x,1:\n---\na: "\\\\ud800"\nb: \'\\ud800\'\nc: \\ud800\nd: b?c\ne: !e!f g\nf: "%"\n';
    expect(read(text).value).toEqual({ a: '\\ud800', b: '\\ud800', c: '\\ud800', d: 'b?c', e: 'g', f: '%' });
  });
});

describe('maps that are merged', () => {
  test.each<[string, unknown, string | undefined]>([
    ['x: &x {a: 1}\nk: {<<: *x, b: 2}', { a: 1, b: 2 }, undefined],
    ['x: &x {a: 1}\nk:\n  <<: *x\n  a: 2', { a: 2 }, 'line 4: key "a" already set in map'],
    ['x: &x {a: 1}\nk:\n  a: 2\n  <<: *x', { a: 1 }, 'line 1: key "a" already set in map'],
    ['x: [&x {a: 1}, &z {a: 2, c: 3}]\nk:\n  <<: [*x, *z]', { a: 1, c: 3 }, 'line 1: key "a" already set in map'],
    ['k: {"<<": {a: 1}}', { '<<': { a: 1 } }, undefined],
  ])('%j', (text, k, duplicate) => {
    const { value, duplicates } = read(text);
    expect(value).toMatchObject({ k });
    expect(duplicates).toBe(duplicate && `yaml: unmarshal errors:\n  ${duplicate}`);
  });

  test.each(['1', '[1]', '[[{a: 1}]]', ''])('others than maps are refused: %j', (source) => {
    expect(() => read(`k:\n  <<: ${source}`)).toThrow('yaml: map merge requires map or sequence of maps as the value');
  });
});

test('keys that stand twice are told from the inside to the outside', () => {
  expect(read('a: 1\na: {c: 1, c: 2}\na:\n- b\n1: x\n"1": y').duplicates).toBe(
    'yaml: unmarshal errors:\n  line 2: key "c" already set in map\n  line 2: key "a" already set in map\n  line 4: key "a" already set in map',
  );
});

test('many aliases of what is small are read, and become values of their own', () => {
  const { value } = read(`a: &a {b: c}\nd: [${line(5_000)}]`);
  const { d } = value as { d: object[] };
  expect(d).toHaveLength(5_001);
  expect(d[0]).toEqual({ b: 'c' });
  expect(d[0]).not.toBe(d[1]);
});

test('aliases that explode are refused before they do', () => {
  let text = 'a: &a [x,x,x,x,x,x,x,x,x]\n';
  for (const name of 'bcdefghijklmnopqrstuvwxyz') {
    const inner = `*${String.fromCharCode(name.charCodeAt(0) - 1)}`;
    text += `${name}${name}: &${name} [${Array(9).fill(inner).join()}]\n`;
  }
  expect(() => read(text)).toThrow('yaml: document contains excessive aliasing');
  const deep = `${'['.repeat(2_000)}x${']'.repeat(2_000)}`;
  let nested = `a: &a ${deep}\n`;
  for (const name of 'bcdefghi') nested += `${name}: &${name} ${deep.replace('x', `*${String.fromCharCode(name.charCodeAt(0) - 1)}`)}\n`;
  expect(() => read(nested)).toThrow('exceeded max depth of 10000');
});

test('a block that ends where the text ends, within a line, does not end with a line', () => {
  expect(read('a: |\n  b\n  c').value).toEqual({ a: 'b\nc' });
  expect(read('a: |\n  b\n').value).toEqual({ a: 'b\n' });
  expect(read('a: |\n  b\n ').value).toEqual({ a: 'b\n' });
});

test('what stands behind a document in brackets is left alone', () => {
  expect(read('{"a":1}\n{"b":2}').value).toEqual({ a: 1 });
  expect(() => read('{"a":1} @')).toThrow(YamlFault);
  expect(() => read('{"a":1')).toThrow("did not find expected ',' or '}'");
});

test('numbers beyond any double are text', () => {
  expect(read('{"a": 1e400}').value).toEqual({ a: '1e400' });
  expect(read('a: 0xFFFFFFFFFFFFFFFFF\nb: 02777777777777777777777').value).toEqual({ a: '0xFFFFFFFFFFFFFFFFF', b: 2.777777777777778e21 });
});
