import type { LiteralType } from '../check/syntax.ts';
import { intOf } from './json-values.ts';
import { Uint, type Value } from './values.ts';

/** The value of a literal as the parser has it. */
export function literalValue(type: LiteralType, text: string): Value {
  switch (type) {
    case 'bool':
      return text === 'true';
    case 'bytes':
      return Uint8Array.from(text, (octet) => octet.charCodeAt(0));
    case 'double':
      return Number(text);
    case 'int':
      return text.length < 10 ? intOf(Number(text)) : BigInt(text);
    case 'null_type':
      return null;
    case 'string':
      return text;
    case 'uint':
      return new Uint(BigInt(text));
  }
}
