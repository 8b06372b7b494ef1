import { dns1035LabelProblems } from '../names/index.ts';
import { checkStructure } from '../structure/index.ts';
import { type FieldError, invalid, required } from '../validation/field-error.ts';
import { nameIsPathSegment } from '../validation/name-rules.ts';
import { validateObjectMeta } from '../validation/object-meta.ts';
import { type Path, root } from '../validation/path.ts';
import { isObject, isResourceField, type JsonObject, type JsonSchema, openFields, propertyOf } from './json-schema.ts';

const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** What became of metadata when it was read as such. */
export interface CoercedMetadata {
  /** What is none, in the words of Go's JSON decoder. */
  readonly error?: FieldError;
  readonly unknownFields: readonly string[];
}

/**
 * Reads the metadata of all resources that a schema says are embedded in a value, or that the value itself is: unknown fields are dropped, times get
 * their canonical form. The value is changed in place. Follows upstream's `objectmeta.Coerce`.
 */
export function coerceMetadata(value: unknown, schema: JsonSchema | undefined, path: Path = root): CoercedMetadata {
  const unknownFields: string[] = [];
  const error = coerce(value, schema, path, unknownFields);
  unknownFields.sort();
  return error === undefined ? { unknownFields } : { error, unknownFields };
}

function coerce(value: unknown, schema: JsonSchema | undefined, path: Path, unknown: string[]): FieldError | undefined {
  if (schema === undefined) return undefined;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const error = coerce(item, schema.items, path.index(index), unknown);
      if (error !== undefined) return error;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const open = openFields(schema);
  for (const [name, field] of Object.entries(value)) {
    if (schema['x-kubernetes-embedded-resource'] && isResourceField(name)) {
      const error = name === 'metadata' ? coerceOne(value, path, unknown) : typeOf(name, field, path);
      if (error !== undefined) return error;
      if (name === 'metadata') continue;
    }
    const property = propertyOf(schema, name);
    const error = coerce(field, property ?? open.schema, property === undefined ? path.key(name) : path.child(name), unknown);
    if (error !== undefined) return error;
  }
  return undefined;
}

function typeOf(name: string, value: unknown, path: Path): FieldError | undefined {
  return typeof value === 'string' ? undefined : invalid(path.child(name), value, 'must be a string');
}

function coerceOne(resource: JsonObject, path: Path, unknown: string[]): FieldError | undefined {
  const { metadata } = resource;
  if (metadata === null) {
    delete resource.metadata;
    return undefined;
  }
  const { error, unknownFields } = checkStructure(objectMeta, metadata);
  const at = path.child('metadata');
  unknown.push(...unknownFields.map((field) => `${at.toString()}.${field}`));
  return error === undefined ? undefined : invalid(at, metadata, error);
}

/** Reports resources embedded in an object that have no kind, or metadata that is not sound. Follows upstream's `objectmeta.Validate`. */
export function validateEmbeddedResources(value: unknown, schema: JsonSchema | undefined, path: Path, errors: FieldError[]): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) validateEmbeddedResources(item, schema.items, path.index(index), errors);
    return;
  }
  if (!isObject(value)) return;
  if (schema['x-kubernetes-embedded-resource']) validateOne(value, path, errors);
  const open = openFields(schema);
  for (const [name, field] of Object.entries(value)) {
    const property = propertyOf(schema, name);
    if (property !== undefined) validateEmbeddedResources(field, property, path.child(name), errors);
    else validateEmbeddedResources(field, open.schema, path.key(name), errors);
  }
}

function validateOne(resource: JsonObject, path: Path, errors: FieldError[]): void {
  const { apiVersion, kind, metadata } = resource;
  if (apiVersion === undefined) errors.push(required(path.child('apiVersion')));
  if (kind === undefined) errors.push(required(path.child('kind')));
  if (apiVersion !== undefined) {
    const at = path.child('apiVersion');
    if (typeof apiVersion !== 'string') errors.push(invalid(at, apiVersion, 'must be a string'));
    else if (apiVersion === '') errors.push(invalid(at, apiVersion, 'must not be empty'));
    else if (apiVersion.split('/').length > 2) errors.push(invalid(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  }
  if (kind !== undefined) {
    const at = path.child('kind');
    if (typeof kind !== 'string') errors.push(invalid(at, kind, 'must be a string'));
    else if (kind === '') errors.push(invalid(at, kind, 'must not be empty'));
    else {
      const problems = dns1035LabelProblems(kind.toLowerCase());
      if (problems.length > 0) errors.push(invalid(at, kind, `may have mixed case, but should otherwise match: ${problems.join(',')}`));
    }
  }
  if (!isObject(metadata)) return;
  const { name, namespace } = metadata;
  // Whatever stands there has been read as metadata already; a missing name is nothing to complain of.
  const named = typeof name === 'string' && name !== '' ? metadata : { ...metadata, name: 'fakename' };
  validateObjectMeta(
    named,
    { namespaced: typeof namespace === 'string' && namespace !== '', name: nameIsPathSegment },
    errors,
    path.child('metadata'),
  );
}
