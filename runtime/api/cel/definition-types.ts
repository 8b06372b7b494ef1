import type { Environment } from '@marcbachmann/cel-js';
import type { Schema } from '../kinds/schema.ts';
import { definitions, referencedDefinition } from '../structure/index.ts';
import { escapeField } from './schema-types.ts';

const scalars: Readonly<Record<string, string>> = { string: 'string', boolean: 'bool', integer: 'int', number: 'double' };
const formats: Readonly<Record<string, string>> = { 'date-time': 'google.protobuf.Timestamp', byte: 'bytes', quantity: 'dyn' };

/**
 * Declares the types of built-in kinds, so that expressions can be checked against them; nothing can be evaluated with them. What has no fields of
 * its own may hold anything. Gives the name of a definition's type. Follows upstream's `SchemaDeclType`.
 */
export function declareDefinition(environment: Environment, definition: string, declared = new Set<string>()): string {
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
    if (field !== undefined) fields[field] = typeOf(property);
  }
  // CEL tells types by the classes of their values.
  environment.registerType(name, { ctor: class {}, fields });
  for (const other of [name, 'null']) environment.registerOperator(`${name} == ${other}`, (left, right) => left === right);
  return name;
}
