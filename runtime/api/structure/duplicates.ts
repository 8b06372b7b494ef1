/**
 * Finds fields that stand twice in one object of a JSON text; `JSON.parse` silently keeps the last. Gives their paths, `spec.replicas`, each once.
 * The text must be valid JSON.
 */
export function duplicateFields(text: string): readonly string[] {
  const found = new Set<string>();
  const frames: Frame[] = [];
  let top: Frame | undefined;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote: {
        const end = endOfString(text, at);
        if (top?.keys !== undefined && top.expectKey) {
          const raw = text.slice(at + 1, end);
          const key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
          top.step = key;
          top.expectKey = false;
          if (top.keys.has(key)) found.add(pathOf(frames));
          else top.keys.add(key);
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
    }
  }
  return [...found];
}

interface Frame {
  /** Names seen so far; a list has none. */
  readonly keys: Set<string> | undefined;
  expectKey: boolean;
  step: string | number;
}

const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === backslash) backslashes++;
  return backslashes % 2 === 1;
}

function pathOf(frames: readonly Frame[]): string {
  let path = '';
  for (const { step } of frames) path += typeof step === 'number' ? `[${step}]` : path === '' ? step : `.${step}`;
  return path;
}
