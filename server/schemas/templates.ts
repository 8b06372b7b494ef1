import { readOutline } from '../documents/outline.ts';
import type { OutlineNode } from '../documents/outline-node.ts';

/** What an admission webhook or policy is asked about. */
const ruleWithOperations = `
apiGroups:
  - "<>"
apiVersions:
  - v1
operations:
  - <CREATE>
resources:
  - <pods>`;

/**
 * What a snippet writes of a type, by the end of its definition's name. `<text>` is a tab stop, `<a|b>` one with a choice; the same text is
 * the same stop. A field with nothing behind it is written out after its own type. Types that are not named here write their required fields.
 */
const texts: Readonly<Record<string, string>> = {
  'meta.v1.LabelSelector': `
matchLabels:
  app: <name>`,
  'core.v1.PodTemplateSpec': `
metadata:
  labels:
    app: <name>
spec:`,
  'core.v1.PodSpec': `
containers:`,
  'core.v1.Container': `
name: <app>
image: <nginx>`,
  'core.v1.ContainerPort': `
name: <http>
containerPort: <80>`,
  'core.v1.EnvVar': `
name: <NAME>
value: <value>`,
  'core.v1.VolumeMount': `
name: <data>
mountPath: </data>`,
  'core.v1.Volume': `
name: <data>`,
  'core.v1.KeyToPath': `
key: <key>
path: <path>`,
  'core.v1.ConfigMapKeySelector': `
name: <name>
key: <key>`,
  'core.v1.SecretKeySelector': `
name: <name>
key: <key>`,
  'core.v1.ConfigMapVolumeSource': `
name: <name>`,
  'core.v1.ConfigMapEnvSource': `
name: <name>`,
  'core.v1.SecretEnvSource': `
name: <name>`,
  'core.v1.SecretVolumeSource': `
secretName: <name>`,
  'core.v1.LocalObjectReference': `
name: <name>`,
  'core.v1.HTTPGetAction': `
path: </>
port: <80>`,
  'core.v1.Probe': `
httpGet:`,
  'core.v1.ExecAction': `
command:
  - <sh>`,
  'core.v1.ResourceRequirements': `
requests:
  cpu: <100m>
  memory: <128Mi>
limits:
  memory: <256Mi>`,
  'core.v1.VolumeResourceRequirements': `
requests:
  storage: <1Gi>`,
  'core.v1.Toleration': `
key: <key>
operator: <Exists|Equal>
effect: <NoSchedule|PreferNoSchedule|NoExecute>`,
  'core.v1.PodAffinityTerm': `
labelSelector:
topologyKey: <kubernetes.io/hostname>`,
  'core.v1.WeightedPodAffinityTerm': `
weight: <100>
podAffinityTerm:`,
  'core.v1.NodeSelectorTerm': `
matchExpressions:
  - key: <kubernetes.io/os>
    operator: In
    values:
      - <linux>`,
  'core.v1.PreferredSchedulingTerm': `
weight: <100>
preference:`,
  'core.v1.TopologySpreadConstraint': `
maxSkew: <1>
topologyKey: <topology.kubernetes.io/zone>
whenUnsatisfiable: <DoNotSchedule|ScheduleAnyway>
labelSelector:`,
  'core.v1.ConfigMap': `
data:
  <key>: <value>`,
  'core.v1.Secret': `
type: Opaque
stringData:
  <key>: <value>`,
  'core.v1.Endpoints': `
subsets:
  - addresses:
      - ip: <10.0.0.1>
    ports:
      - port: <80>`,
  'core.v1.Event': `
involvedObject:
  kind: <Pod>
  namespace: <default>
  name: <name>
type: <Normal|Warning>
reason: <Reason>
message: <message>`,
  'core.v1.LimitRangeSpec': `
limits:`,
  'core.v1.LimitRangeItem': `
type: <Container|Pod|PersistentVolumeClaim>
default:
  memory: <256Mi>
defaultRequest:
  memory: <128Mi>`,
  'core.v1.ResourceQuotaSpec': `
hard:
  pods: <10>
  requests.cpu: <4>
  requests.memory: <8Gi>`,
  'core.v1.PodTemplate': `
template:`,
  'core.v1.ReplicationControllerSpec': `
replicas: <1>
selector:
  app: <name>
template:`,
  'core.v1.ServiceSpec': `
selector:
  app: <name>
ports:`,
  'core.v1.ServicePort': `
port: <80>
targetPort: <80>`,
  'core.v1.PersistentVolumeClaimSpec': `
accessModes:
  - <ReadWriteOnce|ReadWriteMany|ReadOnlyMany|ReadWriteOncePod>
resources:`,
  'core.v1.PersistentVolumeClaim': `
metadata:
  name: <data>
spec:`,
  'core.v1.PersistentVolumeSpec': `
capacity:
  storage: <1Gi>
accessModes:
  - <ReadWriteOnce|ReadWriteMany|ReadOnlyMany|ReadWriteOncePod>
persistentVolumeReclaimPolicy: <Retain|Delete>
hostPath:
  path: </data>`,
  'apps.v1.ControllerRevision': `
revision: <1>
data: {}`,
  'apps.v1.DeploymentSpec': `
replicas: <1>
selector:
template:`,
  'apps.v1.ReplicaSetSpec': `
replicas: <1>
selector:
template:`,
  'apps.v1.StatefulSetSpec': `
serviceName: <name>
replicas: <1>
selector:
template:`,
  'batch.v1.JobSpec': `
template:
  spec:
    containers:
    restartPolicy: <Never|OnFailure>`,
  'batch.v1.JobTemplateSpec': `
spec:`,
  'batch.v1.CronJobSpec': `
schedule: "<0 3 * * *>"
jobTemplate:`,
  'autoscaling.v1.HorizontalPodAutoscalerSpec': `
scaleTargetRef:
minReplicas: <1>
maxReplicas: <10>
targetCPUUtilizationPercentage: <80>`,
  'autoscaling.v1.CrossVersionObjectReference': `
apiVersion: apps/v1
kind: <Deployment|StatefulSet>
name: <name>`,
  'autoscaling.v2.HorizontalPodAutoscalerSpec': `
scaleTargetRef:
minReplicas: <1>
maxReplicas: <10>
metrics:`,
  'autoscaling.v2.CrossVersionObjectReference': `
apiVersion: apps/v1
kind: <Deployment|StatefulSet>
name: <name>`,
  'autoscaling.v2.MetricSpec': `
type: Resource
resource:
  name: <cpu|memory>
  target:
    type: Utilization
    averageUtilization: <80>`,
  'autoscaling.v2.ResourceMetricSource': `
name: <cpu|memory>
target:
  type: Utilization
  averageUtilization: <80>`,
  'autoscaling.v2.HPAScalingPolicy': `
type: <Percent|Pods>
value: <10>
periodSeconds: <60>`,
  'networking.v1.IngressSpec': `
rules:`,
  'networking.v1.IngressRule': `
host: <example.com>
http:`,
  'networking.v1.HTTPIngressPath': `
path: </>
pathType: <Prefix|Exact|ImplementationSpecific>
backend:`,
  'networking.v1.IngressBackend': `
service:`,
  'networking.v1.IngressServiceBackend': `
name: <name>
port:
  number: <80>`,
  'networking.v1.IngressTLS': `
hosts:
  - <example.com>
secretName: <tls>`,
  'networking.v1.IngressClassSpec': `
controller: <example.com/ingress-controller>`,
  'networking.v1.NetworkPolicySpec': `
podSelector:
policyTypes:
  - <Ingress|Egress>`,
  'networking.v1.NetworkPolicyPort': `
protocol: <TCP|UDP|SCTP>
port: <80>`,
  'networking.v1.IPBlock': `
cidr: <10.0.0.0/8>`,
  'networking.v1.IPAddressSpec': `
parentRef:
  resource: <services>
  namespace: <default>
  name: <name>`,
  'networking.v1.ServiceCIDRSpec': `
cidrs:
  - <10.1.0.0/16>`,
  'policy.v1.PodDisruptionBudgetSpec': `
maxUnavailable: <1>
selector:`,
  'rbac.v1.Role': `
rules:`,
  'rbac.v1.ClusterRole': `
rules:`,
  'rbac.v1.PolicyRule': `
apiGroups:
  - "<>"
resources:
  - <pods>
verbs:
  - <get>
  - <list>
  - <watch>`,
  'rbac.v1.RoleBinding': `
roleRef:
subjects:`,
  'rbac.v1.ClusterRoleBinding': `
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: <name>
subjects:`,
  'rbac.v1.RoleRef': `
apiGroup: rbac.authorization.k8s.io
kind: <Role|ClusterRole>
name: <name>`,
  'rbac.v1.Subject': `
kind: ServiceAccount
name: <default>
namespace: <default>`,
  'storage.v1.StorageClass': `
provisioner: <kubernetes.io/no-provisioner>
volumeBindingMode: <WaitForFirstConsumer|Immediate>`,
  'storage.v1.CSIDriver': `
spec:
  attachRequired: <true|false>`,
  'storage.v1.CSINodeSpec': `
drivers: []`,
  'storage.v1.CSIStorageCapacity': `
storageClassName: <standard>
capacity: <1Gi>`,
  'storage.v1.VolumeAttachmentSpec': `
attacher: <example.com>
nodeName: <node>
source:
  persistentVolumeName: <name>`,
  'storage.v1.VolumeAttributesClass': `
driverName: <example.com>
parameters:
  <key>: <value>`,
  'scheduling.v1.PriorityClass': `
value: <1000>
description: <description>`,
  'node.v1.RuntimeClass': `
handler: <runc>`,
  'coordination.v1.LeaseSpec': `
holderIdentity: <name>
leaseDurationSeconds: <15>`,
  'certificates.v1.CertificateSigningRequestSpec': `
request: <LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlISk1IRUNBUUF3RHpFTk1Bc0dBMVVFQXd3RWJtRnRaVEJaTUJNR0J5cUdTTTQ5QWdFR0NDcUdTTTQ5QXdFSApBMElBQk1RRWgybkEwK3JNRnkwUHpkQzByU1JGSjI0ckZCZDlJRzFSUE5WQXlqZzZ3SDFEam9qa1Fld3V5enlKCjR3U3NGS29PRm11V0ZpeWR5TEdjdlJaeVZEV2dBREFLQmdncWhrak9QUVFEQWdOSUFEQkZBaUJpNlo0UkwvNEUKSnd2L3BHQUlLMnRDR1hCYnIyQWZxYUZINkIySHdSVmZzUUloQVBtdy8xYy8rL2FjN3NuUlZWcTU1NWgxMFR5eQpqTW1wd3VyY2Y3cGNPT1ZDCi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=>
signerName: <kubernetes.io/kube-apiserver-client>
usages:
  - <client auth>`,
  'discovery.v1.EndpointSlice': `
addressType: <IPv4|IPv6>
endpoints:
  - addresses:
      - <10.0.0.1>
ports:
  - name: <http>
    port: <80>`,
  'events.v1.Event': `
eventTime: "<2026-01-01T00:00:00.000000Z>"
reportingController: <example.com/controller>
reportingInstance: <controller-0>
action: <Action>
type: <Normal|Warning>
reason: <Reason>
note: <message>
regarding:
  kind: <Pod>
  namespace: <default>
  name: <name>`,
  'admissionregistration.v1.ValidatingWebhookConfiguration': `
webhooks:`,
  'admissionregistration.v1.MutatingWebhookConfiguration': `
webhooks:`,
  'admissionregistration.v1.ValidatingWebhook': `
name: <check.example.com>
admissionReviewVersions:
  - v1
sideEffects: <None|NoneOnDryRun>
clientConfig:
rules:`,
  'admissionregistration.v1.MutatingWebhook': `
name: <change.example.com>
admissionReviewVersions:
  - v1
sideEffects: <None|NoneOnDryRun>
clientConfig:
rules:`,
  'admissionregistration.v1.WebhookClientConfig': `
service:
  namespace: <default>
  name: <name>
  path: </>`,
  'admissionregistration.v1.RuleWithOperations': ruleWithOperations,
  'admissionregistration.v1.NamedRuleWithOperations': ruleWithOperations,
  'admissionregistration.v1.ValidatingAdmissionPolicySpec': `
matchConstraints:
  resourceRules:
validations:`,
  'admissionregistration.v1.Validation': `
expression: <has(object.metadata.labels)>
message: <message>`,
  'admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec': `
policyName: <name>
validationActions:
  - <Deny|Warn|Audit>`,
  'admissionregistration.v1.MutatingAdmissionPolicySpec': `
matchConstraints:
  resourceRules:
reinvocationPolicy: <Never|IfNeeded>
mutations:
  - patchType: ApplyConfiguration
    applyConfiguration:
      expression: 'Object{metadata: Object.metadata{labels: {"<key>": "<value>"}}}'`,
  'admissionregistration.v1.MutatingAdmissionPolicyBindingSpec': `
policyName: <name>`,
  'apiextensions.v1.CustomResourceDefinitionSpec': `
group: <example.com>
scope: <Namespaced|Cluster>
names:
  kind: <Widget>
  plural: <widgets>
  singular: <widget>
versions:`,
  'apiextensions.v1.CustomResourceDefinitionVersion': `
name: <v1>
served: true
storage: true
schema:`,
  'apiextensions.v1.CustomResourceValidation': `
openAPIV3Schema:
  type: object
  properties:
    spec:
      type: object
      properties:
        <size>:
          type: <integer|string|boolean|object|array>`,
  'apiextensions.v1.CustomResourceColumnDefinition': `
name: <Age>
type: <date|string|integer|number|boolean>
jsonPath: <.metadata.creationTimestamp>`,
  'apiregistration.v1.APIServiceSpec': `
group: <example.com>
version: <v1>
service:
  namespace: <default>
  name: <name>
insecureSkipTLSVerify: <true|false>
groupPriorityMinimum: <1000>
versionPriority: <15>`,
  'authentication.v1.TokenReviewSpec': `
token: <token>`,
  'authentication.v1.TokenRequest': `
spec:
  audiences: []`,
  'authorization.v1.SubjectAccessReviewSpec': `
user: <name>
resourceAttributes:`,
  'authorization.v1.SelfSubjectAccessReviewSpec': `
resourceAttributes:`,
  'authorization.v1.LocalSubjectAccessReview': `
metadata:
  namespace: <default>
spec:`,
  'authorization.v1.ResourceAttributes': `
namespace: <default>
verb: <get>
resource: <pods>`,
  'authorization.v1.SelfSubjectRulesReviewSpec': `
namespace: <default>`,
  'flowcontrol.v1.FlowSchemaSpec': `
priorityLevelConfiguration:
  name: <workload-low>
matchingPrecedence: <1000>
rules:
  - subjects:
      - kind: User
        user:
          name: <name>
    resourceRules:
      - apiGroups:
          - "<>"
        resources:
          - <pods>
        namespaces:
          - <default>
        verbs:
          - <get>`,
  'flowcontrol.v1.PriorityLevelConfigurationSpec': `
type: Limited
limited:
  nominalConcurrencyShares: <30>
  limitResponse:
    type: Reject`,
  'resource.v1.DeviceClassSpec': `
selectors:
  - cel:
      expression: <device.driver == "example.com">`,
  'resource.v1.ResourceClaimSpec': `
devices:
  requests:
    - name: <device>
      exactly:
        deviceClassName: <example.com>`,
  'resource.v1.ResourceClaimTemplateSpec': `
spec:`,
  'resource.v1.ResourceSliceSpec': `
driver: <example.com>
nodeName: <node>
pool:
  name: <node>
  generation: 1
  resourceSliceCount: 1
devices:
  - name: <device>`,
};

/** Types of which an empty one is what people mostly mean. */
const empty = new Set(['core.v1.EmptyDirVolumeSource']);

/** Whether a snippet writes a type as `{}`. */
export function isWrittenEmpty(definition: string | undefined): boolean {
  return definition !== undefined && empty.has(shortName(definition));
}

/** Names of objects that may not be just any. */
const names: Readonly<Record<string, string>> = {
  'networking.v1.IPAddress': '<10.0.0.10>',
  'apiextensions.v1.CustomResourceDefinition': '<widgets>.<example.com>',
  'apiregistration.v1.APIService': '<v1>.<example.com>',
};

/** `core.v1.Container` of `io.k8s.api.core.v1.Container`. */
export function shortName(definition: string): string {
  return definition.split('.').slice(-3).join('.');
}

const read = new Map<string, OutlineNode | undefined>();

/** What a snippet writes of a type, as an outline; undefined when its required fields are all there is to write. */
export function templateOf(definition: string | undefined): OutlineNode | undefined {
  if (definition === undefined) return undefined;
  if (!read.has(definition)) {
    const text = texts[shortName(definition)];
    read.set(definition, text === undefined ? undefined : readOutline(text).root);
  }
  return read.get(definition);
}

/** The name that an object of a kind gets in a snippet. */
export function nameTemplate(definition: string | undefined): string {
  return (definition === undefined ? undefined : names[shortName(definition)]) ?? '<name>';
}
