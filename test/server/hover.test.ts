import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Editor } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const pod = (fields: string) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n${fields}`;
const container = (fields: string) => pod(`  containers:\n    - name: web\n${fields}`);
const deployment = (fields: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 5\n${fields}`;

describe('a hover tells', () => {
  test.each([
    ['cores', container('      resources:\n        limits:\n          cpu: 15|00m\n'), '**1500m** · 1.5 cores · 1500 millicores'],
    [
      'bytes',
      container('      resources:\n        limits:\n          memory: 12|8Mi\n'),
      '**128Mi** · 134,217,728 bytes · 128 MiB · 134.2 MB',
    ],
    ['one core', container('      resources:\n        limits:\n          cpu: 1|\n'), '**1** · 1 core · 1000 millicores'],
    ['a normalised quantity', container('      resources:\n        limits:\n          memory: 20|48Mi\n'), 'is written back as `2Gi`'],
    [
      'stars as they are',
      'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nwebhooks:\n  - rules:\n      - apiGr|oups: []\n',
      "'\\*' is all groups. If '\\*' is present",
    ],
    ['one byte', container('      resources:\n        limits:\n          memory: 1|\n'), '**1** · 1 byte'],
    [
      'a schedule for a day that does not come',
      'apiVersion: batch/v1\nkind: CronJob\nspec:\n  schedule: 0 0 30| 2 *\n',
      'There is no such day: it never runs.',
    ],
    ['thousandths of bytes', container('      resources:\n        limits:\n          memory: 12|8m\n'), '`M` or `Mi` was probably meant'],
    [
      'when a container is restarted',
      container('      livenessProbe:\n        periodSeconds: 5|\n        failureThreshold: 2\n        httpGet: { port: 80 }\n'),
      'A container that never answers is restarted about **6 s** after it started.\n- One that stops answering is restarted **5 s to 11 s** later.',
    ],
    [
      'when it is unready, by the defaults',
      container('      readiness|Probe:\n        tcpSocket: { port: 80 }\n'),
      '**20 s to 31 s** later',
    ],
    [
      'how long it may take to start',
      container('      startupProbe:\n        failureThreshold: 3|0\n'),
      'restarted about **4 min 51 s** after it started',
    ],
    ['parts of an image', container('      image: ng|inx\n'), '`docker.io/library/nginx:latest`'],
    ['the pull policy that follows', container('      image: ng|inx:1.27\n'), 'when the node has it not (IfNotPresent, the default)'],
    ['the pull policy that is written', container('      image: ng|inx\n      imagePullPolicy: Never\n'), '- Pulled: never (Never)'],
    [
      'pods of a surge',
      deployment('  strategy:\n    rollingUpdate:\n      maxSurge: 25|%\n'),
      '25% of 5 replicas = **2 pods**, rounded up. An update runs up to 7 pods.',
    ],
    [
      'pods that may be missing',
      deployment('  strategy:\n    rollingUpdate:\n      maxUnavailable: 25|%\n'),
      '25% of 5 replicas = **1 pod**, rounded down. At least 4 stay available during an update.',
    ],
    [
      'that nothing would move',
      deployment('  strategy:\n    rollingUpdate:\n      maxSurge: 0\n      maxUnavailable: 1|0%\n'),
      'one pod is taken down at a time',
    ],
    ['grace', pod('  terminationGracePeriod|Seconds: 90\n'), 'whatever still runs after **90 s** is killed'],
    [
      'how long a pod stays',
      pod('  tolerations:\n    - key: node.kubernetes.io/unreachable\n      effect: NoExecute\n      tolerationSeconds: 3|00\n'),
      'Stays for **5 min** after the node gets node.kubernetes.io/unreachable',
    ],
    [
      'that seconds mean nothing',
      pod('  tolerations:\n    - effect: NoSchedule\n      tolerationSeconds: 3|00\n'),
      'with effect NoExecute only',
    ],
    [
      'other durations',
      'apiVersion: batch/v1\nkind: Job\nspec:\n  ttlSecondsAfterFinished: 864|00\n',
      'Deleted **1 d** after it has finished',
    ],
    [
      'a rule in words',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: r }\nrules:\n  - apiGroups: ["", apps]\n    resources: [pods, deployments]\n    verbs: [get, li|st]\n    resourceNames: [web]\n',
      'May **get and list** `pods` and `deployments` of the core group and `apps`, only those named `web`.',
    ],
    [
      'how resources of a running pod change',
      container('      resour|ces: {}\n'),
      'CPU and memory of a running pod change in place, by its subresource `resize`',
    ],
    ['that of one of them, too', container('      resources:\n        limits:\n          c|pu: 1\n'), 'subresource `resize`'],
    ['that a field is fixed', deployment('  sele|ctor: {}\n'), 'Cannot be changed once the object is there.'],
    [
      'where the reference is',
      container('      ima|ge: a\n'),
      'https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/#container-v1-core',
    ],
    ['defaults said in words', pod('  containers:\n    - livenessProbe:\n        period|Seconds: 3\n'), 'default: `10`'],
  ])('%s', async (_what, marked, expected) => {
    expect(await editor.hover(marked)).toContain(expected);
  });

  test('what a selector matches now', async () => {
    await editor.open(
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: front }\nspec:\n  replicas: 4\n  template:\n    metadata: { labels: { app: shop, tier: front } }\n',
      'file:///workspace/front.yaml',
    );
    const service = (selector: string) => `apiVersion: v1\nkind: Service\nmetadata: { name: s }\nspec:\n  sele|ctor: ${selector}\n`;
    expect(await editor.hover(service('{ app: shop }'))).toContain('Matches the pods of `Deployment/front`.');
    expect(await editor.hover(service('{ app: other }'))).toContain('Matches no pods in this workspace.');
    const policy = (selector: string) =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p }\nspec:\n  pod|Selector: ${selector}\n`;
    expect(await editor.hover(policy('{}'))).toContain('matches **every** pod');
    expect(await editor.hover(policy('{ matchExpressions: [{ key: tier, operator: In, values: [front, back] }] }'))).toContain(
      '`Deployment/front`',
    );
    expect(await editor.hover(policy('{ matchExpressions: [{ key: tier, operator: DoesNotExist }] }'))).toContain('Matches no pods');
    const budget =
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: b }\nspec:\n  minAvailable: 9|0%\n  selector:\n    matchLabels: { app: shop }\n';
    expect(await editor.hover(budget)).toContain('90% of 4 replicas = **4 pods**, rounded up. No pod may be evicted');
    await editor.close('file:///workspace/front.yaml');
  });

  test('nothing of a secret but its size, and what it says to those who ask', async () => {
    const text = `apiVersion: v1\nkind: Secret\nmetadata: { name: s }\ndata:\n  password: ${btoa('open sesame')}\n  key: /w==\n`;
    const hover = await editor.hover(text.replace('b3Bl', 'b3|Bl'));
    expect(hover).toContain('11 bytes in base64 · [Show decoded](command:kubeside.secret.reveal?');
    expect(hover).not.toContain('sesame');
    const uri = await editor.open(text);
    const reveal = (line: number) => editor.request('kubeside/reveal', { uri, position: { line, character: 14 } });
    expect(await reveal(4)).toBe('open sesame');
    expect(await reveal(1)).toBe(null);
  });
});

const image = (name: string) =>
  editor.hover(`apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - image: |${name}\n`);

test.each([
  ['nginx', 'docker.io', 'library/nginx', 'latest, because none is written'],
  ['me/app:1', 'docker.io', 'me/app', '1'],
  ['localhost:5000/app:latest', 'localhost:5000', 'app', 'latest'],
  ['v1.2/x/y.json', 'v1.2', 'x/y.json', 'latest, because none is written'],
  ['v1/x/y.json', 'docker.io', 'v1/x/y.json', 'latest, because none is written'],
  ['registry.k8s.io/a/b@sha256:0123456789abcdef0123456789abcdef', 'registry.k8s.io', 'a/b', 'none: the digest decides'],
  ['nginx:latest@sha256:0123456789abcdef0123456789abcdef', 'docker.io', 'library/nginx', 'latest'],
])('the image %s comes from %s', async (name, registry, repository, tag) => {
  expect(await image(name)).toContain(`- Registry: ${registry}\n- Repository: ${repository}\n- Tag: ${tag}\n`);
});

test.each([
  ['how many hours', 'volumes: [{ name: t, projected: { sources: [{ serviceAccountToken: { path: a, expiration|Seconds: 1 } }] } }]'],
])('no default is told of what says %s it is', async (_, field) => {
  const hover = await editor.hover(`apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  ${field}\n`);
  expect(hover).toContain('**expirationSeconds**');
  expect(hover).not.toContain('default:');
});

test('what an alias stands for, before what its field is', async () => {
  const anchored = `${container('      resources: &small\n        limits:\n          cpu: 1\n    - name: other\n      resources: *sm|all\n')}`;
  expect(await editor.hover(anchored)).toMatch(/^```yaml\nlimits:\n {2}cpu: 1\n```\n\n---\n\n/);
  const merged = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels: &app\n    app: web\n  annotations:\n    <<: *a|pp\n';
  expect(await editor.hover(merged)).toMatch(/^```yaml\napp: web\n```/);
  expect(await editor.hover(anchored.replace('|', '').replace('&small', '&sm|all'))).not.toContain('```yaml');
});

test('a default that depends on others is told in full only', async () => {
  const hover = await editor.hover(
    'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - imagePull|Policy: Always\n',
  );
  expect(hover).not.toContain('default: `Always`');
});

test.each(['Nginx:1', 'a/B', 'http://a/b'])('of the image %s, which no runtime can read, nothing is told', async (name) => {
  expect(await image(name)).not.toContain('Registry');
});
