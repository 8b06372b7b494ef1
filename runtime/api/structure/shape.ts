import goStructs from '../apply/go-structs.json' with { type: 'json' };
import type { Schema } from '../kinds/schema.ts';
import { definitions, referencedDefinition } from './definitions.ts';
import { goTypeOf, inlinedOnTheWay, namedType, shortName } from './go-types.ts';

/** What the decoder must know of a type, worked out once from its schema. */
export type Shape = Any | Scalar | Struct | List | Dictionary | SchemaOr;

/** Anything at all; it is kept as it stands. */
export interface Any {
  readonly type: 'any';
}

export interface Scalar {
  readonly type: 'string' | 'boolean' | 'int32' | 'int64' | 'double' | 'bytes' | 'quantity' | 'int-or-string' | 'time' | 'micro-time';
  /** As Go calls it: `int32`, `v1.PullPolicy`. */
  readonly goType: string;
}

export interface Struct {
  readonly type: 'struct';
  readonly goType: string;
  /** `PodSpec` */
  readonly name: string;
  readonly fields: Fields;
}

/** The fields of a struct, each worked out when it is met first: a type leads to hundreds of others, of which an object has few. */
class Fields {
  readonly #definition: string;
  readonly #schema: Schema;
  readonly #known = new Map<string, Field>();

  constructor(definition: string, schema: Schema) {
    this.#definition = definition;
    this.#schema = schema;
  }

  get(name: string): Field | undefined {
    return this.#known.get(name) ?? this.#make(name);
  }

  #make(name: string): Field | undefined {
    const { properties = {}, required } = this.#schema;
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property === undefined) return undefined;
    const definition = this.#definition;
    const isKept =
      required?.includes(name) === true ||
      [pointers, nullPointers, nullLists, written, ownLists].some((kept) => kept[definition]?.includes(name));
    const inlined = inlinedOnTheWay(shortName(definition), name, this.#schema['x-kubernetes-group-version-kind'] !== undefined);
    const field: Field = { shape: shapeOf(property, definition, name), omitEmpty: !isKept, inlined };
    this.#known.set(name, field);
    return field;
  }
}

export interface Field {
  readonly shape: Shape;
  /** Whether an empty list, map or text, a zero or false is the same as none. */
  readonly omitEmpty: boolean;
  /** The structs that are inlined on the way to it, from the outermost. */
  readonly inlined: readonly string[];
}

export interface List {
  readonly type: 'list';
  readonly goType: string;
  readonly items: Shape;
}

export interface Dictionary {
  readonly type: 'map';
  readonly goType: string;
  readonly values: Shape;
}

/** A schema of a custom resource, or what may stand in its place. Upstream: `JSONSchemaPropsOrBool` and its like, which read themselves. */
export interface SchemaOr {
  readonly type: 'schema-or';
  readonly goType: string;
  readonly schema: Shape;
  /** Undefined: true or false. */
  readonly list: List | undefined;
}

/** Lists that are written even when they are empty, though the schema does not require them. */
const nullLists: Readonly<Record<string, readonly string[]>> = goStructs.nullLists;
/** Optional texts, numbers and booleans that may be there at their zero value, which is not the same as absent. */
const pointers: Readonly<Record<string, readonly string[]>> = goStructs.pointers;
const nullPointers: Readonly<Record<string, readonly string[]>> = goStructs.nullPointers;
/** Not required by the schema, and yet always written. */
const written: Readonly<Record<string, readonly string[]>> = goStructs.written;
/** Lists whose default stands for none at all, and not for an empty one, as upstream asks there for nil. */
const ownLists: Readonly<Record<string, readonly string[]>> = { 'io.k8s.api.autoscaling.v2.HPAScalingRules': ['policies'] };

/** Types that keep the JSON they are read from. Any other object without fields is a struct that has none, as `CustomResourceSubresourceStatus`. */
const readsItself: ReadonlySet<string> = new Set(['JSON', 'FieldsV1', 'RawExtension', 'Patch']);

const any: Any = { type: 'any' };
const shapes = new Map<string, Shape>();

/** The shape of a definition; unknown ones are taken as they come. */
export function shapeOfDefinition(name: string): Shape {
  const known = shapes.get(name);
  if (known !== undefined) return known;
  const schema = definitions[name];
  const special = scalarDefinition(name) ?? schemaOr(name);
  if (special !== undefined || schema === undefined) {
    const shape = special ?? any;
    shapes.set(name, shape);
    return shape;
  }
  const short = shortName(name);
  if (schema.properties === undefined && (schema.type !== 'object' || readsItself.has(short))) {
    const shape = schema.type === 'object' ? any : shapeOf(schema, name, '');
    shapes.set(name, shape);
    return shape;
  }
  const struct: Struct = { type: 'struct', goType: goTypeOf(name), name: short, fields: new Fields(name, schema) };
  shapes.set(name, struct);
  return struct;
}

function scalarDefinition(name: string): Scalar | undefined {
  if (name.endsWith('.resource.Quantity')) return { type: 'quantity', goType: 'resource.Quantity' };
  if (name.endsWith('.intstr.IntOrString')) return { type: 'int-or-string', goType: 'int32' };
  if (name.endsWith('.meta.v1.Time')) return { type: 'time', goType: 'string' };
  if (name.endsWith('.meta.v1.MicroTime')) return { type: 'micro-time', goType: 'string' };
  return undefined;
}

function schemaOr(name: string): SchemaOr | undefined {
  const [, schemas, other] = /^(.*\.JSONSchemaProps)Or(Bool|Array|StringArray)$/.exec(name) ?? [];
  if (schemas === undefined) return undefined;
  const texts: Scalar = { type: 'string', goType: 'string' };
  const items = other === 'StringArray' ? texts : shapeOfDefinition(schemas);
  const list: List = { type: 'list', goType: `[]${goTypeName(items)}`, items };
  return { type: 'schema-or', goType: goTypeOf(name), schema: shapeOfDefinition(schemas), list: other === 'Bool' ? undefined : list };
}

/** @param place Where the schema stands in the definition, as the table of Go's types has it: `field`, `field[]`. */
function shapeOf(schema: Schema, owner: string, place: string): Shape {
  const reference = referencedDefinition(schema);
  if (reference !== undefined) return shapeOfDefinition(reference);
  switch (schema.type) {
    case 'string':
      return schema.format === 'byte'
        ? { type: 'bytes', goType: '[]uint8' }
        : { type: 'string', goType: namedType(owner, place) ?? 'string' };
    case 'boolean':
      return { type: 'boolean', goType: 'bool' };
    case 'integer':
      return schema.format === 'int64' ? { type: 'int64', goType: 'int64' } : { type: 'int32', goType: 'int32' };
    case 'number':
      return { type: 'double', goType: 'float64' };
    case 'array': {
      const items = schema.items === undefined ? any : shapeOf(schema.items, owner, `${place}[]`);
      return { type: 'list', goType: namedType(owner, place) ?? `[]${goTypeName(items)}`, items };
    }
    case 'object': {
      if (schema.additionalProperties === undefined) return any;
      const values = shapeOf(schema.additionalProperties, owner, `${place}[]`);
      return { type: 'map', goType: namedType(owner, place) ?? mapType(namedType(owner, `${place}.key`), values), values };
    }
    default:
      return any;
  }
}

function mapType(key: string | undefined, values: Shape): string {
  if (key === undefined && values.type === 'quantity') return 'v1.ResourceList';
  return `map[${key ?? 'string'}]${goTypeName(values)}`;
}

function goTypeName(shape: Shape): string {
  if (shape.type === 'any') return 'interface {}';
  if (shape.type === 'time') return 'v1.Time';
  if (shape.type === 'micro-time') return 'v1.MicroTime';
  if (shape.type === 'int-or-string') return 'intstr.IntOrString';
  return shape.goType;
}
