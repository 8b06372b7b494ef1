/** What is wrong at a place of an expression. */
export interface Issue {
  readonly message: string;
  /** Characters before it; negative when it is about the whole expression. */
  readonly at: number;
}

const maxIssues = 100;
const maxLine = 16_384;
const encoder = new TextEncoder();

/** Issues in the form of cel-go's `common.Errors`: by their places, each with its line and a mark below it. */
export function displayIssues(source: string, issues: readonly Issue[]): string {
  const lines = source.split('\n').map((line) => [...line]);
  const placed = issues.slice(0, maxIssues).map(({ message, at }) => ({ message, ...placeOf(lines, at) }));
  placed.sort((a, b) => a.line - b.line || a.column - b.column);
  const texts = placed.map(({ message, line, column }) => {
    const text = `ERROR: <input>:${line}:${column + 1}: ${message}`;
    const shown = lines[line - 1];
    return shown === undefined || shown.length > maxLine
      ? text
      : `${text}\n | ${shown.join('').replaceAll('\t', ' ')}\n | ${markBelow(shown, column)}`;
  });
  if (issues.length > maxIssues) texts.push(`${issues.length - maxIssues} more errors were truncated`);
  return texts.join('\n');
}

/** Where upstream has no place, it says line -1. */
function placeOf(lines: readonly (readonly string[])[], at: number): { readonly line: number; readonly column: number } {
  if (at < 0) return { line: -1, column: -1 };
  let rest = at;
  for (const [index, line] of lines.entries()) {
    if (rest <= line.length) return { line: index + 1, column: rest };
    rest -= line.length + 1;
  }
  return { line: lines.length, column: lines.at(-1)?.length ?? 0 };
}

/** Dots up to the place, wide ones below characters of several bytes. */
function markBelow(line: readonly string[], column: number): string {
  const dots = line.slice(0, column).map((character) => (isWide(character) ? '．' : '.'));
  return `${dots.join('')}${isWide(line[column] ?? '') ? '＾' : '^'}`;
}

function isWide(character: string): boolean {
  return encoder.encode(character).length > 1;
}
