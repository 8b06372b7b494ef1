import type { Json } from '../../api/object.ts';
import { applyJsonPatch } from '../../api/patches/json-patch.ts';
import { getKey, isMap } from '../../api/patches/json-tree.ts';
import { type NumberSpellings, placeOf } from '../../api/structure/index.ts';
import { copyJson } from '../registry/api-object.ts';

/**
 * How numbers are written that a JSON patch has put into a document, by the place where they stand in the end: the operations are done once more with
 * marks in place of these numbers, so that what was overwritten is forgotten, and what was moved or copied is found.
 *
 * @param written the spellings in the patch itself, which could be applied
 */
export function patchedSpellings(document: Json, operations: Json, written: NumberSpellings): NumberSpellings {
  const marks = new Map<Json, string>();
  const marked = copyJson(operations);
  for (const [place, literal] of written) {
    const mark = {};
    marks.set(mark, literal);
    putMark(marked, place.split('\0'), mark);
  }
  // A test meets marks in place of numbers, and has been passed.
  const changes = Array.isArray(marked) ? marked.filter((operation) => !isMap(operation) || getKey(operation, 'op') !== 'test') : marked;
  const found = new Map<string, string>();
  find(applyJsonPatch(document, changes), marks, [], found);
  return found;
}

function putMark(value: Json, way: readonly string[], mark: Json): void {
  const [step = '', ...further] = way;
  if (typeof value !== 'object' || value === null) return;
  if (further.length === 0) Reflect.set(value, step, mark);
  else putMark(Reflect.get(value, step), further, mark);
}

function find(value: Json, marks: ReadonlyMap<Json, string>, way: readonly string[], found: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) return;
  const literal = marks.get(value);
  if (literal !== undefined) found.set(placeOf(way), literal);
  for (const [step, inner] of Object.entries(value)) find(inner, marks, [...way, step], found);
}
