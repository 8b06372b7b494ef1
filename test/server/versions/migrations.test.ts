import { expect, test } from 'vitest';
import { migrate } from '../../../server/versions/migrations/index.ts';

/** The text after the quick fix for the first object. */
function migrated(text: string, apiVersion: string): string {
  const changes = migrate(text, text.indexOf('apiVersion:') + 'apiVersion: '.length, apiVersion);
  return changes.reduceRight((left, { start, end, newText }) => left.slice(0, start) + newText + left.slice(end), text);
}

test('an Ingress: back ends, default back end, path types; comments stay', () => {
  const text = `# for the shop
apiVersion: extensions/v1beta1 # old
kind: Ingress
metadata:
  name: shop   # its name
spec:
  backend: { serviceName: fallback, servicePort: 80 }
  rules:
  - host: shop.example.com
    http:
      paths:
      # the API
      - path: /api
        backend:
          # who serves it
          serviceName: api # its service
          servicePort: http # by name
      - path: /
        pathType: Prefix
        backend:
          servicePort: 8080
          serviceName: web
  # the end
`;
  expect(migrated(text, 'networking.k8s.io/v1')).toBe(`# for the shop
apiVersion: networking.k8s.io/v1 # old
kind: Ingress
metadata:
  name: shop   # its name
spec:
  defaultBackend: { service: { name: fallback, port: { number: 80 } } }
  rules:
  - host: shop.example.com
    http:
      paths:
      # the API
      - path: /api
        pathType: ImplementationSpecific
        backend:
          # who serves it
          service:
            name: api # its service
            port:
              name: http # by name
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 8080
  # the end
`);
});

test('a Deployment: the selector is written out, what is gone is taken out', () => {
  const text = `apiVersion: extensions/v1beta1
kind: Deployment
spec:
  rollbackTo:
    revision: 1
  # the pods
  template:
    metadata:
      labels:
        app: web # its app
`;
  expect(migrated(text, 'apps/v1')).toBe(`apiVersion: apps/v1
kind: Deployment
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web # its app
`);
});

test('a selector is made of labels that are merged, too', () => {
  const text = `apiVersion: apps/v1beta1
kind: Deployment
metadata: { labels: &labels { app: web } }
spec:
  template:
    metadata:
      labels:
        <<: *labels
        tier: front
`;
  expect(migrated(text, 'apps/v1')).toContain('  selector:\n    matchLabels:\n      app: web\n      tier: front\n');
});

test('metrics of an autoscaler', () => {
  const text = `apiVersion: autoscaling/v2beta1
kind: HorizontalPodAutoscaler
spec:
  metrics:
    - type: Resource
      resource:
        name: cpu
        targetAverageUtilization: 60 # percent
    - type: Pods
      pods: { metricName: requests, targetAverageValue: 1k }
    - type: Object
      object:
        target: { apiVersion: v1, kind: Service, name: web }
        metricName: hits
        targetValue: 10
    - type: External
      external:
        metricName: queue
        metricSelector: { matchLabels: { q: a } }
        targetAverageValue: 30
`;
  expect(migrated(text, 'autoscaling/v2')).toBe(`apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
spec:
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 60 # percent
    - type: Pods
      pods: { metric: { name: requests }, target: { type: AverageValue, averageValue: 1k } }
    - type: Object
      object:
        describedObject: { apiVersion: v1, kind: Service, name: web }
        metric:
          name: hits
        target:
          type: Value
          value: 10
    - type: External
      external:
        metric:
          name: queue
          selector: { matchLabels: { q: a } }
        target:
          type: AverageValue
          averageValue: 30
`);
});

test('a CustomResourceDefinition: what was said once is said in each version', () => {
  const text = `apiVersion: apiextensions.k8s.io/v1beta1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  group: example.com
  version: v1
  names: # how it is called
    kind: Widget
    plural: widgets
  scope: Namespaced
  preserveUnknownFields: false
  validation:
    openAPIV3Schema:
      type: object # always
  subresources:
    status: {}
  additionalPrinterColumns:
    - name: Size
      type: integer
      JSONPath: .spec.size
`;
  expect(migrated(text, 'apiextensions.k8s.io/v1')).toBe(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  group: example.com
  names:
    # how it is called
    kind: Widget
    plural: widgets
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object # always
      subresources:
        status: {}
      additionalPrinterColumns:
        - name: Size
          type: integer
          jsonPath: .spec.size
`);
});

test.each([
  ['batch/v1beta1', 'CronJob', 'batch/v1'],
  ['policy/v1beta1', 'PodDisruptionBudget', 'policy/v1'],
  ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', 'autoscaling/v2'],
])('%s %s changes only its version', (before, kind, after) => {
  const text = `apiVersion: "${before}" # a\nkind: ${kind}\nspec: {a:   1} # b\n`;
  expect(migrated(text, after)).toBe(text.replace(`"${before}"`, after));
});

test('webhooks keep meaning what they meant', () => {
  const text =
    'apiVersion: admissionregistration.k8s.io/v1beta1\nkind: ValidatingWebhookConfiguration\nwebhooks:\n- name: a.b.c\n  failurePolicy: Fail\n';
  expect(migrated(text, 'admissionregistration.k8s.io/v1')).toBe(
    'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nwebhooks:\n- name: a.b.c\n  admissionReviewVersions:\n    - v1beta1\n  matchPolicy: Exact\n  timeoutSeconds: 30\n  failurePolicy: Fail\n',
  );
});

test('endpoints and priority levels', () => {
  const slice =
    'apiVersion: discovery.k8s.io/v1beta1\nkind: EndpointSlice\nendpoints:\n- addresses: [10.0.0.1]\n  topology:\n    kubernetes.io/hostname: node-1\n    topology.kubernetes.io/zone: a\n';
  expect(migrated(slice, 'discovery.k8s.io/v1')).toBe(
    'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nendpoints:\n- addresses: [ 10.0.0.1 ]\n  nodeName: node-1\n  zone: a\n',
  );
  const level =
    'apiVersion: flowcontrol.apiserver.k8s.io/v1beta2\nkind: PriorityLevelConfiguration\nspec:\n  limited:\n    assuredConcurrencyShares: 5\n';
  expect(migrated(level, 'flowcontrol.apiserver.k8s.io/v1')).toContain('    nominalConcurrencyShares: 5\n');
});

test('an item of a List alone', () => {
  const text = 'kind: List\nitems:\n- apiVersion: batch/v1beta1\n  kind: CronJob\n- apiVersion: batch/v1beta1\n  kind: CronJob\n';
  expect(migrated(text, 'batch/v1')).toBe(text.replace('batch/v1beta1', 'batch/v1'));
});
