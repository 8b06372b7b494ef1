import type { Errors } from '../validation/checks.ts';
import { type FieldError, formatFieldErrors, invalid } from '../validation/field-error.ts';
import { type Path, root } from '../validation/path.ts';
import { coerceMetadata, validateEmbeddedResources } from './embedded-resources.ts';
import { copyValue, isResourceField, type JsonObject, type JsonSchema } from './json-schema.ts';
import { pruneValue } from './pruning.ts';
import { compileRules } from './rules.ts';
import { validateAgainstJsonSchema } from './schema-validator.ts';

/** Where a schema stands in the resource around it: the whole one, or one that is embedded in it. */
interface Surroundings {
  /** The schema of that resource. */
  readonly resource: JsonSchema;
  /** That resource with a value in this place, and nothing beside it. */
  around(value: unknown): JsonObject;
  readonly insideMeta: boolean;
}

/**
 * Judges the defaults of a structural schema: nothing may be pruned from them, and they must pass what their own schema and its rules say. Those of
 * metadata are judged in the resource they make. Follows upstream's `defaulting.ValidateDefaults`.
 */
export function validateSchemaDefaults(schema: JsonSchema, path: Path, errors: Errors): void {
  visit({ ...schema, 'x-kubernetes-embedded-resource': true }, undefined, path, errors);
}

function visit(schema: JsonSchema, outside: Surroundings | undefined, path: Path, errors: Errors): void {
  const within = outside === undefined || schema['x-kubernetes-embedded-resource'] === true ? resourceOf(schema) : outside;
  if (schema.default !== undefined) validateDefault(schema, within, path.child('default'), errors);
  // Under additionalProperties are no defaults.
  if (schema.items !== undefined) {
    visit(schema.items, { ...within, around: (value) => within.around([value]) }, path.child('items'), errors);
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const insideMeta = within.insideMeta || (schema['x-kubernetes-embedded-resource'] === true && isResourceField(name));
    const around = (value: unknown) => within.around({ [name]: value });
    visit(property, { ...within, around, insideMeta }, path.child('properties').key(name), errors);
  }
}

function resourceOf(resource: JsonSchema): Surroundings {
  const around = (value: unknown): JsonObject => ({ kind: 'Validation', apiVersion: 'validation/v1', ...(value as JsonObject) });
  return { resource, around, insideMeta: false };
}

function validateDefault(schema: JsonSchema, within: Surroundings, path: Path, errors: Errors): void {
  const value = copyValue(schema.default);
  const problem = within.insideMeta ? metadataProblem(within.around(copyValue(value)), within.resource) : undefined;
  if (problem !== undefined) {
    errors.push(invalid(path, schema.default, `must result in valid metadata: ${problem}`));
    return;
  }
  if (!within.insideMeta) {
    if (pruneValue(copyValue(value), schema)) errors.push(invalid(path, schema.default, 'must not have unknown fields'));
    const embedded = embeddedProblems(value, schema, path);
    if (embedded.length > 0) {
      errors.push(...embedded);
      return;
    }
  }
  const found = validateAgainstJsonSchema(value, schema, path.toString());
  errors.push(...(found.length > 0 ? found : brokenRules(value, schema, schema === within.resource, path)));
}

/** Why a resource with a default in its metadata would be none. */
function metadataProblem(object: JsonObject, schema: JsonSchema): string | undefined {
  const problems = embeddedProblems(object, { ...schema, 'x-kubernetes-embedded-resource': true }, root);
  return problems.length === 0 ? undefined : formatFieldErrors(problems);
}

function embeddedProblems(value: unknown, schema: JsonSchema, path: Path): FieldError[] {
  const { error } = coerceMetadata(value, schema, path);
  if (error !== undefined) return [error];
  const found: FieldError[] = [];
  validateEmbeddedResources(value, schema, path, found);
  return found;
}

/** The rules that a default breaks, once as if it had stood there before and once as if it were new. */
function brokenRules(value: unknown, schema: JsonSchema, isRoot: boolean, path: Path): readonly FieldError[] {
  const rules = compileRules(schema, isRoot);
  if (rules === undefined) return [];
  const kept = rules.validateValue(value, value, path);
  return kept.length > 0 ? kept : rules.validateValue(value, undefined, path);
}
