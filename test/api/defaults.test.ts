import { describe, expect, test } from 'vitest';
import { applyDefaults, defaultPullPolicy } from '../../runtime/api/defaults/index.ts';
import type { KubeObject } from '../../runtime/api/object.ts';

function defaulted(apiVersion: string, kind: string, object: Record<string, unknown>): Record<string, unknown> {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  applyDefaults({ group, version, kind }, object as KubeObject);
  return object;
}

const container = {
  name: 'c',
  image: 'nginx:1.25',
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
};
const podSpec = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
};

/** What a workload has that says nothing of its pods; validation will ask for containers. */
const emptyTemplate = { metadata: {}, spec: { ...podSpec, containers: [] } };

describe('defaults', () => {
  test('a CSI driver and a network policy get them whether they have a spec or not', () => {
    const driver = (object: Record<string, unknown>) => defaulted('storage.k8s.io/v1', 'CSIDriver', object).spec;
    expect(driver({})).toEqual(driver({ spec: {} }));
    expect(driver({})).toMatchObject({ attachRequired: true, podInfoOnMount: false });
    const policy = defaulted('networking.k8s.io/v1', 'NetworkPolicy', {});
    expect(policy.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress'] });
  });

  test('policies of admission and flow schemas get them without a spec, too', () => {
    for (const kind of ['ValidatingAdmissionPolicy', 'MutatingAdmissionPolicy']) {
      expect(defaulted('admissionregistration.k8s.io/v1', kind, {}).spec).toEqual({ failurePolicy: 'Fail' });
    }
    expect(defaulted('flowcontrol.apiserver.k8s.io/v1', 'FlowSchema', {}).spec).toMatchObject({ matchingPrecedence: 1000 });
  });

  test('time to end below zero is a second for a pod, and stays in a template', () => {
    const spec = () => ({ containers: [], terminationGracePeriodSeconds: -1 });
    expect(defaulted('v1', 'Pod', { spec: spec() }).spec).toMatchObject({ terminationGracePeriodSeconds: 1 });
    const { template } = defaulted('v1', 'PodTemplate', { template: { spec: spec() } }) as { template: { spec: unknown } };
    expect(template.spec).toMatchObject({ terminationGracePeriodSeconds: -1 });
  });

  test.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.25', 'IfNotPresent'],
    ['localhost:5000/nginx', 'Always'],
    [`nginx@sha256:${'a'.repeat(64)}`, 'IfNotPresent'],
    ['not an image', 'IfNotPresent'],
    [undefined, 'IfNotPresent'],
  ])('%s is pulled %s', (image, policy) => {
    expect(defaultPullPolicy(image)).toBe(policy);
  });

  test('a pod as a whole asks for what its containers do, and then for what it is limited to', () => {
    const { spec } = defaulted('v1', 'Pod', {
      spec: {
        resources: { limits: { cpu: '2', memory: '1Gi' } },
        containers: [
          { name: 'a', image: 'i', resources: { requests: { cpu: '500m' }, limits: { 'hugepages-2Mi': '4Mi' } } },
          { name: 'b', image: 'i', resources: { requests: { cpu: '250m' } } },
        ],
      },
    }) as { spec: { resources: unknown } };
    expect(spec.resources).toEqual({
      limits: { cpu: '2', memory: '1Gi', 'hugepages-2Mi': '4Mi' },
      requests: { cpu: '750m', memory: '1Gi', 'hugepages-2Mi': '4Mi' },
    });
  });

  test('an empty text counts as none', () => {
    const { spec } = defaulted('v1', 'Pod', {
      spec: { restartPolicy: '', dnsPolicy: '', containers: [{ name: 'a', image: 'i', imagePullPolicy: '' }] },
    }) as { spec: Record<string, unknown> };
    expect(spec).toMatchObject({ restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', containers: [{ imagePullPolicy: 'Always' }] });
  });

  test('a pod asks for what it is limited to, and shares the ports of its host', () => {
    const pod = defaulted('v1', 'Pod', {
      spec: {
        hostNetwork: true,
        containers: [
          {
            name: 'c',
            image: 'nginx:1.25',
            ports: [{ containerPort: 80 }],
            resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m' } },
            livenessProbe: { httpGet: { port: 80 } },
            env: [{ name: 'n', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
          },
        ],
        volumes: [{ name: 'a' }, { name: 'b', configMap: { name: 'm' } }],
      },
    });
    expect(pod).toEqual({
      spec: {
        ...podSpec,
        hostNetwork: true,
        enableServiceLinks: true,
        containers: [
          {
            ...container,
            ports: [{ containerPort: 80, hostPort: 80, protocol: 'TCP' }],
            resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m', memory: '1Gi' } },
            livenessProbe: {
              httpGet: { port: 80, path: '/', scheme: 'HTTP' },
              timeoutSeconds: 1,
              periodSeconds: 10,
              successThreshold: 1,
              failureThreshold: 3,
            },
            env: [{ name: 'n', valueFrom: { fieldRef: { fieldPath: 'metadata.name', apiVersion: 'v1' } } }],
          },
        ],
        volumes: [
          { name: 'a', emptyDir: {} },
          { name: 'b', configMap: { name: 'm', defaultMode: 420 } },
        ],
      },
      status: {},
    });
  });

  test('a Deployment rolls by quarters; its template is no pod yet', () => {
    const template = { spec: { containers: [{ name: 'c', image: 'nginx:1.25', resources: { limits: { cpu: '1' } } }] } };
    expect(defaulted('apps/v1', 'Deployment', { spec: { selector: {}, template } })).toEqual({
      spec: {
        replicas: 1,
        selector: {},
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        template: { metadata: {}, spec: { ...podSpec, containers: [{ ...container, resources: { limits: { cpu: '1' } } }] } },
      },
      status: {},
    });
  });

  test.each([
    ['apps/v1', 'ReplicaSet', { spec: {} }, { spec: { replicas: 1, template: emptyTemplate }, status: { replicas: 0 } }],
    [
      'v1',
      'Service',
      { spec: { ports: [{ port: 80 }], type: 'LoadBalancer' } },
      {
        spec: {
          ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }],
          type: 'LoadBalancer',
          sessionAffinity: 'None',
          externalTrafficPolicy: 'Cluster',
          internalTrafficPolicy: 'Cluster',
          allocateLoadBalancerNodePorts: true,
        },
        status: { loadBalancer: {} },
      },
    ],
    ['v1', 'Secret', { stringData: { a: 'ä' } }, { type: 'Opaque', data: { a: 'w6Q=' } }],
    [
      'v1',
      'Namespace',
      { metadata: { name: 'n' } },
      { metadata: { name: 'n', labels: { 'kubernetes.io/metadata.name': 'n' } }, status: { phase: 'Active' } },
    ],
    [
      'v1',
      'LimitRange',
      { spec: { limits: [{ type: 'Container', max: { cpu: '2' }, min: { memory: '1Mi' } }] } },
      {
        spec: {
          limits: [
            {
              type: 'Container',
              max: { cpu: '2' },
              min: { memory: '1Mi' },
              default: { cpu: '2' },
              defaultRequest: { cpu: '2', memory: '1Mi' },
            },
          ],
        },
      },
    ],
    [
      'batch/v1',
      'Job',
      { spec: { parallelism: 2 } },
      {
        spec: {
          parallelism: 2,
          backoffLimit: 6,
          completionMode: 'NonIndexed',
          manualSelector: false,
          suspend: false,
          podReplacementPolicy: 'TerminatingOrFailed',
          template: emptyTemplate,
        },
        status: {},
      },
    ],
    [
      'networking.k8s.io/v1',
      'NetworkPolicy',
      { spec: { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] } },
      { spec: { podSelector: {}, egress: [{ ports: [{ port: 53, protocol: 'TCP' }] }], policyTypes: ['Ingress', 'Egress'] } },
    ],
    [
      'rbac.authorization.k8s.io/v1',
      'RoleBinding',
      {
        roleRef: { kind: 'Role', name: 'r' },
        subjects: [
          { kind: 'User', name: 'u' },
          { kind: 'ServiceAccount', name: 's' },
        ],
      },
      {
        roleRef: { kind: 'Role', name: 'r', apiGroup: 'rbac.authorization.k8s.io' },
        subjects: [
          { kind: 'User', name: 'u', apiGroup: 'rbac.authorization.k8s.io' },
          { kind: 'ServiceAccount', name: 's' },
        ],
      },
    ],
    ['v1', 'ConfigMap', { data: { a: 'b' } }, { data: { a: 'b' } }],
  ])('%s %s', (apiVersion, kind, object, expected) => {
    expect(defaulted(apiVersion, kind, object)).toEqual(expected);
  });
});
