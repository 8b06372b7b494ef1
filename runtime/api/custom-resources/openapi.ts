import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from '../generated/types/apiextensions/v1.ts';
import type { Schema } from '../kinds/schema.ts';
import { typeTexts } from '../kinds/type-texts.ts';
import { definitionName } from './custom-kind.ts';
import { schemaOf } from './definition.ts';
import { type JsonSchema, openFields } from './json-schema.ts';

const meta = '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.';
const embeddedTexts = {
  apiVersion:
    'apiVersion defines the versioned schema of this representation of an object. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  kind: 'kind is a string value representing the type of this object. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
} as const;
const metadataText =
  "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

/** Keys of a schema that are published as they are. */
const published = [
  'title',
  'description',
  'format',
  'nullable',
  'default',
  'enum',
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
  'multipleOf',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'maxProperties',
  'minProperties',
  'required',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-validations',
] as const;

const alternatives = ['allOf', 'anyOf', 'oneOf'] as const;

/** The definitions that a version of a custom kind brings into OpenAPI: the kind's own and that of its list. */
export function customDefinitions(
  definition: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
): ReadonlyMap<string, Schema> {
  const { group } = definition.spec;
  const { kind, listKind = `${kind}List` } = definition.status?.acceptedNames ?? definition.spec.names;
  const name = definitionName(group, version.name, kind);
  const typed = (of: string) => [{ group, version: version.name, kind: of }];
  const selectable = selectableFields(version);
  const own = { ...asResource(publish(schemaOf(version)), typeTexts), 'x-kubernetes-group-version-kind': typed(kind), ...selectable };
  const list = {
    description: `${kind}List is a list of ${kind}`,
    type: 'object' as const,
    required: ['items'],
    properties: {
      apiVersion: { description: typeTexts.apiVersion, type: 'string' as const },
      items: {
        description: `List of ${definition.spec.names.plural}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
        type: 'array' as const,
        items: { $ref: `#/definitions/${name}` },
      },
      kind: { description: typeTexts.kind, type: 'string' as const },
      metadata: {
        description:
          'Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
        $ref: `${meta}ListMeta`,
      },
    },
    'x-kubernetes-group-version-kind': typed(listKind),
    ...selectable,
  };
  return new Map<string, Schema>([
    [name, own],
    [`${name}List`, list],
  ]);
}

/** Tells clients which fields can be selected by. Upstream: `buildSelectableFields`. */
function selectableFields({ selectableFields: fields = [] }: CustomResourceDefinitionVersion): object {
  if (fields.length === 0) return {};
  return { 'x-kubernetes-selectable-fields': fields.map(({ jsonPath }) => ({ fieldPath: jsonPath.replace(/^\./, '') })) };
}

function asResource(schema: Schema, texts: Readonly<Record<'apiVersion' | 'kind', string>>): Schema {
  return {
    ...schema,
    type: 'object',
    properties: {
      ...schema.properties,
      apiVersion: { ...described(texts.apiVersion), type: 'string' },
      kind: { ...described(texts.kind), type: 'string' },
      metadata: { ...described(metadataText), $ref: `${meta}ObjectMeta` },
    },
  };
}

function described(description: string): Schema {
  // Schemas of custom kinds carry their own descriptions.
  return { description } as Schema;
}

function publish(schema: JsonSchema): Schema {
  const out: Record<string, unknown> = {};
  for (const key of published) if (schema[key] !== undefined) out[key] = schema[key];
  if (schema['x-kubernetes-int-or-string']) out['x-kubernetes-int-or-string'] = true;
  else if (schema.type !== undefined && schema.type !== '') out.type = schema.type;
  if (schema['x-kubernetes-preserve-unknown-fields']) out['x-kubernetes-preserve-unknown-fields'] = true;
  if (schema.items !== undefined) out.items = publish(schema.items);
  const open = openFields(schema);
  if (open.allowed) out.additionalProperties = open.schema === undefined ? {} : publish(open.schema);
  const { properties } = schema;
  if (properties !== undefined)
    out.properties = Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, publish(property)]));
  for (const key of alternatives) if (schema[key] !== undefined) out[key] = schema[key].map(publish);
  if (schema.not !== undefined) out.not = publish(schema.not);
  // What is published of a schema is a schema.
  const written = out as Schema;
  if (!schema['x-kubernetes-embedded-resource']) return written;
  const required = [...new Set([...(schema.required ?? []), 'kind', 'apiVersion'])];
  return { ...asResource(written, embeddedTexts), required, 'x-kubernetes-embedded-resource': true } as Schema;
}
