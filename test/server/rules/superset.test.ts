import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { equivalents } from '../../../server/rules/equivalents.ts';
import { rules } from '../../../server/rules/index.ts';
import { Editor, fixture } from '../editor.ts';
import {
  autoscaler,
  binding,
  budget,
  type Case,
  configMap,
  cronJob,
  type Edit,
  edited,
  ingress,
  job,
  manifest,
  monitor,
  policy,
  role,
  service,
  variable,
  volume,
} from './cases.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

/** What is found without a rule, by the codes of problems. */
const told: Readonly<Record<string, readonly string[]>> = {
  schema: ['unknown-field', 'unknown-kind', 'kind', 'type', 'required'],
  validation: ['rule', 'enum', 'required'],
  version: ['removed-version', 'deprecated'],
  syntax: ['syntax', 'duplicate-field', 'alias', 'yaml'],
  admission: ['admission-policy'],
};

/** Checks that are not covered, and why. */
const uncovered = new Map([['monokle YML020', 'tags are left to whoever reads the file: Kubernetes ignores most of them']]);

const docker: Case = [volume({ hostPath: { path: '/var/run/docker.sock' } }), volume({ emptyDir: {} })];
const hostVolume: Case = [volume({ hostPath: { path: '/etc' } }, { readOnly: true }), volume({ emptyDir: {} })];
const admin: Case = [binding('cluster-admin'), binding('view')];
const exec: Case = [
  role({ apiGroups: [''], resources: ['pods/exec'], verbs: ['create'] }),
  role({ apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }),
];
const creation: Case = [
  role({ apiGroups: ['apps'], resources: ['deployments'], verbs: ['create'] }),
  role({ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] }),
];
const secrets: Case = [
  role({ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }),
  role({ apiGroups: [''], resources: ['pods'], verbs: ['list'] }),
];
const wildcard: Case = [
  role({ apiGroups: ['*'], resources: ['widgets'], verbs: ['get'] }),
  role({ apiGroups: ['a.b'], resources: ['widgets'], verbs: ['get'] }),
];
const account: Case = [{ 's/serviceAccountName': 'someone' }];
const disruption: Case = [budget({ maxUnavailable: 0 }), budget({ maxUnavailable: 1 })];
const latest: Case = [{ 'c/image': 'example.org/web:latest' }];
const unlabelled = (label: string): Case => [{ [`metadata/labels/${label.replaceAll('/', '~1')}`]: undefined }];
const secret = (key: string, value: string): Case => [variable(key, value), variable(key, 'see the vault')];
const fromSecret: Case = [
  variable('A', { secretKeyRef: { name: 'keys', key: 'a', optional: true } }),
  variable('A', { fieldRef: { fieldPath: 'metadata.name' } }),
];
const password: Case = [variable('DB_PASSWORD', 'hunter2'), variable('DB_HOST', 'db')];
const mismatch: Case = [{ 'spec/selector/matchLabels/app': 'another' }];
const old = (apiVersion: string, kind: string, now: string): Case => [
  manifest(apiVersion, kind, { spec: {} }),
  manifest(now, kind, { spec: {} }),
];
const seccomp: Case = [{ 's/securityContext/seccompProfile': undefined }];
const drop: Case = [{ 'c/securityContext/capabilities': undefined }];
const statefulSet = (spec: object) =>
  manifest('apps/v1', 'StatefulSet', {
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'db' } },
      template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'a', image: 'b:1' }] } },
      ...spec,
    },
  });
const spread = {
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: { app: 'db' } },
    },
  ],
};
const dbPods = (spec: object) => ({ metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'a', image: 'b:1' }], ...spec } });
const headless = (clusterIP?: string) =>
  `${manifest('v1', 'Service', { spec: { ...(clusterIP && { clusterIP }), selector: { app: 'db' }, ports: [{ port: 1 }] } }, { name: 'db' })}---\n${statefulSet({ serviceName: 'db' })}`;
const dbBudget = manifest('policy/v1', 'PodDisruptionBudget', { spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'db' } } } });
const otherAutoscaler = (name: string) => autoscaler({ scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name } });
const routed = (name: string) => `${service({})}---\n${ingress({ defaultBackend: { service: { name, port: { number: 8080 } } } })}`;
const owned = (name: string) =>
  manifest('v1', 'ConfigMap', { data: {} }, { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid: 'a' }] });
const classed = (name: string) =>
  `${manifest('scheduling.k8s.io/v1', 'PriorityClass', { value: 1 }, { name: 'high', namespace: undefined })}---\n${cronJob({}, {}, { priorityClassName: name })}`;
const validating = (expression: string) =>
  manifest(
    'admissionregistration.k8s.io/v1',
    'ValidatingAdmissionPolicy',
    {
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }],
        },
        validations: [{ expression }],
      },
    },
    { namespace: undefined },
  );
const inForce = (expression: string) => {
  const spec = { policyName: 'other', validationActions: ['Deny'] };
  const bound = manifest('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', { spec }, { namespace: undefined });
  return `${validating(expression)}---\n${bound}`;
};
const keyed = (key: string) =>
  `${configMap({ color: 'red' })}---\n${cronJob({}, {}, { containers: [{ name: 'a', image: 'b:1', env: [{ name: 'C', valueFrom: { configMapKeyRef: { name: 'other', key } } }] }] })}`;
const optionally = (name: string) =>
  `${configMap({ color: 'red' })}---\n${cronJob({}, {}, { containers: [{ name: 'a', image: 'b:1', envFrom: [{ configMapRef: { name, optional: true } }] }] })}`;
const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: m, namespace: shop }\n';
const yaml = (bad: string): Case => [`${map}${bad}`, `${map}data: { a: b }\n`];
const probe = (name: string): Case => [{ [`c/${name}`]: { httpGet: { path: '/', port: 9999 } } }];
const beyondOne = (name: string): Case => [{ [`c/livenessProbe/${name}`]: -1 }];

/** What each rule finds, and what it does not. */
const byRule: Readonly<Record<string, Case>> = {
  'added-capabilities': [
    { 'c/securityContext/capabilities/add': ['SYS_ADMIN'] },
    { 'c/securityContext/capabilities/add': ['NET_BIND_SERVICE'] },
  ],
  'anti-affinity': [{ 's/topologySpreadConstraints': undefined }],
  'automount-token': [{ 's/automountServiceAccountToken': undefined }],
  'autoscaler-range': [autoscaler({ minReplicas: 1 }), autoscaler({})],
  'bare-pod': [manifest('v1', 'Pod', { spec: { containers: [{ name: 'a', image: 'b:1' }] } })],
  'budget-blocks-drain': disruption,
  'budget-without-policy': [budget({}), budget({ minAvailable: 1 })],
  'cluster-admin': admin,
  'contact-annotation': [{ 'metadata/annotations/email': 'nobody' }],
  'cpu-limit': [{ 'c/resources/limits/cpu': undefined }],
  'cpu-request': [{ 'c/resources/limits/cpu': undefined, 'c/resources/requests/cpu': undefined }],
  'cron-concurrency': [cronJob({ concurrencyPolicy: undefined }), cronJob({})],
  'cron-deadline': [cronJob({ startingDeadlineSeconds: undefined }), cronJob({})],
  'dangling-key': [keyed('colour'), keyed('color')],
  'dangling-reference': account,
  'default-namespace': [{ 'metadata/namespace': 'default' }],
  'default-service-account': [{ 's/serviceAccountName': undefined }],
  'deprecated-service-account': [{ 's/serviceAccountName': undefined, 's/serviceAccount': 'careful' }],
  'dns-options': [{ 's/dnsConfig': undefined }],
  'docker-socket': docker,
  'drop-capabilities': drop,
  'duplicate-env': [
    {
      'c/env': [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
    },
    {
      'c/env': [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    },
  ],
  'environment-label': unlabelled('env'),
  'ephemeral-storage': [{ 'c/resources/limits/ephemeral-storage': undefined }],
  'equal-limits': [{ 'c/resources/requests/cpu': '100m' }],
  'escalating-role': [
    role({ apiGroups: [''], resources: ['users'], verbs: ['impersonate'] }),
    role({ apiGroups: [''], resources: ['users'], verbs: ['get'] }),
  ],
  'exposed-service': [service({ type: 'NodePort' }), service({})],
  'few-replicas': [{ 'spec/replicas': 1 }],
  'headless-service': [headless(), headless('None')],
  'host-ipc': [{ 's/hostIPC': true }, { 's/hostIPC': false }],
  'host-network': [{ 's/hostNetwork': true }, { 's/hostNetwork': false }],
  'host-path': hostVolume,
  'host-pid': [{ 's/hostPID': true }, { 's/hostPID': false }],
  'host-port': [{ 'c/ports/0/hostPort': 8080 }],
  'host-process': [
    { 's/securityContext/windowsOptions': { hostProcess: true } },
    { 's/securityContext/windowsOptions': { hostProcess: false } },
  ],
  'identical-probes': [{ 'c/livenessProbe/httpGet': { path: '/ready', port: 8080 } }],
  'image-digest': [{ 'c/image': 'example.org/web:1' }],
  'image-pull-policy': [{ 'c/imagePullPolicy': 'IfNotPresent' }],
  'ingress-tls': [ingress({}), ingress({ tls: [{ hosts: ['a.b'] }] })],
  'instance-label': [{ 'metadata/labels/app.kubernetes.io~1instance': 'another' }],
  'job-cleanup': [job({}), job({ ttlSecondsAfterFinished: 60 })],
  'kernel-confinement': [{ 's/securityContext/seccompProfile': undefined, 'c/securityContext': undefined }],
  'latest-image': latest,
  'liveness-probe': [{ 'c/livenessProbe': undefined }],
  'low-group-id': [{ 's/securityContext/runAsGroup': 1000 }],
  'low-user-id': [{ 's/securityContext/runAsUser': undefined }],
  'memory-limit': [{ 'c/resources/limits/memory': undefined }],
  'memory-request': [{ 'c/resources/limits/memory': undefined, 'c/resources/requests/memory': undefined }],
  'monitor-selects-nothing': [monitor({ app: 'shpo' }), monitor({ app: 'shop' })],
  'mount-propagation': [volume({ emptyDir: {} }, { mountPropagation: 'Bidirectional' }), volume({ emptyDir: {} })],
  'node-affinity': [{ 's/affinity': undefined }],
  'odd-amount': [{ 'c/resources/limits/memory': '512' }],
  'optional-reference': [optionally('others'), optionally('other')],
  'owner-label': unlabelled('owner'),
  'peer-selects-nothing': [
    policy({ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'carefull' } } }] }] }),
    policy({ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'careful' } } }] }] }),
  ],
  'pod-creation': creation,
  'pod-exec': exec,
  'pod-isolation': [statefulSet({}), `${statefulSet({})}---\n${policy({ podSelector: {} }).replace('name: other', 'name: all')}`],
  'pod-security-baseline': [{ 's/hostNetwork': true }],
  'pod-security-restricted': [{ 'c/securityContext/allowPrivilegeEscalation': undefined }],
  'pre-stop': [{ 'c/lifecycle': undefined }],
  'priority-class': [{ 's/priorityClassName': undefined }],
  'privilege-escalation': [{ 'c/securityContext/allowPrivilegeEscalation': undefined }],
  'privileged-container': [{ 'c/securityContext/privileged': true, 'c/securityContext/allowPrivilegeEscalation': undefined }],
  'privileged-port': [{ 'c/ports/0/containerPort': 80 }],
  'privileged-scc': [
    manifest('security.openshift.io/v1', 'SecurityContextConstraints', { allowPrivilegedContainer: true }),
    manifest('security.openshift.io/v1', 'SecurityContextConstraints', { allowPrivilegedContainer: false }),
  ],
  'probe-port': probe('livenessProbe'),
  'read-only-root': [{ 'c/securityContext/readOnlyRootFilesystem': false }],
  'readiness-probe': [{ 'c/readinessProbe': undefined }],
  'recommended-labels': unlabelled('app.kubernetes.io/name'),
  'replicas-with-autoscaler': [autoscaler({}), otherAutoscaler('another')],
  'restart-policy': [manifest('v1', 'Pod', { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b:1' }] } })],
  'root-group': [{ 's/securityContext/runAsGroup': 0 }],
  'run-as-non-root': [{ 's/securityContext/runAsNonRoot': false, 's/securityContext/runAsUser': undefined }],
  'seccomp-profile': seccomp,
  'secret-access': secrets,
  'secret-from-env': fromSecret,
  'secret-in-env': password,
  'selects-nothing': [service({ selector: { app: 'carefull' } }), service({})],
  'sensitive-config-map': [configMap({ 'db-password': 'hunter2' }), configMap({ 'db-host': 'db' })],
  'sensitive-host-path': hostVolume,
  'sorted-keys': [{ 'spec/minReadySeconds': 1 }],
  'ssh-port': [{ 'c/ports/0/containerPort': 22 }],
  'system-masters': [
    binding('view', { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:masters' }),
    binding('view', { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'people' }),
  ],
  'topology-spread': [{ 's/topologySpreadConstraints': undefined }],
  'unhealthy-eviction': [budget({ maxUnavailable: 1, unhealthyPodEvictionPolicy: undefined }), budget({ maxUnavailable: 1 })],
  'unmasked-proc': [{ 's/hostUsers': false, 'c/securityContext/procMount': 'Unmasked' }, { 'c/securityContext/procMount': 'Default' }],
  'unsafe-sysctls': [
    { 's/securityContext/sysctls': [{ name: 'kernel.msgmax', value: '1' }] },
    { 's/securityContext/sysctls': [{ name: 'net.ipv4.tcp_syncookies', value: '1' }] },
  ],
  'update-strategy': [{ 'spec/strategy': { type: 'Recreate' } }, { 'spec/strategy': { type: 'RollingUpdate' } }],
  'wildcard-host': [ingress({ rules: [{ host: '*.a.b' }] }), ingress({ rules: [{ host: 'a.b' }] })],
  'wildcard-role': wildcard,
  'workload-budget': [statefulSet({}), `${statefulSet({})}---\n${dbBudget}`],
  'writable-host-path': [volume({ hostPath: { path: '/srv' } }), volume({ hostPath: { path: '/srv' } }, { readOnly: true })],
  version: old('extensions/v1beta1', 'Deployment', 'apps/v1'),
};

/** What checks find that find something of their own, or something that is no rule. */
const byCheck: Readonly<Record<string, Case>> = {
  'kube-linter dangling-horizontalpodautoscaler': [otherAutoscaler('another'), autoscaler({})],
  'kube-linter dangling-ingress': [routed('others'), routed('other')],
  'kube-linter dangling-networkpolicy': [
    policy({ podSelector: { matchLabels: { app: 'carefull' } } }),
    policy({ podSelector: { matchLabels: { app: 'careful' } } }),
  ],
  'kube-linter invalid-target-ports': [
    service({ ports: [{ port: 80, targetPort: 'Not_A_Port' }] }),
    service({ ports: [{ port: 80, targetPort: 'http' }] }),
  ],
  'kube-linter mismatching-selector': mismatch,
  'kube-linter pdb-min-available': [budget({ minAvailable: 3 }), budget({ minAvailable: 2 })],
  'kube-linter priority-class-name': [classed('hihg'), classed('high')],
  'kube-linter readiness-port': probe('readinessProbe'),
  'kube-linter startup-port': probe('startupProbe'),
  'kube-linter schema-validation': [{ 'spec/replica': 3 }],
  'kube-score container-ports-check': [{ 'c/ports/0/name': 'much-too-long-for-a-name' }],
  'kube-score cronjob-restartpolicy': [cronJob({}, {}, { restartPolicy: 'Always' }), cronJob({})],
  'kube-score deployment-pod-selector-labels-match-template-metadata-labels': mismatch,
  'kube-score horizontalpodautoscaler-has-target': [otherAutoscaler('another'), autoscaler({})],
  'kube-score ingress-targets-service': [routed('others'), routed('other')],
  'kube-score label-values': [{ 'metadata/labels/owner': 'not a label' }],
  'kube-score networkpolicy-targets-pod': [
    policy({ podSelector: { matchLabels: { app: 'carefull' } } }),
    policy({ podSelector: { matchLabels: { app: 'careful' } } }),
  ],
  'kube-score statefulset-has-host-podantiaffinity': [statefulSet({}), statefulSet({ template: dbPods(spread) })],
  'kube-score statefulset-pod-selector-labels-match-template-metadata-labels': [
    statefulSet({ selector: { matchLabels: { app: 'another' } } }),
    statefulSet({}),
  ],
  'polaris pdbMinAvailableGreaterThanHPAMinReplicas': [
    `${budget({ minAvailable: 4 })}---\n${autoscaler({})}`,
    `${budget({ minAvailable: 2 })}---\n${autoscaler({})}`,
  ],
  'monokle K8S001': [{ 'spec/replicas': 'many' }],
  'monokle K8S004': [manifest('apps/v1', 'Deploiment', {}), manifest('apps/v1', 'ControllerRevision', { revision: 1 })],
  'monokle KSV002': [
    { 'spec/template/metadata/annotations': { 'container.apparmor.security.beta.kubernetes.io/web': 'unconfined' } },
    { 'spec/template/metadata/annotations': { 'container.apparmor.security.beta.kubernetes.io/web': 'runtime/default' } },
  ],
  'monokle KSV025': [
    { 's/securityContext/seLinuxOptions': { type: 'spc_t' } },
    { 's/securityContext/seLinuxOptions': { type: 'container_t' } },
  ],
  'monokle KSV028': [volume({ nfs: { server: 'a', path: '/' } }), volume({ emptyDir: {} })],
  'monokle LNK003': [owned('carefull'), owned('careful')],
  'monokle PSS101': [{ 's/securityContext/windowsOptions': { hostProcess: true } }],
  'monokle PSS103': [{ 'c/securityContext/privileged': true }],
  'monokle PSS104': [{ 'c/securityContext/capabilities/add': ['NET_ADMIN'] }],
  'monokle PSS105': hostVolume,
  'monokle PSS106': [{ 'c/ports/0/hostPort': 8080 }],
  'monokle PSS107': [{ 's/securityContext/appArmorProfile': { type: 'Unconfined' } }],
  'monokle PSS108': [{ 's/securityContext/seLinuxOptions': { user: 'a' } }],
  'monokle PSS110': [{ 's/securityContext/seccompProfile/type': 'Unconfined' }],
  'monokle PSS111': [{ 's/securityContext/sysctls': [{ name: 'kernel.msgmax', value: '1' }] }],
  'monokle PSS201': [volume({ nfs: { server: 'a', path: '/' } }), volume({ emptyDir: {} })],
  'monokle PSS203': [{ 's/securityContext/runAsNonRoot': undefined }],
  'monokle PSS204': [{ 's/securityContext/runAsUser': 0 }],
  'monokle PSS205': seccomp,
  'monokle PSS206': drop,
  'monokle VAP001': [inForce('object.spec.replicas < 2'), inForce('object.spec.replicas > 1')],
  'monokle VAP002': [validating('object.('), validating('true')],
  'monokle YML001': yaml('data: &a\n  b: c\n  d: &e *a\n'),
  'monokle YML002': yaml('data:\n  a: *\n'),
  'monokle YML003': [`${map}...\n%YAML\n---\n${map}`, map],
  'monokle YML004': yaml('data: { a: "\\q" }\n'),
  'monokle YML005': yaml('data:\n    a: b\n  c: d\n'),
  'monokle YML006': yaml('data: { a: b }\nbinaryData: &x - a\n'),
  'monokle YML007': yaml('data: { a: @b }\n'),
  'monokle YML008': yaml('data: a: b: c\n'),
  'monokle YML009': yaml('data: {\n  a: |\n    b\n}\n'),
  'monokle YML010': yaml('data: { a: b, a: c }\n'),
  'monokle YML012': yaml(`data:\n  ? ok\n  : x\n  ${'k'.repeat(1100)}: a\n`),
  'monokle YML013': yaml('data: *nobody\n'),
  'monokle YML014': yaml('data: { a: "b }\n'),
  'monokle YML015': yaml('data:\n  a\n  b: c\n'),
  'monokle YML016': yaml('data: &a &b { c: d }\n'),
  'monokle YML018': yaml('data: !!map !!map { c: d }\n'),
  'monokle YML019': yaml('data:\n\ta: b\n'),
  'monokle YML021': yaml('data: ]\n'),
  'datree ALL_EXPOSED_SECRET_AWS': secret('KEY', 'AKIAIOSFODNN7EXAMPLE'),
  'datree ALL_EXPOSED_SECRET_BITBUCKET': secret('BITBUCKET_ID', 'a1'.repeat(16)),
  'datree ALL_EXPOSED_SECRET_DATADOG': secret('DATADOG_ID', 'a1'.repeat(20)),
  'datree ALL_EXPOSED_SECRET_GCP': secret('KEY', `AIza${'a1'.repeat(17)}b`),
  'datree ALL_EXPOSED_SECRET_GITHUB': secret('KEY', `ghp_${'a1'.repeat(18)}`),
  'datree ALL_EXPOSED_SECRET_GITLAB': secret('KEY', `glpat-${'a1'.repeat(10)}`),
  'datree ALL_EXPOSED_SECRET_HEROKU': secret('HEROKU_ID', '12345678-1234-1234-1234-123456789abc'),
  'datree ALL_EXPOSED_SECRET_JWT': secret('KEY', `ey${'a1'.repeat(16)}.ey${'a1'.repeat(20)}.${'a1'.repeat(20)}`),
  'datree ALL_EXPOSED_SECRET_LAUNCHDARKLY': secret('LAUNCHDARKLY_ID', 'a1'.repeat(20)),
  'datree ALL_EXPOSED_SECRET_NEWRELIC': secret('NEW_RELIC_ID', `NRAK-${'a1'.repeat(13)}b`),
  'datree ALL_EXPOSED_SECRET_NPM': secret('KEY', `npm_${'a1'.repeat(18)}`),
  'datree ALL_EXPOSED_SECRET_OKTA': secret('OKTA_ID', 'a1'.repeat(21)),
  'datree ALL_EXPOSED_SECRET_PRIVATEKEY': secret('KEY', '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----'),
  'datree ALL_EXPOSED_SECRET_STRIPE': secret('KEY', `sk_live_${'a1'.repeat(12)}`),
  'datree ALL_EXPOSED_SECRET_SUMOLOGIC': secret('SUMO_ID', 'a1'.repeat(7)),
  'datree ALL_EXPOSED_SECRET_TERRAFORM': secret('KEY', `${'a1'.repeat(7)}.atlasv1.${'a1'.repeat(32)}`),
  'datree ALL_EXPOSED_SECRET_TWILIO': secret('KEY', `SK${'a1'.repeat(16)}`),
  'datree ALL_EXPOSED_SECRET_VAULT': secret('KEY', `hvs.${'a1'.repeat(48)}`),
  'datree CONTAINERS_INCORRECT_FAILURETHRESHOLD_VALUE': beyondOne('failureThreshold'),
  'datree CONTAINERS_INCORRECT_INITIALDELAYSECONDS_VALUE': beyondOne('initialDelaySeconds'),
  'datree CONTAINERS_INCORRECT_PERIODSECONDS_VALUE': beyondOne('periodSeconds'),
  'datree CONTAINERS_INCORRECT_SUCCESSTHRESHOLD_VALUE': beyondOne('successThreshold'),
  'datree CONTAINERS_INCORRECT_TIMEOUTSECONDS_VALUE': beyondOne('timeoutSeconds'),
  'datree CRONJOB_INVALID_SCHEDULE_VALUE': [cronJob({ schedule: 'every day' }), cronJob({})],
  'datree HPA_MISSING_MAXREPLICAS_KEY': [autoscaler({ maxReplicas: undefined }), autoscaler({})],
  'datree K8S_DEPRECATED_APIVERSION_1.17': old('rbac.authorization.k8s.io/v1alpha1', 'ClusterRole', 'rbac.authorization.k8s.io/v1'),
  'datree K8S_DEPRECATED_APIVERSION_1.19': old('networking.k8s.io/v1beta1', 'Ingress', 'networking.k8s.io/v1'),
  'datree K8S_DEPRECATED_APIVERSION_1.21': old('policy/v1beta1', 'PodDisruptionBudget', 'policy/v1'),
  'datree K8S_DEPRECATED_APIVERSION_1.22': old('autoscaling/v2beta1', 'HorizontalPodAutoscaler', 'autoscaling/v2'),
  'datree K8S_DEPRECATED_APIVERSION_1.23': old('autoscaling/v2beta2', 'HorizontalPodAutoscaler', 'autoscaling/v2'),
  'datree K8S_DEPRECATED_APIVERSION_1.24': old('storage.k8s.io/v1beta1', 'CSIStorageCapacity', 'storage.k8s.io/v1'),
  'datree K8S_REMOVED_APIVERSION_1.22': old('rbac.authorization.k8s.io/v1beta1', 'Role', 'rbac.authorization.k8s.io/v1'),
  'datree K8S_REMOVED_APIVERSION_1.25': old('batch/v1beta1', 'CronJob', 'batch/v1'),
  'datree K8S_REMOVED_APIVERSION_1.26': old('autoscaling/v2beta2', 'HorizontalPodAutoscaler', 'autoscaling/v2'),
  'datree K8S_REMOVED_APIVERSION_1.27': old('storage.k8s.io/v1beta1', 'CSIStorageCapacity', 'storage.k8s.io/v1'),
  'datree RESOURCE_MISSING_NAME': [{ 'metadata/name': undefined }],
  'datree WORKLOAD_INVALID_LABELS_VALUE': [{ 'metadata/labels/owner': 'not a label' }],
};

async function codes(edit: Edit | undefined): Promise<string[]> {
  const found = await editor.diagnostics(await editor.open(edited(edit)));
  return [...new Set(found.map(({ code }) => String(code)))];
}

const checks = fixture('other-linters.txt')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(' ') as [keyof typeof equivalents, string]);

test('every check of other linters is known here, and nothing else is', () => {
  const known = Object.entries(equivalents).flatMap(([linter, all]) => Object.keys(all).map((id) => `${linter} ${id}`));
  expect([...known, ...uncovered.keys()].sort()).toEqual(checks.map((check) => check.join(' ')).sort());
  const names = new Set([...rules.map(({ id }) => id), ...Object.keys(told)]);
  expect(Object.values(equivalents).flatMap((all) => Object.values(all).filter((rule) => !names.has(rule)))).toEqual([]);
});

describe.each(checks.filter((check) => !uncovered.has(check.join(' '))))('%s %s', (linter, id) => {
  const rule = equivalents[linter][id] ?? '';
  const [bad, good] = byCheck[`${linter} ${id}`] ?? byRule[rule] ?? [{}];

  test(`${rule} finds it where it is, and not where it is not`, async () => {
    const wanted = told[rule] ?? [rule];
    // What a standard asks for is told by single rules where these are on.
    const alone = rule.startsWith('pod-security');
    await editor.configure(Object.fromEntries(rules.map(({ id }) => [id, alone && id !== rule ? 'off' : 'warning'])));
    expect((await codes(bad)).filter((code) => wanted.includes(code))).not.toEqual([]);
    expect((await codes(good)).filter((code) => wanted.includes(code))).toEqual([]);
  });
});
