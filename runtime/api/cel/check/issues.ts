/** What is wrong at a place of an expression. */
export interface Issue {
  readonly message: string;
  /** Characters before it; negative when it is about the whole expression. */
  readonly at: number;
}

const maxIssues = 100;

/** How many issues had been found at some time, and how many of them are kept. */
export interface Mark {
  readonly kept: number;
  readonly total: number;
}

/** What is found wrong, in the order in which it is found; what is more than is ever shown is only counted. */
export class Issues {
  private readonly found: Issue[] = [];
  private count = 0;

  get kept(): readonly Issue[] {
    return this.found;
  }

  get total(): number {
    return this.count;
  }

  push(issue: Issue): void {
    if (this.found.length < maxIssues) this.found.push(issue);
    this.count++;
  }

  mark(): Mark {
    return { kept: this.found.length, total: this.count };
  }

  /** Reports again what was found between two marks: of a part that stands in several places. */
  repeat(from: Mark, to: Mark, times = 1): void {
    const again = this.found.slice(from.kept, to.kept);
    for (let time = 0; time < times && again.length > 0 && this.found.length < maxIssues; time++)
      this.found.push(...again.slice(0, maxIssues - this.found.length));
    this.count = Math.min(this.count + (to.total - from.total) * times, Number.MAX_SAFE_INTEGER);
  }
}

const maxLine = 16_384;
const encoder = new TextEncoder();

/**
 * Issues in the form of cel-go's `common.Errors`: by their places, each with its line and a mark below it.
 *
 * @param total how many there are, when not all are given
 */
export function displayIssues(source: string, issues: readonly Issue[], total = issues.length): string {
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
  if (total > maxIssues) texts.push(`${total - maxIssues} more errors were truncated`);
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
