import { bracketTooDeep } from './json-depth.ts';
import { quote } from './validation/field-error.ts';

/**
 * The text with which Go's `encoding/json` refuses a document that is not JSON; `undefined` when it is JSON. People know these texts from
 * kubectl's errors, so they are made here by scanning as Go's scanner does.
 */
export function goJsonError(text: string): string | undefined {
  const scanner = new Scanner(text);
  try {
    scanner.document();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

class Refusal extends Error {}

const space = /[ \t\r\n]/;
const digit = /[0-9]/;
const closing = { '{': '}', '[': ']' } as const;

class Scanner {
  private readonly text: string;
  private readonly tooDeep: number | undefined;
  private at = 0;

  constructor(text: string) {
    this.text = text;
    this.tooDeep = bracketTooDeep(text);
  }

  /** Without recursion: the deepest document that is allowed has more brackets than the stack has room for calls. */
  document(): void {
    const open: ('{' | '[')[] = [];
    do {
      const begun = this.value();
      if (begun === undefined) this.endings(open);
      else open.push(begun);
    } while (open.length > 0);
    this.skipSpace();
    if (this.at < this.text.length) this.refuse('after top-level value');
  }

  /** Reads a value; of one with values in it its beginning, up to the first of them. */
  private value(): '{' | '[' | undefined {
    this.skipSpace();
    const first = this.peek();
    if (this.at === this.tooDeep) this.refuse('exceeded max depth');
    if (first === '{' || first === '[') return this.beginning(first);
    if (first === '"') this.string();
    else if (first === 't') this.literal('true');
    else if (first === 'f') this.literal('false');
    else if (first === 'n') this.literal('null');
    else if (first === '-' || digit.test(first)) this.number();
    else this.refuse('looking for beginning of value');
    return undefined;
  }

  private beginning(bracket: '{' | '['): '{' | '[' | undefined {
    this.at++;
    this.skipSpace();
    if (this.peek() === closing[bracket]) {
      this.at++;
      return undefined;
    }
    if (bracket === '{') this.key();
    return bracket;
  }

  /** Behind a value: ends what ends with it, and goes on to the next value. */
  private endings(open: ('{' | '[')[]): void {
    for (let inside = open.at(-1); inside !== undefined; inside = open.at(-1)) {
      this.skipSpace();
      const next = this.peek();
      if (next !== ',' && next !== closing[inside]) this.refuse(inside === '{' ? 'after object key:value pair' : 'after array element');
      this.at++;
      if (next === ',') {
        if (inside === '{') this.key();
        return;
      }
      open.pop();
    }
  }

  private key(): void {
    this.skipSpace();
    if (this.peek() !== '"') this.refuse('looking for beginning of object key string');
    this.string();
    this.skipSpace();
    if (this.peek() !== ':') this.refuse('after object key');
    this.at++;
  }

  private string(): void {
    this.at++;
    for (;;) {
      const character = this.peek();
      if (character === '"') {
        this.at++;
        return;
      }
      if (character < ' ') this.refuse('in string literal');
      this.at++;
      if (character !== '\\') continue;
      const escaped = this.next();
      if (!'"\\/bfnrtu'.includes(escaped)) this.refuse('in string escape code');
      this.at++;
      if (escaped !== 'u') continue;
      for (let count = 0; count < 4; count++) {
        if (!/[0-9a-fA-F]/.test(this.next())) this.refuse('in \\u hexadecimal character escape');
        this.at++;
      }
    }
  }

  private literal(word: string): void {
    for (const [index, letter] of [...word].entries()) {
      if (this.next() !== letter) this.refuse(`in literal ${word} (expecting ${quoted(word.codePointAt(index))})`);
      this.at++;
    }
  }

  private number(): void {
    if (this.next() === '-') {
      this.at++;
      if (!digit.test(this.next())) this.refuse('in numeric literal');
    }
    if (this.next() === '0') this.at++;
    else this.digits();
    if (this.next() === '.') {
      this.at++;
      if (!digit.test(this.next())) this.refuse('after decimal point in numeric literal');
      this.digits();
    }
    if (this.next() === 'e' || this.next() === 'E') {
      this.at++;
      if (this.next() === '+' || this.next() === '-') this.at++;
      if (!digit.test(this.next())) this.refuse('in exponent of numeric literal');
      this.digits();
    }
  }

  private digits(): void {
    while (digit.test(this.text[this.at] ?? '')) this.at++;
  }

  private skipSpace(): void {
    while (space.test(this.text[this.at] ?? '')) this.at++;
  }

  private peek(): string {
    const character = this.text[this.at];
    if (character === undefined) throw new Refusal('unexpected end of JSON input');
    return character;
  }

  /** As `peek`, inside a word, a number or an escape: Go's scanner takes the end of the text for a space, which is wrong there. */
  private next(): string {
    return this.text[this.at] ?? ' ';
  }

  private refuse(context: string): never {
    throw new Refusal(`invalid character ${quoted(this.text.codePointAt(this.at))} ${context}`);
  }
}

const utf8 = new TextEncoder();

/** A character, or the space at the end of a text, in Go's single quotes. Go goes by bytes: of a character of several it tells the first. */
function quoted(code = 0x20): string {
  const character = String.fromCodePoint(code);
  if (character === "'") return "'\\''";
  if (character === '"') return "'\"'";
  const [byte = code] = utf8.encode(character);
  return `'${quote(String.fromCodePoint(byte)).slice(1, -1)}'`;
}
