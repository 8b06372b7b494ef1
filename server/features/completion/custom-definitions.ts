import { t } from '@vscode/l10n';
import type { OutlineNode } from '../../documents/outline-node.ts';
import { around, type Choice, type Context, choices, type Source, type Sources, siblingsOf } from './context.ts';

/** Formats that the API server checks, by the type that they go with; of numbers, those that the columns of tables know. */
const formats: Readonly<Record<string, string>> = {
  string: 'date-time date duration byte uuid hostname email uri ipv4 ipv6 cidr password',
  integer: 'int32 int64',
  number: 'double float',
};

const format: Source = ({ node }) => {
  const type = siblingsOf(node)?.textAt('type') ?? 'string';
  const known = Object.hasOwn(formats, type) ? formats[type] : undefined;
  return known === undefined ? [] : choices(known);
};

/** The names of the properties that a part of a schema describes. */
function properties(schema: OutlineNode | undefined): Choice[] {
  return (schema?.get('properties')?.children ?? []).map(({ name }, rank) => ({ text: String(name), rank, real: true }));
}

/** Paths to single values below `.spec` and `.status`, as the schema beside the columns describes them. */
function* jsonPaths({ node }: Context): Iterable<Choice> {
  const version = around(node, ({ parent, isField }) => !isField && parent?.name === 'versions');
  const schema = version?.get('schema', 'openAPIV3Schema');
  for (const part of ['spec', 'status']) yield* below(schema?.get('properties', part), `.${part}`);
  yield { text: '.metadata.creationTimestamp', detail: t('age of the object'), rank: 1 };
}

function* below(schema: OutlineNode | undefined, path: string): Iterable<Choice> {
  for (const property of schema?.get('properties')?.children ?? []) {
    const at = `${path}.${property.name}`;
    const type = property.textAt('type');
    if (property.get('properties')) yield* below(property, at);
    else if (type !== undefined && type !== 'array' && type !== 'object') yield { text: at, detail: type, rank: 0, real: true };
  }
}

/** Fields of definitions of custom resources, as far as their schemas say what fits. */
export const customDefinitionSources: Sources = {
  'apiextensions.v1.JSONSchemaProps.format': format,
  'apiextensions.v1.JSONSchemaProps.required': ({ node }) => properties(siblingsOf(node)),
  'apiextensions.v1.JSONSchemaProps.x-kubernetes-list-map-keys': ({ node }) => properties(siblingsOf(node)?.get('items')),
  'apiextensions.v1.CustomResourceColumnDefinition.format': format,
  'apiextensions.v1.CustomResourceColumnDefinition.jsonPath': jsonPaths,
  'apiextensions.v1.SelectableField.jsonPath': jsonPaths,
  'apiextensions.v1.CustomResourceDefinitionNames.categories': () => [{ text: 'all', detail: t('what kubectl get all lists') }],
  'apiextensions.v1.WebhookConversion.conversionReviewVersions': () => choices('v1'),
};
