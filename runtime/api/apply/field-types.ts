import type { Schema } from '../kinds/schema.ts';
import type { Json } from '../object.ts';
import type { JsonMap } from '../patches/json-tree.ts';
import { zeroValueOf } from '../structure/index.ts';

/** How the values of a field are merged and owned. */
export type FieldType = ScalarType | MapType | ListType | UntypedType;

export interface ScalarType {
  readonly kind: 'scalar';
  readonly scalar: 'string' | 'numeric' | 'boolean' | 'untyped';
}

/** Anything goes. Deduced values are owned field by field where they are objects, others as a whole. */
export interface UntypedType {
  readonly kind: 'untyped';
  readonly deduced: boolean;
}

export interface ListType {
  readonly kind: 'list';
  readonly relation: 'atomic' | 'set' | 'map';
  /** Sorted by name. Empty unless items are known by keys. */
  readonly keys: readonly string[];
  readonly defaults: Readonly<Record<string, Json>>;
  readonly element: FieldType;
}

export interface MapType {
  readonly kind: 'map';
  /** Owned and replaced as a whole. */
  readonly atomic: boolean;
  /** Type of fields that have no type of their own; undefined where only declared fields are allowed. */
  readonly element: FieldType | undefined;
  /** What Go has of the fields that JSON may leave out, as structs that are no pointers: they are there all the same. */
  readonly implied: JsonMap;
  /** Type of a declared field. */
  field(name: string): FieldType | undefined;
}

const prefix = '#/definitions/';
const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const untyped: FieldType = { kind: 'untyped', deduced: false };
const deduced: FieldType = { kind: 'untyped', deduced: true };
const scalars = {
  string: { kind: 'scalar', scalar: 'string' },
  numeric: { kind: 'scalar', scalar: 'numeric' },
  boolean: { kind: 'scalar', scalar: 'boolean' },
  untyped: { kind: 'scalar', scalar: 'untyped' },
} as const;

const metadataOnly: JsonMap = { metadata: {} };

/** Defaults of fields that are keys of lists and not required: an item may leave them out. */
const keyDefaults: Readonly<Record<string, Readonly<Record<string, Json>>>> = {
  'io.k8s.api.core.v1.ContainerPort': { protocol: 'TCP' },
  'io.k8s.api.core.v1.ServicePort': { protocol: 'TCP' },
  'io.k8s.api.core.v1.LocalObjectReference': { name: '' },
};

/** Types of fields by the definitions of an OpenAPI document, made when they are first asked for. Make another one when definitions change. */
export class FieldTypes {
  readonly #schemaOf: (definition: string) => Schema | undefined;
  readonly #types = new Map<string, FieldType>();
  readonly #roots = new Map<string, MapType>();

  constructor(schemaOf: (definition: string) => Schema | undefined) {
    this.#schemaOf = schemaOf;
  }

  /** Forgets a definition, because it has changed or is gone. */
  forget(definition: string): void {
    this.#types.delete(definition);
    this.#roots.delete(definition);
  }

  /** Type of a whole object. Objects of unknown kinds are owned by what they look like. */
  root(definition: string): MapType {
    const known = this.#roots.get(definition);
    if (known !== undefined) return known;
    const schema = this.#schemaOf(definition);
    const declared = schema === undefined ? undefined : this.#mapType(schema, definition);
    const root: MapType = {
      kind: 'map',
      atomic: false,
      element: declared === undefined ? deduced : declared.element,
      get implied() {
        return declared?.implied ?? metadataOnly;
      },
      field: (name) => {
        if (name === 'apiVersion' || name === 'kind') return scalars.string;
        return name === 'metadata' ? this.definition(objectMeta) : declared?.field(name);
      },
    };
    this.#roots.set(definition, root);
    return root;
  }

  /** Type of a definition. */
  definition(name: string): FieldType {
    const known = this.#types.get(name);
    if (known !== undefined) return known;
    const type = this.#typeOf(this.#schemaOf(name) ?? {}, name);
    this.#types.set(name, type);
    return type;
  }

  #typeOf(schema: Schema, definition: string): FieldType {
    if (schema.$ref?.startsWith(prefix)) return this.#referenced(schema, schema.$ref.slice(prefix.length));
    if (schema['x-kubernetes-int-or-string']) return scalars.untyped;
    switch (schema.type) {
      case 'string':
        return schema.format === undefined || schema.format === 'byte' ? scalars.string : scalars.untyped;
      case 'integer':
      case 'number':
        return scalars.numeric;
      case 'boolean':
        return scalars.boolean;
      case 'array':
        return this.#listType(schema);
      case 'object':
        if (schema.properties !== undefined || schema.additionalProperties !== undefined) return this.#mapType(schema, definition);
        break;
      default:
    }
    // Definitions without fields hold foreign objects; only custom resources say that theirs are to be looked into.
    return schema['x-kubernetes-preserve-unknown-fields'] && definition === '' ? deduced : untyped;
  }

  /** What stands beside a reference takes precedence over what it refers to. */
  #referenced(schema: Schema, name: string): FieldType {
    const type = this.definition(name);
    const mapType = schema['x-kubernetes-map-type'];
    if (mapType === undefined || type.kind !== 'map') return type;
    return { ...type, atomic: mapType === 'atomic', field: type.field };
  }

  #listType(schema: Schema): ListType {
    const relation = schema['x-kubernetes-list-type'] ?? 'atomic';
    const items = schema.items ?? {};
    const name = items.$ref?.slice(prefix.length) ?? '';
    const types = this;
    const keys = relation === 'map' ? [...(schema['x-kubernetes-list-map-keys'] ?? [])].sort() : [];
    return {
      kind: 'list',
      relation,
      keys,
      defaults: { ...defaultsIn(items, keys), ...this.#zeroKeys(name, keys), ...keyDefaults[name] },
      // Not before it is needed: schemas refer to themselves.
      get element() {
        return types.#typeOf(items, '');
      },
    };
  }

  /** Of what Go always writes the zero value is the default. */
  #zeroKeys(definition: string, keys: readonly string[]): Record<string, Json> {
    const { properties = {}, required = [] } = this.#schemaOf(definition) ?? {};
    const always = keys.filter((key) => required.includes(key));
    return Object.fromEntries(always.map((key) => [key, properties[key]?.type === 'integer' ? 0 : '']));
  }

  #mapType(schema: Schema, definition: string): MapType {
    const properties = schema.properties ?? {};
    const fields = new Map<string, FieldType>();
    const { additionalProperties } = schema;
    const open = schema['x-kubernetes-preserve-unknown-fields'] ? deduced : undefined;
    let implied: JsonMap | undefined;
    return {
      kind: 'map',
      atomic: schema['x-kubernetes-map-type'] === 'atomic',
      element: additionalProperties === undefined ? open : this.#typeOf(additionalProperties, ''),
      // Not before it is needed: few of the definitions ever are.
      get implied() {
        // Made of nothing but JSON.
        implied ??= zeroValueOf(definition) as JsonMap;
        return implied;
      },
      field: (name) => {
        const known = fields.get(name);
        if (known !== undefined || !Object.hasOwn(properties, name)) return known;
        const type = this.#typeOf(properties[name] ?? {}, '');
        fields.set(name, type);
        return type;
      },
    };
  }
}

/** Custom resources write the defaults of keys into the schema. */
function defaultsIn(items: Schema, keys: readonly string[]): Record<string, Json> {
  const defaults: Record<string, Json> = {};
  for (const key of keys) {
    const value = items.properties?.[key]?.default;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') defaults[key] = value;
  }
  return defaults;
}
