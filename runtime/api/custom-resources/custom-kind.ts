import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from '../generated/types/apiextensions/v1.ts';
import type { Kind, Subresource, Verb } from '../kinds/kind.ts';
import type { Structure } from '../structure/index.ts';
import { formatFieldError } from '../validation/field-error.ts';
import { applySchemaDefaults } from './defaulting.ts';
import { isConditionTrue, schemaOf } from './definition.ts';
import { coerceMetadata } from './embedded-resources.ts';
import type { JsonObject, JsonSchema } from './json-schema.ts';
import { pruneObject } from './pruning.ts';

const verbs: readonly Verb[] = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
/** While a definition is deleted its objects can still be changed, so that what holds them can let go, but nobody is told so. */
const terminatingVerbs: readonly Verb[] = ['delete', 'deletecollection', 'get', 'list', 'watch'];
const partVerbs: readonly Verb[] = ['get', 'patch', 'update'];

/** The kind that a version of a definition makes, with the names that were accepted. */
export function customKind(definition: CustomResourceDefinition, version: CustomResourceDefinitionVersion): Kind {
  const { group, scope } = definition.spec;
  const { kind, listKind, plural, singular, shortNames, categories } = definition.status?.acceptedNames ?? definition.spec.names;
  const schema = schemaOf(version);
  return {
    group,
    version: version.name,
    kind,
    ...(listKind ? { listKind } : {}),
    plural,
    singular: singular ?? kind.toLowerCase(),
    shortNames: shortNames ?? [],
    categories: categories ?? [],
    namespaced: scope === 'Namespaced',
    verbs,
    ...(isConditionTrue(definition, 'Terminating') ? { discoveredVerbs: terminatingVerbs } : {}),
    subresources: subresourcesOf(version, kind),
    definition: definitionName(group, version.name, kind),
    read: (object, nulls) => readCustomObject(object, schema, nulls),
  };
}

function subresourcesOf({ subresources }: CustomResourceDefinitionVersion, kind: string): readonly Subresource[] {
  const parts: Subresource[] = [];
  if (subresources?.status !== undefined) parts.push({ name: 'status', kind, verbs: partVerbs });
  if (subresources?.scale !== undefined) {
    parts.push({ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: partVerbs });
  }
  return parts;
}

/** The name under which OpenAPI knows a custom kind: `com.example.stable.v1.CronTab` */
export function definitionName(group: string, version: string, kind: string): string {
  return `${group.split('.').reverse().join('.')}.${version}.${kind}`;
}

/** A resource of which nothing but its own metadata is known. */
const resource: JsonSchema = { 'x-kubernetes-embedded-resource': true };

/**
 * Reads an object of a custom kind, in place: defaults are filled in, what the schema does not declare is dropped, metadata gets its form.
 * Follows upstream's `schemaCoercingDecoder`.
 */
export function readCustomObject(object: JsonObject, schema: JsonSchema, nulls: 'dropped' | 'kept' = 'dropped'): Structure {
  applySchemaDefaults(object, schema, nulls);
  const own = coerceMetadata(object, resource);
  if (own.error !== undefined) return { error: own.error.detail, unknownFields: own.unknownFields };
  const embedded = coerceMetadata(object, schema);
  if (embedded.error !== undefined) return { error: formatFieldError(embedded.error), unknownFields: embedded.unknownFields };
  return { unknownFields: [...own.unknownFields, ...pruneObject(object, schema), ...embedded.unknownFields] };
}
