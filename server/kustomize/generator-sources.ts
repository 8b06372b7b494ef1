import type { Json } from '../../runtime/api/object.ts';
import { getKey, type JsonMap } from '../../runtime/api/patches/json-tree.ts';
import type { Reading } from '../documents/workspace-documents.ts';
import { targetOf } from './paths.ts';
import { listAt } from './resource.ts';

/** What a generator puts into its object, by key. */
export type Pairs = ReadonlyMap<string, Pair['text']>;

/** A key and its text, as one line says them. */
export interface Pair {
  readonly key: string;
  /** `null` for bytes that are no text, undefined where it is not known. */
  readonly text: string | null | undefined;
}

/** Letters that no text has which was read as UTF-8. */
const replacement = '\ufffd';

/** What the sources of a generator say; undefined when some of their keys are not known, or kustomize refuses them. */
export async function pairsOf(generator: JsonMap, uri: string, reading: Reading): Promise<Pairs | undefined> {
  const envs = [...listAt(generator, 'envs'), ...listOf(getKey(generator, 'env'))];
  const found = [
    ...(await Promise.all(envs.map((path) => variables(path, uri, reading)))).flat(),
    ...listAt(generator, 'literals').map((literal) => (typeof literal === 'string' ? literalIn(literal) : undefined)),
    ...(await Promise.all(listAt(generator, 'files').map((source) => fileIn(source, uri, reading)))),
  ];
  const pairs = new Map<string, Pair['text']>();
  for (const pair of found) {
    if (!pair || pairs.has(pair.key)) return undefined;
    pairs.set(pair.key, pair.text);
  }
  return pairs;
}

function listOf(value: Json | undefined): readonly Json[] {
  return value === undefined || value === null ? [] : [value];
}

/** `key=value`, where quotes around the value do not count; undefined for what kustomize refuses. */
export function literalIn(literal: string): Pair | undefined {
  const equals = literal.indexOf('=');
  if (equals <= 0) return undefined;
  return { key: literal.slice(0, equals), text: literal.slice(equals + 1).replace(/^(["'])(.*)\1$/s, '$2') };
}

/** The key of a file, `key=path` or the name of the file itself, and its path; undefined for what kustomize refuses. */
export function fileSource(source: string): { readonly key: string; readonly path: string } | undefined {
  const equals = source.indexOf('=');
  if (equals < 0) return { key: source.split('/').at(-1) ?? source, path: source };
  const [key, path] = [source.slice(0, equals), source.slice(equals + 1)];
  return key === '' || path === '' || path.includes('=') ? undefined : { key, path };
}

async function fileIn(source: Json, uri: string, reading: Reading): Promise<Pair | undefined> {
  const named = typeof source === 'string' ? fileSource(source) : undefined;
  if (!named) return undefined;
  const text = await textAt(named.path, uri, reading);
  return { key: named.key, text: text?.includes(replacement) ? null : text };
}

/** The variables of a file; undefined stands for it when it cannot be read. */
async function variables(path: Json, uri: string, reading: Reading): Promise<readonly (Pair | undefined)[] | undefined> {
  const text = typeof path === 'string' ? await textAt(path, uri, reading) : undefined;
  return text === undefined ? undefined : variablesIn(text);
}

/** The variables of a text, one a line; undefined stands for a line that kustomize refuses. */
export function variablesIn(text: string): readonly (Pair | undefined)[] {
  return text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const equals = line.indexOf('=');
      if (equals === 0) return undefined;
      // Where a line has no value, releases differ: it comes from the environment, or is empty.
      return equals < 0 ? { key: line, text: undefined } : { key: line.slice(0, equals), text: line.slice(equals + 1) };
    });
}

async function textAt(path: string, uri: string, reading: Reading): Promise<string | undefined> {
  const there = targetOf(path, uri);
  return there === undefined ? undefined : (await reading.read(there))?.text;
}
