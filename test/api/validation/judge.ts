import { formatFieldError, validateStatusUpdate } from '../../../runtime/api/validation/index.ts';
import type { Fields } from './objects.ts';
import * as objects from './objects.ts';

/** Validation of kinds by one name, `apps/v1/Deployment`. */

export type { Fields } from './objects.ts';

function parted(type: string): [apiVersion: string, kind: string] {
  const slash = type.lastIndexOf('/');
  return [type.slice(0, slash), type.slice(slash + 1)];
}

/** What is wrong with a new object. */
export function created(type: string, fields: Fields): string[] {
  return objects.created(...parted(type), fields);
}

/** What is wrong with a change of an object. */
export function changed(type: string, old: Fields, fields: Fields): string[] {
  return objects.changed(...parted(type), old, fields);
}

/** What is wrong with a change of an object's status. */
export function reported(type: string, old: Fields, fields: Fields): string[] {
  const [before, after] = [old, fields].map((each) => {
    const object = objects.made(...parted(type), each);
    return { ...object, metadata: { ...object.metadata, resourceVersion: '1' } };
  });
  return validateStatusUpdate(objects.kindOf(...parted(type)), after ?? {}, before ?? {}).map(formatFieldError);
}

/** Metadata of kinds that are in no namespace. */
export const cluster = { namespace: '' };
