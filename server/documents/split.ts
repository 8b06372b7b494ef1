/** One document of a file, from its `---` (or the directives and comments before it) to the next one. Offsets are UTF-16 units. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

const newline = 10;
const carriageReturn = 13;
const byteOrderMark = 0xfeff;

/** Whether the line that begins at `at` is the marker, alone or followed by white space. */
function isMarker(text: string, at: number, marker: string): boolean {
  if (!text.startsWith(marker, at)) return false;
  const after = text.charCodeAt(at + 3);
  return Number.isNaN(after) || after === 32 || after === 9 || after === newline || after === carriageReturn;
}

/** Whether the line holds nothing but white space, a comment or a directive. */
function isPrefix(text: string, start: number, end: number): boolean {
  if (text[start] === '%') return true;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 35) return true;
    if (code !== 32 && code !== 9 && code !== newline && code !== carriageReturn && code !== byteOrderMark) return false;
  }
  return true;
}

function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/**
 * Cuts a file into its documents. YAML forbids `---` and `...` in the first column inside every kind of scalar, so looking at the
 * beginnings of lines is enough. The slices cover the whole text and are never empty in number.
 */
export function splitDocuments(text: string): Slice[] {
  const slices: Slice[] = [];
  let start = 0;
  // Directives and comments before a marker belong to the document that the marker opens.
  let opened = false;
  let ended = false;
  for (let at = 0; at < text.length; ) {
    const end = nextLine(text, at);
    const line = at === 0 && text.charCodeAt(0) === byteOrderMark ? 1 : at;
    if (isMarker(text, line, '---')) {
      if (opened || ended) {
        slices.push({ start, end: at });
        start = at;
      }
      opened = true;
      ended = false;
    } else if (isMarker(text, line, '...')) {
      ended = true;
    } else if (ended && !isMarker(text, line, '...')) {
      slices.push({ start, end: at });
      start = at;
      ended = false;
      opened = !isPrefix(text, line, end);
    } else if (!opened) {
      opened = !isPrefix(text, line, end);
    }
    at = end;
  }
  slices.push({ start, end: text.length });
  return slices;
}
