import type { Definitions } from '../../../runtime/api/kinds/schema.ts';
import { Field } from '../../documents/field.ts';
import type { FieldPath } from '../../documents/path.ts';
import type { Tree } from '../../documents/tree.ts';
import { step } from '../../schemas/describe.ts';
import type { KnownKind } from '../../schemas/kinds.ts';
import { deref, refName, type StructuralSchema } from '../../schemas/structural.ts';
import { shortName } from '../../schemas/templates.ts';

/** Something shown in the text that is not written there. */
export interface Hint {
  /** From the document's start. */
  readonly offset: number;
  readonly label: string;
  /** The fields it tells of, by definition and name: what a tooltip explains. */
  readonly about?: readonly { readonly definition: string; readonly name: string }[];
}

/** A field on the way through an object, with what its schema says. */
export interface Visited {
  readonly field: Field;
  /** From the object on. */
  readonly path: FieldPath;
  readonly schema: StructuralSchema;
  /** The definition of the value: `core.v1.Container`. */
  readonly type: string;
  /** The field of a type it is: `core.v1.Container.image`; empty in lists and maps. */
  readonly owner: string;
}

/** An object whose fields are gone through. */
export interface HintedObject {
  readonly object: Field;
  readonly known: KnownKind;
  readonly definitions: Definitions;
  readonly text: string;
  /** The object with all that the API server would fill in; undefined when that cannot be told. */
  readonly completed: () => unknown;
}

/** The hints about one field of an object. */
export type HintSource = (visited: Visited, object: HintedObject) => readonly Hint[];

/** Recursive types end here. */
const depthLimit = 24;

/** Every field that an object writes and that its schema knows, parents first. Aliased parts come where their alias stands. */
export function* visit({ object, known, definitions }: HintedObject): Iterable<Visited> {
  yield* below(object, known.schema, [], '', definitions);
}

function* below(field: Field, schema: StructuralSchema, path: FieldPath, owner: string, definitions: Definitions): Iterable<Visited> {
  if (path.length > depthLimit) return;
  const definition = refName(schema);
  const type = definition === undefined ? '' : shortName(definition);
  yield { field, path, schema: deref(schema, definitions), type, owner };
  for (const [name, child] of field.entries()) {
    const found = step(schema, name, definitions);
    if (found)
      yield* below(child, found.schema, [...path, name], found.owner ? `${shortName(found.owner.definition)}.${name}` : '', definitions);
  }
  for (const [index, item] of field.items().entries()) {
    const found = step(schema, index, definitions);
    if (found) yield* below(item, found.schema, [...path, index], '', definitions);
  }
}

/** The root of a document as a field. */
export function rootOf(tree: Tree): Field {
  return new Field(tree, tree.root);
}
