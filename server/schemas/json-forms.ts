import { recordOnDemand } from '../../runtime/api/kinds/on-demand.ts';
import type { Definitions, Schema } from '../../runtime/api/kinds/schema.ts';

const types = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';
const schemas = `${types}.JSONSchemaProps`;

/** Fields of a schema that hold another schema, and that Go reads by hand, which leaves them without a shape in the OpenAPI document. */
const inner = ['items', 'additionalProperties', 'additionalItems'];

const readByHand: Readonly<Record<string, Schema>> = Object.fromEntries(inner.map((name) => [name, { $ref: `#/definitions/${schemas}` }]));

/** The definitions with the shapes that Go gives to the fields of custom resources' schemas by hand: any value at all, or another schema. */
export function withJsonForms(definitions: Definitions): Definitions {
  const forms = new Map<string, (definition: Schema | undefined) => Schema>([
    ['io.k8s.apimachinery.pkg.runtime.RawExtension', () => ({ 'x-kubernetes-preserve-unknown-fields': true })],
    [`${types}.JSON`, () => ({})],
    [`${types}.JSONSchemaPropsOrStringArray`, () => ({})],
    [schemas, (props) => ({ ...props, properties: { ...props?.properties, ...readByHand } })],
  ]);
  const names = [...Reflect.ownKeys(definitions), ...forms.keys()].filter((name) => typeof name === 'string');
  return recordOnDemand(names, (name) => forms.get(name)?.(definitions[name]) ?? definitions[name] ?? {});
}

/** Whether a field holds a schema that is read by hand: it may be `true` or a list instead, and what is unknown in it is dropped silently. */
export function isReadByHand(definition: string | undefined, field: string): boolean {
  return definition === schemas && inner.includes(field);
}
