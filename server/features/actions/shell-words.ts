const shells = /^(?:\/(?:usr\/)?(?:local\/)?bin\/)?(?:ba|da|a|z|k)?sh$/;

/** What only a shell understands: pipes, lists, redirections, variables, patterns; `$(NAME)` is Kubernetes' own. */
const forShell = /[|&;<>`*?~]|\$(?!\([A-Za-z_][\w.-]*\))/;

/** A line that somebody wrote as in a terminal, as the list of words that a container starts with. */
export function commandOf(line: string): readonly string[] {
  const words = wordsOf(line);
  const [first = '', flag = ''] = words ?? [];
  if (words && shells.test(first) && /^-\w*c$/.test(flag)) return [first, flag, scriptOf(line, words)];
  return words && !isForShell(line) ? words : ['sh', '-c', line.trim()];
}

/** The same for arguments, which no shell is put before. */
export function argumentsOf(line: string): readonly string[] {
  return wordsOf(line) ?? [line];
}

/** What a shell is to run is one word, however many there are: who leaves the quotes out means the rest of the line. */
function scriptOf(line: string, words: readonly string[]): string {
  if (words.length === 3) return words[2] ?? '';
  return line.trim().replace(/^\S+\s+\S+\s+/, '');
}

/** Whether a line needs a shell; what stands between quotes may be meant as it is. */
function isForShell(line: string): boolean {
  return forShell.test(line.replace(/'[^']*'/g, '')) || line.trim().includes('\n');
}

/** The words of a line without their quotes; undefined where a quote is left open. */
function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  const part = /\s*((?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+)/sy;
  let end = 0;
  for (let found = part.exec(line); found; found = part.exec(line)) {
    end = part.lastIndex;
    words.push((found[1] ?? '').replace(/\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"/gs, unquoted));
  }
  return line.slice(end).trim() === '' && words.length > 0 ? words : undefined;
}

function unquoted(_whole: string, escaped?: string, single?: string, double?: string): string {
  // Between double quotes a backslash stands for itself, but before a few characters.
  return escaped ?? single ?? (double ?? '').replace(/\\(["\\$`])/g, '$1');
}
