/** What strict decoding has against a field. */
export interface FieldComplaint {
  readonly problem: 'duplicate' | 'unknown';
  /** `spec.containers[0].name` */
  readonly path: string;
}

/**
 * Finds fields that stand twice in one object of a JSON text; `JSON.parse` silently keeps the last. Gives their paths, `spec.replicas`, each once.
 * The text must be valid JSON.
 */
export function duplicateFields(text: string): readonly string[] {
  return fieldComplaints(text, []).map(({ path }) => path);
}

/**
 * What is wrong with the fields of a JSON text in the order of the text, each complaint once, as `sigs.k8s.io/json` collects them: fields that stand
 * twice, and those found unknown. What is inside of an unknown field is not looked at.
 *
 * @param unknownFields paths of fields that the object's definition does not know
 */
export function fieldComplaints(text: string, unknownFields: readonly string[]): readonly FieldComplaint[] {
  const unknown = new Set(unknownFields);
  const found = new Map<string, FieldComplaint>();
  const frames: Frame[] = [];
  let top: Frame | undefined;
  /** How many frames were open where an unknown field began; what is in more of them belongs to it. */
  let passedOver = Number.POSITIVE_INFINITY;
  const onKey = (frame: Frame, keys: Set<string>, key: string) => {
    frame.step = key;
    frame.expectKey = false;
    if (frames.length > passedOver) return;
    passedOver = Number.POSITIVE_INFINITY;
    if (unknown.size > 0) {
      const path = pathOf(frames);
      if (unknown.has(path)) {
        passedOver = frames.length;
        if (!found.has(path)) found.set(path, { problem: 'unknown', path });
        return;
      }
    }
    if (!keys.has(key)) {
      keys.add(key);
      return;
    }
    const path = pathOf(frames);
    if (!found.has(path)) found.set(path, { problem: 'duplicate', path });
  };
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote: {
        const end = endOfString(text, at);
        if (top?.keys !== undefined && top.expectKey) {
          const raw = text.slice(at + 1, end);
          onKey(top, top.keys, raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw);
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
  return [...found.values()];
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
