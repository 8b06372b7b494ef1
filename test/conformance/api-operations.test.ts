import { apiOperations, type Subject } from './support/api-operations.ts';
import { behaviour } from './support/behaviour.ts';

const pause = { containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.1' }] };
const app = { app: 'operations' };
const podTemplate = { metadata: { labels: app }, spec: pause };
const jobTemplate = { spec: { template: { spec: { restartPolicy: 'OnFailure', ...pause } } } };
const condition = { type: 'StatusUpdate', status: 'True', reason: 'Conformance', message: 'set by the test' };
const timed = { ...condition, lastTransitionTime: '2026-01-01T00:00:00Z' };
const webhook = {
  name: 'hook.conformance.example.com',
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  clientConfig: { url: 'https://127.0.0.1:1/never' },
  // Selects nothing: what is called is proven elsewhere.
  rules: [{ apiGroups: ['nowhere.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothings'] }],
};
interface Named extends Omit<Subject, 'version' | 'resource'> {
  readonly behaviour: string;
  /** `apps/v1 deployments` */
  readonly of: string;
}

const of = (named: Named): Subject => {
  const [version = '', resource = ''] = named.of.split(' ');
  return { ...named, version: version.includes('/') ? `/apis/${version}` : `/api/${version}`, resource };
};

/** A certificate request of `CN=e2e-example, O=conformance`, in PEM. */
const certificateRequest = [
  '-----BEGIN CERTIFICATE REQUEST-----',
  'MIHnMIGOAgEAMCwxFDASBgNVBAMMC2UyZS1leGFtcGxlMRQwEgYDVQQKDAtjb25m',
  'b3JtYW5jZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHDWADwv8Mq/Y9VPznzr',
  '8muhijptRwkxU5bRe69X5glpwA+Yv9/R3PuQdQkv9pvF7DOI3HwiPlZfHaQhodI7',
  'wTugADAKBggqhkjOPQQDAgNIADBFAiBrNtIgVPin5c7yRbD5comwI+PxYU1QAN2L',
  '4jHs453gSQIhAKm0yF4D1JqR6HE66x3TZ9qJf/djR+dGC1tmjiypR2Ed',
  '-----END CERTIFICATE REQUEST-----',
  '',
].join('\n');

const subjects: readonly Named[] = [
  {
    behaviour: '[sig-auth] Certificates API [Privileged:ClusterAdmin] should support CSR API operations',
    of: 'certificates.k8s.io/v1 certificatesigningrequests',
    namespaced: false,
    object: {
      spec: {
        request: Buffer.from(certificateRequest).toString('base64'),
        signerName: 'example.com/e2e-signer',
        expirationSeconds: 3600,
        usages: ['digital signature', 'key encipherment', 'server auth'],
      },
    },
    status: { conditions: [{ ...timed, lastUpdateTime: timed.lastTransitionTime }] },
  },
  {
    behaviour: '[sig-api-machinery] API priority and fairness should support FlowSchema API operations',
    of: 'flowcontrol.apiserver.k8s.io/v1 flowschemas',
    namespaced: false,
    object: {
      spec: {
        matchingPrecedence: 10_000,
        priorityLevelConfiguration: { name: 'global-default' },
        rules: [
          {
            subjects: [{ kind: 'User', user: { name: 'example-e2e-non-existent-user' } }],
            nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
          },
        ],
      },
    },
    status: { conditions: [timed] },
  },
  {
    behaviour: '[sig-api-machinery] API priority and fairness should support PriorityLevelConfiguration API operations',
    of: 'flowcontrol.apiserver.k8s.io/v1 prioritylevelconfigurations',
    namespaced: false,
    object: { spec: { type: 'Limited', limited: { nominalConcurrencyShares: 2, limitResponse: { type: 'Reject' } } } },
    status: { conditions: [timed] },
  },
  {
    behaviour:
      '[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support ValidatingAdmissionPolicy API operations',
    of: 'admissionregistration.k8s.io/v1 validatingadmissionpolicies',
    namespaced: false,
    object: {
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: ['nowhere.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothings'] }],
        },
        validations: [{ expression: 'object.spec.replicas <= 100' }],
      },
    },
    status: { conditions: [timed] },
  },
  {
    behaviour:
      '[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support ValidatingAdmissionPolicyBinding API operations',
    of: 'admissionregistration.k8s.io/v1 validatingadmissionpolicybindings',
    namespaced: false,
    object: { spec: { policyName: 'replicalimit-policy.example.com', validationActions: ['Deny'] } },
  },
  {
    behaviour:
      '[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should support MutatingAdmissionPolicy API operations',
    of: 'admissionregistration.k8s.io/v1 mutatingadmissionpolicies',
    namespaced: false,
    object: {
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: ['nowhere.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothings'] }],
        },
        reinvocationPolicy: 'Never',
        mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{spec: Object.spec{replicas: 1}}' } }],
      },
    },
  },
  {
    behaviour:
      '[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should support MutatingAdmissionPolicyBinding API operations',
    of: 'admissionregistration.k8s.io/v1 mutatingadmissionpolicybindings',
    namespaced: false,
    object: { spec: { policyName: 'mutate-policy.example.com' } },
  },
  {
    behaviour: 'own: ValidatingWebhookConfiguration API operations',
    of: 'admissionregistration.k8s.io/v1 validatingwebhookconfigurations',
    namespaced: false,
    object: { webhooks: [webhook] },
  },
  {
    behaviour: 'own: MutatingWebhookConfiguration API operations',
    of: 'admissionregistration.k8s.io/v1 mutatingwebhookconfigurations',
    namespaced: false,
    object: { webhooks: [webhook] },
  },
  {
    behaviour: '[sig-api-machinery] ResourceQuota should manage the lifecycle of a ResourceQuota',
    of: 'v1 resourcequotas',
    namespaced: true,
    object: { spec: { hard: { cpu: '500m', memory: '500Mi' } } },
    status: { hard: { cpu: '500m', memory: '500Mi' } },
  },
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
    behaviour: '[sig-apps] Daemon set should list and delete a collection of DaemonSets',
    of: 'apps/v1 daemonsets',
    namespaced: true,
    // No node has this label.
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
    behaviour:
      '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should list, patch and delete a collection of StatefulSets',
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
    behaviour: '[sig-storage] CSIStorageCapacity should support CSIStorageCapacities API operations',
    of: 'storage.k8s.io/v1 csistoragecapacities',
    namespaced: true,
    object: { storageClassName: 'fast', capacity: '1Gi' },
  },
  {
    behaviour: '[sig-storage] CSIInlineVolumes should run through the lifecycle of a CSIDriver',
    of: 'storage.k8s.io/v1 csidrivers',
    namespaced: false,
    object: { spec: { volumeLifecycleModes: ['Ephemeral'], attachRequired: false } },
  },
  {
    behaviour: '[sig-storage] CSINodes CSI Conformance should run through the lifecycle of a csinode',
    of: 'storage.k8s.io/v1 csinodes',
    namespaced: false,
    object: { spec: { drivers: [] } },
  },
  {
    behaviour: '[sig-storage] StorageClasses CSI Conformance should run through the lifecycle of a StorageClass',
    of: 'storage.k8s.io/v1 storageclasses',
    namespaced: false,
    object: { provisioner: 'conformance.example.com', reclaimPolicy: 'Delete' },
  },
  {
    behaviour: '[sig-storage] VolumeAttachment Conformance should apply changes to a volumeattachment status',
    of: 'storage.k8s.io/v1 volumeattachments',
    namespaced: false,
    object: { spec: { attacher: 'conformance.example.com', nodeName: 'no-such-node', source: { persistentVolumeName: 'no-such-volume' } } },
    status: { attached: false },
  },
  {
    behaviour: '[sig-storage] PersistentVolumes CSI Conformance should apply changes to a pv/pvc status',
    of: 'v1 persistentvolumeclaims',
    namespaced: true,
    object: { spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1Gi' } } } },
    status: { conditions: [{ ...condition, type: 'StatusPatched' }] },
  },
  {
    behaviour: '[sig-storage] PersistentVolumes CSI Conformance should run through the lifecycle of a PV and a PVC',
    of: 'v1 persistentvolumes',
    namespaced: false,
    object: {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'conformance-none',
        hostPath: { path: '/tmp/conformance' },
      },
    },
    status: { message: 'StatusPatched', reason: 'conformance' },
  },
  {
    behaviour: '[sig-network] Ingress API should support creating Ingress API operations',
    of: 'networking.k8s.io/v1 ingresses',
    namespaced: true,
    object: { spec: { defaultBackend: { service: { name: 'default-backend', port: { number: 80 } } } } },
    status: { loadBalancer: { ingress: [{ ip: '169.1.1.1' }] } },
  },
  {
    behaviour: '[sig-network] IngressClass API should support creating IngressClass API operations',
    of: 'networking.k8s.io/v1 ingressclasses',
    namespaced: false,
    object: { spec: { controller: 'example.com/controller' } },
  },
  {
    behaviour: '[sig-network] EndpointSlice should support creating EndpointSlice API operations',
    of: 'discovery.k8s.io/v1 endpointslices',
    namespaced: true,
    object: { addressType: 'IPv4', endpoints: [{ addresses: ['10.1.2.3'] }], ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
  },
  {
    behaviour: 'own: NetworkPolicy API operations',
    of: 'networking.k8s.io/v1 networkpolicies',
    namespaced: true,
    object: { spec: { podSelector: { matchLabels: app }, policyTypes: ['Ingress'] } },
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
  {
    behaviour: '[sig-instrumentation] Events should manage the lifecycle of an event',
    of: 'v1 events',
    namespaced: true,
    object: (namespace) => ({
      involvedObject: { kind: 'Pod', name: 'nobody', namespace },
      reason: 'Test',
      message: 'This is a test event',
      type: 'Normal',
    }),
  },
];

for (const subject of subjects) behaviour(subject.behaviour, (scope) => apiOperations(scope, of(subject)));
