import type { JsonSchema } from '../custom-resources/json-schema.ts';
import type { Schema } from '../kinds/schema.ts';
import { definitions, referencedDefinition } from '../structure/index.ts';
import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  dynType,
  intType,
  listOf,
  mapOf,
  stringType,
  structType,
  timestampType,
} from './check/index.ts';
import { escapeField, keywords, schemaType as schemaTypeOf } from './schema-types.ts';

const scalars: Readonly<Record<string, CelType>> = { string: stringType, boolean: boolType, integer: intType, number: doubleType };
const formats: Readonly<Record<string, CelType>> = { 'date-time': timestampType, byte: bytesType, quantity: dynType };

/** The type of the objects of a built-in kind. */
export function kindType(kind: string, definition: string): CelType {
  // Upstream's name has the nanosecond in which the policy was checked.
  return definitionType(definition, `${kind}0`);
}

/** The type of the objects of a custom kind. Its published schema says nothing of metadata but that they are those of all objects. */
export function customKindType(kind: string, schema: JsonSchema): CelType {
  const name = `${kind}0`;
  const own = schemaTypeOf(schema, true, name)?.checked;
  if (own?.field === undefined) return dynType;
  const metadata = definitionType(objectMeta, `${name}.metadata`);
  return structType(name, (field) => (field === 'metadata' ? metadata : own.field?.(field)));
}

const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** Types are named by the fields that lead to them, as upstream names them; those of fields are only made when they are used, for some are endless. */
function definitionType(definition: string, name: string): CelType {
  const fields = new Map<string, Schema>();
  for (const [json, property] of Object.entries(definitions[definition]?.properties ?? {})) {
    const field = escapeField(json);
    if (field === undefined) continue;
    fields.set(field, property);
    if (keywords.has(json)) fields.set(json, property);
  }
  return structType(name, (field) => {
    const schema = fields.get(field);
    return schema && schemaType(schema, `${name}.${field}`);
  });
}

function schemaType(schema: Schema, name: string): CelType {
  const referenced = referencedDefinition(schema);
  const target = referenced === undefined ? schema : definitions[referenced];
  if (target === undefined || target['x-kubernetes-int-or-string'] || target['x-kubernetes-preserve-unknown-fields']) return dynType;
  if (target.items !== undefined) return listOf(schemaType(target.items, `${name}.@idx`));
  if (target.additionalProperties !== undefined) return mapOf(stringType, schemaType(target.additionalProperties, `${name}.@elem`));
  if (referenced !== undefined && target.properties !== undefined) return definitionType(referenced, name);
  return formats[target.format ?? ''] ?? scalars[target.type ?? ''] ?? dynType;
}
