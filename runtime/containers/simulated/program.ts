import type { Word } from './expansion.ts';
import { type Redirect, type SimpleCommand, splitScript } from './words.ts';

/**
 * The few commands that a simulated container understands. Anything else is not run at all: the container then behaves as its image's
 * profile says.
 */
export type Step =
  | { readonly kind: 'print'; readonly text: readonly Word[]; readonly redirect: Redirect | undefined }
  /** Prints the environment, or one variable of it. */
  | { readonly kind: 'environment'; readonly name: string | undefined; readonly redirect: Redirect | undefined }
  | { readonly kind: 'assign'; readonly name: string; readonly value: Word }
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'status'; readonly code: number }
  | { readonly kind: 'touch'; readonly paths: readonly string[] }
  | { readonly kind: 'remove'; readonly paths: readonly string[] }
  | { readonly kind: 'show'; readonly path: string; readonly quiet: boolean }
  | { readonly kind: 'list'; readonly path: string; readonly quiet: boolean }
  | { readonly kind: 'test'; readonly path: string }
  | { readonly kind: 'forever' }
  /** What SIGTERM does from now on; without a handler, nothing. */
  | { readonly kind: 'trap'; readonly handler: Program | undefined }
  | { readonly kind: 'loop'; readonly body: Program }
  | { readonly kind: 'for'; readonly name: string; readonly values: readonly Word[]; readonly body: Program };

/** A step, and when it is taken: always, only after success, only after failure. */
export interface Entry {
  readonly when: 'always' | 'success' | 'failure';
  readonly step: Step;
}

export type Program = readonly Entry[];

const shells = new Set(['sh', 'bash', 'ash', 'dash']);
/** Commands that only shells know. */
const shellWords = new Set(['trap', 'export']);
const assignment = /^([A-Za-z_]\w*)=(.*)$/s;

/** Reads a command line; undefined when any part of it is more than is understood here. */
export function parseProgram(argv: readonly string[]): Program | undefined {
  const [first = '', second = '', script] = argv;
  if (shells.has(basename(first))) {
    return /^-[elx]*c$/.test(second) && script !== undefined ? parseScript(script) : undefined;
  }
  const words = argv.map((text) => ({ text, expand: false }));
  const step = shellWords.has(first) || assignment.test(first) ? undefined : parseCommand({ when: 'always', words, quiet: false });
  return step === undefined ? undefined : [{ when: 'always', step }];
}

function parseScript(script: string): Program | undefined {
  const commands = splitScript(script);
  if (commands === undefined) return undefined;
  let at = 0;
  /** What stands from here on between `do` and `done`. */
  const body = (inFor: boolean): Program | undefined => {
    const opening = commands[at];
    if (opening?.words[0]?.text !== 'do') return undefined;
    // The first command of the body stands right behind `do`.
    if (opening.words.length > 1) commands[at] = { ...opening, words: opening.words.slice(1) };
    else at++;
    const entries = sequence('done', inFor);
    return commands[at++]?.words.length === 1 ? entries : undefined;
  };
  const sequence = (end: string | undefined, inFor: boolean): Program | undefined => {
    const entries: Entry[] = [];
    while (at < commands.length) {
      const command = commands[at];
      if (command === undefined) return undefined;
      const [word, second, third, ...values] = command.words;
      if (word?.text === end && end !== undefined) return entries;
      at++;
      let step: Step | undefined;
      if (word?.text === 'while' && ['true', ':'].includes(second?.text ?? '') && third === undefined) {
        const rounds = body(inFor);
        step = rounds === undefined ? undefined : { kind: 'loop', body: rounds };
      } else if (word?.text === 'for' && third?.text === 'in') {
        // Of loops in loops that go through words nobody knows how long they take: all rounds are gone through at once.
        const rounds = inFor ? undefined : body(true);
        const name = second?.text ?? '';
        step = rounds === undefined || !/^[A-Za-z_]\w*$/.test(name) ? undefined : { kind: 'for', name, values, body: rounds };
      } else step = parseCommand(command);
      if (step === undefined) return undefined;
      entries.push({ when: command.when, step });
    }
    return end === undefined ? entries : undefined;
  };
  return sequence(undefined, false);
}

function parseCommand({ words, redirect, quiet, when }: SimpleCommand): Step | undefined {
  const [first, ...rest] = words;
  if (first === undefined) return undefined;
  const name = basename(first.text);
  const args = rest.map((word) => word.text);
  if (name === 'echo') return { kind: 'print', text: rest, redirect };
  if (['date', 'hostname'].includes(name) && args.length === 0) {
    return { kind: 'print', text: [{ text: `$(${name})`, expand: true }], redirect };
  }
  if (args.length === 0 ? ['env', 'printenv'].includes(name) : name === 'printenv' && args.length === 1 && plain(args)) {
    return { kind: 'environment', name: args[0], redirect };
  }
  if (redirect !== undefined && redirect.to !== '/dev/null') return undefined;
  const [, variable, value = ''] = assignment.exec((first.text === 'export' ? rest[0] : first)?.text ?? '') ?? [];
  if (variable !== undefined && words.length === (first.text === 'export' ? 2 : 1)) {
    return { kind: 'assign', name: variable, value: { text: value, expand: (words.at(-1) ?? first).expand } };
  }
  if (words.some((word) => word.expand && word.text.includes('$'))) return undefined;
  switch (name) {
    case 'exec':
      return rest.length === 0 ? undefined : parseCommand({ words: rest, quiet, when });
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
      return args.length === 1 && path !== undefined && plain(args) ? { kind: 'show', path, quiet } : undefined;
    }
    case 'ls': {
      const path = args.at(-1) ?? '/';
      return path.startsWith('/') && plain([path]) && args.slice(0, -1).every((arg) => /^-[a-zA-Z1]+$/.test(arg))
        ? { kind: 'list', path, quiet }
        : undefined;
    }
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
