import type { Json } from '../object.ts';
import { equalJson, formatGo, getKey, isMap, type JsonMap, setKey } from './json-tree.ts';
import { PatchError } from './patch-error.ts';

/** What stands at a path is not what the patch says it is. */
export class TestFailedError extends PatchError {
  constructor(path: string) {
    super(422, `testing value ${path} failed: test failed`);
    this.name = 'TestFailedError';
  }
}

/** How many operations the API server takes in one JSON patch. */
export const maximumJsonPatchOperations = 10000;

/** How many bytes of JSON the copies of one patch may add in all; upstream's `--json-patch-max-copy-bytes`. Without it each could double the object. */
const maximumCopiedBytes = 3 * 1024 * 1024;

/** One patch on its way. */
interface Patching {
  /** What it has made itself, and nobody else holds: that is changed where it stands. Whatever holds one of these is one itself, but for the whole. */
  readonly own: Set<Container>;
  copiedBytes: number;
}

/**
 * Applies a JSON patch (RFC 6902) all or nothing. Neither argument is changed; what the patch does not touch is shared with the result.
 *
 * The reading of the RFC and the error texts are those of evanphx/json-patch v4, which the API server uses: negative indices count from the
 * end, replacing a missing key of an object adds it, testing a missing key against null succeeds.
 *
 * @throws PatchError 400 (not a list of operations), 413 (too many operations), 422 (an operation does not apply)
 */
export function applyJsonPatch(document: Json, operations: Json): Json {
  if (!Array.isArray(operations)) {
    throw new PatchError(400, `json: cannot unmarshal ${jsonTypeOf(operations)} into Go value of type jsonpatch.Patch`);
  }
  if (operations.length > maximumJsonPatchOperations) {
    const text = `The allowed maximum operations in a JSON patch is ${maximumJsonPatchOperations}, got ${operations.length}`;
    throw new PatchError(413, text);
  }
  for (const operation of operations) {
    if (!isMap(operation)) {
      throw new PatchError(400, `json: cannot unmarshal ${jsonTypeOf(operation)} into Go value of type jsonpatch.Operation`);
    }
  }
  const patching: Patching = { own: new Set(), copiedBytes: 0 };
  return operations.reduce(
    (current: Json, operation) => (isMap(operation) ? applyOperation(patching, current, operation) : current),
    document,
  );
}

function applyOperation(patching: Patching, document: Json, operation: JsonMap): Json {
  const op = getKey(operation, 'op');
  switch (op) {
    case 'add':
      return add(patching, document, pathOf(operation, 'path', op), getKey(operation, 'value') ?? null);
    case 'remove':
      return remove(patching, document, pathOf(operation, 'path', op));
    case 'replace':
      return replace(patching, document, pathOf(operation, 'path', op), getKey(operation, 'value'));
    case 'move':
      return move(patching, document, operation);
    case 'copy':
      return copy(patching, document, operation);
    case 'test':
      return test(document, pathOf(operation, 'path', op), getKey(operation, 'value'));
    default:
      throw inapplicable(`Unexpected kind: ${typeof op === 'string' ? op : 'unknown'}`);
  }
}

function inapplicable(text: string): PatchError {
  return new PatchError(422, text);
}

function missing(text: string): PatchError {
  return inapplicable(`${text}: missing value`);
}

function pathOf(operation: JsonMap, field: 'path' | 'from', op: string): string {
  const path = getKey(operation, field);
  if (typeof path !== 'string') throw missing(`${op} operation failed to decode ${field}`);
  return path;
}

function add(patching: Patching, document: Json, path: string, value: Json): Json {
  if (path === '') throw missing('add operation does not apply: doc is missing path: ""');
  const absent = () => missing(`add operation does not apply: doc is missing path: "${path}"`);
  return change(patching, document, path, absent, (container, key) => addTo(container, key, value, `error in add for path: '${path}'`));
}

function remove(patching: Patching, document: Json, path: string): Json {
  const absent = () => missing(`remove operation does not apply: doc is missing path: "${path}"`);
  return change(patching, document, path, absent, (container, key) => removeFrom(container, key, `error in remove for path: '${path}'`));
}

function replace(patching: Patching, document: Json, path: string, value: Json | undefined): Json {
  if (path === '') {
    if (typeof value === 'object' && value !== null) return value;
    throw inapplicable('replace operation value must be object or array');
  }
  const absent = () => missing(`replace operation does not apply: doc is missing path: ${path}`);
  return change(patching, document, path, absent, (container, key) => {
    const index = Array.isArray(container) ? indexIn(container, key) : 0;
    if (typeof index === 'string') throw missing(`replace operation does not apply: doc is missing key: ${path}`);
    if (Array.isArray(container)) container[index] = value ?? null;
    else setKey(container, key, value ?? null);
  });
}

function move(patching: Patching, document: Json, operation: JsonMap): Json {
  const from = pathOf(operation, 'from', 'move');
  const key = lastKey(from);
  const container = containerAt(document, from);
  if (container === undefined) throw missing(`move operation does not apply: doc is missing from path: ${from}`);
  const value = read(container, key, `error in move for path: '${key}'`);
  const absent = () => missing(`move operation does not apply: doc is missing from path: ${from}`);
  const without = change(patching, document, from, absent, (parent, name) => removeFrom(parent, name, `error in move for path: '${key}'`));
  const path = pathOf(operation, 'path', 'move');
  const noTarget = () => missing(`move operation does not apply: doc is missing destination path: ${path}`);
  return change(patching, without, path, noTarget, (parent, name) =>
    addTo(parent, name, value ?? null, `error in move for path: '${path}'`),
  );
}

function copy(patching: Patching, document: Json, operation: JsonMap): Json {
  const from = pathOf(operation, 'from', 'copy');
  const container = containerAt(document, from);
  if (container === undefined) throw missing(`copy operation does not apply: doc is missing from path: ${from}`);
  const value = read(container, lastKey(from), `error in copy for from: '${from}'`);
  const path = pathOf(operation, 'path', 'copy');
  const noTarget = () => missing(`copy operation does not apply: doc is missing destination path: ${path}`);
  share(patching, value);
  return change(patching, document, path, noTarget, (parent, name) => {
    countCopy(patching, value);
    addTo(parent, name, value ?? null, 'error while adding value during copy');
  });
}

function countCopy(patching: Patching, value: Json | undefined): void {
  patching.copiedBytes += value === null || value === undefined ? 0 : goJsonSize(value);
  if (patching.copiedBytes <= maximumCopiedBytes) return;
  const increase = `the accumulated size increase of copy is ${patching.copiedBytes}, exceeding the limit ${maximumCopiedBytes}`;
  throw inapplicable(`Unable to complete the copy, ${increase}`);
}

/** Bytes that Go's encoder writes, which escapes what could be markup. */
function goJsonSize(value: Json): number {
  const text = JSON.stringify(value);
  const escaped = text.match(/[<>&]/g)?.length ?? 0;
  return new TextEncoder().encode(text).length + escaped * 5;
}

/** Notes that a value stands in two places from now on. */
function share({ own }: Patching, value: Json | undefined): void {
  const shared = [value];
  for (let next = shared.pop(); next !== undefined; next = shared.pop()) {
    if (isContainer(next) && own.delete(next)) for (const inner of Object.values(next)) shared.push(inner);
  }
}

function test(document: Json, path: string, expected: Json | undefined): Json {
  const failed = () => new TestFailedError(path);
  if (path === '') {
    if (equalJson(document, expected)) return document;
    throw failed();
  }
  const container = containerAt(document, path);
  if (container === undefined) throw missing(`test operation does not apply: is missing path: ${path}`);
  const actual = read(container, lastKey(path), `error in test for path: '${path}'`);
  if (equalJson(actual ?? null, expected ?? null)) return document;
  throw failed();
}

type Container = JsonMap | Json[];

/** Path segments between the leading slash and the last key. A path without a slash leads nowhere. */
function segments(path: string): string[] {
  return path.split('/').slice(1).map(decodeSegment);
}

function decodeSegment(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

function lastKey(path: string): string {
  return segments(path).at(-1) ?? '';
}

function isContainer(value: Json | undefined): value is Container {
  return typeof value === 'object' && value !== null;
}

/** The object or list that holds a path's last key, if there is one. */
function containerAt(document: Json, path: string): Container | undefined {
  const keys = segments(path);
  if (keys.length === 0) return undefined;
  let current: Json | undefined = document;
  for (const key of keys.slice(0, -1)) {
    if (!isContainer(current)) return undefined;
    current = lookUp(current, key);
  }
  return isContainer(current) ? current : undefined;
}

function lookUp(container: Container, key: string): Json | undefined {
  if (!Array.isArray(container)) return getKey(container, key);
  const index = indexIn(container, key);
  return typeof index === 'string' ? undefined : container[index];
}

function read(container: Container, key: string, context: string): Json | undefined {
  if (!Array.isArray(container)) return getKey(container, key);
  const index = indexIn(container, key);
  if (typeof index === 'string') throw inapplicable(`${context}: ${index}`);
  return container[index];
}

/** The document with one container on the path edited, everything beside the path shared. */
function change(
  { own }: Patching,
  document: Json,
  path: string,
  absent: () => PatchError,
  edit: (container: Container, key: string) => void,
): Json {
  const keys = segments(path);
  const last = keys.at(-1);
  if (last === undefined) throw absent();
  const ownOf = (value: Container): Container => {
    if (own.has(value)) return value;
    const made = Array.isArray(value) ? [...value] : { ...value };
    own.add(made);
    return made;
  };
  const descend = (value: Json | undefined, depth: number): Container => {
    if (!isContainer(value)) throw absent();
    const key = keys[depth] ?? '';
    if (depth === keys.length - 1) {
      const edited = ownOf(value);
      edit(edited, last);
      return edited;
    }
    const changed = descend(lookUp(value, key), depth + 1);
    const made = ownOf(value);
    if (!Array.isArray(made)) setKey(made, key, changed);
    else {
      const index = indexIn(made, key);
      if (typeof index === 'number') made[index] = changed;
    }
    return made;
  };
  return descend(document, 0);
}

function addTo(container: Container, key: string, value: Json, context: string): void {
  if (!Array.isArray(container)) {
    setKey(container, key, value);
    return;
  }
  if (key === '-') {
    container.push(value);
    return;
  }
  const number = parseIndex(key);
  if (number === undefined) throw inapplicable(`${context}: value was not a proper array index: '${key}': ${syntaxError(key)}`);
  const size = container.length + 1;
  const index = number < 0 ? number + size : number;
  if (index >= size || index < 0) throw inapplicable(`${context}: ${invalidIndex(number)}`);
  container.splice(index, 0, value);
}

function removeFrom(container: Container, key: string, context: string): void {
  if (Array.isArray(container)) {
    const index = indexIn(container, key);
    if (typeof index === 'string') throw inapplicable(`${context}: ${index}`);
    container.splice(index, 1);
    return;
  }
  if (!Object.hasOwn(container, key)) throw missing(`${context}: Unable to remove nonexistent key: ${key}`);
  delete container[key];
}

/** The place of a key in a list, or the text of why there is none. */
function indexIn(list: readonly Json[], key: string): number | string {
  const number = parseIndex(key);
  if (number === undefined) return syntaxError(key);
  const index = number < 0 ? number + list.length : number;
  return index >= list.length || index < 0 ? invalidIndex(number) : index;
}

function parseIndex(key: string): number | undefined {
  return /^[+-]?[0-9]{1,15}$/.test(key) ? Number(key) : undefined;
}

function invalidIndex(index: number): string {
  return `Unable to access invalid index: ${index}: invalid index referenced`;
}

function syntaxError(key: string): string {
  return `strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`;
}

function jsonTypeOf(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  if (typeof value === 'object') return 'object';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? `number ${formatGo(value)}` : 'string';
}
