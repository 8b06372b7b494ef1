import type { LiteralType } from './syntax.ts';
import type { TokenType } from './tokens.ts';

const largestInt = 2n ** 63n - 1n;
const largestUint = 2n ** 64n - 1n;

/** The type and the text of a literal, or why it is none. Strings are without their quotes and escapes. */
export function literalOf(
  type: TokenType,
  text: string,
  negative: boolean,
): { readonly type: LiteralType; readonly value: string } | { readonly message: string } {
  switch (type) {
    case 'NUM_INT': {
      const value = BigInt(text) * (negative ? -1n : 1n);
      return value > largestInt || value < -largestInt - 1n ? { message: 'invalid int literal' } : { type: 'int', value: String(value) };
    }
    case 'NUM_UINT': {
      const value = BigInt(text.slice(0, -1));
      return value > largestUint ? { message: 'invalid uint literal' } : { type: 'uint', value: String(value) };
    }
    case 'NUM_FLOAT':
      return Number.isFinite(Number(text))
        ? { type: 'double', value: (negative ? '-' : '') + text }
        : { message: 'invalid double literal' };
    case 'STRING':
      return unquoted(text, 'string');
    case 'BYTES':
      return unquoted(text.slice(1), 'bytes');
    case "'null'":
      return { type: 'null_type', value: text };
    default:
      return { type: 'bool', value: text };
  }
}

const controls: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** The lexer has seen to it that escapes are well-formed. Bytes are a text with a character for each of them. */
function unquoted(
  text: string,
  type: 'string' | 'bytes',
): { readonly type: LiteralType; readonly value: string } | { readonly message: string } {
  const isRaw = /^[rR]/.test(text);
  const quoted = isRaw ? text.slice(1) : text;
  const width = /^("""|''')/.test(quoted) ? 3 : 1;
  const inner = quoted.slice(width, -width);
  const plain = type === 'bytes' ? octets : (part: string) => part;
  if (isRaw) return { type, value: plain(inner) };
  if (type === 'bytes' && /(?:^|[^\\])(?:\\\\)*\\[uU]/.test(inner)) return { message: 'unable to unescape string' };
  let message: string | undefined;
  const value = inner.replace(
    /\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))|[^\\]+/gs,
    (part, x, u, long, octal, other) => {
      if (!part.startsWith('\\')) return plain(part);
      const hex: string | undefined = x ?? u ?? long;
      if (hex === undefined && octal === undefined) return controls[other] ?? other;
      const code = hex === undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex, 16);
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        message ??= 'invalid unicode code point';
        return '';
      }
      return String.fromCodePoint(code);
    },
  );
  return message === undefined ? { type, value } : { message };
}

const encoder = new TextEncoder();

function octets(text: string): string {
  return Array.from(encoder.encode(text), (octet) => String.fromCharCode(octet)).join('');
}
