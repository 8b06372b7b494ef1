import { type FieldError, forbidden, formatFieldError, invalid, required } from '../validation/field-error.ts';
import type { Path } from '../validation/path.ts';
import { equalValues, isObject, type JsonSchema } from './json-schema.ts';
import { compileExpression } from './regular-expressions.ts';

type Level = 'root' | 'item' | 'field';

const emptyTypeTexts: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

const intOrString = [{ type: 'integer' }, { type: 'string' }];

/** Why a schema is not structural, sorted. Follows `ValidateStructural` of `k8s.io/apiextensions-apiserver/pkg/apiserver/schema`. */
export function validateStructural(schema: JsonSchema, path: Path): FieldError[] {
  const errors: FieldError[] = [];
  validateInvariants(schema, 'root', path, errors);
  validateCompleteness(schema, schema, path, errors);
  return errors
    .map((error) => ({ error, text: formatFieldError(error) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ error }) => error);
}

function validateInvariants(schema: JsonSchema, level: Level, path: Path, errors: FieldError[]): void {
  const { items, properties = {}, additionalProperties, type = '' } = schema;
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const preserves = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const intOrText = schema['x-kubernetes-int-or-string'] === true;
  if (type === 'array' && items === undefined) errors.push(required(path.child('items'), 'must be specified'));
  if (isSchema(items)) validateInvariants(items, 'item', path.child('items'), errors);
  for (const [name, property] of Object.entries(properties)) {
    validateInvariants(property, 'field', path.child('properties').key(name), errors);
  }
  if (additionalProperties !== undefined) {
    if (level === 'root') errors.push(forbidden(path.child('additionalProperties'), 'must not be used at the root'));
    if (isSchema(additionalProperties)) validateInvariants(additionalProperties, 'field', path.child('additionalProperties'), errors);
  }
  const falseText = 'must be false if x-kubernetes-int-or-string is true';
  if (intOrText && preserves) errors.push(invalid(path.child('x-kubernetes-preserve-unknown-fields'), true, falseText));
  if (intOrText && embedded) errors.push(invalid(path.child('x-kubernetes-embedded-resource'), true, falseText));
  validateValues(schema, equalValues(schema.anyOf, intOrString), equalValues(schema.allOf?.[0]?.anyOf, intOrString), path, errors);

  const typePath = path.child('type');
  const checksMetadata = level === 'root' || embedded;
  if (embedded && type !== 'object') {
    const text = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push(type === '' ? required(typePath, text) : invalid(typePath, type, text));
  } else if (type === '' && !intOrText && !preserves) {
    errors.push(required(typePath, emptyTypeTexts[level]));
  }
  if (embedded && additionalProperties !== undefined) {
    errors.push(forbidden(path.child('additionalProperties'), 'must not be used if x-kubernetes-embedded-resource is set'));
  }
  if (level === 'root' && type !== '' && type !== 'object') errors.push(invalid(typePath, type, 'must be object at the root'));
  for (const name of ['kind', 'apiVersion']) {
    const property = properties[name];
    if (property !== undefined && checksMetadata && property.type !== 'string') {
      errors.push(invalid(path.child('properties').key(name).child('type'), property.type ?? '', 'must be string'));
    }
  }
  const { metadata } = properties;
  if (metadata !== undefined) validateMetadata(metadata, checksMetadata, level, path.child('properties').key('metadata'), errors);
  if (embedded && !preserves && Object.keys(properties).length === 0) {
    const text = 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    errors.push(required(path.child('properties'), text));
  }
}

function isSchema(value: unknown): value is JsonSchema {
  return isObject(value);
}

/** At the root metadata can only narrow names down. */
function validateMetadata(schema: JsonSchema, checks: boolean, level: Level, path: Path, errors: FieldError[]): void {
  if (checks && schema.type !== 'object') errors.push(invalid(path.child('type'), schema.type ?? '', 'must be object'));
  if (level !== 'root') return;
  const { type: _type, default: _default, properties = {}, ...rest } = schema;
  const others = Object.keys(properties).filter((name) => name !== 'name' && name !== 'generateName');
  if (others.length > 0 || Object.keys(rest).length > 0) {
    errors.push(forbidden(path, 'must not specify anything other than name and generateName, but metadata is implicitly specified'));
  }
}

function validateValues(schema: JsonSchema, skipsAnyOf: boolean, skipsFirstAllOf: boolean, path: Path, errors: FieldError[]): void {
  const { anyOf = [], allOf = [], oneOf = [], not, pattern } = schema;
  if (!skipsAnyOf) for (const [index, branch] of anyOf.entries()) validateNested(branch, false, path.child('anyOf').index(index), errors);
  for (const [index, branch] of allOf.entries()) {
    validateNested(branch, skipsFirstAllOf && index === 0, path.child('allOf').index(index), errors);
  }
  for (const [index, branch] of oneOf.entries()) validateNested(branch, false, path.child('oneOf').index(index), errors);
  if (not !== undefined) validateNested(not, false, path.child('not'), errors);
  if (pattern === undefined || pattern === '') return;
  try {
    compileExpression(pattern);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    errors.push(invalid(path.child('pattern'), pattern, `must be a valid regular expression, but isn't: ${why}`));
  }
}

/** Below a junctor there may be nothing but checks on values. */
function validateNested(schema: JsonSchema, skipsAnyOf: boolean, path: Path, errors: FieldError[]): void {
  validateValues(schema, skipsAnyOf, false, path, errors);
  if (isSchema(schema.items)) validateNested(schema.items, false, path.child('items'), errors);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    validateNested(property, false, path.child('properties').key(name), errors);
  }
  const report = (field: string, isSet: boolean, text: string): void => {
    if (isSet) errors.push(forbidden(path.child(field), text));
  };
  report('type', (schema.type ?? '') !== '', 'must be empty to be structural');
  report('additionalProperties', schema.additionalProperties !== undefined, 'must be undefined to be structural');
  report('default', schema.default !== undefined, 'must be undefined to be structural');
  report('title', (schema.title ?? '') !== '', 'must be empty to be structural');
  report('description', (schema.description ?? '') !== '', 'must be empty to be structural');
  report('nullable', schema.nullable === true, 'must be false to be structural');
  for (const flag of ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource', 'x-kubernetes-int-or-string'] as const) {
    report(flag, schema[flag] === true, 'must be false to be structural');
  }
  report('x-kubernetes-list-map-keys', (schema['x-kubernetes-list-map-keys'] ?? []).length > 0, 'must be empty to be structural');
  report('x-kubernetes-list-type', schema['x-kubernetes-list-type'] !== undefined, 'must be undefined to be structural');
  report('x-kubernetes-map-type', schema['x-kubernetes-map-type'] !== undefined, 'must be undefined to be structural');
  report('x-kubernetes-validations', (schema['x-kubernetes-validations'] ?? []).length > 0, 'must be empty to be structural');
  if (schema.properties?.metadata !== undefined) {
    errors.push(forbidden(path.child('properties').key('metadata'), 'must not be specified in a nested context'));
  }
}

/** What a junctor speaks of must be declared outside of it: its items and properties have counterparts. Upstream's `validateStructuralCompleteness`. */
function validateCompleteness(schema: JsonSchema, declared: JsonSchema, path: Path, errors: FieldError[]): void {
  for (const junctor of ['anyOf', 'allOf', 'oneOf'] as const) {
    for (const [index, branch] of (schema[junctor] ?? []).entries()) {
      validateCounterparts(branch, declared, path.child(junctor).index(index), path, errors);
    }
  }
  if (schema.not !== undefined) validateCounterparts(schema.not, declared, path.child('not'), path, errors);
  if (schema !== declared) return;
  if (isSchema(schema.items)) validateCompleteness(schema.items, schema.items, path.child('items'), errors);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    validateCompleteness(property, property, path.child('properties').key(name), errors);
  }
  const { additionalProperties } = schema;
  if (isSchema(additionalProperties)) {
    validateCompleteness(additionalProperties, additionalProperties, path.child('additionalProperties'), errors);
  }
}

function validateCounterparts(branch: JsonSchema, declared: JsonSchema | undefined, at: Path, path: Path, errors: FieldError[]): void {
  if (declared === undefined) {
    errors.push(required(path, `because it is defined in ${at.toString()}`));
    return;
  }
  validateCompleteness(branch, declared, path, errors);
  if (isSchema(branch.items)) {
    const items = isSchema(declared.items) ? declared.items : undefined;
    validateCounterparts(branch.items, items, at.child('items'), path.child('items'), errors);
  }
  for (const [name, property] of Object.entries(branch.properties ?? {})) {
    const known = declared.properties !== undefined && Object.hasOwn(declared.properties, name) ? declared.properties[name] : undefined;
    validateCounterparts(property, known, at.child('properties').key(name), path.child('properties').key(name), errors);
  }
}
