import json from '../generated/definitions.json';
import type { Definitions, Schema } from '../kinds/schema.ts';

/** Every definition of the Kubernetes API. The cast keeps the compiler from working out the type of a file of half a megabyte at each use. */
export const definitions: Definitions = json as unknown as Definitions;

const prefix = '#/definitions/';

/** The definition that a schema refers to, or nothing when it stands for itself. */
export function referencedDefinition(schema: Schema): string | undefined {
  return schema.$ref?.startsWith(prefix) ? schema.$ref.slice(prefix.length) : undefined;
}
