import { splitScript, type Word } from './words.ts';

/**
 * The few commands that a simulated container understands. Anything else is not run at all: the container then behaves as its image's
 * profile says.
 */
export type Step =
  | { readonly kind: 'print'; readonly text: Word[]; readonly to?: string; readonly append?: boolean }
  | { readonly kind: 'date'; readonly to?: string; readonly append?: boolean }
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'status'; readonly code: number }
  | { readonly kind: 'touch'; readonly paths: readonly string[] }
  | { readonly kind: 'remove'; readonly paths: readonly string[] }
  | { readonly kind: 'show'; readonly path: string }
  | { readonly kind: 'test'; readonly path: string }
  | { readonly kind: 'forever' }
  /** What SIGTERM does from now on; without a handler, nothing. */
  | { readonly kind: 'trap'; readonly handler: Program | undefined }
  | { readonly kind: 'loop'; readonly body: Program };

/** A step, and when it is taken: always, only after success, only after failure. */
export interface Entry {
  readonly when: 'always' | 'success' | 'failure';
  readonly step: Step;
}

export type Program = readonly Entry[];

const shells = new Set(['sh', 'bash', 'ash', 'dash']);

/** Reads a command line; undefined when any part of it is more than is understood here. */
export function parseProgram(argv: readonly string[]): Program | undefined {
  const [first = '', second = '', script] = argv;
  if (shells.has(basename(first))) {
    return /^-[elx]*c$/.test(second) && script !== undefined ? parseScript(script) : undefined;
  }
  // `trap` is a word of shells alone.
  const step = first === 'trap' ? undefined : parseCommand(argv.map((text) => ({ text, expand: false })));
  return step === undefined ? undefined : [{ when: 'always', step }];
}

function parseScript(script: string): Program | undefined {
  const commands = splitScript(script);
  if (commands === undefined) return undefined;
  let at = 0;
  const sequence = (end: string | undefined): Program | undefined => {
    const entries: Entry[] = [];
    while (at < commands.length) {
      const command = commands[at];
      if (command === undefined) return undefined;
      const word = command.words[0]?.text;
      if (word === end && end !== undefined) return entries;
      at++;
      let step: Step | undefined;
      if (word === 'while' && ['true', ':'].includes(command.words[1]?.text ?? '') && command.words.length === 2) {
        const opening = commands[at];
        if (opening?.words[0]?.text !== 'do') return undefined;
        // The first command of the body stands right behind `do`.
        if (opening.words.length > 1) commands[at] = { ...opening, words: opening.words.slice(1) };
        else at++;
        const body = sequence('done');
        if (body === undefined || commands[at]?.words.length !== 1) return undefined;
        at++;
        step = { kind: 'loop', body };
      } else step = parseCommand(command.words, command.redirect);
      if (step === undefined) return undefined;
      entries.push({ when: command.when, step });
    }
    return end === undefined ? entries : undefined;
  };
  return sequence(undefined);
}

function parseCommand(words: readonly Word[], redirect?: { readonly to: string; readonly append: boolean }): Step | undefined {
  const [first, ...rest] = words;
  if (first === undefined) return undefined;
  const name = basename(first.text);
  const args = rest.map((word) => word.text);
  const redirected = redirect ?? {};
  if (name === 'echo') return { kind: 'print', text: rest, ...redirected };
  if (name === 'date' && args.length === 0) return { kind: 'date', ...redirected };
  if (redirect !== undefined && redirect.to !== '/dev/null') return undefined;
  if (rest.some((word) => word.expand && word.text.includes('$'))) return undefined;
  switch (name) {
    case 'exec':
      return rest.length === 0 ? undefined : parseCommand(rest);
    case 'sleep': {
      const ms = sleepTime(args);
      return ms === undefined ? undefined : ms === Number.POSITIVE_INFINITY ? { kind: 'forever' } : { kind: 'sleep', ms };
    }
    case 'exit':
      return args.length <= 1 && /^\d*$/.test(args[0] ?? '') ? { kind: 'exit', code: Number(args[0] ?? 0) % 256 } : undefined;
    case 'true':
    case ':':
      return { kind: 'status', code: 0 };
    case 'false':
      return { kind: 'status', code: 1 };
    case 'touch':
      return plain(args) ? { kind: 'touch', paths: args } : undefined;
    case 'rm': {
      const paths = args.filter((arg) => !/^-[rf]+$/.test(arg));
      return plain(paths) ? { kind: 'remove', paths } : undefined;
    }
    case 'cat': {
      const [path] = args;
      return args.length === 1 && path !== undefined && plain(args) ? { kind: 'show', path } : undefined;
    }
    case 'ls':
    case 'test':
    case '[': {
      const path = args.find((arg) => arg.startsWith('/'));
      return path !== undefined && args.every((arg) => arg === path || /^(-[ef]|])$/.test(arg)) ? { kind: 'test', path } : undefined;
    }
    case 'trap':
      return parseTrap(args);
    case 'tail':
      return args.join(' ') === '-f /dev/null' ? { kind: 'forever' } : undefined;
    default:
      return undefined;
  }
}

const termNames = new Set(['TERM', 'SIGTERM', '15']);
/** Signals that nobody sends here: what is done about them makes no difference. */
const unsentNames = new Set(['INT', 'SIGINT', '2', 'HUP', 'SIGHUP', '1', 'QUIT', 'SIGQUIT', '3', 'USR1', 'SIGUSR1', 'USR2', 'SIGUSR2']);

function parseTrap([action = '', ...signals]: readonly string[]): Step | undefined {
  if (signals.length === 0 || !signals.every((name) => termNames.has(name) || unsentNames.has(name))) return undefined;
  if (!signals.some((name) => termNames.has(name))) return { kind: 'status', code: 0 };
  // The first process of a container has no default handler, so to go back to it is to ignore the signal, too.
  if (action === '' || action === '-') return { kind: 'trap', handler: undefined };
  const handler = parseScript(action);
  return handler === undefined ? undefined : { kind: 'trap', handler };
}

/** Whether a shell's text, which need not be understood otherwise, says that SIGTERM is to be ignored. */
export function ignoresTerm(argv: readonly string[]): boolean {
  return shells.has(basename(argv[0] ?? '')) && /\btrap\s+(?:''|"")\s[^;&|\n]*\b(?:TERM|SIGTERM|15)\b/.test(argv[2] ?? '');
}

function plain(paths: readonly string[]): boolean {
  return paths.length > 0 && paths.every((path) => !path.startsWith('-') && !/[*?[$]/.test(path));
}

/** The sum of `1`, `0.5`, `2m`, `1h`, in milliseconds. */
function sleepTime(args: readonly string[]): number | undefined {
  if (args.length === 0) return undefined;
  let sum = 0;
  for (const arg of args) {
    const [, number, unit = ''] = /^(inf(?:inity)?|\d+(?:\.\d+)?)([smhd]?)$/.exec(arg) ?? [];
    if (number === undefined) return undefined;
    const seconds = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400 }[unit] ?? 1;
    sum += number.startsWith('inf') ? Number.POSITIVE_INFINITY : Number(number) * seconds * 1_000;
  }
  return sum;
}

export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
