import type { Schema } from '../../api/kinds/schema.ts';

/** Schemas of custom kinds say more than those of built-in ones. */
interface CustomSchema extends Schema {
  readonly nullable?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: true;
  readonly 'x-kubernetes-selectable-fields'?: unknown;
  readonly allOf?: unknown;
  readonly anyOf?: unknown;
  readonly oneOf?: unknown;
  readonly not?: unknown;
}

/**
 * A definition as version 2 of OpenAPI can say it, for clients that refuse what their schema does not name. Upstream: `buildKubeNative` and
 * `ToStructuralOpenAPIV2`.
 */
export function asVersion2(schema: Schema): Schema {
  const custom: CustomSchema = schema;
  if (!custom['x-kubernetes-preserve-unknown-fields']) return downgraded(custom);
  // Not even apiVersion, kind and metadata may be named: clients would refuse all other fields.
  const { 'x-kubernetes-group-version-kind': named, 'x-kubernetes-selectable-fields': selectable } = custom;
  const extensions = { 'x-kubernetes-group-version-kind': named, 'x-kubernetes-selectable-fields': selectable };
  return { type: 'object', ...Object.fromEntries(Object.entries(extensions).filter(([, value]) => value !== undefined)) };
}

function downgraded(schema: CustomSchema): Schema {
  const { allOf, anyOf, oneOf, not, nullable, type, properties, items, additionalProperties, required, ...rest } = schema;
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const closed = nullable || isOpen ? {} : { properties, items };
  const untyped = nullable || (isOpen && type === 'object') || (type === 'array' && closed.items === undefined);
  const needed =
    additionalProperties !== undefined && isNullable(additionalProperties) ? [] : stillRequired(required, closed.properties, schema);
  return {
    ...rest,
    ...(untyped || type === undefined ? {} : { type }),
    ...(needed.length === 0 ? {} : { required: needed }),
    ...(closed.properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(closed.properties).map(([name, property]) => [name, downgraded(property)])) }),
    ...(closed.items === undefined ? {} : { items: downgraded(closed.items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: downgraded(additionalProperties) }),
  };
}

/** A field that may be null cannot be told from one that is missing, and an open object is no longer known to be a resource. */
function stillRequired(required: readonly string[] = [], properties: CustomSchema['properties'], schema: CustomSchema): readonly string[] {
  const isOpenResource = properties === undefined && schema['x-kubernetes-embedded-resource'] === true;
  return required.filter((name) => {
    if (isOpenResource && (name === 'kind' || name === 'apiVersion')) return false;
    const property = properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
    return property === undefined || !isNullable(property);
  });
}

function isNullable(schema: CustomSchema): boolean {
  return schema.nullable === true;
}
