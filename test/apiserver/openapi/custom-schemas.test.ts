import { expect, it } from 'vitest';
import { customDefinitions } from '../../../runtime/api/custom-resources/openapi.ts';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
  JSONSchemaProps,
} from '../../../runtime/api/generated/types/apiextensions/v1.ts';
import { asVersion2 } from '../../../runtime/apiserver/openapi/downgrade.ts';

/** What is published of a kind with one schema: in version 3, and in version 2. */
function published(schema: Record<string, unknown>, more: Partial<CustomResourceDefinitionVersion> = {}) {
  const version: CustomResourceDefinitionVersion = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: schema as JSONSchemaProps },
    ...more,
  };
  const definition: CustomResourceDefinition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' }, versions: [version] },
  };
  const written = customDefinitions(definition, version).get('com.example.v1.Widget');
  if (written === undefined) throw new Error('nothing is published');
  return { newer: written, older: asVersion2(written) };
}

const spec = (properties: object, required?: readonly string[]) => ({
  type: 'object',
  properties: { spec: { type: 'object', properties, ...(required === undefined ? {} : { required }) } },
});

it('publishes alternatives, in version 3 alone', () => {
  const port = { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] };
  const one = { type: 'string', oneOf: [{ pattern: 'a' }, { pattern: 'b' }], allOf: [{ maxLength: 3 }], not: { enum: ['c'] } };
  const { newer, older } = published(spec({ port, one }));
  expect(newer.properties?.spec?.properties).toEqual({ port, one });
  expect(older.properties?.spec?.properties).toEqual({ port: { 'x-kubernetes-int-or-string': true }, one: { type: 'string' } });
});

it('says which fields can be selected by, of the kind and of its list', () => {
  const { newer, older } = published(spec({ color: { type: 'string' } }), { selectableFields: [{ jsonPath: '.spec.color' }] });
  expect(newer).toMatchObject({ 'x-kubernetes-selectable-fields': [{ fieldPath: 'spec.color' }] });
  expect(older).toMatchObject({ 'x-kubernetes-selectable-fields': [{ fieldPath: 'spec.color' }] });
});

it('requires that embedded resources tell their kind', () => {
  const { newer } = published(spec({ template: { type: 'object', 'x-kubernetes-embedded-resource': true, required: ['spec'] } }));
  const template = newer.properties?.spec?.properties?.template;
  expect(template?.required).toEqual(['spec', 'kind', 'apiVersion']);
  expect(template?.properties?.kind).toMatchObject({ description: expect.stringMatching(/^kind is a string value representing the type/) });
});

it('leaves open in version 2 what may be null or has unknown fields', () => {
  const string = { type: 'string' };
  const { older } = published(
    spec(
      {
        none: { type: 'object', nullable: true, properties: { a: string } },
        open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { a: string }, required: ['a'] },
        list: { type: 'array', items: string, 'x-kubernetes-preserve-unknown-fields': true },
        template: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
        kept: { type: 'object', required: ['a'], properties: { a: string } },
      },
      ['none', 'kept'],
    ),
  );
  expect(older.properties?.spec).toEqual({
    type: 'object',
    required: ['kept'],
    properties: {
      none: {},
      open: { 'x-kubernetes-preserve-unknown-fields': true, required: ['a'] },
      list: { 'x-kubernetes-preserve-unknown-fields': true },
      template: { 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
      kept: { type: 'object', required: ['a'], properties: { a: string } },
    },
  });
});

it('names no field in version 2 of a kind with unknown fields', () => {
  const { newer, older } = published({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true });
  expect(Object.keys(newer.properties ?? {})).toEqual(['apiVersion', 'kind', 'metadata']);
  expect(older).toEqual({
    type: 'object',
    'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1', kind: 'Widget' }],
  });
});
