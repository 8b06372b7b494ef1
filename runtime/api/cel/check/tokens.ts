import type { Issues } from './issues.ts';

/** The tokens of cel-go's grammar, in its order and by the names that its messages give them. */
export const tokenTypes = [
  '<EOF>',
  "'=='",
  "'!='",
  "'in'",
  "'<'",
  "'<='",
  "'>='",
  "'>'",
  "'&&'",
  "'||'",
  "'['",
  "']'",
  "'{'",
  "'}'",
  "'('",
  "')'",
  "'.'",
  "','",
  "'-'",
  "'!'",
  "'?'",
  "':'",
  "'+'",
  "'*'",
  "'/'",
  "'%'",
  "'true'",
  "'false'",
  "'null'",
  'NUM_FLOAT',
  'NUM_INT',
  'NUM_UINT',
  'STRING',
  'BYTES',
  'IDENTIFIER',
  'ESC_IDENTIFIER',
] as const;

export type TokenType = (typeof tokenTypes)[number];

export interface Token {
  readonly type: TokenType;
  readonly text: string;
  /** Characters before it. */
  readonly at: number;
  /** Space and comments before it. */
  readonly before: string;
}

/** Signs and words have no type here: those of the language are tokens of their own. */
interface TokenPattern {
  readonly type?: TokenType;
  readonly pattern: RegExp;
}

const hidden = /(?:[\t \r\n\f]+|\/\/[^\n]*)/y;
const escapes = String.raw`\\(?:[abfnrtv"'\\?\x60]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})`;
const plain = [
  `'''(?:${escapes}|[^\\\\])*?'''`,
  `"""(?:${escapes}|[^\\\\])*?"""`,
  `'(?:${escapes}|[^\\\\'\\n\\r])*'`,
  `"(?:${escapes}|[^\\\\"\\n\\r])*"`,
];
const raw = [`'''[^]*?'''`, `"""[^]*?"""`, `'[^'\\n\\r]*'`, `"[^"\\n\\r]*"`].map((pattern) => `[rR]${pattern}`);
const strings = [...plain, ...raw].join('|');

const string: TokenPattern = { type: 'STRING', pattern: new RegExp(`(?:${strings})`, 'uy') };
const bytes: TokenPattern = { type: 'BYTES', pattern: new RegExp(`[bB](?:${strings})`, 'uy') };
const identifier: TokenPattern = { pattern: /[A-Za-z_]\w*/y };
const sign: TokenPattern = { pattern: /==|!=|<=|>=|&&|\|\||[<>[\]{}().,\-!?:+*/%]/y };
const float: TokenPattern = { type: 'NUM_FLOAT', pattern: /(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)/y };
const integers: readonly TokenPattern[] = [
  { type: 'NUM_INT', pattern: /0x[0-9a-fA-F]+|\d+/y },
  { type: 'NUM_UINT', pattern: /(?:0x[0-9a-fA-F]+|\d+)[uU]/y },
];

/** What can stand at a character: in every place the longest match counts, and of those as long the first. */
const patterns: readonly { readonly first: RegExp; readonly patterns: readonly TokenPattern[] }[] = [
  { first: /[bBrR]/, patterns: [string, bytes, identifier] },
  { first: /[A-Za-z_]/, patterns: [identifier] },
  { first: /\d/, patterns: [float, ...integers] },
  { first: /["']/, patterns: [string] },
  { first: /`/, patterns: [{ type: 'ESC_IDENTIFIER', pattern: /`[\w.\-/ ]+`/y }] },
  { first: /\./, patterns: [float, sign] },
];
const signs = [sign];
const known: ReadonlySet<string> = new Set(tokenTypes);

/** Splits an expression as cel-go's lexer does; what is no token is reported and left out. Ends with `<EOF>`. */
export function tokensOf(source: string, issues: Issues): readonly Token[] {
  const tokens: Token[] = [];
  let index = 0;
  let at = 0;
  let before = '';
  const advance = (text: string) => {
    index += text.length;
    at += lengthOf(text);
  };
  while (index < source.length) {
    const space = matchAt(hidden, source, index);
    if (space !== undefined) {
      before += space;
      advance(space);
      continue;
    }
    const token = longestToken(source, index);
    if (token !== undefined) {
      tokens.push({ ...token, at, before });
      before = '';
      advance(token.text);
      continue;
    }
    const text = unrecognized(source, index);
    issues.push({ message: `Syntax error: token recognition error at: '${text}'`, at });
    advance(text);
  }
  tokens.push({ type: '<EOF>', text: '<EOF>', at, before });
  return tokens;
}

/** How many characters a text has; most have one for each unit. */
function lengthOf(text: string): number {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) >= 0xd800) return [...text].length;
  return text.length;
}

function matchAt(pattern: RegExp, source: string, index: number): string | undefined {
  pattern.lastIndex = index;
  return pattern.exec(source)?.[0];
}

function longestToken(source: string, index: number): { readonly type: TokenType; readonly text: string } | undefined {
  let best: { readonly type: TokenType; readonly text: string } | undefined;
  const character = source[index] ?? '';
  for (const { type, pattern } of patterns.find(({ first }) => first.test(character))?.patterns ?? signs) {
    const text = matchAt(pattern, source, index);
    if (text === undefined || text.length <= (best?.text.length ?? 0)) continue;
    const literal = `'${text}'`;
    best = { type: type ?? (isTokenType(literal) ? literal : 'IDENTIFIER'), text };
  }
  return best;
}

function isTokenType(text: string): text is TokenType {
  return known.has(text);
}

const beginnings = new RegExp(`(?:"(?:${escapes}|[^\\\\"\\n\\r])*|'(?:${escapes}|[^\\\\'\\n\\r])*|\`[\\w.\\-/ ]*|[=&|])`, 'uy');
/** What an escape may begin with, before it goes wrong. */
const brokenEscape = /\\(?:[xX][0-9a-fA-F]?|u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,7}|[0-3][0-7]?)?/y;

/** As far as a token could have gone, and the character that it broke at. */
function unrecognized(source: string, index: number): string {
  const begun = matchAt(beginnings, source, index) ?? '';
  const escaped = begun.startsWith('"') || begun.startsWith("'") ? (matchAt(brokenEscape, source, index + begun.length) ?? '') : '';
  const length = begun.length + escaped.length;
  return (
    source.slice(index, index + length) + String.fromCodePoint(...[source.codePointAt(index + length)].filter((code) => code !== undefined))
  );
}
