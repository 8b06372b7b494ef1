/** An object or list of a JSON text that is open where the text is being read. */
export interface Frame {
  /** Names seen so far; a list has none. */
  readonly keys: Set<string> | undefined;
  expectKey: boolean;
  /** The name or the index of what is being read in it. */
  step: string | number;
}

/** What is told of a JSON text as it is read. `frames`: all that is open, the outermost first. */
export interface JsonVisitor {
  readonly onKey?: (frames: readonly Frame[], keys: Set<string>, key: string) => void;
  /** `literal`: the number as it is written. */
  readonly onNumber?: (frames: readonly Frame[], literal: string) => void;
}

/** Reads a text, which must be valid JSON, for what `JSON.parse` does not tell. */
export function scanJson(text: string, { onKey, onNumber }: JsonVisitor): void {
  const frames: Frame[] = [];
  let top: Frame | undefined;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    switch (code) {
      case quote: {
        const end = endOfString(text, at);
        if (top?.keys !== undefined && top.expectKey) {
          const raw = text.slice(at + 1, end);
          top.step = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
          top.expectKey = false;
          onKey?.(frames, top.keys, top.step);
        }
        at = end;
        break;
      }
      case openBrace:
        top = { keys: new Set(), expectKey: true, step: '' };
        frames.push(top);
        break;
      case openBracket:
        top = { keys: undefined, expectKey: false, step: 0 };
        frames.push(top);
        break;
      case closeBrace:
      case closeBracket:
        frames.pop();
        top = frames[frames.length - 1];
        break;
      case comma:
        if (top !== undefined) {
          if (typeof top.step === 'number') top.step++;
          else top.expectKey = true;
        }
        break;
      default:
        if (onNumber !== undefined && (code === minus || (code >= zero && code <= nine))) {
          numeral.lastIndex = at;
          const literal = numeral.exec(text)?.[0] ?? '';
          onNumber(frames, literal);
          at += literal.length - 1;
        }
    }
  }
}

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

const numeral = /[-+.\deE]+/y;

/** Where the string that begins at `start` ends; the end of the text if it does not. */
export function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === backslash) backslashes++;
  return backslashes % 2 === 1;
}
