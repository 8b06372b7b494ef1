import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { kinds } from '../../runtime/api/generated/kinds.ts';
import { apiVersionOf, groupVersionPath } from '../../runtime/api/kinds/kind.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import { splitDocuments } from '../../server/documents/split.ts';
import { startVirtualCluster, type VirtualCluster } from '../support/virtual-cluster.ts';
import { Editor } from './editor.ts';
import { Typist } from './typist.ts';

let virtual: VirtualCluster;
let editor: Editor;

beforeAll(async () => {
  virtual = await startVirtualCluster({ nodes: 0 });
  editor = await Editor.start();
});

afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
  await virtual.stop();
});

/** What the API server answers when the documents are created one after the other. */
async function create(text: string): Promise<string[]> {
  const answers: string[] = [];
  for (const { start, end } of splitDocuments(text)) {
    const body = text.slice(start, end);
    const object = parse(body) as KubeObject;
    const kind = kinds.find((row) => row.kind === object.kind && apiVersionOf(row) === object.apiVersion);
    if (!kind) {
      answers.push(`no kind ${object.kind}`);
      continue;
    }
    const place = kind.namespaced ? '/namespaces/default' : '';
    const response = await virtual.cluster.client.transport(
      new Request(`https://kubernetes.default.svc${groupVersionPath(kind)}${place}/${kind.plural}?fieldValidation=Strict`, {
        method: 'POST',
        headers: { 'content-type': 'application/yaml' },
        body,
      }),
    );
    const answer = (await response.json()) as { message?: string };
    answers.push(response.ok ? `${object.kind} created` : `${object.kind}: ${answer.message}`);
  }
  return answers;
}

const created = (...names: readonly string[]) => names.map((name) => `${name} created`);

describe('typed from nothing with completion', () => {
  test('a Deployment, its Service and its Ingress', async () => {
    const typist = new Typist(editor);
    await typist.pick('Deployment', { name: 'web', app: 'web', nginx: 'nginx:1.29' });
    await typist.enter(10).pick('ports');
    await typist.enter(10).pick('readinessProbe');
    await typist.enter(14).pick('scheme');
    await typist.pick('HTTP');
    await typist.enter(12).pick('periodSeconds');
    await typist.type('5').enter(10).pick('resources');
    await typist.enter(10).pick('imagePullPolicy');
    await typist.pick('IfNotPresent');
    await typist.enter(2).pick('strategy');
    await typist.pick('rollingUpdate');
    await typist.pick('maxSurge');
    await typist.pick('25%');
    typist.type('\n---\n');
    await typist.pick('kind');
    await typist.pick('Service');
    await typist.enter(0).pick('metadata', { name: 'web' });
    await typist.enter(0).type('spec:').enter(2).pick('selector');
    await typist.pick('app: web');
    await typist.enter(2).type('ports:').enter(4).pick('- ServicePort');
    await typist.enter(6).pick('name');
    await typist.pick('http');
    typist.type('\n---\n');
    await typist.pick('apiVersion');
    await typist.pick('networking.k8s.io/v1');
    await typist.enter(0).pick('Ingress', { name: 'web', 'example.com': 'web.example.com' });
    expect(await create(typist.text), typist.text).toEqual(created('Deployment', 'Service', 'Ingress'));
    expect(parse(typist.text.slice(0, typist.text.indexOf('---')))).toMatchObject({
      spec: { strategy: { rollingUpdate: { maxSurge: '25%' } }, template: { spec: { containers: [{ imagePullPolicy: 'IfNotPresent' }] } } },
    });
  });

  test('a StatefulSet with a claim for each pod', async () => {
    const typist = new Typist(editor);
    await typist.pick('StatefulSet', { name: 'db', app: 'postgres', nginx: 'postgres:18' });
    await typist.enter(10).pick('volumeMounts', { '/data': '/var/lib/postgresql' });
    await typist.enter(2).pick('volumeClaimTemplates');
    await typist.enter(6).type('  ').pick('storageClassName');
    typist.type('standard\n---\n');
    await typist.pick('StorageClass', { name: 'standard' });
    expect(await create(typist.text), typist.text).toEqual(created('StatefulSet', 'StorageClass'));
  });

  test('a CronJob', async () => {
    const typist = new Typist(editor);
    await typist.pick('CronJob', { name: 'backup', app: 'backup', nginx: 'busybox:1.37' });
    await typist.below('image: busybox', 14).pick('env', { NAME: 'TARGET', value: '/data' });
    typist.below('value: /data', 14).type('command: [sh, -c, "echo $(');
    await typist.pick('TARGET');
    typist.type('"]');
    await typist.enter(2).pick('timeZone');
    await typist.pick('Europe/Berlin');
    await typist.enter(2).pick('concurrencyPolicy');
    await typist.pick('Forbid');
    expect(await create(typist.text), typist.text).toEqual(created('CronJob'));
  });

  test('a NetworkPolicy', async () => {
    const typist = new Typist(editor);
    await typist.pick('NetworkPolicy', { name: 'web' });
    await typist.enter(2).pick('ingress');
    await typist.pick('from');
    await typist.pick('podSelector', { name: 'front' });
    await typist.enter(6).pick('ports');
    expect(await create(typist.text), typist.text).toEqual(created('NetworkPolicy'));
    expect(parse(typist.text)).toMatchObject({
      spec: { ingress: [{ from: [{ podSelector: { matchLabels: { app: 'front' } } }], ports: [{ protocol: 'TCP', port: 80 }] }] },
    });
  });

  test('an autoscaler', async () => {
    const typist = new Typist(editor);
    await typist.pick('kind');
    await typist.pick('HorizontalPodAutoscaler', {}, 'autoscaling/v2');
    await typist.enter(0).pick('metadata', { name: 'web' });
    await typist.enter(0).pick('spec', { name: 'web' });
    await typist.enter(2).pick('behavior');
    await typist.pick('scaleDown');
    await typist.pick('stabilizationWindowSeconds');
    typist.type('60');
    expect(await create(typist.text), typist.text).toEqual(created('HorizontalPodAutoscaler'));
  });

  test('an account, its role and what binds them', async () => {
    const typist = new Typist(editor);
    await typist.pick('ServiceAccount', { name: 'reader' });
    typist.type('\n---\n');
    await typist.pick('apiVersion');
    await typist.pick('rbac.authorization.k8s.io/v1');
    await typist.enter(0).pick('kind');
    await typist.pick('Role');
    await typist.enter(0).pick('metadata', { name: 'reader' });
    await typist.enter(0).type('rules:').enter(0).type('- ').pick('apiGroups');
    await typist.pick('apps');
    await typist.enter(2).pick('resources');
    await typist.pick('deployments');
    await typist.enter(2).type('verbs: [').pick('get');
    await typist.type(', ').pick('list');
    typist.type(']\n---\n');
    await typist.pick('RoleBinding', { name: 'reader', default: 'reader' });
    typist.replace('namespace: reader', 'namespace: default');
    expect(await create(typist.text), typist.text).toEqual(created('ServiceAccount', 'Role', 'RoleBinding'));
    expect(typist.text).toContain('- apps');
  });

  test('a ConfigMap, a Secret, and a Pod that uses both', async () => {
    const typist = new Typist(editor);
    await typist.pick('ConfigMap', { name: 'settings', key: 'color', value: 'blue' });
    typist.type('\n---\n');
    await typist.pick('Secret', { name: 'login', key: 'password', value: 'sesame' });
    typist.type('\n---\n');
    await typist.pick('Pod', { name: 'app', app: 'app', nginx: 'nginx:1.29' });
    await typist.enter(6).type('env:').enter(8).pick('- EnvVar', { NAME: 'COLOR', value: 'green' });
    await typist.enter(8).pick('- EnvVar', { NAME: 'PASSWORD', value: '' });
    typist.replace('          value: \n', '');
    typist.replace('          value: ', '');
    await typist.type('          ').pick('valueFrom');
    await typist.pick('secretKeyRef', { name: '', key: '' });
    typist.goto('secretKeyRef:\n              name: ');
    await typist.pick('login');
    typist.goto('key: ');
    await typist.pick('password');
    await typist.enter(6).pick('volumeMounts', { data: 'config', '/data': '/etc/config' });
    await typist.enter(2).pick('volumes', { data: '' });
    await typist.pick('config');
    await typist.enter(6).pick('configMap', { name: '' });
    await typist.pick('settings');
    expect(await create(typist.text), typist.text).toEqual(created('ConfigMap', 'Secret', 'Pod'));
    expect(typist.text).toContain('secretKeyRef:\n              name: login\n              key: password');
  });
});
