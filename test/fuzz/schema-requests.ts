import fc from 'fast-check';
import type { Api } from '../apiserver/api.ts';
import { near } from './mutations.ts';
import type { FuzzRequest } from './requests.ts';
import { type Definitions, type Schema, SchemaValues } from './schema.ts';
import { queries } from './seeds.ts';

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly schema?: Schema;
}

interface PathItem extends Readonly<Record<string, unknown>> {
  readonly parameters?: readonly Parameter[];
}

interface OpenApiDocument {
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly definitions: Definitions;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  /** What it takes as a body. */
  readonly body?: Schema;
  /** What it is about. */
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: string };
}

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'] as const;
const names = ['a', 'b', 'standing', 'example.com', 'a.example.com'];
const patchTypes = ['json', 'merge', 'strategic-merge', 'apply'] as const;
/** What is kept of these decides over all that is sent afterwards. */
const decisive = /^\/apis\/(?:admissionregistration|apiregistration|apiextensions)\.k8s\.io\/|^\/api\/v1\/namespaces\/[^/]+$/;

/** Requests that the server's own OpenAPI document tells of: every method of every path, with bodies of its schemas, some of them broken. */
export async function schemaRequests(api: Api): Promise<fc.Arbitrary<FuzzRequest>> {
  const document: OpenApiDocument = (await api.send('GET', '/openapi/v2')).body;
  const operations = Object.entries(document.paths).flatMap(([path, item]) => operationsOf(path, item));
  return fc.tuple(fc.constantFrom(...operations), fc.nat(), fc.integer({ min: 0, max: 2 })).chain(([operation, seed, breakage]) => {
    const values = new SchemaValues(document.definitions, seed);
    const path = `${operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => (name === 'namespace' ? 'default' : values.pick(names)))}?${queryOf(values, operation)}`;
    const { body } = operation;
    const method = operation.method.toUpperCase();
    if (body === undefined) return fc.constant({ method, path, headers: {} });
    const type = operation.method === 'patch' ? `application/${values.pick(patchTypes)}-patch+json` : 'application/json';
    const sent = bodyOf(values, operation, body, type);
    const media = type.replace('apply-patch+json', 'apply-patch+yaml');
    const whole = breakage === 0 ? near([sent]) : fc.constant(sent);
    return whole.map((value): FuzzRequest => {
      const text = JSON.stringify(value) ?? '';
      return { method, path, headers: { 'content-type': media }, body: Buffer.from(text).toString('base64') };
    });
  });
}

function operationsOf(path: string, item: PathItem): readonly Operation[] {
  return methods.flatMap((method) => {
    const operation = item[method];
    if (typeof operation !== 'object' || operation === null) return [];
    const { parameters = [], 'x-kubernetes-group-version-kind': kind } = operation as {
      readonly parameters?: readonly Parameter[];
      readonly 'x-kubernetes-group-version-kind'?: Operation['kind'];
    };
    const body = parameters.find((parameter) => parameter.in === 'body')?.schema;
    return [{ method, path, ...(body && { body }), ...(kind && { kind }) }];
  });
}

function queryOf(values: SchemaValues, { path }: Operation): string {
  const query = values.chance(0.3) ? [values.pick(queries)] : [];
  if (decisive.test(path) || values.chance(0.1)) query.push('dryRun=All');
  if (values.chance(0.5)) query.push('fieldManager=fuzz');
  if (values.chance(0.2)) query.push(`fieldValidation=${values.pick(['Strict', 'Ignore'])}`);
  return query.join('&');
}

function bodyOf(values: SchemaValues, operation: Operation, schema: Schema, type: string): unknown {
  if (operation.method !== 'patch') return named(values, values.valueOf(schema), operation);
  // Patches have no schema of their own: they are parts of what they are applied to.
  const object = named(values, values.valueOf(kindSchema(operation)), operation);
  if (!type.includes('json-patch')) return object;
  return Object.entries(object).map(([name, value]) => ({
    op: values.pick(['add', 'replace', 'remove', 'test']),
    path: `/${name}`,
    value,
  }));
}

function kindSchema({ kind }: Operation): Schema {
  if (kind === undefined) return {};
  const label = kind.group === '' ? 'core' : (kind.group.split('.')[0] ?? '');
  return { $ref: `#/definitions/io.k8s.api.${label}.${kind.version}.${kind.kind}` };
}

/** Metadata that chance makes would seldom let an object in. */
function named(values: SchemaValues, value: unknown, { kind }: Operation): Record<string, unknown> {
  const object: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {};
  if (kind !== undefined && values.chance(0.9)) {
    object.apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
    object.kind = kind.kind;
  }
  if (values.chance(0.95)) object.metadata = { name: values.pick(names), labels: { a: 'b' } };
  return object;
}
