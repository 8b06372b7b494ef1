import { isMap } from 'yaml';
import type { Manifest } from '../documents/manifest.ts';
import { Tree } from '../documents/tree.ts';
import { judgeOf } from './custom-rules.ts';
import type { JudgeCustom } from './known-kind.ts';
import { refTo, type StructuralSchema } from './structural.ts';

/** A version of a custom resource, as its definition in the workspace says it. */
export interface CustomKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly schema: StructuralSchema;
  /** What else the API server asks of its objects. */
  readonly judge: JudgeCustom;
}

const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The kinds that a CustomResourceDefinition defines; none when the manifest is broken. */
export function customKinds(manifest: Manifest): CustomKind[] {
  // Definitions grow longer than what is checked while somebody edits it; they are read once, so their length does not matter.
  const tree = manifest.tooLong ? new Tree(manifest.text) : manifest.tree;
  if (!tree.sound || !isMap(tree.root)) return [];
  const definition: unknown = tree.document.toJS({ maxAliasCount: -1 });
  const spec = fieldsOf(fieldsOf(definition).spec);
  const group = textOf(spec.group);
  const kind = textOf(fieldsOf(spec.names).kind);
  const plural = textOf(fieldsOf(spec.names).plural);
  const versions = Array.isArray(spec.versions) ? spec.versions.map(fieldsOf) : [];
  if (group === '' || kind === '') return [];
  return versions.flatMap((version) => {
    const name = textOf(version.name);
    if (name === '') return [];
    const schema = fieldsOf(version.schema).openAPIV3Schema ?? fieldsOf(spec.validation).openAPIV3Schema;
    const judge = judgeOf(definition, name);
    return [{ group, version: name, kind, plural, namespaced: spec.scope === 'Namespaced', schema: rootSchema(schema), judge }];
  });
}

function rootSchema(value: unknown): StructuralSchema {
  if (value === undefined) return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return withObjectFields(convert(value));
}

/** Every object has these, whatever its schema says. */
function withObjectFields(schema: StructuralSchema): StructuralSchema {
  return {
    ...schema,
    type: 'object',
    properties: { ...schema.properties, apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: refTo(objectMeta) },
  };
}

const types = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);
const numbers = ['minimum', 'maximum', 'multipleOf', 'minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'];
const flags = [
  'nullable',
  'uniqueItems',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
];
const texts = ['description', 'format', 'pattern', 'x-kubernetes-list-type', 'x-kubernetes-map-type'];

/** Takes over the keywords that are understood, each only when it has the type it should have. */
function convert(value: unknown): StructuralSchema {
  const source = fieldsOf(value);
  const schema: Record<string, unknown> = {};
  const keep = (names: readonly string[], fits: (item: unknown) => boolean) => {
    for (const name of names) if (fits(source[name])) schema[name] = source[name];
  };
  keep(['type'], (item) => typeof item === 'string' && types.has(item));
  keep(numbers, (item) => typeof item === 'number');
  keep(flags, (item) => item === true);
  keep(texts, (item) => typeof item === 'string');
  keep(['default'], (item) => item !== undefined);
  keep(['enum'], Array.isArray);
  keep(['required', 'x-kubernetes-list-map-keys'], (item) => Array.isArray(item) && item.every((name) => typeof name === 'string'));
  if (source.properties !== undefined) {
    schema.properties = Object.fromEntries(Object.entries(fieldsOf(source.properties)).map(([name, item]) => [name, convert(item)]));
  }
  if (source.items !== undefined) schema.items = convert(source.items);
  // `false` is what a structural schema means anyway; `true` allows any value.
  if (source.additionalProperties === true) schema.additionalProperties = {};
  else if (typeof source.additionalProperties === 'object') schema.additionalProperties = convert(source.additionalProperties);
  for (const name of ['allOf', 'anyOf', 'oneOf']) {
    const alternatives = source[name];
    if (Array.isArray(alternatives)) schema[name] = alternatives.map(convert);
  }
  if (source.not !== undefined) schema.not = convert(source.not);
  const converted = schema as StructuralSchema;
  return converted['x-kubernetes-embedded-resource'] ? withObjectFields(converted) : converted;
}
