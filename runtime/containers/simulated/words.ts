import { substitutions, understandsSubstitutions, type Word } from './expansion.ts';

export interface SimpleCommand {
  readonly when: 'always' | 'success' | 'failure';
  readonly words: readonly Word[];
  readonly redirect?: Redirect;
  /** What it complains of goes to `/dev/null`. */
  readonly quiet: boolean;
}

/** Where a command prints to. */
export interface Redirect {
  readonly to: string;
  readonly append: boolean;
}

/** Cuts a script into simple commands; undefined when it uses pipes, substitutions or other things that are not understood. */
export function splitScript(script: string): SimpleCommand[] | undefined {
  const commands: SimpleCommand[] = [];
  let words: Word[] = [];
  let redirect: Redirect | undefined;
  let quiet = false;
  let when: SimpleCommand['when'] = 'always';
  let wanted: 'word' | 'file' | 'append' = 'word';
  let at = 0;

  const endCommand = (next: SimpleCommand['when']): boolean => {
    if (wanted !== 'word') return false;
    if (words.length > 0) commands.push({ when, words, quiet, ...(redirect === undefined ? {} : { redirect }) });
    else if (next !== 'always') return false;
    words = [];
    redirect = undefined;
    quiet = false;
    when = next;
    return true;
  };

  while (at < script.length) {
    const rest = script.slice(at);
    const [operator] = /^(&&|\|\||1?>&2|&>|1?>>|1?>|[;\n]|\s+|#[^\n]*|2>&1|2>\s*\/dev\/null(?=[\s;&|]|$))/.exec(rest) ?? [];
    if (operator !== undefined) {
      at += operator.length;
      if (operator === '&&' || operator === '||') {
        if (!endCommand(operator === '&&' ? 'success' : 'failure')) return undefined;
      } else if (operator === ';' || operator.startsWith('\n')) {
        if (!endCommand('always')) return undefined;
      } else if (/^1?>&2$/.test(operator)) redirect = { to: '/dev/stderr', append: false };
      else if (/^2>.*null$/s.test(operator)) quiet = true;
      else if (/^[1&]?>>?$/.test(operator)) wanted = operator.endsWith('>>') ? 'append' : 'file';
      else if (operator.includes('\n') && !endCommand('always')) return undefined;
      continue;
    }
    const word = readWord(rest);
    if (word === undefined) return undefined;
    at += word.length;
    if (wanted === 'word') words.push({ text: word.text, expand: word.expand });
    else {
      if (word.text.includes('$')) return undefined;
      redirect = { to: word.text, append: wanted === 'append' };
      wanted = 'word';
    }
  }
  return endCommand('always') && commands.length > 0 ? commands : undefined;
}

const wordPart = new RegExp(
  String.raw`^(?:'(?<single>[^']*)'|"(?<double>(?:[^"\\${'`'}]|\\.)*)"|\\(?<escaped>.)|(?<substitution>${substitutions})` +
    String.raw`|(?<bare>(?:[^\s;&|<>()${'`'}'"\\$]|\$(?!\())+))`,
  's',
);

function readWord(rest: string): (Word & { readonly length: number }) | undefined {
  let text = '';
  let expand = true;
  let at = 0;
  while (at < rest.length) {
    const part = rest.slice(at);
    const { 0: match, groups = {} } = wordPart.exec(part) ?? {};
    if (match === undefined) break;
    at += match.length;
    const { single, double, escaped, substitution, bare } = groups;
    if (single !== undefined) {
      if (single.includes('$')) expand = false;
      text += single;
    } else if (double !== undefined) {
      if (!understandsSubstitutions(double)) return undefined;
      text += double.replace(/\\(["\\$])/g, '$1');
    } else if (substitution !== undefined && !understandsSubstitutions(substitution)) return undefined;
    else text += escaped ?? substitution ?? bare ?? '';
  }
  const following = rest[at];
  if (at === 0 || (following !== undefined && !/[\s;&|>]/.test(following))) return undefined;
  // A lone `&` or `|` follows: background jobs and pipes are not understood.
  if (/^(&(?!&)|\|(?!\|))/.test(rest.slice(at))) return undefined;
  return { text, expand, length: at };
}
