import { applyDefaults } from '../../api/defaults/index.ts';
import { internalError } from '../../api/status.ts';
import { quote } from '../../api/validation/field-error.ts';
import { asApiObject } from '../decoding/decode-object.ts';
import { readStructure } from '../decoding/read-structure.ts';
import { type ApiObject, copyJson, isDict } from '../registry/api-object.ts';
import type { Resource } from '../registry/resource.ts';

/**
 * Reads what a mutator has made of an object as an object of its kind again, with its defaults. `isStrict`: unknown fields of built-in kinds are
 * a mistake. Throws 500.
 */
export function readMutated(document: unknown, { kind, isCustom }: Resource, isStrict: boolean): ApiObject {
  const mutated: unknown = copyJson(document);
  if (!isDict(mutated)) throw internalError('the patched object is no object');
  const { error, unknownFields } = readStructure(kind, mutated);
  if (error !== undefined) throw internalError(error);
  if (isStrict && !isCustom && unknownFields.length > 0) {
    throw internalError(`strict decoding error: ${unknownFields.map((field) => `unknown field ${quote(field)}`).join(', ')}`);
  }
  const hasMetadata = Object.hasOwn(mutated, 'metadata');
  const object = asApiObject(mutated, kind);
  applyDefaults(kind, object);
  // The options of a connection have none.
  if (!hasMetadata) Reflect.deleteProperty(object, 'metadata');
  return object;
}

/** Gives an object the content of another. Who handed the object in goes on with it and its metadata. */
export function replaceObject(object: ApiObject, after: ApiObject): void {
  const { metadata } = object;
  if (after.metadata === undefined) {
    replaceAll(object, after);
    return;
  }
  replaceAll(metadata, after.metadata);
  replaceAll(object, { ...after, metadata });
}

function replaceAll(target: object, source: object): void {
  for (const key of Object.keys(target)) if (!Object.hasOwn(source, key)) Reflect.deleteProperty(target, key);
  for (const [key, value] of Object.entries(source)) {
    // Not by assignment: a key may be called `__proto__`.
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  }
}
