import type { Json } from '../../runtime/api/object.ts';
import { getKey, type JsonMap } from '../../runtime/api/patches/json-tree.ts';
import { Tree } from '../documents/tree.ts';
import { jsonOf, type Reading } from '../documents/workspace-documents.ts';
import { targetOf } from './paths.ts';

/** The documents of a patch, wherever it stands; undefined when it cannot be read. */
export async function documentsOf(entry: JsonMap, uri: string, reading: Reading): Promise<readonly Json[] | undefined> {
  const text = getKey(entry, 'patch');
  if (typeof text === 'string') {
    const patch = jsonOf(new Tree(text));
    return patch === undefined ? undefined : [patch];
  }
  const path = getKey(entry, 'path');
  const there = typeof path === 'string' ? targetOf(path, uri) : undefined;
  return there === undefined ? undefined : (await reading.read(there))?.documents;
}
