import { beforeAll, describe, expect, it } from 'vitest';
import definitions from '../../../runtime/api/generated/definitions.json' with { type: 'json' };
import { kinds } from '../../../runtime/api/generated/kinds.ts';
import parameterTexts from '../../../runtime/api/generated/parameters.json' with { type: 'json' };
import type { Kind } from '../../../runtime/api/kinds/kind.ts';
import type { Definitions, Descriptions, Schema } from '../../../runtime/api/kinds/schema.ts';
import { createOpenApi, type OpenApi } from '../../../runtime/apiserver/openapi/openapi.ts';
import type { OpenApiSource } from '../../../runtime/apiserver/openapi/source.ts';
import { fieldsOf, namedIn, text } from './protobuf-fields.ts';

const builtIn = definitions as unknown as Definitions;
const widget: Kind = {
  group: 'example.com',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  singular: 'widget',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ['create', 'get', 'list', 'patch'],
  subresources: [],
  definition: 'com.example.v1.Widget',
};

let served: Kind[];
let schemas: Record<string, Schema>;
let revision: number;
let loads: number;
let texts: Descriptions;
let api: OpenApi;

beforeAll(() => {
  served = [...kinds];
  schemas = {};
  revision = 1;
  loads = 0;
  texts = { 'io.k8s.api.core.v1.Pod': { '': 'A pod.', spec: 'What is wanted.' } };
  api = createOpenApi(source());
});

function source(): OpenApiSource {
  return {
    version: '1.36',
    kinds: () => served,
    isCustom: (kind) => kind.group === 'example.com',
    isIssuerTold: true,
    schemaOf: (name) => (Object.hasOwn(schemas, name) ? schemas[name] : builtIn[name]),
    descriptions: async () => {
      loads++;
      return texts;
    },
    parameterTexts: async () => parameterTexts,
    returnsDeleted: ({ kind }) => kind === 'Pod',
    remote: () => ({ revision: 0, published: [] }),
    now: () => Date.UTC(2026, 0, 1),
    revision: () => revision,
  };
}

const parse = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));
const get = (path: string, headers: Record<string, string> = {}) => api.handle(new Request(`http://x${path}`, { headers }));

describe('version 3', () => {
  it('lists the groups, and the paths that are none, with hashes', async () => {
    const { paths } = parse((await api.index()).bytes);
    expect(Object.keys(paths)).toContain('api/v1');
    expect(paths['apis/apps/v1'].serverRelativeURL).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{128}$/);
    const others = ['.well-known/openid-configuration', 'api', 'apis', 'apis/rbac.authorization.k8s.io', 'openid/v1/jwks', 'version'];
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(others));
    expect(Object.keys(paths)).toEqual(Object.keys(paths).toSorted());
  });

  it('has hashes that change with descriptions', async () => {
    const hashes = async (descriptions: Descriptions) => {
      const other = createOpenApi({ ...source(), descriptions: async () => descriptions });
      return parse((await other.index()).bytes).paths['api/v1'];
    };
    expect(await hashes(texts)).toEqual(await hashes({ ...texts }));
    expect(await hashes(texts)).not.toEqual(await hashes({ 'io.k8s.api.core.v1.Pod': { '': 'Another word.' } }));
  });

  it.each([
    ['io.k8s.api.core.v1.Pod', { metadata: {}, spec: {}, kind: undefined }],
    ['io.k8s.api.core.v1.ContainerPort', { containerPort: 0, protocol: 'TCP', hostIP: undefined }],
    ['io.k8s.api.core.v1.AzureDiskVolumeSource', { cachingMode: 'ReadWrite', diskName: '', readOnly: false }],
    ['io.k8s.api.core.v1.PodSpec', { securityContext: undefined, containers: undefined }],
    ['io.k8s.api.core.v1.PodCondition', { lastProbeTime: undefined, type: '' }],
    ['io.k8s.api.core.v1.ImageVolumeStatus', { imageRef: undefined }],
  ])('publishes the defaults of %s', async (name, defaults) => {
    const { components } = parse((await api.document('api/v1'))?.bytes ?? new Uint8Array());
    for (const [key, value] of Object.entries(defaults)) expect(components.schemas[name].properties[key].default, key).toEqual(value);
  });

  it('publishes the defaults of what lists and maps hold', async () => {
    const { components } = parse((await api.document('api/v1'))?.bytes ?? new Uint8Array());
    const schema = (name: string) => components.schemas[`io.k8s.api.core.v1.${name}`].properties;
    expect(schema('PodSpec').containers.items).toEqual({
      default: {},
      allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.Container' }],
    });
    expect(schema('Container').command.items).toEqual({ type: 'string', default: '' });
    expect(schema('ConfigMap').data.additionalProperties).toEqual({ type: 'string', default: '' });
    expect(schema('Secret').data.additionalProperties).not.toHaveProperty('default');
    expect(schema('ResourceRequirements').limits.additionalProperties).not.toHaveProperty('default');
  });

  it('tells parameters in words, once for all operations of a path', async () => {
    const { paths } = parse((await api.document('api/v1'))?.bytes ?? new Uint8Array());
    const pod = paths['/api/v1/namespaces/{namespace}/pods/{name}'];
    expect(pod.parameters.map((parameter: { name: string; in: string }) => `${parameter.in} ${parameter.name}`)).toEqual([
      'path name',
      'path namespace',
      'query pretty',
    ]);
    expect(pod.parameters[0]).toEqual({
      name: 'name',
      in: 'path',
      description: 'name of the Pod',
      required: true,
      schema: { type: 'string', uniqueItems: true },
    });
    expect(pod.get).not.toHaveProperty('parameters');
    const textOf = (parameters: { name: string; description: string }[], name: string) =>
      parameters.find((parameter) => parameter.name === name)?.description;
    expect(textOf(pod.patch.parameters, 'fieldManager')).toContain('This field is required for apply requests');
    expect(textOf(pod.put.parameters, 'fieldManager')).not.toContain('apply');
    const exec = paths['/api/v1/namespaces/{namespace}/pods/{name}/exec'];
    expect(textOf(exec.parameters, 'name')).toBe('name of the PodExecOptions');
    expect(exec.parameters[0].name).toBe('command');
    const log = paths['/api/v1/namespaces/{namespace}/pods/{name}/log'];
    expect(textOf(log.parameters, 'container')).toContain('for which to stream logs');
    expect(textOf(exec.parameters, 'stdout')).toBe('Redirect the standard output stream of the pod for this call.');
    const list = paths['/api/v1/pods'];
    expect(textOf(list.parameters, 'resourceVersion')).toMatch(/for details\.\n\nDefaults to unset$/);
  });

  it('tells with what a deletion is answered, and of which groups what all have is', async () => {
    const { paths } = parse((await api.document('api/v1'))?.bytes ?? new Uint8Array());
    const answerTo = (path: string) => paths[path].delete.responses[200].content['application/json'].schema.$ref.split('.').at(-1);
    expect(answerTo('/api/v1/namespaces/{namespace}/pods/{name}')).toBe('Pod');
    expect(answerTo('/api/v1/namespaces/{namespace}/pods')).toBe('Status');
    expect(answerTo('/api/v1/namespaces/{namespace}/secrets/{name}')).toBe('Status');
    const { components } = parse((await api.document('apis/apps/v1'))?.bytes ?? new Uint8Array());
    const kind = 'DeleteOptions';
    expect(components.schemas[`io.k8s.apimachinery.pkg.apis.meta.v1.${kind}`]['x-kubernetes-group-version-kind']).toEqual([
      { group: '', kind, version: 'v1' },
      { group: 'apps', kind, version: 'v1' },
    ]);
  });

  it('publishes of built-in definitions what upstream does', async () => {
    const { components } = parse((await api.document('api/v1'))?.bytes ?? new Uint8Array());
    const { EphemeralContainer, SeccompProfile, PodStatus } = Object.fromEntries(
      Object.entries(components.schemas).map(([name, schema]) => [name.split('.').at(-1), schema]),
    ) as Record<string, { properties: Record<string, object> }>;
    expect(EphemeralContainer?.properties.env).toMatchObject({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] });
    expect(PodStatus?.properties.nodeAllocatableResourceClaimStatuses).toMatchObject({ 'x-kubernetes-list-type': 'atomic' });
    expect(SeccompProfile).toHaveProperty('x-kubernetes-unions');
    const ofExtensions = parse((await api.document('apis/apiextensions.k8s.io/v1'))?.bytes ?? new Uint8Array()).components.schemas;
    expect(ofExtensions['io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON']).not.toHaveProperty('type');
    const { definitions: written } = parse((await api.v2Json()).bytes);
    expect(written['io.k8s.apimachinery.pkg.api.resource.Quantity']).toEqual({ type: 'string' });
    expect(written['io.k8s.apimachinery.pkg.util.intstr.IntOrString']).toEqual({ type: 'string', format: 'int-or-string' });
  });

  it('describes the paths that are no objects', async () => {
    const group = parse((await api.document('apis/rbac.authorization.k8s.io'))?.bytes ?? new Uint8Array());
    expect(group.paths['/apis/rbac.authorization.k8s.io/'].get).toMatchObject({
      operationId: 'getRbacAuthorizationAPIGroup',
      tags: ['rbacAuthorization'],
      description: 'get information of a group',
      responses: {
        200: {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup' } } },
        },
      },
    });
    expect(group.paths['/apis/rbac.authorization.k8s.io/'].get).not.toHaveProperty('x-kubernetes-action');
    const keys = parse((await api.document('openid/v1/jwks'))?.bytes ?? new Uint8Array());
    expect(keys.paths['/openid/v1/jwks/'].get.responses[200].content).toEqual({
      'application/jwk-set+json': { schema: { type: 'string' } },
    });
    expect(keys.components.schemas).toEqual({});
    const version = parse((await api.document('api/v1'))?.bytes ?? new Uint8Array());
    expect(version.paths['/api/v1/'].get.operationId).toBe('getCoreV1APIResources');
  });

  it('refers only to schemas that are in the same document', async () => {
    const { paths } = parse((await api.index()).bytes);
    for (const path of Object.keys(paths)) {
      const document = await api.document(path);
      const text = new TextDecoder().decode(document?.bytes);
      const known = new Set(Object.keys(JSON.parse(text).components.schemas));
      const missing = [...text.matchAll(/#\/components\/schemas\/([^"]+)/g)]
        .map((match) => match[1])
        .filter((name) => !known.has(name ?? ''));
      expect(missing, path).toEqual([]);
    }
    expect(loads).toBe(1);
  });

  it('says what kubectl apply and explain look for', async () => {
    const { paths, components } = parse((await api.document('api/v1'))?.bytes ?? new Uint8Array());
    const { patch } = paths['/api/v1/namespaces/{namespace}/pods/{name}'];
    expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: '', version: 'v1', kind: 'Pod' });
    expect(patch['x-kubernetes-action']).toBe('patch');
    expect(Object.keys(patch.requestBody.content)).toContain('application/strategic-merge-patch+json');
    expect(patch.parameters.map((parameter: { name: string }) => parameter.name)).toEqual([
      'dryRun',
      'fieldManager',
      'fieldValidation',
      'force',
    ]);
    expect(paths['/api/v1/pods'].get['x-kubernetes-action']).toBe('list');
    expect(paths['/api/v1/namespaces/{namespace}/pods/{name}/eviction'].post['x-kubernetes-group-version-kind'].kind).toBe('Eviction');
    const pod = components.schemas['io.k8s.api.core.v1.Pod'];
    expect(pod.description).toBe('A pod.');
    expect(pod.properties.spec).toEqual({
      description: 'What is wanted.',
      default: {},
      allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.PodSpec' }],
    });
    expect(components.schemas['io.k8s.api.core.v1.PodSpec'].properties.containers).toMatchObject({
      'x-kubernetes-patch-merge-key': 'name',
    });
    expect(components.schemas['io.k8s.apimachinery.pkg.api.resource.Quantity']).toEqual({
      oneOf: [{ type: 'string' }, { type: 'number' }],
    });
  });

  it.each(['/openapi/v2', '/openapi/v3', '/openapi/v3/apis/apps/v1'])(
    'tells since when %s is what it is, and minds what the client knows of it',
    async (path) => {
      const first = await get(path);
      const [etag, since] = ['etag', 'last-modified'].map((name) => first.headers.get(name) ?? '');
      expect(since).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
      const later = 'Thu, 01 Jan 2026 00:00:01 GMT';
      const earlier = 'Wed, 31 Dec 2025 23:59:59 GMT';
      const code = async (headers: Record<string, string>, method = 'GET'): Promise<number> =>
        (await api.handle(new Request(`http://x${path}`, { method, headers }))).status;
      expect(await code({ 'If-Modified-Since': since ?? '' })).toBe(304);
      expect(await code({ 'If-Modified-Since': later })).toBe(304);
      expect(await code({ 'If-Modified-Since': earlier })).toBe(200);
      expect(await code({ 'If-Modified-Since': 'yesterday' })).toBe(200);
      expect(await code({ 'If-Modified-Since': later, 'If-None-Match': '"other"' })).toBe(200);
      expect(await code({ 'If-None-Match': `"other", W/${etag}` })).toBe(304);
      expect(await code({ 'If-None-Match': '*' }, 'POST')).toBe(412);
      expect(await code({ 'If-Match': '"other"' })).toBe(412);
      expect(await code({ 'If-Match': etag ?? '' })).toBe(200);
      expect(await code({ 'If-Unmodified-Since': earlier })).toBe(412);
      const known = await get(path, { 'If-None-Match': etag ?? '' });
      expect([known.status, known.headers.get('last-modified'), known.headers.get('content-type')]).toEqual([304, null, null]);
    },
  );

  it('answers with entity tags, and sends old hashes to the new ones', async () => {
    const first = await get('/openapi/v3/apis/apps/v1');
    expect(first.status).toBe(200);
    const etag = first.headers.get('ETag') ?? '';
    expect((await get('/openapi/v3/apis/apps/v1', { 'If-None-Match': etag })).status).toBe(304);
    const moved = await get('/openapi/v3/apis/apps/v1?hash=OLD');
    expect(moved.status).toBe(301);
    const address = moved.headers.get('location') ?? '';
    expect(await moved.text()).toBe(`<a href="${address}">Moved Permanently</a>.\n\n`);
    const current = await get(address);
    expect(current.headers.get('Cache-Control')).toBe('public, immutable');
    expect(current.headers.get('Expires')).toBe('Fri, 01 Jan 2027 00:00:00 UTC');
    for (const [path, accept, code] of [
      ['/openapi/v3/apis/none/v1', 'application/json', 404],
      ['/openapi/v3/apis/apps/v1', 'text/html', 406],
    ] as const) {
      const { status, body } = await get(path, { Accept: accept });
      expect([status, body]).toEqual([code, null]);
    }
  });
});

/** What a document says of its operations, `GET /apis/…`. */
async function operationsOf(document: string) {
  const { paths } = parse((await api.document(document))?.bytes ?? new Uint8Array());
  const entries = Object.entries<Record<string, unknown>>(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) => (method === 'parameters' ? [] : [[`${method} ${path}`, operation] as const])),
  );
  return Object.fromEntries(entries) as Record<string, Record<string, unknown>>;
}

describe('operations', () => {
  it.each([
    ['api/v1', 'get /api/v1/nodes/{name}/status', 'readCoreV1NodeStatus', 'core_v1', 'read status of the specified Node'],
    ['api/v1', 'get /api/v1/pods', 'listCoreV1PodForAllNamespaces', 'core_v1', 'list or watch objects of kind Pod'],
    ['api/v1', 'delete /api/v1/namespaces/{namespace}/pods', 'deleteCoreV1CollectionNamespacedPod', 'core_v1', 'delete collection of Pod'],
    [
      'api/v1',
      'post /api/v1/namespaces/{namespace}/pods/{name}/eviction',
      'createCoreV1NamespacedPodEviction',
      'core_v1',
      'create eviction of a Pod',
    ],
    [
      'api/v1',
      'post /api/v1/namespaces/{namespace}/pods/{name}/exec',
      'connectCoreV1PostNamespacedPodExec',
      'core_v1',
      'connect POST requests to exec of Pod',
    ],
    [
      'api/v1',
      'head /api/v1/nodes/{name}/proxy/{path}',
      'connectCoreV1HeadNodeProxyWithPath',
      'core_v1',
      'connect HEAD requests to proxy of Node',
    ],
    [
      'apis/rbac.authorization.k8s.io/v1',
      'patch /apis/rbac.authorization.k8s.io/v1/clusterroles/{name}',
      'patchRbacAuthorizationV1ClusterRole',
      'rbacAuthorization_v1',
      'partially update the specified ClusterRole',
    ],
    [
      'apis/networking.k8s.io/v1',
      'delete /apis/networking.k8s.io/v1/namespaces/{namespace}/ingresses/{name}',
      'deleteNetworkingV1NamespacedIngress',
      'networking_v1',
      'delete an Ingress',
    ],
  ])('%s: %s', async (document, name, operationId, tag, description) => {
    const operations = await operationsOf(document);
    expect(operations[name]).toMatchObject({ operationId, tags: [tag], description });
  });

  it('have ids of their own in all documents', async () => {
    const { paths } = parse((await api.index()).bytes);
    const ids = (await Promise.all(Object.keys(paths).map(operationsOf))).flatMap((operations) =>
      Object.values(operations).map(({ operationId }) => operationId),
    );
    expect(ids.length).toBeGreaterThan(500);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('tell connections and logs from objects', async () => {
    const operations = await operationsOf('api/v1');
    const exec = operations['get /api/v1/namespaces/{namespace}/pods/{name}/exec'];
    expect(exec).toMatchObject({
      'x-kubernetes-action': 'connect',
      'x-kubernetes-group-version-kind': { kind: 'PodExecOptions' },
      responses: { 200: { content: { '*/*': { schema: { type: 'string' } } } } },
    });
    expect(exec).not.toHaveProperty('requestBody');
    const log = operations['get /api/v1/namespaces/{namespace}/pods/{name}/log'];
    expect(log).toMatchObject({ responses: { 200: { content: { 'text/plain': { schema: { type: 'string' } } } } } });
  });

  it('say which bodies may be left out, and how they can succeed', async () => {
    const operations = await operationsOf('apis/apps/v1');
    const path = '/apis/apps/v1/namespaces/{namespace}/deployments';
    const codes = (name: string) => Object.keys(operations[name]?.responses ?? {});
    expect(operations[`post ${path}`]).toMatchObject({ requestBody: { required: true } });
    expect(operations[`delete ${path}/{name}`]?.requestBody).not.toHaveProperty('required');
    expect(codes(`post ${path}`)).toEqual(['200', '201', '202', '401']);
    expect(codes(`put ${path}/{name}`)).toEqual(['200', '201', '401']);
    expect(codes(`delete ${path}/{name}`)).toEqual(['200', '202', '401']);
    expect(codes(`delete ${path}`)).toEqual(['200', '401']);
  });
});

describe('version 2', () => {
  it('gives clients JSON unless they ask for protobuf', async () => {
    const plain = await get('/openapi/v2', { Accept: 'application/json' });
    expect(plain.headers.get('Content-Type')).toBe('application/json');
    const { paths, definitions: written } = parse(new Uint8Array(await plain.arrayBuffer()));
    expect(paths['/apis/apps/v1/namespaces/{namespace}/deployments'].post.parameters[0].schema.$ref).toBe(
      '#/definitions/io.k8s.api.apps.v1.Deployment',
    );
    expect(written['io.k8s.api.core.v1.PodSpec'].properties.volumes['x-kubernetes-patch-strategy']).toBe('merge,retainKeys');
    const old = await get('/openapi/v2', { Accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf' });
    expect(old.headers.get('Content-Type')).toBe('application/com.github.proto-openapi.spec.v2.v1.0+protobuf');
  });

  it('says how clients tell who they are, in both forms', async () => {
    const { securityDefinitions, security, definitions: written } = parse((await api.v2Json()).bytes);
    const bearer = { description: 'Bearer Token authentication', in: 'header', name: 'authorization', type: 'apiKey' };
    expect([securityDefinitions, security]).toEqual([{ BearerToken: bearer }, [{ BearerToken: [] }]]);
    expect(JSON.stringify(written)).not.toContain('"default":""');
    const document = fieldsOf((await api.v2Protobuf()).bytes);
    const [requirement] = namedIn(document.get(12)?.[0]);
    expect(requirement?.[0]).toBe('BearerToken');
    const [[name, item] = []] = namedIn(document.get(13)?.[0]);
    const key = fieldsOf(fieldsOf(item).get(2)?.[0]);
    expect([name, ...[1, 2, 3, 4].map((field) => text(key.get(field)?.[0]))]).toEqual([
      'BearerToken',
      'apiKey',
      'authorization',
      'header',
      'Bearer Token authentication',
    ]);
  });

  it('writes every definition and extension into the protobuf', async () => {
    const written = parse((await api.v2Json()).bytes).definitions;
    const document = fieldsOf((await api.v2Protobuf()).bytes);
    expect(text(document.get(1)?.[0])).toBe('2.0');
    const named = new Map(namedIn(document.get(9)?.[0]));
    expect([...named.keys()]).toEqual(Object.keys(written));
    const properties = new Map(namedIn(fieldsOf(named.get('io.k8s.api.core.v1.PodSpec')).get(25)?.[0]));
    const extensions = (fieldsOf(properties.get('containers')).get(31) ?? []).map(fieldsOf);
    const values = extensions.map((extension) => [text(extension.get(1)?.[0]), text(fieldsOf(extension.get(2)?.[0]).get(2)?.[0])]);
    expect(Object.fromEntries(values)).toMatchObject({
      'x-kubernetes-patch-merge-key': '"name"',
      'x-kubernetes-list-map-keys': '["name"]',
    });
  });
});

it('takes up kinds that come later', async () => {
  const before = parse((await api.index()).bytes).paths;
  served.push(widget);
  schemas[widget.definition] = { type: 'object', properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } };
  revision++;
  const after = parse((await api.index()).bytes).paths;
  expect(after['api/v1']).toEqual(before['api/v1']);
  const document = parse((await api.document('apis/example.com/v1'))?.bytes ?? new Uint8Array());
  const { patch } = document.paths['/apis/example.com/v1/namespaces/{namespace}/widgets/{name}'];
  expect(Object.keys(patch.requestBody.content)).not.toContain('application/strategic-merge-patch+json');
  expect(loads).toBe(1);
});
