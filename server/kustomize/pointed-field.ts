import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import type { FieldPath } from '../documents/path.ts';
import { step } from '../schemas/describe.ts';
import { deref, refName, type StructuralSchema } from '../schemas/structural.ts';
import type { PointerStep } from './json-pointer.ts';

/** Where a step of a pointer leads nowhere. */
export interface DeadEnd {
  readonly step: PointerStep;
  /** What has no such field or item, and the name of its definition. */
  readonly schema: StructuralSchema;
  readonly definition: string | undefined;
  readonly isList: boolean;
}

/** Where a pointer leads in objects of a kind. */
export interface Pointed {
  /** The schema of what stands there; undefined where anything may. */
  readonly schema: StructuralSchema | undefined;
  /** The path as far as it goes, as the API server writes paths: entries of maps in brackets. */
  readonly path: FieldPath;
  /** The same, step by step. */
  readonly steps: FieldPath;
  readonly deadEnd?: DeadEnd;
}

/** Follows the steps of a pointer from an object's schema. `-` is a step only at the end, and only where something is `added`. */
export function follow(root: StructuralSchema, steps: readonly PointerStep[], added: boolean, definitions: Definitions): Pointed {
  let schema = root;
  let path: FieldPath = [];
  let taken: FieldPath = [];
  for (const [index, pointed] of steps.entries()) {
    const { name } = pointed;
    const target = deref(schema, definitions);
    const stop = (isList: boolean): Pointed => ({
      schema: undefined,
      path: [...path, name],
      steps: taken,
      deadEnd: { step: pointed, schema: target, definition: refName(schema), isList },
    });
    if (target.type === 'array' || target.items) {
      const isEnd = name === '-' && added && index === steps.length - 1;
      if (!isEnd && !/^[-+]?\d+$/.test(name)) return stop(true);
      path = isEnd ? entryOf(path, name) : [...path, Number(name)];
      taken = [...taken, isEnd ? 0 : Number(name)];
      if (!target.items) return { schema: undefined, path, steps: taken };
      schema = target.items;
      continue;
    }
    const field = step(schema, name, definitions);
    if (!field) return isFree(target) ? { schema: undefined, path, steps: taken } : stop(false);
    taken = [...taken, name];
    path = field.schema === target.additionalProperties ? entryOf(path, name) : [...path, name];
    schema = field.schema;
  }
  return { schema, path, steps: taken };
}

/** An entry of a map, whose name the writer chose, stands in brackets. */
function entryOf(path: FieldPath, name: string): FieldPath {
  return [...path.slice(0, -1), `${path.at(-1) ?? ''}[${name}]`];
}

/** Whether any field may stand in a schema's values. */
function isFree(schema: StructuralSchema): boolean {
  if (schema['x-kubernetes-preserve-unknown-fields']) return true;
  if (schema['x-kubernetes-int-or-string']) return false;
  return !schema.properties && !schema.additionalProperties && (schema.type === undefined || schema.type === 'object');
}
