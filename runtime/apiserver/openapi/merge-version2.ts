import { jsonEqual } from '../../api/equality.ts';
import type { Version2Document } from './documents.ts';
import { mapReferences, mapSchemas, type Version2Part } from './read-version2.ts';
import { version2, type WrittenSchema } from './schemas.ts';

/**
 * A document with what other servers say beside: of a path that is there already nothing is taken, and a definition that is another under the same name
 * gets a name of its own. Upstream: `MergeSpecsIgnorePathConflictRenamingDefinitionsAndParameters`.
 */
export function mergeVersion2(document: Version2Document, parts: readonly Version2Part[]): Version2Document {
  const paths = { ...document.paths };
  const definitions = { ...document.definitions };
  for (const part of parts) {
    const names = new Map(Object.entries(part.definitions).map(([name, schema]) => [name, freeName(definitions, name, schema)]));
    const renamed = (schema: WrittenSchema) =>
      mapReferences(schema, (reference) => {
        const name = names.get(reference.slice(version2.referencePrefix.length));
        return name === undefined ? reference : `${version2.referencePrefix}${name}`;
      });
    for (const [name, schema] of Object.entries(part.definitions)) definitions[names.get(name) ?? name] ??= renamed(schema);
    for (const [path, item] of Object.entries(part.paths)) {
      paths[path] ??= Object.fromEntries(Object.entries(item).map(([method, operation]) => [method, mapSchemas(operation, renamed)]));
    }
  }
  return { ...document, paths, definitions };
}

/** The name under which the very definition stands, or could: `io.example.Kind_v2` beside another one. */
function freeName(definitions: Readonly<Record<string, WrittenSchema>>, name: string, schema: WrittenSchema): string {
  let free = name;
  for (let count = 2; Object.hasOwn(definitions, free) && !jsonEqual(definitions[free], schema); count++) free = `${name}_v${count}`;
  return free;
}
