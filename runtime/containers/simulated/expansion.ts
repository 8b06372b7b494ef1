/** A word of a command; in an expanding one `$NAME`, `${NAME}` and what `substitutions` names are replaced when it is used. */
export interface Word {
  readonly text: string;
  readonly expand: boolean;
}

/** What a word of a running script may name. */
export interface Surroundings {
  readonly env: ReadonlyMap<string, string>;
  readonly hostname: string;
  /** What `date` prints. */
  readonly date: () => string;
}

const sequences = String.raw`\$\(seq (\d{1,9})(?: (\d{1,9}))?\)`;
const sums = String.raw`\$\(\(\s*((?:-\s*)?\$?\w+(?:\s*[-+*]\s*\$?\w+)*)\s*\)\)`;

/** The substitutions that are understood, as a regular expression's source: `$(date)`, `$(hostname)`, `$(seq 1 5)`, `$((i + 1))`. */
export const substitutions = String.raw`\$\(date\)|\$\(hostname\)|${sequences}|${sums}`;

/** More numbers than a pod's log keeps lines are not counted out. */
const longestSequence = 2_000;
/** What variables put into one word, in characters: as much as containerd keeps in a line of a log. Scripts that double a variable end there. */
const longestValue = 16_384;
const substitution = new RegExp(substitutions, 'g');
const sequence = new RegExp(`^${sequences}$`);
const sum = new RegExp(`^${sums}$`);
const variable = /\$(?:\{(\w+)\}|(\w+))/g;

/** Whether all that a text has in `$(…)` is understood. */
export function understandsSubstitutions(text: string): boolean {
  const hasUnknown = text.replace(substitution, '').includes('$(');
  return !hasUnknown && [...text.matchAll(new RegExp(sequences, 'g'))].every((range) => numbers(range) <= longestSequence);
}

/** A word with what it names put in. */
export function expand(word: Word, around: Surroundings): string {
  if (!word.expand) return word.text;
  let left = longestValue;
  return word.text
    .replace(substitution, (text) => substitute(text, around))
    .replace(variable, (_, braced: string | undefined, bare: string | undefined) => {
      const value = (around.env.get(braced ?? bare ?? '') ?? '').slice(0, left);
      left -= value.length;
      return value;
    });
}

/** The words that a loop goes through: what names something falls into words where it has spaces. */
export function expandAll(words: readonly Word[], around: Surroundings): string[] {
  return words.flatMap((word) => {
    const text = expand(word, around);
    return text === word.text ? [text] : text.split(/\s+/).filter((part) => part !== '');
  });
}

function substitute(text: string, { env, hostname, date }: Surroundings): string {
  if (text === '$(date)') return date();
  if (text === '$(hostname)') return hostname;
  const range = sequence.exec(text);
  if (range !== null) return Array.from({ length: numbers(range) }, (_, index) => firstNumber(range) + index).join(' ');
  return String(calculate(sum.exec(text)?.[1] ?? '', env));
}

/** The first number of a sequence: one, if only the last is named. */
function firstNumber([, one = '', two]: RegExpExecArray): number {
  return two === undefined ? 1 : Number(one);
}

/** How many numbers a sequence has. */
function numbers(range: RegExpExecArray): number {
  return Math.max(0, Number(range[2] ?? range[1]) - firstNumber(range) + 1);
}

/** Sums and products of numbers and variables; a variable that is not set, or no number, counts as zero, as in a shell. */
function calculate(text: string, env: ReadonlyMap<string, string>): number {
  const value = (operand: string) => {
    const name = operand.replace('$', '');
    return /^\d/.test(name) ? Number(name) : Number(env.get(name)) || 0;
  };
  const terms = text.replaceAll(/\s/g, '').match(/[-+]?[^-+]+/g) ?? [];
  return terms.reduce((total, term) => {
    const product = term
      .replace(/^[-+]/, '')
      .split('*')
      .reduce((result, operand) => result * value(operand), 1);
    return term.startsWith('-') ? total - product : total + product;
  }, 0);
}
