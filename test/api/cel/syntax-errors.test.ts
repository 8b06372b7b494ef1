import { expect, test } from 'vitest';
import { checkCel } from '../../../runtime/api/cel/check/index.ts';

const expr = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const item =
  "{'[', ']', '{', '(', '.', ',', '-', '!', '?', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const entry =
  "{'[', '{', '}', '(', '.', ',', '-', '!', '?', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const field = "{'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}";
const argument = "{'[', '{', '(', ')', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/** What is wrong with an expression, without the lines that show where. */
function problems(source: string): readonly string[] {
  const { error = '' } = checkCel(source, { variables: new Map() });
  return error
    .split('\n')
    .filter((line) => line.startsWith('ERROR: <input>:'))
    .map((line) => line.slice('ERROR: <input>:'.length));
}

// From the expectations of cel-go's parser_test.go, and of Kubernetes' own tests.
test.each<[string, ...string[]]>([
  [
    '*@a | b',
    `1:1: Syntax error: extraneous input '*' expecting ${expr}`,
    "1:2: Syntax error: token recognition error at: '@'",
    "1:5: Syntax error: token recognition error at: '| '",
    "1:7: Syntax error: extraneous input 'b' expecting <EOF>",
  ],
  ['a | b', "1:3: Syntax error: token recognition error at: '| '", "1:5: Syntax error: extraneous input 'b' expecting <EOF>"],
  ['{', `1:2: Syntax error: mismatched input '<EOF>' expecting ${entry}`],
  ['[', `1:2: Syntax error: mismatched input '<EOF>' expecting ${item}`],
  ['TestAllTypes(){}', "1:15: Syntax error: mismatched input '{' expecting <EOF>"],
  ['TestAllTypes{}()', "1:15: Syntax error: mismatched input '(' expecting <EOF>"],
  ['1 + $', "1:5: Syntax error: token recognition error at: '$'", `1:6: Syntax error: mismatched input '<EOF>' expecting ${expr}`],
  ['1 + 2\n3 +', "2:1: Syntax error: mismatched input '3' expecting <EOF>"],
  ['1 + +', `1:5: Syntax error: mismatched input '+' expecting ${expr}`, `1:6: Syntax error: mismatched input '<EOF>' expecting ${expr}`],
  ['{"a": 1}."a"', `1:10: Syntax error: no viable alternative at input '."a"'`],
  [
    '"\\xFh"',
    `1:1: Syntax error: token recognition error at: '"\\xFh'`,
    `1:6: Syntax error: token recognition error at: '"'`,
    `1:7: Syntax error: mismatched input '<EOF>' expecting ${expr}`,
  ],
  [
    "      '😁' in ['😁', '😑', '😦']\n   && in.😁",
    `2:7: Syntax error: extraneous input 'in' expecting ${expr}`,
    "2:10: Syntax error: token recognition error at: '😁'",
    "2:11: Syntax error: no viable alternative at input '.'",
  ],
  ['in', `1:1: Syntax error: mismatched input 'in' expecting ${expr}`, `1:3: Syntax error: mismatched input '<EOF>' expecting ${expr}`],
  [
    'func{{a}}',
    `1:6: Syntax error: extraneous input '{' expecting ${field}`,
    "1:8: Syntax error: mismatched input '}' expecting ':'",
    "1:9: Syntax error: extraneous input '}' expecting <EOF>",
  ],
  ['msg{:a}', `1:5: Syntax error: extraneous input ':' expecting ${field}`, "1:7: Syntax error: mismatched input '}' expecting ':'"],
  ['{a}', "1:3: Syntax error: mismatched input '}' expecting ':'"],
  ['{:a}', `1:2: Syntax error: extraneous input ':' expecting ${entry}`, "1:4: Syntax error: mismatched input '}' expecting ':'"],
  ['ind[a{b}]', "1:8: Syntax error: mismatched input '}' expecting ':'"],
  ['--', "1:3: Syntax error: no viable alternative at input '-'", `1:3: Syntax error: mismatched input '<EOF>' expecting ${expr}`],
  ['?', `1:1: Syntax error: mismatched input '?' expecting ${expr}`, `1:2: Syntax error: mismatched input '<EOF>' expecting ${expr}`],
  ['self.true == 1', "1:6: Syntax error: mismatched input 'true' expecting IDENTIFIER"],
  ['x{?.', "1:4: Syntax error: mismatched input '.' expecting {IDENTIFIER, ESC_IDENTIFIER}"],
  ["'asdf'.contains('x'", "1:20: Syntax error: missing ')' at '<EOF>'"],
  [
    "request.user = 'test'",
    "1:14: Syntax error: token recognition error at: '= '",
    "1:16: Syntax error: extraneous input ''test'' expecting <EOF>",
  ],
  ['size(', `1:6: Syntax error: mismatched input '<EOF>' expecting ${argument}`],
  ['0xFFFFFFFFFFFFFFFFF', '1:1: invalid int literal'],
  ['0xFFFFFFFFFFFFFFFFFu', '1:1: invalid uint literal'],
  ['1.99e90000009', '1:1: invalid double literal'],
  ['has(m)', '1:5: invalid argument to has() macro'],
  ['1.all(2, 3)', '1:7: argument must be a simple name'],
  ['m.filter(a.b, false)', '1:11: argument is not an identifier'],
  ['m.map(__result__, __result__)', '1:7: iteration variable overwrites accumulator variable'],
  ['namespace', '1:1: reserved identifier: namespace'],
  [
    '[1, 2, 3].map(var, var * var)',
    '1:15: reserved identifier: var',
    '1:15: argument is not an identifier',
    '1:20: reserved identifier: var',
    '1:26: reserved identifier: var',
  ],
  ['a.`b-c`', "1:3: unsupported syntax: '`'"],
])('%j', (source, ...expected) => {
  expect(problems(source)).toEqual(expected);
});

test('every problem has its line, and a mark below its place', () => {
  expect(checkCel("\t'é' + é\n+ 1", { variables: new Map() }).error).toBe(
    [
      "ERROR: <input>:1:8: Syntax error: token recognition error at: 'é'",
      " |  'é' + é",
      ' | ..．....＾',
      `ERROR: <input>:2:1: Syntax error: extraneous input '+' expecting ${expr}`,
      ' | + 1',
      ' | ^',
    ].join('\n'),
  );
});

test.each([
  [`${'('.repeat(251)}1${')'.repeat(251)}`, 'expression recursion limit exceeded: 250'],
  [`a${'.b'.repeat(40_000)}`, 'max recursion depth exceeded'],
  [`'${'a'.repeat(100_000)}'`, 'expression code point size exceeds limit: size: 100002, limit 100000'],
  ['?'.repeat(40), undefined],
])('what is too large is not read to its end', (source, message) => {
  const { error = '' } = checkCel(source, { variables: new Map() });
  expect(message === undefined ? error !== '' : error === `ERROR: <input>:-1:0: ${message}`).toBe(true);
});
