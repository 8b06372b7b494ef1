import { app, condition, pause, proveOperations, timed } from './support/api-operations.ts';

const podTemplate = { metadata: { labels: app }, spec: pause };
const jobTemplate = { spec: { template: { spec: { restartPolicy: 'OnFailure', ...pause } } } };
const deviceRequests = { devices: { requests: [{ name: 'req-0', exactly: { deviceClassName: 'e2e-no-such-class' } }] } };

proveOperations([
  {
    behaviour: '[sig-apps] CronJob should support CronJob API operations',
    of: 'batch/v1 cronjobs',
    namespaced: true,
    object: { spec: { schedule: '0 0 1 1 *', jobTemplate } },
    status: { lastScheduleTime: '2026-01-01T00:00:00Z' },
  },
  {
    behaviour: '[sig-apps] Job should manage the lifecycle of a job',
    of: 'batch/v1 jobs',
    namespaced: true,
    object: { spec: { suspend: true, ...jobTemplate.spec } },
  },
  {
    behaviour: '[sig-apps] Job should apply changes to a job status',
    of: 'batch/v1 jobs',
    namespaced: true,
    object: { spec: { suspend: true, ...jobTemplate.spec } },
    status: { conditions: [{ ...timed, type: 'Conformance', lastProbeTime: timed.lastTransitionTime }] },
  },
  {
    behaviour: '[sig-apps] Daemon set should list and delete a collection of DaemonSets',
    of: 'apps/v1 daemonsets',
    namespaced: true,
    // No node has this label.
    object: { spec: { selector: { matchLabels: app }, template: { ...podTemplate, spec: { ...pause, nodeSelector: { never: 'here' } } } } },
    status: { conditions: [condition] },
  },
  {
    behaviour: '[sig-apps] Daemon set should verify changes to a daemon set status',
    of: 'apps/v1 daemonsets',
    namespaced: true,
    object: { spec: { selector: { matchLabels: app }, template: { ...podTemplate, spec: { ...pause, nodeSelector: { never: 'here' } } } } },
    status: { conditions: [condition] },
  },
  {
    behaviour: '[sig-apps] Deployment should validate Deployment Status endpoints',
    of: 'apps/v1 deployments',
    namespaced: true,
    object: { spec: { replicas: 0, selector: { matchLabels: app }, template: podTemplate } },
    status: { conditions: [condition] },
  },
  {
    behaviour: '[sig-apps] ReplicaSet should list and delete a collection of ReplicaSets',
    of: 'apps/v1 replicasets',
    namespaced: true,
    object: { spec: { replicas: 0, selector: { matchLabels: app }, template: podTemplate } },
    status: { conditions: [condition] },
  },
  {
    behaviour: '[sig-apps] ReplicaSet should validate Replicaset Status endpoints',
    of: 'apps/v1 replicasets',
    namespaced: true,
    object: { spec: { replicas: 0, selector: { matchLabels: app }, template: podTemplate } },
    status: { conditions: [condition] },
  },
  {
    behaviour:
      '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should list, patch and delete a collection of StatefulSets',
    of: 'apps/v1 statefulsets',
    namespaced: true,
    object: { spec: { replicas: 0, serviceName: 'test', selector: { matchLabels: app }, template: podTemplate } },
    status: { conditions: [condition] },
  },
  {
    behaviour: '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should validate Statefulset Status endpoints',
    of: 'apps/v1 statefulsets',
    namespaced: true,
    object: { spec: { replicas: 0, serviceName: 'test', selector: { matchLabels: app }, template: podTemplate } },
    status: { conditions: [condition] },
  },
  {
    behaviour:
      '[sig-apps] DisruptionController Listing PodDisruptionBudgets for all namespaces should list and delete a collection of PodDisruptionBudgets',
    of: 'policy/v1 poddisruptionbudgets',
    namespaced: true,
    object: { spec: { minAvailable: 1, selector: { matchLabels: { app: 'nothing' } } } },
  },
  {
    behaviour: 'own: ControllerRevision API operations',
    of: 'apps/v1 controllerrevisions',
    namespaced: true,
    object: { data: { spec: { replicas: 1 } }, revision: 1 },
  },
  {
    behaviour: '[sig-node] Lease lease API should be available',
    of: 'coordination.k8s.io/v1 leases',
    namespaced: true,
    object: {
      spec: { holderIdentity: 'holder', leaseDurationSeconds: 30, acquireTime: '2026-01-01T00:00:00.123456Z', leaseTransitions: 0 },
    },
  },
  {
    behaviour: '[sig-node] PodTemplates should run the lifecycle of PodTemplates',
    of: 'v1 podtemplates',
    namespaced: true,
    object: { template: podTemplate },
  },
  {
    behaviour: '[sig-node] ConfigMap should run through a ConfigMap lifecycle',
    of: 'v1 configmaps',
    namespaced: true,
    object: { data: { valueName: 'value' }, binaryData: { bytes: 'AAEC' } },
  },
  {
    behaviour: '[sig-node] Secrets should patch a secret',
    of: 'v1 secrets',
    namespaced: true,
    object: { data: { key: 'dmFsdWU=' }, type: 'Opaque' },
  },
  {
    behaviour: '[sig-node] RuntimeClass should support RuntimeClasses API operations',
    of: 'node.k8s.io/v1 runtimeclasses',
    namespaced: false,
    object: { handler: 'conformance-handler' },
  },
  {
    behaviour: '[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 DeviceClass',
    of: 'resource.k8s.io/v1 deviceclasses',
    namespaced: false,
    object: { spec: { selectors: [{ cel: { expression: 'true' } }] } },
  },
  {
    behaviour: '[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaim',
    of: 'resource.k8s.io/v1 resourceclaims',
    namespaced: true,
    object: { spec: deviceRequests },
    status: {},
  },
  {
    behaviour: '[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaimTemplate',
    of: 'resource.k8s.io/v1 resourceclaimtemplates',
    namespaced: true,
    object: { spec: { spec: deviceRequests } },
  },
  {
    behaviour: '[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceSlice',
    of: 'resource.k8s.io/v1 resourceslices',
    namespaced: false,
    object: {
      spec: {
        driver: 'dra.example.com',
        nodeName: 'no-such-node',
        pool: { name: 'pool', generation: 1, resourceSliceCount: 1 },
        devices: [{ name: 'device-0' }],
      },
    },
  },
  {
    behaviour:
      '[sig-scheduling] SchedulerPreemption PriorityClass endpoints verify PriorityClass endpoints can be operated with different HTTP methods',
    of: 'scheduling.k8s.io/v1 priorityclasses',
    namespaced: false,
    object: { value: 1000, description: 'of a test' },
  },
  {
    behaviour: '[sig-scheduling] LimitRange should list, patch and delete a LimitRange by collection',
    of: 'v1 limitranges',
    namespaced: true,
    object: { spec: { limits: [{ type: 'Pod', max: { cpu: '500m' } }] } },
  },
]);
