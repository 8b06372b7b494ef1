import type { Schema } from '../kinds/schema.ts';
import { PatchError } from './patch-error.ts';

/** Finds a definition by its OpenAPI name, `io.k8s.api.core.v1.PodSpec`. */
export type SchemaLookup = (definition: string) => Schema | undefined;

/** How one field is merged. */
export interface FieldMerge {
  /** `merge`, `replace` or empty, with `retainKeys` taken out. */
  readonly strategy: string;
  /** Empty for a list of scalars. */
  readonly mergeKey: string;
  /** What the field's value (for a list: each of its items) looks like. */
  readonly schema: PatchSchema;
}

const definitionsPrefix = '#/definitions/';
const componentsPrefix = '#/components/schemas/';

/** The schema of an object while it is merged: knows its name for error texts and finds the merge rules of its fields. */
export class PatchSchema {
  readonly name: string;
  readonly #schema: Schema;
  readonly #schemaOf: SchemaLookup;

  constructor(schema: Schema, name: string, schemaOf: SchemaLookup) {
    this.name = name;
    this.#schema = schema;
    this.#schemaOf = schemaOf;
  }

  /**
   * Rules of the field `key`.
   *
   * @param list whether its values are lists, so that the rules' schema is that of an item
   * @throws PatchError 500 where the schema has no such field
   */
  field(key: string, list: boolean): FieldMerge {
    const properties = this.#schema.properties;
    const field = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : this.#schema.additionalProperties;
    if (field === undefined) throw new PatchError(500, `unable to find api field in struct ${this.name} for the json field "${key}"`);
    const inner = list ? (field.items ?? resolve(field, this.#schemaOf).items) : field;
    return {
      strategy: withoutRetainKeys(field['x-kubernetes-patch-strategy']),
      mergeKey: field['x-kubernetes-patch-merge-key'] ?? '',
      schema: new PatchSchema(resolve(inner ?? {}, this.#schemaOf), nameOf(inner) ?? key, this.#schemaOf),
    };
  }
}

/** The schema itself, or the definition it refers to. */
function resolve(schema: Schema, schemaOf: SchemaLookup): Schema {
  const name = referenced(schema);
  return name === undefined ? schema : (schemaOf(name) ?? {});
}

function referenced(schema: Schema): string | undefined {
  const reference = schema.$ref;
  if (reference?.startsWith(definitionsPrefix)) return reference.slice(definitionsPrefix.length);
  if (reference?.startsWith(componentsPrefix)) return reference.slice(componentsPrefix.length);
  return undefined;
}

function nameOf(schema: Schema | undefined): string | undefined {
  return schema === undefined ? undefined : referenced(schema)?.split('.').at(-1);
}

function withoutRetainKeys(strategies: string | undefined): string {
  return (strategies ?? '').split(',').find((strategy) => strategy !== 'retainKeys') ?? '';
}
