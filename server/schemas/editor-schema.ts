import type { Definitions, Descriptions } from '../../runtime/api/kinds/schema.ts';
import { type Field, markdownOf } from './describe.ts';
import type { KnownKind } from './kinds.ts';
import { deref, refName, type StructuralSchema } from './structural.ts';

/** A JSON schema as yaml-language-server takes it. */
export interface EditorSchema {
  type?: string;
  title?: string;
  markdownDescription?: string;
  $ref?: string;
  properties?: Record<string, EditorSchema>;
  required?: string[];
  additionalProperties?: EditorSchema | boolean;
  items?: EditorSchema;
  enum?: unknown[];
  anyOf?: EditorSchema[];
  oneOf?: EditorSchema[];
  allOf?: EditorSchema[];
  definitions?: Record<string, EditorSchema>;
}

/** Turns the schema of a kind, with all definitions it reaches, into one for the editor: documented, and with the kind's own name filled in. */
export function editorSchema(known: KnownKind, definitions: Definitions, descriptions: Descriptions): EditorSchema {
  const reached: Record<string, EditorSchema> = {};

  const convertField = (field: Field): EditorSchema => {
    const converted = convert(field.schema, undefined);
    converted.markdownDescription = markdownOf(field, definitions, descriptions);
    return converted;
  };

  const convert = (schema: StructuralSchema, definition: string | undefined): EditorSchema => {
    const name = refName(schema);
    if (name !== undefined) {
      const target = deref(schema, definitions);
      // Types that are written as one value need no definition of their own.
      if (target.type !== 'object' || !target.properties) return convert(target, name);
      if (!reached[name]) {
        reached[name] = {};
        reached[name] = convert(target, name);
      }
      return { $ref: `#/definitions/${name}` };
    }
    const converted: EditorSchema = {};
    if (schema.type && !schema['x-kubernetes-int-or-string']) converted.type = schema.type;
    if (definition !== undefined) converted.title = definition.slice(definition.lastIndexOf('.') + 1);
    if (schema.required) converted.required = [...schema.required];
    if (schema.enum) converted.enum = [...schema.enum];
    for (const combination of ['anyOf', 'oneOf', 'allOf'] as const) {
      const parts = schema[combination];
      // A part says nothing about fields that it does not name.
      if (parts) converted[combination] = parts.map((part) => ({ ...convert(part, undefined), additionalProperties: true }));
    }
    if (schema.items) converted.items = convert(schema.items, undefined);
    if (schema.additionalProperties) converted.additionalProperties = convert(schema.additionalProperties, undefined);
    else if (schema.properties && !schema['x-kubernetes-preserve-unknown-fields']) converted.additionalProperties = false;
    if (schema.properties) {
      converted.properties = Object.fromEntries(
        Object.entries(schema.properties).map(([name, property]) => {
          const required = schema.required?.includes(name) ?? false;
          return [name, convertField({ schema: property, required, ...(definition !== undefined && { owner: { definition, name } }) })];
        }),
      );
    }
    return converted;
  };

  const root = convert(deref(known.schema, definitions), known.builtIn?.definition);
  const fixed = (value: string, field: EditorSchema | undefined): EditorSchema => ({ ...field, type: 'string', enum: [value] });
  return {
    ...root,
    title: known.kind,
    properties: {
      ...root.properties,
      apiVersion: fixed(known.apiVersion, root.properties?.apiVersion),
      kind: fixed(known.kind, root.properties?.kind),
    },
    definitions: reached,
  };
}

/** The schema of a `List` whose items are of one kind. */
export function listSchema(item: EditorSchema): EditorSchema {
  const { definitions, ...kind } = item;
  return {
    type: 'object',
    title: 'List',
    properties: {
      apiVersion: { type: 'string', enum: ['v1'] },
      kind: { type: 'string', enum: ['List'] },
      items: { type: 'array', items: kind },
    },
    ...(definitions && { definitions }),
  };
}
