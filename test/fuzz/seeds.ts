// What kubectl 1.33 sends, by its command line.

import { widget, widgetDefinition } from '../apiserver/custom-resources/widgets.ts';
import captured from '../apiserver/encoding/fixtures/kubectl-1.33.json' with { type: 'json' };

const namespaced = '/namespaces/default';
const template = {
  metadata: { labels: { app: 'web' }, annotations: { note: 'x' } },
  spec: {
    containers: [
      {
        name: 'c',
        image: 'nginx:1',
        ports: [{ name: 'http', containerPort: 80 }],
        env: [{ name: 'A', value: 'b' }],
        resources: { limits: { cpu: '1', memory: '1Gi' } },
        livenessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 3 },
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
      },
    ],
    volumes: [{ name: 'v', emptyDir: { sizeLimit: '1Gi' } }],
    tolerations: [{ key: 'k', operator: 'Exists', effect: 'NoSchedule' }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }],
        },
      },
    },
  },
};
const selector = { matchLabels: { app: 'web' } };

/** Valid objects by the collection they are made in. */
export const objects: readonly (readonly [collection: string, body: unknown])[] = [
  [
    `/api/v1${namespaced}/configmaps`,
    { metadata: { name: 'c', labels: { a: 'b' }, finalizers: ['example.com/f'] }, data: { k: 'v' }, binaryData: { b: 'AA==' } },
  ],
  [`/api/v1${namespaced}/secrets`, { metadata: { name: 's' }, type: 'kubernetes.io/tls', stringData: { 'tls.crt': 'x', 'tls.key': 'y' } }],
  [`/api/v1${namespaced}/pods`, { ...template, metadata: { name: 'p' } }],
  [
    `/api/v1${namespaced}/services`,
    { metadata: { name: 's' }, spec: { selector: { app: 'web' }, type: 'NodePort', ports: [{ port: 80, targetPort: 'http' }] } },
  ],
  [`/api/v1/namespaces`, { metadata: { generateName: 'ns-' }, spec: { finalizers: ['kubernetes'] } }],
  [
    `/api/v1/nodes`,
    { metadata: { generateName: 'n-' }, spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] }, status: { capacity: { cpu: '4' } } },
  ],
  [
    `/apis/apps/v1${namespaced}/deployments`,
    { metadata: { name: 'd' }, spec: { replicas: 2, selector, template, strategy: { rollingUpdate: { maxSurge: '25%' } } } },
  ],
  [
    `/apis/batch/v1${namespaced}/cronjobs`,
    { metadata: { name: 'c' }, spec: { schedule: '*/5 * * * *', timeZone: 'Europe/Berlin', jobTemplate: { spec: { template } } } },
  ],
  [
    `/apis/networking.k8s.io/v1${namespaced}/networkpolicies`,
    {
      metadata: { name: 'n' },
      spec: { podSelector: selector, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }] },
    },
  ],
  [
    `/apis/autoscaling/v2${namespaced}/horizontalpodautoscalers`,
    {
      metadata: { name: 'h' },
      spec: {
        maxReplicas: 3,
        scaleTargetRef: { kind: 'Deployment', name: 'd' },
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
      },
    },
  ],
  [
    `/apis/rbac.authorization.k8s.io/v1${namespaced}/roles`,
    { metadata: { name: 'r' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
  ],
  [`/apis/authorization.k8s.io/v1/subjectaccessreviews`, { spec: { user: 'u', resourceAttributes: { verb: 'get', resource: 'pods' } } }],
  [`/apis/golden.test/v1${namespaced}/widgets`, widget('w', { size: 3, tags: ['a'], parts: [{ id: 'a', v: 1 }], any: { x: [1] } })],
];

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        list: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['k'],
          items: { type: 'object', required: ['k'], properties: { k: { type: 'string', default: 'x' } } },
        },
        text: { type: 'string', pattern: '^(a|b)*$', format: 'ipv4', maxLength: 5, enum: ['a'] },
        either: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
        raw: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
      },
      'x-kubernetes-validations': [{ rule: "self.list.all(x, x.k != 'y') && size(self.text) < 5", messageExpression: "'no ' + self.text" }],
    },
  },
};

/** Definitions of custom kinds: of the widgets, and of others that say all a schema can. */
export const crds: readonly unknown[] = [
  widgetDefinition(),
  widgetDefinition({ version: { schema: { openAPIV3Schema: schema }, selectableFields: [{ jsonPath: '.spec.text' }] } }),
];

/** Expressions of CEL. */
export const expressions: readonly string[] = [
  "object.metadata.name.startsWith('a') && has(object.spec)",
  "object.spec.containers.all(c, c.image.matches('^[a-z]+$'))",
  '[1, 2, 3].map(x, x * 2).filter(x, x > 2).exists(x, x == 4)',
  "'a,b'.split(',').join('-') + string(quantity('1Gi').asInteger())",
  "duration('1h') > duration('30m') ? ip('10.0.0.1').family() == 4 : cidr('10.0.0.0/8').containsIP('10.1.1.1')",
  "authorizer.group('').resource('pods').check('get').allowed()",
  "variables.a.b[0]['c'] in {'x': 1}",
];

/** Bodies as kubectl writes them in protobuf. */
export const protobufs: readonly Uint8Array[] = Object.values(captured).map((base64) => Uint8Array.from(Buffer.from(base64, 'base64')));

/** Label selectors, field selectors and continue tokens, as query parameters. */
export const queries: readonly string[] = [
  'labelSelector=a%3Db,c%20in%20(d,e),!f,g%3E1',
  'fieldSelector=metadata.name%3Da,metadata.namespace!%3Db',
  'limit=1&continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhXHUwMDAwIn0',
  'resourceVersion=1&resourceVersionMatch=Exact',
  'fieldValidation=Strict&dryRun=All&fieldManager=me&force=true&pretty=1',
  'propagationPolicy=Orphan&gracePeriodSeconds=-1&orphanDependents=true',
];

export const paths: readonly string[] = [
  '/api/v1/namespaces/default/configmaps/c',
  '/api/v1/namespaces/default/pods/p/log',
  '/api/v1/watch/namespaces/default/configmaps',
  '/apis/apps/v1/namespaces/default/deployments/d/scale',
  '/apis/golden.test/v1/namespaces/default/widgets/w/status',
  '/openapi/v3/apis/apps/v1',
  '/openapi/v2',
  '/readyz/etcd',
  '/api/v1/namespaces/default/services/https:s:80/proxy/..%2f..%2fx',
];

export const accepts: readonly string[] = [
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;q=0.1',
  'application/vnd.kubernetes.protobuf,*/*;q=0',
  'application/yaml',
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1beta1',
];
