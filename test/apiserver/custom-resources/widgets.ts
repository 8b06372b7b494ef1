import { expect } from 'vitest';
import { settle } from '../../client/settle.ts';
import type { Api, Body } from '../api.ts';

/** The schema that most tests of custom resources look at. */
export const widgetSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1, maximum: 10 },
        color: { type: 'string', enum: ['red', 'green'], default: 'red' },
        name: { type: 'string', pattern: '^[a-z]+$', maxLength: 5 },
        tags: { type: 'array', maxItems: 3, 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        parts: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['id'],
          items: { type: 'object', required: ['id'], properties: { id: { type: 'string' }, v: { type: 'integer' } } },
        },
        port: { 'x-kubernetes-int-or-string': true },
        any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        when: { type: 'string', format: 'date-time' },
        maybe: { type: 'string', nullable: true },
        replicas: { type: 'integer' },
      },
    },
    status: {
      type: 'object',
      properties: { replicas: { type: 'integer' }, selector: { type: 'string' }, phase: { type: 'string' } },
    },
  },
};

const version = {
  name: 'v1',
  served: true,
  storage: true,
  subresources: {
    status: {},
    scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.selector' },
  },
  additionalPrinterColumns: [
    { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  schema: { openAPIV3Schema: widgetSchema },
};

/** A definition of kind Widget in group `golden.test`, with a version of its own or changes to the usual one. */
export function widgetDefinition(changes: { spec?: object; version?: object; names?: object } = {}): Body {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.golden.test' },
    spec: {
      group: 'golden.test',
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList', shortNames: ['wd'], ...changes.names },
      versions: [{ ...version, ...changes.version }],
      ...changes.spec,
    },
  };
}

export const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const widgets = '/apis/golden.test/v1/namespaces/default/widgets';

/** Makes a definition and waits until its kind is served. */
export async function define(api: Api, definition: Body): Promise<void> {
  const made = await api.send('POST', definitions, definition);
  expect(made.body.message ?? '').toBe('');
  await settle();
}

export function widget(name: string, spec?: unknown): Body {
  return { apiVersion: 'golden.test/v1', kind: 'Widget', metadata: { name }, ...(spec === undefined ? {} : { spec }) };
}
