import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompletionItem } from 'vscode-languageserver';
import { Editor } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
  await editor.open(
    [
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { color: blue, size: "3" }\n',
      'apiVersion: v1\nkind: Secret\nmetadata: { name: login }\nstringData: { password: x }\n',
      'apiVersion: v1\nkind: Service\nmetadata: { name: shop }\nspec: { selector: { app: shop }, ports: [{ name: http, port: 80 }] }\n',
      'apiVersion: v1\nkind: Node\nmetadata: { name: big, labels: { disk: ssd } }\n',
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: team }\n',
      'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: fast }\nprovisioner: x.y\n',
      'apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: { name: vital }\nvalue: 9\n',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: disk }\n',
      'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: robot }\n',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec:\n  template:\n    metadata: { labels: { app: shop, tier: "1" } }\n    spec: { containers: [{ name: a, ports: [{ name: web, containerPort: 8080 }] }] }\n',
    ].join('---\n'),
    'file:///workspace/others.yaml',
  );
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const sorted = async (marked: string) =>
  (await editor.complete(marked)).toSorted((left, right) => ((left.sortText ?? '') < (right.sortText ?? '') ? -1 : 1));
const labels = async (marked: string) => (await sorted(marked)).map(({ label }) => label);

/** The text with a proposal taken in, its stops empty. */
async function taken(marked: string, label: string): Promise<string> {
  const item: CompletionItem | undefined = (await editor.complete(marked)).find((candidate) => candidate.label === label);
  const edit = item?.textEdit;
  if (!edit || !('range' in edit)) return `no ${label}`;
  const lines = marked.replace('|', '').split('\n');
  const { start, end } = edit.range;
  const line = lines[start.line] ?? '';
  lines[start.line] = line.slice(0, start.character) + edit.newText + line.slice(end.character);
  return lines.join('\n').replace(/\$\{\d+[:|]([^}|,]*)[^}]*\}|\$\d+/g, '$1');
}

const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n';
const deployment = 'apiVersion: apps/v1\nkind: Deployment\nspec:\n';

describe('completion works', () => {
  test.each([
    [
      'with odd indentation to the left',
      `${deployment}    replicas: 1\n   min|`,
      'minReadySeconds',
      `${deployment}    replicas: 1\n    minReadySeconds: `,
    ],
    ['with odd indentation to the right', `${deployment}  replicas: 1\n     |`, 'paused', `${deployment}  replicas: 1\n  paused: true`],
    [
      'at the margin between a field and what is below it',
      `${pod}|\n\n  # note\n  containers: []\n`,
      'hostPID',
      `${pod}  hostPID: true\n\n  # note\n  containers: []\n`,
    ],
    [
      'at the margin between the fields of an item',
      `${pod}  containers:\n  - name: a\n|\n    image: b\n`,
      'tty',
      `${pod}  containers:\n  - name: a\n    tty: true\n    image: b\n`,
    ],
    ['above what is there', `${deployment}  |\n    replicas: 1\n`, 'paused', `${deployment}    paused: true\n    replicas: 1\n`],
    [
      'right before a field, which stays',
      `${pod}  |containers:\n  - name: a\n`,
      'hostNetwork',
      `${pod}  hostNetwork: true\n  containers:\n  - name: a\n`,
    ],
    [
      'right before the first field of an item, which stays',
      `${pod}  containers:\n  - |name: a\n`,
      'tty',
      `${pod}  containers:\n  - tty: true\n    name: a\n`,
    ],
    [
      'right before a field in flow style, which stays',
      `${pod}  securityContext: { |runAsUser: 1 }\n`,
      'runAsGroup',
      `${pod}  securityContext: { runAsGroup: , runAsUser: 1 }\n`,
    ],
    ['in the name of a field, which it becomes', `${pod}  host|Network: true\n`, 'hostPID', `${pod}  hostPID: true\n`],
    [
      'below a list as far left as its name',
      `${pod}  containers:\n  - name: a\n  |`,
      'image',
      `${pod}  containers:\n  - name: a\n  - image: `,
    ],
    [
      'below the name of a list, without a dash',
      `${pod}  tolerations:\n  |`,
      '- Toleration',
      `${pod}  tolerations:\n  - key: key\n    operator: Exists\n    effect: NoSchedule`,
    ],
    [
      'in lists that are indented by four',
      `${pod}    containers:\n        - name: a\n          |`,
      'ports',
      `${pod}    containers:\n        - name: a\n          ports:\n              - name: http\n                containerPort: 80`,
    ],
    ['right behind a dash', `${pod}  containers:\n  -|`, 'image', `${pod}  containers:\n  - image: `],
    ['right behind the colon of a mapping', `${pod}  affinity:|`, 'Affinity', `${pod}  affinity:\n    `],
    ['for the version of a kind', 'kind: CronJob\n|', 'apiVersion', 'kind: CronJob\napiVersion: batch/v1'],
    ['right behind a colon', `${pod}  restartPolicy:|`, 'Never', `${pod}  restartPolicy: Never`],
    ['inside a name', `${pod}  host|Net: true\n`, 'hostPID', `${pod}  hostPID: true\n`],
    ['inside a value', `${pod}  restartPolicy: On|Fai\n`, 'OnFailure', `${pod}  restartPolicy: OnFailure\n`],
    ['right before quotes', `${pod}  restartPolicy: |"On"\n`, 'OnFailure', `${pod}  restartPolicy: OnFailure\n`],
    ['between a colon and a value', `${pod}  restartPolicy:| On\n`, 'OnFailure', `${pod}  restartPolicy: OnFailure\n`],
    ['nothing between quotes for a boolean', `${pod}  hostNetwork: "|"\n`, 'true', 'no true'],
    ['nothing between quotes for a number', `${pod}  priority: "|"\n`, '0', 'no 0'],
    ['inside quotes', `${pod}  restartPolicy: "On|"\n`, 'OnFailure', `${pod}  restartPolicy: "OnFailure"\n`],
    ['in flow style', `${pod}  containers: [{ name: a, im| }]\n`, 'image', `${pod}  containers: [{ name: a, image:  }]\n`],
    [
      'for values in flow style',
      `${pod}  containers: [{ imagePullPolicy: | }]\n`,
      'Never',
      `${pod}  containers: [{ imagePullPolicy: Never }]\n`,
    ],
    [
      'in JSON',
      '{ "apiVersion": "v1", "kind": "Pod", "spec": { "restartPolicy": "|" } }',
      'Never',
      '{ "apiVersion": "v1", "kind": "Pod", "spec": { "restartPolicy": "Never" } }',
    ],
    [
      'with what is required, in flow style',
      `${pod}  containers: [{ name: a, env: [{ valueFrom: { secret| } }] }]\n`,
      'secretKeyRef',
      `${pod}  containers: [{ name: a, env: [{ valueFrom: { secretKeyRef: { name: name, key: key } } }] }]\n`,
    ],
    [
      'with lists that are required, in flow style',
      `${pod}  containers: [{ name: a, |}]\n`,
      'ports',
      `${pod}  containers: [{ name: a, ports: [{ name: http, containerPort: 80 }]}]\n`,
    ],
    [
      'ahead of what is there in flow style',
      `${pod}  containers: [{| name: a,\n    image: b }]\n`,
      'tty',
      `${pod}  containers: [{tty: true, name: a,\n    image: b }]\n`,
    ],
    [
      'in flow style on a line of its own',
      `${pod}  containers: [{\n    |\n    name: a }]\n`,
      'tty',
      `${pod}  containers: [{\n    tty: true,\n    name: a }]\n`,
    ],
    [
      'in flow style that is open',
      `${pod}  securityContext: { |\n  hostPID: true\n`,
      'runAsUser',
      `${pod}  securityContext: { runAsUser: \n  hostPID: true\n`,
    ],
    ['for an item in flow style', `${pod}  containers: [|]\n`, 'Container', `${pod}  containers: [{ name: app, image: nginx }]\n`],
    [
      'for a mapping in flow style',
      `${pod}  securityContext: { seccompProfile: | }\n`,
      'SeccompProfile',
      `${pod}  securityContext: { seccompProfile: { type: RuntimeDefault } }\n`,
    ],
    [
      'in a name between quotes',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    "app.kub|"\n',
      'app.kubernetes.io/name',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    app.kubernetes.io/name: \n',
    ],
    [
      'for names in JSON',
      '{ "apiVersion": "v1", "kind": "Pod", "spec": { "cont|" } }',
      'containers',
      '{ "apiVersion": "v1", "kind": "Pod", "spec": { "containers":  } }',
    ],
    ['between half-typed lines', `${pod}  contai\n  host|\n  foo: [\n`, 'hostPID', `${pod}  contai\n  hostPID: true\n  foo: [\n`],
    [
      'below a name without a value',
      `${pod}  securityContext:\n    |\n  hostNetwork: true\n`,
      'runAsNonRoot',
      `${pod}  securityContext:\n    runAsNonRoot: true\n  hostNetwork: true\n`,
    ],
    ['in the second document', `a: 1\n---\n${pod}  |`, 'hostPID', `a: 1\n---\n${pod}  hostPID: true`],
    [
      'with a kind in lower case',
      'apiVersion: apps/v1\nkind: deployment\nspec:\n  |',
      'paused',
      'apiVersion: apps/v1\nkind: deployment\nspec:\n  paused: true',
    ],
    [
      'with the kind at the end',
      'spec:\n  |\nkind: Pod\napiVersion: v1\n',
      'hostPID',
      'spec:\n  hostPID: true\nkind: Pod\napiVersion: v1\n',
    ],
    [
      'before any kind is written, by the fields',
      'metadata:\n  name: a\nspec:\n  replicas: 1\n  |',
      'paused',
      'metadata:\n  name: a\nspec:\n  replicas: 1\n  paused: true',
    ],
    [
      'in the items of a List',
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec:\n    |',
      'hostPID',
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec:\n    hostPID: true',
    ],
    [
      'for a value that reads as something else',
      `apiVersion: v1\nkind: Service\nspec:\n  selector:\n    tier: |`,
      '1',
      'apiVersion: v1\nkind: Service\nspec:\n  selector:\n    tier: "1"',
    ],
  ])('%s', async (_where, marked, label, expected) => {
    expect(await taken(marked, label)).toBe(expected);
  });

  test('for items only between a list and its name', async () => {
    const offered = await labels(`${pod}  containers:\n  |\n  - name: a\n`);
    expect(offered).toContain('- Container');
    expect(offered).not.toContain('hostPID');
  });

  test('not between the lines of a block of text', async () => {
    expect(await labels('apiVersion: v1\nkind: ConfigMap\ndata:\n  a: >\n    b\n|\n    c\n')).toEqual([]);
  });

  test('not in YAML that is none of Kubernetes', async () => {
    expect(await labels('services:\n  web:\n    |')).toEqual([]);
    expect(await labels('version: "3"\n|\nservices: {}\n')).toEqual([]);
  });

  test('on a line that begins a document with spaces', async () => {
    expect(await labels('  |')).toEqual(expect.arrayContaining(['apiVersion', 'Deployment']));
  });

  test('without offering what is there', async () => {
    const offered = await labels(`${pod}  hostPID: true\n  |\n  hostIPC: true\n  containers:\n    - name: a\n`);
    expect(offered).toContain('hostNetwork');
    for (const name of ['hostPID', 'hostIPC', 'containers']) expect(offered).not.toContain(name);
    expect(new Set(offered).size).toBe(offered.length);
  });
});

describe('fields are ranked', () => {
  test('required first, then what people write most, deprecated last', async () => {
    const items = await sorted(`${pod}  |`);
    expect(items.slice(0, 3).map(({ label }) => label)).toEqual(['containers', 'volumes', 'serviceAccountName']);
    expect(items.at(-1)).toMatchObject({ label: 'serviceAccount', tags: [1] });
    expect(items[0]).toMatchObject({ detail: '[]Container · required', labelDetails: { detail: ' required' } });
  });

  test('with their defaults', async () => {
    const items = await editor.complete(`${pod}  containers:\n    - livenessProbe:\n        |`);
    expect(items.find(({ label }) => label === 'periodSeconds')?.labelDetails?.description).toBe('integer = 10');
    const more = await editor.complete('apiVersion: apps/v1\nkind: Deployment\nspec:\n  |');
    expect(more.find(({ label }) => label === 'progressDeadlineSeconds')?.detail).toBe('integer · default: 600');
  });
});

const container = `${pod}  containers:\n    - name: a\n`;

describe('values are known', () => {
  test.each([
    ['names of ConfigMaps', `${container}      envFrom:\n        - configMapRef:\n            name: |`, ['settings']],
    [
      'keys of a Secret',
      `${container}      env:\n        - valueFrom:\n            secretKeyRef:\n              name: login\n              key: |`,
      ['password'],
    ],
    ['whether a sidecar is started again', `${pod}  initContainers:\n    - restartPolicy: |`, ['Always', 'Never']],
    ['claims', `${pod}  volumes:\n    - name: a\n      persistentVolumeClaim:\n        claimName: |`, ['disk']],
    ['accounts', `${pod}  serviceAccountName: |`, ['robot', 'default']],
    ['priorities', `${pod}  priorityClassName: |`, ['vital', 'system-cluster-critical']],
    ['nodes', `${pod}  nodeName: |`, ['big']],
    ['labels of nodes', `${pod}  nodeSelector:\n    |`, ['disk: ssd', 'kubernetes.io/hostname']],
    ['namespaces', 'apiVersion: v1\nkind: Pod\nmetadata:\n  namespace: |', ['team', 'default', 'kube-system']],
    ['storage classes', 'apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  storageClassName: |', ['fast']],
    ['sizes', 'apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  resources:\n    requests:\n      storage: |', ['1Gi', '10Gi']],
    ['amounts of CPU', `${container}      resources:\n        limits:\n          cpu: |`, ['100m', '500m']],
    ['resources', `${container}      resources:\n        limits:\n          |`, ['cpu', 'memory', 'nvidia.com/gpu']],
    [
      'ports of a probe',
      `${container}      ports: [{ name: web, containerPort: 80 }]\n      readinessProbe:\n        httpGet:\n          port: |`,
      ['web', '80'],
    ],
    [
      'ports of a back end',
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec:\n  defaultBackend:\n    service:\n      name: shop\n      port:\n        number: |',
      ['80'],
    ],
    [
      'ports of the pods behind a Service',
      'apiVersion: v1\nkind: Service\nspec:\n  selector: { app: shop }\n  ports:\n    - targetPort: |',
      ['web', '8080'],
    ],
    ['volumes', `${container}      volumeMounts:\n        - name: |\n  volumes:\n    - name: data\n      emptyDir: {}\n`, ['data']],
    [
      'labels of the template for the selector',
      `${deployment}  selector:\n    matchLabels:\n      |\n  template:\n    metadata:\n      labels:\n        app: mine\n`,
      ['app: mine'],
    ],
    ['variables', `${container}      env:\n        - name: HOST\n          value: x\n      args:\n        - --host=$(|`, ['HOST']],
    [
      'fields of the pod',
      `${container}      env:\n        - name: IP\n          valueFrom:\n            fieldRef:\n              fieldPath: |`,
      ['status.podIP', 'spec.nodeName'],
    ],
    ['schedules', 'apiVersion: batch/v1\nkind: CronJob\nspec:\n  schedule: |', ['0 3 * * *', '@daily']],
    ['time zones', 'apiVersion: batch/v1\nkind: CronJob\nspec:\n  timeZone: |', ['Etc/UTC', 'Asia/Shanghai']],
    ['taints', `${pod}  tolerations:\n    - key: |`, ['node-role.kubernetes.io/control-plane']],
    ['topology', `${pod}  topologySpreadConstraints:\n    - topologyKey: |`, ['kubernetes.io/hostname', 'topology.kubernetes.io/zone']],
    [
      'resources of a group',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules:\n  - apiGroups: [apps]\n    resources:\n      - |',
      ['deployments', 'deployments/scale'],
    ],
    [
      'verbs',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules:\n  - resources: [roles]\n    verbs: [|]',
      ['get', 'bind', 'escalate'],
    ],
    [
      'roles',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nroleRef:\n  kind: ClusterRole\n  name: |',
      ['view', 'cluster-admin'],
    ],
    [
      'targets of an autoscaler',
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec:\n  scaleTargetRef:\n    kind: Deployment\n    name: |',
      ['shop'],
    ],
    [
      'annotations',
      'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata:\n  annotations:\n    |',
      ['storageclass.kubernetes.io/is-default-class: true'],
    ],
    [
      'the other access modes',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  accessModes:\n    - ReadWriteOnce\n    - |',
      ['ReadWriteMany'],
    ],
  ])('%s', async (_what, marked, expected) => {
    expect(await labels(marked)).toEqual(expect.arrayContaining(expected));
  });

  test('resources of other groups and values that are there already are not offered', async () => {
    const rule = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules:\n  - apiGroups: [apps]\n    resources:\n      - |';
    expect(await labels(rule)).not.toContain('pods');
    const modes = 'apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  accessModes:\n    - ReadWriteOnce\n    - |';
    expect(await labels(modes)).not.toContain('ReadWriteOnce');
  });

  test('a kind brings its version and a version its kind', async () => {
    const one = (await editor.complete('kind: |\n')).find(({ label }) => label === 'CronJob');
    expect(one?.additionalTextEdits).toMatchObject([{ newText: 'apiVersion: batch/v1\n' }]);
    const changed = (await editor.complete('kind: |\napiVersion: v1\n')).find(({ label }) => label === 'CronJob');
    expect(changed?.additionalTextEdits).toMatchObject([{ newText: 'batch/v1' }]);
    const other = (await editor.complete('apiVersion: |\n')).find(({ label }) => label === 'policy/v1');
    expect(other?.additionalTextEdits).toMatchObject([{ newText: '\nkind: PodDisruptionBudget' }]);
  });
});

test('alternatives of a custom resource are proposed, too', async () => {
  await editor.open(
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: things.example.com }\nspec:\n  group: example.com\n  scope: Namespaced\n  names: { kind: Thing, plural: things }\n  versions:\n    - name: v1\n      served: true\n      storage: true\n      schema:\n        openAPIV3Schema:\n          type: object\n          properties:\n            spec:\n              type: object\n              properties: { mode: { type: string } }\n              anyOf:\n                - properties: { mode: { enum: [fast, slow] } }\n',
    'file:///workspace/things.yaml',
  );
  expect(await labels('apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: a\nspec:\n  |')).toContain('mode');
  expect(await labels('apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: a\nspec:\n  mode: |')).toEqual(
    expect.arrayContaining(['fast', 'slow']),
  );
});
