import table from './go-types.json' with { type: 'json' };

/**
 * What Go's types are called and how they are made of one another, which stands in the texts of decoding errors and which OpenAPI does not
 * tell. The table has been read from the types of 1.36 by reflection.
 */

/** The struct that another one inlines, and the fields that it has of its own. */
interface Inlined {
  readonly struct: string;
  readonly own: readonly string[];
}

/** By the short name of the struct that inlines; no struct inlines two that have fields. */
const inlined: Readonly<Record<string, Inlined>> = table.inlined;

/**
 * Types with a name of their own, by definition (its full name where several are called alike) and place: `field` for the field, `field[]` for
 * what its list or map holds, `field.key` for the keys of its map. A name without a package is of the package of the definition.
 */
const types: Readonly<Record<string, Readonly<Record<string, string>>>> = table.types;

/** `v1.PodSpec` of `io.k8s.api.core.v1.PodSpec`. */
export function goTypeOf(definition: string): string {
  return `${packageOf(definition)}.${shortName(definition)}`;
}

/** The name of the type at a place of a definition, undefined where it follows from what it is made of. */
export function namedType(definition: string, place: string): string | undefined {
  const places = own(types, definition) ?? own(types, shortName(definition));
  const name = places && own(places, place);
  return name === undefined || /\W/.test(name) ? name : `${packageOf(definition)}.${name}`;
}

/** The structs, from the outermost, that are inlined on the way from a struct to one of its fields: Go's decoder names them since 1.24. */
export function inlinedOnTheWay(struct: string, field: string, isKind: boolean): readonly string[] {
  if (isKind && (field === 'kind' || field === 'apiVersion')) return ['TypeMeta'];
  const inner = own(inlined, struct);
  if (inner === undefined || inner.own.includes(field)) return [];
  return [inner.struct, ...inlinedOnTheWay(inner.struct, field, false)];
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function packageOf(definition: string): string {
  return definition.split('.').at(-2) ?? '';
}

/** `PodSpec` of `io.k8s.api.core.v1.PodSpec`. */
export function shortName(definition: string): string {
  return definition.slice(definition.lastIndexOf('.') + 1);
}
