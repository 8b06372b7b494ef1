/** What the sample API server of Kubernetes says of its kind. */
export const groupVersion = { group: 'wardle.example.com', version: 'v1alpha1' } as const;
export const plural = 'flunders';

const apiVersion = `${groupVersion.group}/${groupVersion.version}`;
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'watch'];
const kind = { ...groupVersion, kind: 'Flunder' };
const definition = `com.example.wardle.${groupVersion.version}.Flunder`;
const openApiAddress = `apis/${apiVersion}`;

/** At `/apis/GROUP/VERSION`. */
export const resourceList = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: apiVersion,
  resources: [
    { name: plural, singularName: 'flunder', namespaced: true, kind: 'Flunder', verbs, shortNames: ['fl'], categories: ['wardles'] },
    { name: `${plural}/status`, singularName: '', namespaced: true, kind: 'Flunder', verbs: ['get'] },
  ],
};

/** At `/apis`, for clients that ask for all in one document. */
export const discoveryList = {
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  metadata: {},
  items: [
    {
      metadata: { name: groupVersion.group },
      versions: [
        {
          version: groupVersion.version,
          freshness: 'Current',
          resources: [
            {
              resource: plural,
              responseKind: kind,
              scope: 'Namespaced',
              singularResource: 'flunder',
              verbs,
              shortNames: ['fl'],
              categories: ['wardles'],
              subresources: [{ subresource: 'status', responseKind: kind, verbs: ['get'] }],
            },
          ],
        },
      ],
    },
  ],
};

export const openApiPath = `/openapi/v3/${openApiAddress}`;

/** At `/openapi/v3`. */
export const openApiIndex = {
  paths: {
    [openApiAddress]: { serverRelativeURL: `${openApiPath}?hash=F1` },
    version: { serverRelativeURL: '/openapi/v3/version?hash=F2' },
  },
};

const properties = (prefix: string) => ({
  apiVersion: { type: 'string', description: 'The version.' },
  kind: { type: 'string', description: 'The kind.' },
  metadata: { type: 'object', description: 'The metadata.' },
  spec: { description: 'What is wanted of it.', allOf: [{ $ref: `${prefix}${definition}Spec` }] },
});
const schemas = (prefix: string) => ({
  [definition]: {
    description: 'A flunder is good for nothing.',
    type: 'object',
    properties: properties(prefix),
    'x-kubernetes-group-version-kind': [kind],
  },
  [`${definition}Spec`]: {
    type: 'object',
    description: 'What is wanted of a flunder.',
    properties: { reference: { type: 'string', description: 'The name of a fischer.' } },
  },
});
const path = `/apis/${apiVersion}/namespaces/{namespace}/${plural}`;
const operation = { operationId: 'listFlunder', 'x-kubernetes-action': 'list', 'x-kubernetes-group-version-kind': kind };

export const openApiV3 = {
  openapi: '3.0.0',
  info: { title: 'wardle', version: '0.1' },
  paths: { [path]: { get: { ...operation, responses: { 200: { description: 'OK' } } } } },
  components: { schemas: schemas('#/components/schemas/') },
};

/** At `/openapi/v2`, with paths of no concern to others. */
export const openApiV2 = {
  swagger: '2.0',
  info: { title: 'wardle', version: '0.1' },
  paths: {
    [path]: {
      get: {
        ...operation,
        produces: ['application/json'],
        responses: { 200: { description: 'OK', schema: { $ref: `#/definitions/${definition}` } } },
      },
    },
    '/version/': { get: { operationId: 'version', responses: { 200: { description: 'OK' } } } },
  },
  definitions: { ...schemas('#/definitions/'), Unused: { type: 'string' } },
};
