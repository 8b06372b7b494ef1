/** Beyond so many characters in all, warnings are cut. */
const maxTotal = 4096;
const maxOfOne = 256;

/** The value of the header `Warning` for the texts that clients are warned of, as bytes of UTF-8. Follows the `recorder` of upstream's `WithWarningRecorder`. */
export function warningHeader(texts: Iterable<string>): string {
  return shortened(texts)
    .map((text) => `299 - "${asBytes(text.replace(/[\\"]/g, '\\$&'))}"`)
    .join(', ');
}

/** What there is room for. Texts with control characters, which no header can carry, are not told at all. */
function shortened(texts: Iterable<string>): string[] {
  const seen: string[] = [];
  let told: string[] = [];
  let total = 0;
  let isCutting = false;
  for (const text of texts) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is them that are looked for
    if (text === '' || /[\0-\x1f\x7f-\x9f]/.test(text) || (isCutting && total >= maxTotal)) continue;
    seen.push(text);
    told.push(isCutting ? cut(text) : text);
    total += lengthOf(told.at(-1) ?? '');
    if (isCutting || total <= maxTotal) continue;
    isCutting = true;
    told = seen.map(cut);
    total = told.reduce((sum, shown) => sum + lengthOf(shown), 0);
  }
  return told;
}

function cut(text: string): string {
  return text.length <= maxOfOne ? text : Array.from(text).slice(0, maxOfOne).join('');
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** A header's characters are its bytes. */
function asBytes(text: string): string {
  return /[^\0-\x7f]/.test(text) ? String.fromCharCode(...new TextEncoder().encode(text)) : text;
}
