import { readInteger } from './go-number.ts';
import { bracketTooDeep } from './json-depth.ts';

/** How the last thousand integers of 64 bits begin; few texts have one. */
const lastIntegers = '9223372036854775';
/** Texts in quotes, which stay as they are, and those integers; the latter neither negative nor a part of another number. */
const lastIntegerOrText = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![-+.\deE])9223372036854775\d{3}(?![.\deE])/g;

/** As `JSON.parse`, but an integer that fits 64 bits is one of 64 bits when it was read, too. Throws `SyntaxError`. */
export function parseJson<Value = unknown>(text: string): Value {
  return JSON.parse(text.includes(lastIntegers) ? text.replace(lastIntegerOrText, inRange) : text);
}

/** As `parseJson`, for what somebody has sent: throws `SyntaxError` for what nests deeper than Go's decoder goes, too. */
export function parseSentJson<Value = unknown>(text: string): Value {
  if (bracketTooDeep(text) !== undefined) throw new SyntaxError('exceeded max depth');
  return parseJson(text);
}

function inRange(found: string): string {
  return found.startsWith('"') ? found : String(BigInt(readInteger(found)));
}
