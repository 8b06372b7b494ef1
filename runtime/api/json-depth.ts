import { endOfString } from './structure/scan-json.ts';

/** How deep lists and objects may stand in each other for Go's `encoding/json`. */
const maxDepth = 10_000;

/**
 * Where the bracket stands with which a JSON text nests deeper than Go's decoder goes; `undefined` if it does not. `JSON.parse` goes to any depth, and
 * whatever looks at the value afterwards takes many times as long as this does, or runs out of stack.
 */
export function bracketTooDeep(text: string): number | undefined {
  if (text.length <= maxDepth) return undefined;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (code === openBracket || code === openBrace) {
      if (++depth > maxDepth) return at;
    } else if (code === closeBracket || code === closeBrace) depth--;
  }
  return undefined;
}

const quote = 0x22;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
