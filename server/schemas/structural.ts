import type { Definitions, Schema } from '../../runtime/api/kinds/schema.ts';

/** A schema as custom resources may have it: the keywords of the built-in kinds and the value checks of a structural schema. */
export interface StructuralSchema extends Omit<Schema, 'properties' | 'items' | 'additionalProperties' | 'enum'> {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly items?: StructuralSchema;
  readonly additionalProperties?: StructuralSchema;
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly StructuralSchema[];
  readonly anyOf?: readonly StructuralSchema[];
  readonly oneOf?: readonly StructuralSchema[];
  readonly not?: StructuralSchema;
  readonly 'x-kubernetes-embedded-resource'?: true;
}

const refPrefix = '#/definitions/';

/** The name of the definition a schema refers to. */
export function refName(schema: StructuralSchema): string | undefined {
  return schema.$ref?.startsWith(refPrefix) ? schema.$ref.slice(refPrefix.length) : undefined;
}

/** A schema that refers to a definition. */
export function refTo(definition: string): StructuralSchema {
  return { $ref: refPrefix + definition };
}

/** The schema, or the definition it refers to. A reference to nothing allows everything. */
export function deref(schema: StructuralSchema, definitions: Definitions): StructuralSchema {
  const name = refName(schema);
  return name === undefined ? schema : (definitions[name] ?? {});
}

/** `integer`, `[]Container`, `map[string]Quantity`: what people call a type. */
export function typeName(schema: StructuralSchema, definitions: Definitions): string {
  const name = refName(schema);
  const target = deref(schema, definitions);
  if (target['x-kubernetes-int-or-string']) return 'integer or string';
  if (name !== undefined && target.type === 'object') return name.slice(name.lastIndexOf('.') + 1);
  if (name !== undefined && target.format) return target.format;
  if (target.type === 'array') return `[]${target.items ? typeName(target.items, definitions) : 'object'}`;
  if (target.type === 'object' && target.additionalProperties) {
    return `map[string]${typeName(target.additionalProperties, definitions)}`;
  }
  return target.type ?? 'any';
}

/** What a value of a schema is written as; undefined when that may be anything. */
export function shapeOf(schema: StructuralSchema, definitions: Definitions): 'map' | 'list' | 'scalar' | undefined {
  const target = deref(schema, definitions);
  if (target['x-kubernetes-int-or-string']) return 'scalar';
  if (target.type === 'object' || target.properties) return 'map';
  if (target.type === 'array' || target.items) return 'list';
  return target.type === undefined && target.format === undefined ? undefined : 'scalar';
}
