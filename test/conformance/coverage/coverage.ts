import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const suite = join(import.meta.dirname, '..');

/** What an official test waits for. */
export interface Waiting {
  readonly why: string;
  readonly tests: readonly string[];
}

/** The names of the official tests. */
export function readOfficial(): string[] {
  const lines = readFileSync(join(import.meta.dirname, 'official-1.36.txt'), 'utf8').split('\n');
  return lines.filter((line) => /^v1\.\d+ \[sig-/.test(line)).map((line) => line.slice(line.indexOf(' ') + 1));
}

/** What `not-yet.yaml` says of the tests that are not proven, or `api-part.yaml` of those that are proven in part. */
export function readWaiting(file: 'not-yet.yaml' | 'api-part.yaml'): Waiting[] {
  return parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as Waiting[];
}

/** The official names that behaviours of the suite carry; they stand whole in its files, so that a search finds them. */
export function readBehaviours(): string[] {
  const files = readdirSync(suite).filter((file) => file.endsWith('.test.ts'));
  return files.flatMap((file) => namesIn(readFileSync(join(suite, file), 'utf8')));
}

/** The names of official form that stand as text in a source file. */
export function namesIn(source: string): string[] {
  return [...source.matchAll(/(['"`])(\[sig-(?:\\.|(?!\1)[^\\])*)\1/g)].map(([, , name]) => (name ?? '').replace(/\\(.)/g, '$1'));
}

/**
 * What is wrong with the coverage: an official test must be proven by one behaviour, or wait for something, and nothing else may call itself official.
 * What is proven in part must be proven.
 */
export function complaints(
  official: readonly string[],
  proven: readonly string[],
  waiting: readonly Waiting[],
  inPart: readonly Waiting[] = [],
): string[] {
  const known = new Set(official);
  const waitingFor = waiting.flatMap(({ tests }) => tests);
  const [provenOnce, waitingOnce] = [new Set(proven), new Set(waitingFor)];
  return [
    ...repeated(official).map((name) => `named twice as official: ${name}`),
    ...repeated(proven).map((name) => `proven twice: ${name}`),
    ...repeated(waitingFor).map((name) => `waits twice: ${name}`),
    ...[...waiting, ...inPart]
      .filter(({ why, tests }) => !why?.trim() || tests.length === 0)
      .map(({ why }) => `no reason or no test: ${why}`),
    ...inPart.flatMap(({ tests }) => tests.filter((name) => !provenOnce.has(name)).map((name) => `in part, but not proven: ${name}`)),
    ...[...provenOnce, ...waitingOnce].filter((name) => !known.has(name)).map((name) => `not official: ${name}`),
    ...official.filter((name) => provenOnce.has(name) && waitingOnce.has(name)).map((name) => `proven and waiting: ${name}`),
    ...official.filter((name) => !provenOnce.has(name) && !waitingOnce.has(name)).map((name) => `neither proven nor waiting: ${name}`),
  ];
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}
