import type { Environment } from '@marcbachmann/cel-js';
import type { Schema } from '../kinds/schema.ts';
import { definitions, referencedDefinition } from '../structure/index.ts';
import type { DeclaredObject } from './admission.ts';
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
import { escapeField, keywords } from './schema-types.ts';

const scalars: Readonly<Record<string, string>> = { string: 'string', boolean: 'bool', integer: 'int', number: 'double' };
const formats: Readonly<Record<string, string>> = { 'date-time': 'google.protobuf.Timestamp', byte: 'bytes', quantity: 'dyn' };

const checkedScalars: Readonly<Record<string, CelType>> = { string: stringType, boolean: boolType, integer: intType, number: doubleType };
const checkedFormats: Readonly<Record<string, CelType>> = { 'date-time': timestampType, byte: bytesType, quantity: dynType };

/** The type of the objects of a built-in kind. */
export function declareKind(environment: Environment, kind: string, definition: string): DeclaredObject {
  // Upstream's name has the nanosecond in which the policy was checked.
  return { name: declareDefinition(environment, definition), checked: checkedDefinition(definition, `${kind}0`) };
}

/** Types are named by the fields that lead to them, as upstream names them; those of fields are only made when they are used, for some are endless. */
function checkedDefinition(definition: string, name: string): CelType {
  const fields = new Map<string, Schema>();
  for (const [json, property] of Object.entries(definitions[definition]?.properties ?? {})) {
    const field = escapeField(json);
    if (field === undefined) continue;
    fields.set(field, property);
    if (keywords.has(json)) fields.set(json, property);
  }
  return structType(name, (field) => {
    const schema = fields.get(field);
    return schema && checkedSchema(schema, `${name}.${field}`);
  });
}

function checkedSchema(schema: Schema, name: string): CelType {
  const referenced = referencedDefinition(schema);
  const target = referenced === undefined ? schema : definitions[referenced];
  if (target === undefined || target['x-kubernetes-int-or-string'] || target['x-kubernetes-preserve-unknown-fields']) return dynType;
  if (target.items !== undefined) return listOf(checkedSchema(target.items, `${name}.@idx`));
  if (target.additionalProperties !== undefined) return mapOf(stringType, checkedSchema(target.additionalProperties, `${name}.@elem`));
  if (referenced !== undefined && target.properties !== undefined) return checkedDefinition(referenced, name);
  return checkedFormats[target.format ?? ''] ?? checkedScalars[target.type ?? ''] ?? dynType;
}

/**
 * Declares the types of built-in kinds, so that expressions can be checked against them; nothing can be evaluated with them. What has no fields of
 * its own may hold anything. Gives the name of a definition's type. Follows upstream's `SchemaDeclType`.
 */
function declareDefinition(environment: Environment, definition: string, declared = new Set<string>()): string {
  const name = definition.replace(/[^\w.]/g, '');
  if (declared.has(name)) return name;
  declared.add(name);
  const typeOf = (schema: Schema): string => {
    const referenced = referencedDefinition(schema);
    const target = referenced === undefined ? schema : definitions[referenced];
    if (target === undefined || target['x-kubernetes-int-or-string'] || target['x-kubernetes-preserve-unknown-fields']) return 'dyn';
    if (target.items !== undefined) return `list<${typeOf(target.items)}>`;
    if (target.additionalProperties !== undefined) return `map<string, ${typeOf(target.additionalProperties)}>`;
    if (referenced !== undefined && target.properties !== undefined) return declareDefinition(environment, referenced, declared);
    return formats[target.format ?? ''] ?? scalars[target.type ?? ''] ?? 'dyn';
  };
  const fields: Record<string, string> = {};
  for (const [json, property] of Object.entries(definitions[definition]?.properties ?? {})) {
    const field = escapeField(json);
    if (field === undefined) continue;
    fields[field] = typeOf(property);
    if (keywords.has(json)) fields[json] = fields[field];
  }
  // CEL tells types by the classes of their values.
  environment.registerType(name, { ctor: class {}, fields });
  for (const other of [name, 'null']) environment.registerOperator(`${name} == ${other}`, (left, right) => left === right);
  return name;
}
