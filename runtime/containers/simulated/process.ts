import type { Cancel, Clock } from '../../simulation/clock.ts';
import { expand, expandAll, type Surroundings } from './expansion.ts';
import type { Program, Step } from './program.ts';
import type { Redirect } from './words.ts';

export interface ProcessOptions {
  readonly program: Program;
  readonly clock: Clock;
  /** The environment that it starts with. */
  readonly env: ReadonlyMap<string, string>;
  readonly hostname: string;
  /** Files that the container's commands made, by path. */
  readonly files: Map<string, string>;
  /** Whether a path lies in something mounted, which is taken to be there. */
  readonly isMounted: (path: string) => boolean;
  readonly print: (text: string, stream: 'stdout' | 'stderr') => void;
  readonly exited: (code: number) => void;
}

/** A loop that never sleeps, or only for no time at all, is held to one round in this many milliseconds. */
const shortestRound = 1_000;

export interface Process {
  /** Ends it without a word. */
  readonly cancel: Cancel;
  /** Sends SIGTERM: a shell heeds it when the command that runs has ended, and only if it traps it. */
  terminate(): void;
}

type Outcome = { readonly exit: number } | { readonly sleep: number } | { readonly status: number } | 'forever';

/** A program that is gone through, again and again if it is a loop's; a loop through words goes on with the next of them. */
interface Frame {
  readonly program: Program;
  at: number;
  readonly loop: boolean;
  readonly words?: { readonly name: string; readonly left: string[] };
  sleptInRound: boolean;
}

/** Runs a program on the clock until it ends or is cancelled; between two sleeps nothing else gets its turn. */
export function runProgram(options: ProcessOptions): Process {
  let stopped = false;
  let cancelTimer: Cancel = () => {};
  const frames: Frame[] = [{ program: options.program, at: 0, loop: false, sleptInRound: false }];
  const { clock, hostname } = options;
  const env = new Map(options.env);
  const around: Surroundings = {
    ...{ env, hostname },
    date: () => new Date(clock.now()).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1 $3 $2 $5 UTC $4'),
  };
  let status = 0;
  let handler: Program | undefined;
  let isTermPending = false;

  const pause = (ms: number) => {
    cancelTimer = clock.after(ms, proceed);
  };
  const proceed = () => {
    while (!stopped) {
      if (isTermPending && handler !== undefined) {
        isTermPending = false;
        frames.push({ program: handler, at: 0, loop: false, sleptInRound: false });
      }
      const frame = frames.at(-1);
      if (frame === undefined) return options.exited(status);
      const entry = frame.program[frame.at];
      if (entry === undefined) {
        const next = frame.words?.left.shift();
        if (frame.words !== undefined && next !== undefined) {
          env.set(frame.words.name, next);
          frame.at = 0;
          continue;
        }
        if (!frame.loop) {
          frames.pop();
          continue;
        }
        frame.at = 0;
        const slept = frame.sleptInRound;
        frame.sleptInRound = false;
        if (slept) continue;
        return pause(shortestRound);
      }
      frame.at++;
      if ((entry.when === 'success' && status !== 0) || (entry.when === 'failure' && status === 0)) continue;
      if (entry.step.kind === 'loop') {
        frames.push({ program: entry.step.body, at: 0, loop: true, sleptInRound: false });
        continue;
      }
      if (entry.step.kind === 'for') {
        const { name, values, body } = entry.step;
        const words = { name, left: expandAll(values, around) };
        frames.push({ program: body, at: body.length, loop: false, words, sleptInRound: false });
        continue;
      }
      if (entry.step.kind === 'assign') {
        env.set(entry.step.name, expand(entry.step.value, around));
        status = 0;
        continue;
      }
      if (entry.step.kind === 'trap') {
        handler = entry.step.handler;
        status = 0;
        continue;
      }
      const outcome = take(entry.step, options, around);
      if (outcome === 'forever') return;
      if ('exit' in outcome) return options.exited(outcome.exit);
      if ('sleep' in outcome) {
        status = 0;
        if (outcome.sleep === 0) continue;
        for (const open of frames) open.sleptInRound = true;
        return pause(outcome.sleep);
      }
      status = outcome.status;
    }
  };
  proceed();
  return {
    cancel() {
      stopped = true;
      cancelTimer();
    },
    terminate() {
      // What is ignored when it is sent is not heeded later.
      isTermPending = handler !== undefined;
    },
  };
}

/** Directories that every image has. */
const usualDirectories = new Set(['/', '/bin', '/dev', '/etc', '/home', '/proc', '/root', '/sys', '/tmp', '/usr', '/var']);

function take(step: Exclude<Step, { kind: 'loop' | 'for' | 'assign' | 'trap' }>, options: ProcessOptions, around: Surroundings): Outcome {
  const { files, isMounted, print } = options;
  const write = (text: string, { to, append }: Redirect = { to: '/dev/stdout', append: false }) => {
    if (to === '/dev/stdout') print(text, 'stdout');
    else if (to === '/dev/stderr') print(text, 'stderr');
    else if (to !== '/dev/null') files.set(to, `${append ? (files.get(to) ?? '') : ''}${text}\n`);
    return { status: 0 };
  };
  const missing = (complaint: string, quiet: boolean) => {
    if (!quiet) print(`${complaint}: No such file or directory`, 'stderr');
    return { status: 1 };
  };
  switch (step.kind) {
    case 'print':
      return write(step.text.map((word) => expand(word, around)).join(' '), step.redirect);
    case 'environment': {
      const { name, redirect } = step;
      const lines = name === undefined ? [...around.env].map(([key, value]) => `${key}=${value}`) : [around.env.get(name)];
      const text = lines.filter((line) => line !== undefined);
      if (text.length > 0) write(text.join('\n'), redirect);
      return { status: name !== undefined && text.length === 0 ? 1 : 0 };
    }
    case 'sleep':
      return { sleep: step.ms };
    case 'exit':
      return { exit: step.code };
    case 'status':
      return { status: step.code };
    case 'touch':
      for (const path of step.paths) files.set(path, files.get(path) ?? '');
      return { status: 0 };
    case 'remove':
      for (const path of step.paths) files.delete(path);
      return { status: 0 };
    case 'show': {
      const text = files.get(step.path);
      if (text !== undefined) {
        if (text !== '') print(text.replace(/\n$/, ''), 'stdout');
        return { status: 0 };
      }
      return isMounted(step.path) ? { status: 0 } : missing(`cat: can't open '${step.path}'`, step.quiet);
    }
    case 'list': {
      const path = step.path.replace(/(?<=.)\/+$/, '');
      if (!files.has(path)) return isMounted(path) || usualDirectories.has(path) ? { status: 0 } : missing(`ls: ${step.path}`, step.quiet);
      print(step.path, 'stdout');
      return { status: 0 };
    }
    case 'test':
      return { status: files.has(step.path) || isMounted(step.path) ? 0 : 1 };
    case 'forever':
      return 'forever';
  }
}
