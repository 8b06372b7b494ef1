import { expect } from 'vitest';
import { deployment } from './manifests.ts';
import { script, sharedCluster } from './script.ts';

const shared = sharedCluster('kubectl get, describe, explain');
const web = { 'web.yaml': deployment({ replicas: 2 }) };
const ready = { run: 'rollout status deployment web --timeout=60s', says: 'successfully rolled out' };

script(
  'get',
  shared,
  [
    { run: 'apply -f {dir}/web.yaml', says: 'created' },
    ready,
    { run: 'get deployments', says: /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +2\/2 +2 +2 / },
    { run: 'get deployments -o wide', says: /CONTAINERS +IMAGES +SELECTOR\nweb .* web +nginx:1.25 +app=web/ },
    { run: 'get deployment web -o json', says: '"progressDeadlineSeconds": 600' },
    { run: 'get deployment web -o yaml', says: 'progressDeadlineSeconds: 600', hides: 'managedFields' },
    { run: 'get deployment web -o yaml --show-managed-fields', says: 'managedFields' },
    { run: 'get deployment web -o name', says: 'deployment.apps/web' },
    { run: 'get pods -o jsonpath={.items[*].status.phase}', says: 'Running Running' },
    { run: 'get pods -o jsonpath-as-json={.items[*].spec.schedulerName}', says: /\[\s+"default-scheduler",\s+"default-scheduler"\s+\]/ },
    { run: `get pods -o 'go-template={{range .items}}{{.status.phase}};{{end}}'`, says: 'Running;Running;' },
    { run: 'get pods -o custom-columns=P:.status.phase,I:.spec.containers[*].image', says: /^P +I\nRunning +nginx:1.25\n/ },
    { run: 'get pods --show-labels', says: /LABELS\n.* app=web,pod-template-hash=/ },
    { run: 'get pods -L app,missing', says: /APP +MISSING\n.* web / },
    { run: 'get pods --no-headers', hides: 'NAME' },
    { run: 'get pods --server-print=false', says: /^NAME +AGE\n/ },
    { run: 'get pods --sort-by=.metadata.name -o name', also: ({ stdout }) => expect(lines(stdout)).toEqual(lines(stdout).sort()) },
    { run: 'get pods --chunk-size=1 -o name', also: ({ stdout }) => expect(lines(stdout)).toHaveLength(2) },
    { run: 'get pods --field-selector=status.phase=Running -o name', says: 'pod/web-' },
    { run: 'get pods --field-selector=status.phase=Failed', says: 'No resources found in {ns} namespace.' },
    { run: 'get pods --field-selector=status.nope=x', fails: 'field label not supported: status.nope' },
    { run: "get pods -l 'app in (web),!x' -o name", says: 'pod/web-' },
    { run: 'get pods -l a===', fails: 'unable to parse requirement' },
    { run: 'get pods -A --no-headers', says: '{ns} ' },
    { run: 'get deployment web --subresource=status -o name', says: 'deployment.apps/web' },
    { run: 'get deployment web --subresource=scale', says: /^NAME +DESIRED +AVAILABLE +AGE\nweb +2 +2 / },
    { run: 'get all -o name', says: /pod\/web-[\s\S]*deployment.apps\/web[\s\S]*replicaset.apps\/web-/ },
    { run: 'get deployment/web service/none', fails: 'services "none" not found' },
    { run: 'get deployment web none --ignore-not-found -o name', says: /^deployment.apps\/web\n$/ },
    { run: 'get nothings', fails: `the server doesn't have a resource type "nothings"` },
    { run: 'get -f {dir}/web.yaml -o name', says: 'deployment.apps/web' },
    { run: 'get componentstatuses', says: /v1 ComponentStatus is deprecated in v1.19\+/ },
    { run: 'get apiservices', says: /NAME +SERVICE +AVAILABLE +AGE\nv1\. +Local +True/, eventually: true },
    { run: 'get apiservices', says: /v2\.autoscaling +Local +True/, eventually: true },
    { run: 'get cs', says: /scheduler +Healthy +ok *\ncontroller-manager +Healthy +ok *\netcd-0 +Healthy +ok/ },
    {
      run: 'get configmap extension-apiserver-authentication -n kube-system -o jsonpath={.data.client-ca-file}',
      says: '-----BEGIN CERTIFICATE-----',
    },
    { run: 'get --raw /healthz', says: 'ok' },
    { run: 'get --raw /readyz?verbose', says: 'readyz check passed' },
    { run: 'get --raw /api/v1/namespaces/{ns}/pods?limit=1', says: '"remainingItemCount":1' },
    { run: 'get --raw /nope', fails: 'the server could not find the requested resource' },
    { run: 'get pods -w --output-watch-events --request-timeout=2s --no-headers', says: /^ADDED +web-/ },
    {
      run: 'get configmaps --watch-only --request-timeout=8s --no-headers',
      says: /^seen /,
      during: 'create configmap seen',
      also: ({ stdout }) => expect(lines(stdout)).toHaveLength(1),
    },
  ],
  web,
);

script(
  'describe',
  shared,
  [
    { run: 'apply -f {dir}/web.yaml', says: 'created' },
    { run: 'apply -f -', input: everyKind(), says: 'created' },
    ready,
    { run: 'describe deployment web', says: /Replicas: +2 desired \| 2 updated \| 2 total \| 2 available[\s\S]*ScalingReplicaSet/ },
    { run: 'describe replicasets', says: /Controlled By: +Deployment\/web[\s\S]*SuccessfulCreate/ },
    { run: 'describe pods --show-events', says: 'Successfully assigned {ns}/web-' },
    { run: 'describe service svc', says: /Endpoints: +10\.244\.\d+\.\d+:80/, eventually: true },
    { run: 'describe endpoints svc', says: /Addresses: +10\.244/ },
    { run: 'describe endpointslices', says: /AddressType: +IPv4[\s\S]*Ready: +true/ },
    { run: 'describe nodes', says: /Allocated resources/ },
    { run: 'describe namespace {ns}', says: /Resource Quotas[\s\S]*Resource Limits/ },
    { run: 'describe configmap cm', says: /a:\n----\nb/ },
    { run: 'describe secret secret', says: /Type: +Opaque[\s\S]*a: +1 bytes/ },
    { run: 'describe serviceaccount sa', says: /Name: +sa/ },
    { run: 'describe limitrange limits', says: /Container +cpu +- +- +100m +200m/ },
    { run: 'describe quota quota', says: /configmaps +\d +9/ },
    { run: 'describe ingress ing', says: /\/bar +svc:80 \(10\.244/ },
    { run: 'describe ingressclass ic-{v}', says: /Controller: +example.com\/ic/ },
    { run: 'describe networkpolicy np', says: /Allowing ingress traffic:[\s\S]*To Port: 80\/TCP/ },
    { run: 'describe pdb pdb', says: /Min available: +1/ },
    { run: 'describe hpa hpa', says: /Reference: +Deployment\/web[\s\S]*Max replicas: +3/ },
    { run: 'describe statefulset sts', says: /Replicas: +0 desired/ },
    { run: 'describe daemonset ds', says: /Selector: +a=ds/ },
    { run: 'describe job job', says: /Completion Mode: +NonIndexed/ },
    { run: 'describe cronjob cj', says: /Schedule: +0 0 1 1 \*/ },
    { run: 'describe replicationcontroller rc', says: /Replicas: +0 current \/ 0 desired/ },
    { run: 'describe pvc pvc', says: /StorageClass: +none/ },
    { run: 'describe pv pv-{v}', says: /Type: +HostPath/ },
    { run: 'describe storageclass sc-{v}', says: /Provisioner: +example.com\/none/ },
    { run: 'describe role role', says: /pods +\[\] +\[\] +\[get\]/ },
    { run: 'describe rolebinding rb', says: /User +jane/ },
    { run: 'describe clusterrole cluster-admin', says: /\*\.\* +\[\] +\[\] +\[\*\]/ },
    { run: 'describe clusterrolebinding cluster-admin', says: /Group +system:masters/ },
    { run: 'describe priorityclass system-node-critical', says: /Value: +2000001000/ },
    { run: 'describe leases -n kube-node-lease', says: /Holder Identity: +node-1/ },
    { run: 'describe validatingwebhookconfiguration vwc-{v}', says: /Failure Policy: +Ignore/ },
    { run: 'describe podtemplate pt', says: /Name: +pt/ },
    { run: 'describe runtimeclass rc-{v}', says: /Handler: +x/ },
    { run: 'describe pod nope', fails: 'pods "nope" not found' },
  ],
  web,
);

script(
  'events',
  shared,
  [
    { run: 'apply -f {dir}/web.yaml', says: 'created' },
    ready,
    { run: 'get events', says: /ScalingReplicaSet +deployment\/web/, hides: '<unknown>' },
    { run: 'get events -o wide', says: /\d+s +Normal +Scheduled +pod\/web-\S+ +default-scheduler, default-scheduler-\S+ +Successfully/ },
    { run: 'describe pods --show-events', says: /Normal +Scheduled +\d+s +default-scheduler +Successfully assigned/, hides: '<unknown>' },
    { run: 'get events --sort-by=.lastTimestamp -o name', says: 'event/web' },
    { run: 'events', says: /LAST SEEN +TYPE +REASON +OBJECT +MESSAGE[\s\S]*Scheduled +Pod\/web-/ },
    { run: 'events --for deployment/web --types=Normal', says: 'ScalingReplicaSet', hides: 'Scheduled' },
    { run: 'events -o yaml', says: 'kind: Event' },
    { run: 'get events.events.k8s.io -o name', says: 'event.events.k8s.io/web' },
  ],
  web,
);

script('discover and explain', shared, [
  { run: 'version', says: /Server Version: (version.Info.*)?v1\.36\./ },
  { run: 'cluster-info', says: 'Kubernetes control plane' },
  { run: 'cluster-info dump --namespaces={ns} --output-directory={dir}/dump', says: 'Cluster info dumped to {dir}/dump' },
  { run: 'api-versions', says: /^apps\/v1$[\s\S]*^v1$/m, hides: 'alpha' },
  { run: 'api-resources', says: /^deployments +deploy +apps\/v1 +true +Deployment$/m },
  { run: 'api-resources --api-group=apps -o wide', says: /create,delete,deletecollection,get,list,patch,update,watch +all/ },
  { run: 'api-resources --verbs=list --namespaced -o name', says: 'networkpolicies.networking.k8s.io' },
  { run: 'api-resources --categories=all --no-headers --sort-by=name', says: /^cronjobs/ },
  { run: 'explain pods.spec.containers.resources', says: /FIELD: +resources <ResourceRequirements>/ },
  { run: 'explain deployment --recursive', says: /minReadySeconds\s+<integer>/ },
  { run: 'explain hpa.spec.metrics --api-version=autoscaling/v2', says: /VERSION: +v2/ },
  { run: 'explain pods.spec.restartPolicy --output=plaintext-openapiv2', says: /FIELD: +restartPolicy <string>/ },
  { run: 'explain pods.nope', fails: 'field "nope" does not exist' },
  { run: 'explain nothings', fails: /doesn't have a resource type "nothings"|not found/ },
]);

script(
  'wait',
  shared,
  [
    { run: 'apply -f {dir}/web.yaml', says: 'created' },
    { run: 'wait --for=condition=Available deployment/web --timeout=30s', says: 'deployment.apps/web condition met' },
    { run: 'wait --for=condition=Ready pods --all --timeout=30s', says: /(pod\/web-.* condition met\n){2}/ },
    { run: 'wait --for=jsonpath={.status.readyReplicas}=2 deployment/web --timeout=30s', says: 'condition met' },
    { run: 'wait --for=jsonpath={.status.readyReplicas} deployment/web --timeout=30s', says: 'condition met', since: '1.31' },
    {
      run: 'wait --for=condition=Available=False deployment/web --timeout=1s',
      fails: 'timed out waiting for the condition on deployments/web',
    },
    { run: 'wait --for=create configmap/none --timeout=1s', fails: 'timed out waiting for the condition', since: '1.31' },
    {
      run: 'wait --for=create configmap/later --timeout=20s',
      says: 'configmap/later condition met',
      since: '1.31',
      during: 'create configmap later',
    },
    { run: 'create configmap leaving', says: 'created' },
    { run: 'wait --for=delete configmap/leaving --timeout=20s', says: /condition met|^$/, during: 'delete configmap leaving' },
    { run: 'wait --for=delete configmap/none --timeout=1s' },
    { run: 'wait --for=condition=Ready pod/none --timeout=1s', fails: 'pods "none" not found' },
  ],
  web,
);

function lines(text: string): string[] {
  return text.trimEnd().split('\n');
}

/** One object of every stable kind that has a description of its own, in as few words as it can be said. */
function everyKind(): string {
  const template = (label: string, restartPolicy = 'Always') =>
    `template: {metadata: {labels: {a: ${label}}}, spec: {restartPolicy: ${restartPolicy}, nodeSelector: {none: such}, containers: [{name: c, image: nginx}]}}`;
  const object = (apiVersion: string, kind: string, name: string, rest = '') =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}}\n${rest}\n`;
  return [
    object('v1', 'ConfigMap', 'cm', 'data: {a: b}'),
    object('v1', 'Secret', 'secret', 'stringData: {a: b}'),
    object('v1', 'ServiceAccount', 'sa'),
    object('v1', 'Service', 'svc', 'spec: {selector: {app: web}, ports: [{port: 80}]}'),
    object('v1', 'LimitRange', 'limits', 'spec: {limits: [{type: Container, defaultRequest: {cpu: 100m}, default: {cpu: 200m}}]}'),
    object('v1', 'ResourceQuota', 'quota', 'spec: {hard: {configmaps: "9"}}'),
    object('v1', 'ReplicationController', 'rc', `spec: {replicas: 0, selector: {a: rc}, ${template('rc')}}`),
    object(
      'v1',
      'PersistentVolumeClaim',
      'pvc',
      'spec: {storageClassName: none, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}',
    ),
    object(
      'v1',
      'PersistentVolume',
      'pv-{v}',
      'spec: {storageClassName: other, capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /x}}',
    ),
    object('v1', 'PodTemplate', 'pt', template('pt')),
    object('apps/v1', 'StatefulSet', 'sts', `spec: {replicas: 0, serviceName: svc, selector: {matchLabels: {a: sts}}, ${template('sts')}}`),
    object('apps/v1', 'DaemonSet', 'ds', `spec: {selector: {matchLabels: {a: ds}}, ${template('ds')}}`),
    object('batch/v1', 'Job', 'job', `spec: {suspend: true, ${template('job', 'Never')}}`),
    object('batch/v1', 'CronJob', 'cj', `spec: {schedule: "0 0 1 1 *", jobTemplate: {spec: {${template('cj', 'Never')}}}}`),
    object(
      'autoscaling/v2',
      'HorizontalPodAutoscaler',
      'hpa',
      'spec: {maxReplicas: 3, minReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}',
    ),
    object('networking.k8s.io/v1', 'IngressClass', 'ic-{v}', 'spec: {controller: example.com/ic}'),
    object(
      'networking.k8s.io/v1',
      'Ingress',
      'ing',
      'spec: {rules: [{host: foo.com, http: {paths: [{path: /bar, pathType: Prefix, backend: {service: {name: svc, port: {number: 80}}}}]}}]}',
    ),
    object('networking.k8s.io/v1', 'NetworkPolicy', 'np', 'spec: {podSelector: {}, ingress: [{ports: [{port: 80}]}]}'),
    object('policy/v1', 'PodDisruptionBudget', 'pdb', 'spec: {minAvailable: 1, selector: {matchLabels: {a: none}}}'),
    object('storage.k8s.io/v1', 'StorageClass', 'sc-{v}', 'provisioner: example.com/none'),
    object('rbac.authorization.k8s.io/v1', 'Role', 'role', 'rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]'),
    object(
      'rbac.authorization.k8s.io/v1',
      'RoleBinding',
      'rb',
      'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: role}\nsubjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: jane}]',
    ),
    object(
      'admissionregistration.k8s.io/v1',
      'ValidatingWebhookConfiguration',
      'vwc-{v}',
      'webhooks: [{name: a.b.example, failurePolicy: Ignore, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {url: "https://127.0.0.1:1/x"}, rules: [{apiGroups: [none.example], apiVersions: [v1], operations: [CREATE], resources: [nones]}]}]',
    ),
    object('node.k8s.io/v1', 'RuntimeClass', 'rc-{v}', 'handler: x'),
  ].join('---\n');
}
