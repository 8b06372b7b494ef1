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
  return operations.reduce((current: Json, operation) => (isMap(operation) ? applyOperation(current, operation) : current), document);
}

function applyOperation(document: Json, operation: JsonMap): Json {
  const op = getKey(operation, 'op');
  switch (op) {
    case 'add':
      return add(document, pathOf(operation, 'path', op), getKey(operation, 'value') ?? null);
    case 'remove':
      return remove(document, pathOf(operation, 'path', op));
    case 'replace':
      return replace(document, pathOf(operation, 'path', op), getKey(operation, 'value'));
    case 'move':
      return move(document, operation);
    case 'copy':
      return copy(document, operation);
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

function add(document: Json, path: string, value: Json): Json {
  if (path === '') throw missing('add operation does not apply: doc is missing path: ""');
  const absent = () => missing(`add operation does not apply: doc is missing path: "${path}"`);
  return change(document, path, absent, (container, key) => addTo(container, key, value, `error in add for path: '${path}'`));
}

function remove(document: Json, path: string): Json {
  const absent = () => missing(`remove operation does not apply: doc is missing path: "${path}"`);
  return change(document, path, absent, (container, key) => removeFrom(container, key, `error in remove for path: '${path}'`));
}

function replace(document: Json, path: string, value: Json | undefined): Json {
  if (path === '') {
    if (typeof value === 'object' && value !== null) return value;
    throw inapplicable('replace operation value must be object or array');
  }
  const absent = () => missing(`replace operation does not apply: doc is missing path: ${path}`);
  return change(document, path, absent, (container, key) => {
    if (!Array.isArray(container)) return withKey(container, key, value ?? null);
    const index = indexIn(container, key);
    if (typeof index === 'string') throw missing(`replace operation does not apply: doc is missing key: ${path}`);
    return container.with(index, value ?? null);
  });
}

function move(document: Json, operation: JsonMap): Json {
  const from = pathOf(operation, 'from', 'move');
  const key = lastKey(from);
  const container = containerAt(document, from);
  if (container === undefined) throw missing(`move operation does not apply: doc is missing from path: ${from}`);
  const value = read(container, key, `error in move for path: '${key}'`);
  const absent = () => missing(`move operation does not apply: doc is missing from path: ${from}`);
  const without = change(document, from, absent, (parent, name) => removeFrom(parent, name, `error in move for path: '${key}'`));
  const path = pathOf(operation, 'path', 'move');
  const noTarget = () => missing(`move operation does not apply: doc is missing destination path: ${path}`);
  return change(without, path, noTarget, (parent, name) => addTo(parent, name, value ?? null, `error in move for path: '${path}'`));
}

function copy(document: Json, operation: JsonMap): Json {
  const from = pathOf(operation, 'from', 'copy');
  const container = containerAt(document, from);
  if (container === undefined) throw missing(`copy operation does not apply: doc is missing from path: ${from}`);
  const value = read(container, lastKey(from), `error in copy for from: '${from}'`);
  const path = pathOf(operation, 'path', 'copy');
  const noTarget = () => missing(`copy operation does not apply: doc is missing destination path: ${path}`);
  return change(document, path, noTarget, (parent, name) => addTo(parent, name, value ?? null, 'error while adding value during copy'));
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

/** The document with one container on the path replaced, everything beside the path shared. */
function change(document: Json, path: string, absent: () => PatchError, edit: (container: Container, key: string) => Container): Json {
  const keys = segments(path);
  const last = keys.at(-1);
  if (last === undefined) throw absent();
  const descend = (value: Json | undefined, depth: number): Container => {
    if (!isContainer(value)) throw absent();
    if (depth === keys.length - 1) return edit(value, last);
    const key = keys[depth] ?? '';
    const changed = descend(lookUp(value, key), depth + 1);
    if (!Array.isArray(value)) return withKey(value, key, changed);
    const index = indexIn(value, key);
    return typeof index === 'string' ? value : value.with(index, changed);
  };
  return descend(document, 0);
}

function withKey(map: JsonMap, key: string, value: Json): JsonMap {
  const result = { ...map };
  setKey(result, key, value);
  return result;
}

function addTo(container: Container, key: string, value: Json, context: string): Container {
  if (!Array.isArray(container)) return withKey(container, key, value);
  if (key === '-') return [...container, value];
  const number = parseIndex(key);
  if (number === undefined) throw inapplicable(`${context}: value was not a proper array index: '${key}': ${syntaxError(key)}`);
  const size = container.length + 1;
  const index = number < 0 ? number + size : number;
  if (index >= size || index < 0) throw inapplicable(`${context}: ${invalidIndex(number)}`);
  return container.toSpliced(index, 0, value);
}

function removeFrom(container: Container, key: string, context: string): Container {
  if (Array.isArray(container)) {
    const index = indexIn(container, key);
    if (typeof index === 'string') throw inapplicable(`${context}: ${index}`);
    return container.toSpliced(index, 1);
  }
  if (!Object.hasOwn(container, key)) throw missing(`${context}: Unable to remove nonexistent key: ${key}`);
  const result = { ...container };
  delete result[key];
  return result;
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
