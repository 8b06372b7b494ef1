import type { Json } from '../../runtime/api/object.ts';
import { getKey, isMap } from '../../runtime/api/patches/json-tree.ts';
import type { PointerStep } from './json-pointer.ts';

/** What a pointer leads to in an object; undefined when nothing is there. */
export function valueAt(object: Json | undefined, steps: readonly PointerStep[]): Json | undefined {
  return steps.reduce<Json | undefined>((value, { name }) => {
    if (Array.isArray(value)) return /^-?\d+$/.test(name) ? value.at(Number(name)) : undefined;
    return isMap(value) ? getKey(value, name) : undefined;
  }, object);
}
