/** A field, or an entry of a mapping: a name, which may be a tab stop, and its colon. */
const field = /^(?:\$\{\d+:[^}]*\}|[\w$./-]+|"[^"]*")+:(?:\s|$)/;

/** The lines of a block snippet in flow style, in one line. */
export function inFlow(lines: readonly string[]): string {
  const [first = ''] = lines;
  const indent = first.search(/\S/);
  const entries: string[][] = [];
  for (const line of lines) {
    const entry = entries.at(-1);
    if (entry && line.search(/\S/) > indent) entry.push(line);
    else entries.push([line]);
  }
  if (first.startsWith('- ', indent)) {
    const items = entries.map(([head = '', ...rest]) => asItem([' '.repeat(indent + 2) + head.slice(indent + 2), ...rest]));
    return `[${items.join(', ')}]`;
  }
  return `{ ${entries.map(fieldInFlow).join(', ')} }`;
}

/** A field with all that is below it, in one line. */
export function fieldInFlow([head = '', ...below]: readonly string[]): string {
  return below.length === 0 ? head.trim() : `${head.trim()} ${inFlow(below)}`;
}

/** What stands behind a dash: a mapping, or a single value. */
function asItem(lines: readonly string[]): string {
  const text = (lines[0] ?? '').trim();
  return field.test(text) || text.startsWith('- ') ? inFlow(lines) : text;
}
