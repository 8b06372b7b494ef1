import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Editor } from '../editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const severities = ['', 'error', 'warning', 'information', 'hint'];

/** `line severity rule: message` of some rules, by default. */
async function told(text: string, ...only: string[]): Promise<string[]> {
  const found = await editor.diagnostics(await editor.open(text));
  return found
    .filter(({ code }) => only.includes(String(code)))
    .map(({ range, severity, code, message }) => `${range.start.line + 1} ${severities[severity ?? 0]} ${code}: ${message}`);
}

const workload = (kind: string, name: string, container = '', spec = '') => `apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  ${spec}
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers: [{ name: main, image: a:1${container} }]
---
`;
const autoscaler = (min: number, max: number) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web, namespace: shop }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }, minReplicas: ${min}, maxReplicas: ${max} }
---
`;
const budget = (spec: string) => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: shop }
spec: { ${spec}, selector: { matchLabels: { app: web } } }
`;

describe('replicas, autoscalers and budgets', () => {
  const web = workload('Deployment', 'web', '', 'replicas: 9');
  test.each([
    [
      'replicas beside an autoscaler',
      web + autoscaler(1, 9),
      ['6 hint replicas-with-autoscaler: An autoscaler sets the replicas: leave them out here'],
    ],
    [
      'replicas that the autoscaler does not allow',
      web + autoscaler(2, 4),
      ['6 hint replicas-with-autoscaler: An autoscaler sets the replicas, to 2 at least and 4 at most: leave them out here'],
    ],
    ['none at all', web.replace('9', '0') + autoscaler(1, 9), []],
    [
      'a budget for all replicas',
      web + budget('minAvailable: 9'),
      ['15 warning budget-blocks-drain: No pod may ever be evicted: there are 9 and 9 must stay'],
    ],
    ['a budget for some', web + budget('minAvailable: 8'), []],
    [
      'a budget that the autoscaler may go below',
      workload('Deployment', 'web') + autoscaler(2, 4) + budget('minAvailable: 2'),
      ['20 hint budget-blocks-drain: No pod may be evicted while the autoscaler keeps 2: 2 must stay'],
    ],
    ['a budget below the autoscaler', workload('Deployment', 'web') + autoscaler(2, 4) + budget('minAvailable: 1'), []],
  ])('%s', async (_, text, expected) => {
    expect(await told(text, 'replicas-with-autoscaler', 'budget-blocks-drain')).toEqual(expected);
  });
});

describe('limits and quotas of the namespace', () => {
  const range = `apiVersion: v1
kind: LimitRange
metadata: { name: range, namespace: shop }
spec: { limits: [{ type: Container, max: { memory: 1Gi }, min: { cpu: 100m } }] }
`;
  const quota = (hard: string) => `apiVersion: v1
kind: ResourceQuota
metadata: { name: quota, namespace: shop }
spec: { hard: { ${hard} } }
`;
  const asks = (resources: string, spec = '') => workload('Deployment', 'web', `, resources: { ${resources} }`, spec);
  const rules = ['beyond-limit-range', 'beyond-quota'];

  test.each([
    [
      'more than a container may have',
      asks('limits: { memory: 2Gi }') + range,
      ['10 warning beyond-limit-range: maximum memory usage per Container is 1Gi, but limit is 2Gi'],
    ],
    [
      'less than it must ask for',
      asks('requests: { cpu: 50m }') + range,
      ['10 warning beyond-limit-range: minimum cpu usage per Container is 100m, but request is 50m'],
    ],
    ['what is allowed', asks('requests: { cpu: 0.1, memory: 1024Mi }') + range, []],
    ['the limits of another namespace', asks('limits: { memory: 2Gi }') + range.replace('shop', 'other'), []],
    [
      'more pods than the quota has room for',
      asks('requests: { cpu: 500m }', 'replicas: 3') + quota('requests.cpu: 1'),
      ['6 warning beyond-quota: Quota "quota" allows requests.cpu=1, and 3 pods of this ask for 1500m'],
    ],
    ['what fits', asks('requests: { cpu: 500m }', 'replicas: 2') + quota('cpu: 1'), []],
    [
      'a quota of what the container does not say',
      workload('Deployment', 'web') + quota('limits.memory: 1Gi'),
      ['10 warning beyond-quota: failed quota: quota: must specify limits.memory for: main'],
    ],
    ['the same with a default', `${workload('Deployment', 'web') + quota('limits.memory: 1Gi')}---\n${range}`, []],
  ])('%s', async (_, text, expected) => {
    expect(await told(text, ...rules)).toEqual(expected);
  });
});

describe('variables and probes of a container', () => {
  const pod = (container: string) => workload('Deployment', 'web', `, ${container}`);
  test.each([
    [
      'one that is not there',
      'env: [{ name: HOST, value: a }], args: ["--host=$(HOSTS)"]',
      ['10 warning undefined-variable: No variable "HOSTS" is defined here (did you mean "HOST"?)'],
    ],
    ['one that is there', 'env: [{ name: HOST, value: a }], args: ["--host=$(HOST)"]', []],
    [
      'one that comes too late',
      'env: [{ name: A, value: $(BEHIND) }, { name: BEHIND, value: a }]',
      ['10 hint undefined-variable: No variable "BEHIND" is defined here'],
    ],
    ['one that is escaped', 'args: [$$(NOBODY)]', []],
    ['a command of a shell', 'command: [sh, -c, "echo $(hostname)"]', []],
    ['an address that Kubernetes gives', 'args: [$(DB_SERVICE_HOST)]', []],
    ['what other objects bring', 'envFrom: [{ configMapRef: { name: a, optional: true } }], args: [$(NOBODY)]', []],
    [
      'a probe of another port',
      'ports: [{ containerPort: 80 }], livenessProbe: { tcpSocket: { port: 81 } }',
      ['10 hint probe-port: The container lists other ports than 81: 80'],
    ],
    ['a probe where no ports are listed', 'livenessProbe: { tcpSocket: { port: 81 } }', []],
  ])('%s', async (_, container, expected) => {
    expect(await told(pod(container), 'undefined-variable', 'probe-port')).toEqual(expected);
  });
});

describe('workloads beside each other', () => {
  const agent = (name: string, kind = 'DaemonSet') => workload(kind, name, ', ports: [{ containerPort: 1, hostPort: 9100 }]');
  test.each([
    [
      'the same port of every node',
      agent('one') + agent('two'),
      [
        '10 hint host-port-clash: DaemonSet "two" takes port 9100/TCP of the node too',
        '21 hint host-port-clash: DaemonSet "one" takes port 9100/TCP of the node too',
      ],
    ],
    ['another protocol', agent('one') + agent('two').replace('9100', '9100, protocol: UDP'), []],
    ['neither on every node', agent('one', 'Deployment') + agent('two', 'Deployment'), []],
    [
      'selectors that overlap',
      workload('Deployment', 'one') + workload('Deployment', 'two').replaceAll('app: two', 'app: one'),
      [
        '5 hint overlapping-selectors: The selectors of this and of Deployment "two" choose each other\'s pods',
        '16 hint overlapping-selectors: The selectors of this and of Deployment "one" choose each other\'s pods',
      ],
    ],
    ['selectors that do not', workload('Deployment', 'one') + workload('Deployment', 'two'), []],
  ])('%s', async (_, text, expected) => {
    expect(await told(text, 'host-port-clash', 'overlapping-selectors')).toEqual(expected);
  });

  test('a claim takes the place of a volume, and one that nothing mounts is told', async () => {
    const claims =
      'volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]';
    const volumes = '      volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]\n---\n';
    const claim = 'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: other, namespace: shop }\n';
    const db = workload('StatefulSet', 'db', '', claims);
    expect(await told(db.replace('---\n', volumes) + claim, 'dangling-reference')).toEqual([]);
    expect(await told(db, 'unused-volume')).toEqual(['6 hint unused-volume: No container mounts volume "data"']);
    expect(await told(workload('StatefulSet', 'db', ', volumeMounts: [{ name: data, mountPath: /a }]', claims), 'unused-volume')).toEqual(
      [],
    );
  });
});

describe('Pod Security', () => {
  const namespace = (labels: string) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { ${labels} } }\n`;
  const host = workload('Deployment', 'web', ', securityContext: { privileged: true }');
  const enforced = (text: string) => told(text, 'pod-security-enforced');

  test('what the namespace enforces, in the words of the API server', async () => {
    expect(await enforced(host + namespace('pod-security.kubernetes.io/enforce: baseline'))).toEqual([
      '10 warning pod-security-enforced: would violate PodSecurity "baseline:latest": privileged (container "main" must not set securityContext.privileged=true)',
    ]);
    const pinned = 'pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/enforce-version: v1.18';
    expect(await enforced(workload('Deployment', 'web') + namespace(pinned))).toEqual([
      '10 warning pod-security-enforced: would violate PodSecurity "restricted:v1.18": allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false)',
      '10 warning pod-security-enforced: would violate PodSecurity "restricted:v1.18": runAsNonRoot != true (pod or container "main" must set securityContext.runAsNonRoot=true)',
    ]);
  });

  test.each([
    [
      'the volume',
      workload('Deployment', 'web', '', '').replace(
        'containers:',
        'volumes:\n      - name: sock\n        hostPath: { path: /run }\n      containers:',
      ),
      'sock',
    ],
    ['the port', workload('Deployment', 'web', ', ports: [{ containerPort: 1 }, { containerPort: 2, hostPort: 22 }]'), '22'],
    [
      'the setting',
      workload('Deployment', 'web').replace(
        'containers:',
        'securityContext: { sysctls: [{ name: kernel.msgmax, value: "1" }] }\n      containers:',
      ),
      'kernel.msgmax',
    ],
    ['the list', workload('Deployment', 'web', ', securityContext: { capabilities: { add: [SYS_ADMIN] } }'), 'add'],
  ])('stands at %s', async (_, text, marked) => {
    const whole = text + namespace('pod-security.kubernetes.io/enforce: baseline');
    const document = TextDocument.create('', 'yaml', 0, whole);
    const found = (await editor.diagnostics(await editor.open(whole))).filter(({ code }) => code === 'pod-security-enforced');
    expect(found.map(({ range }) => document.getText(range))).toEqual([marked]);
  });

  test('a namespace that enforces nothing, or another one', async () => {
    expect(await enforced(host + namespace('pod-security.kubernetes.io/warn: restricted'))).toEqual([]);
    expect(await enforced(host + namespace('pod-security.kubernetes.io/enforce: baseline').replace('shop', 'other'))).toEqual([]);
  });

  test('what is enforced is told once', async () => {
    await editor.configure({ 'pod-security-baseline': 'warning', 'pod-security-restricted': 'warning' });
    const text = host + namespace('pod-security.kubernetes.io/enforce: baseline');
    const found = await told(text, 'pod-security-enforced', 'pod-security-baseline', 'pod-security-restricted');
    expect(found.filter((line) => line.includes('privileged='))).toHaveLength(1);
    expect(found.filter((line) => line.includes('pod-security-restricted')).length).toBeGreaterThan(3);
    await editor.configure({});
  });
});
