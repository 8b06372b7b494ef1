import { spawn } from 'node:child_process';
import { afterAll, expect } from 'vitest';
import { findKubectls, leftOutWithoutKubectl, Session } from '../kubectl/kubectl.ts';
import { temporaryFolder } from '../support/cluster-process.ts';
import { behaviour, ready } from './support/behaviour.ts';
import { core, eventually, kubeconfig } from './support/cluster.ts';

const kubectls = findKubectls([]);
const [kubectl] = kubectls;
const home = temporaryFolder();
afterAll(() => home.remove());

if (!leftOutWithoutKubectl(kubectls, 'behaviours of kubectl') && kubectl !== undefined) {
  const k = new Session(kubectl, kubeconfig, home.path);
  const pod = (image: string, label = 'httpd') => `apiVersion: v1
kind: Pod
metadata: {name: e2e-test-httpd-pod, labels: {run: ${label}}}
spec:
  containers: [{name: httpd, image: "${image}"}]
`;

  behaviour('[sig-cli] Kubectl client Kubectl api-versions should check if v1 is in available api versions', async () => {
    expect((await k.run('api-versions')).split('\n')).toContain('v1');
  });

  behaviour(
    '[sig-cli] Kubectl client Kubectl cluster-info should check if Kubernetes control plane services is included in cluster-info',
    async () => {
      expect(await k.run('cluster-info')).toContain('Kubernetes control plane');
    },
  );

  behaviour('[sig-cli] Kubectl client Kubectl version should check is all data is printed', async () => {
    const version = await k.run('version');
    for (const part of ['Client Version', 'Server Version']) expect(version).toContain(part);
  });

  behaviour(
    '[sig-cli] Kubectl client Kubectl describe should check if kubectl describe prints relevant information for rc and pods',
    async (scope) => {
      const namespace = await scope.namespace();
      await k.run(`-n ${namespace} create -f -`, pod('nginx:1.29'));
      await ready(namespace, 'e2e-test-httpd-pod');
      const described = await k.run(`-n ${namespace} describe pod e2e-test-httpd-pod`);
      for (const part of [
        'Name:',
        'Namespace:',
        'Node:',
        'Labels:',
        'run=httpd',
        'Status:',
        'IP:',
        'Image:',
        'State:',
        'Running',
        'QoS Class:',
      ]) {
        expect(described).toContain(part);
      }
      expect(await k.run(`describe namespace ${namespace}`)).toMatch(/Status: +Active/);
      const [node] = (await core.listNode()).items;
      const text = await k.run(`describe node ${node?.metadata?.name}`);
      for (const part of ['Conditions:', 'Addresses:', 'Capacity:', 'Kubelet Version:']) expect(text).toContain(part);
    },
  );

  behaviour('[sig-cli] Kubectl client Kubectl diff should check if kubectl diff finds a difference for Deployments', async (scope) => {
    const namespace = await scope.namespace();
    const deployment = (image: string) =>
      `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"replicas":0,"selector":{"matchLabels":{"a":"b"}},
"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"${image}"}]}}}}`;
    await k.run(`-n ${namespace} apply -f -`, deployment('httpd:1'));
    const { code, stdout } = await k.try(['-n', namespace, 'diff', '-f', '-'], deployment('busybox:1'));
    expect(code).toBe(1);
    expect(stdout).toMatch(/-.*image: httpd:1\n\+.*image: busybox:1/);
  });

  behaviour('[sig-cli] Kubectl client Kubectl server-side dry-run should check if kubectl can dry-run update Pods', async (scope) => {
    const namespace = await scope.namespace();
    await k.run(`-n ${namespace} run e2e-test-httpd-pod --image=nginx:1.29`);
    const patch = '{"spec":{"containers":[{"name":"e2e-test-httpd-pod","image":"busybox:1.37"}]}}';
    await k.run(`-n ${namespace} patch pod e2e-test-httpd-pod -p ${patch} --dry-run=server`);
    expect(await k.run(`-n ${namespace} get pod e2e-test-httpd-pod -o jsonpath={.spec.containers[0].image}`)).toBe('nginx:1.29');
  });

  behaviour("[sig-cli] Kubectl client Kubectl replace should update a single-container pod's image", async (scope) => {
    const namespace = await scope.namespace();
    await k.run(`-n ${namespace} create -f -`, pod('nginx:1.29'));
    await ready(namespace, 'e2e-test-httpd-pod');
    const yaml = await k.run(`-n ${namespace} get pod e2e-test-httpd-pod -o json`);
    const object = JSON.parse(yaml);
    object.spec.containers[0].image = 'busybox:1.37';
    await k.run(`-n ${namespace} replace -f -`, JSON.stringify(object));
    expect(await k.run(`-n ${namespace} get pod e2e-test-httpd-pod -o jsonpath={.spec.containers[0].image}`)).toBe('busybox:1.37');
  });

  behaviour('[sig-cli] Kubectl client Kubectl run pod should create a pod from an image when restart is Never', async (scope) => {
    const namespace = await scope.namespace();
    await k.run(`-n ${namespace} run e2e-test-httpd-pod --restart=Never --image=nginx:1.29`);
    const { spec } = await core.readNamespacedPod({ namespace, name: 'e2e-test-httpd-pod' });
    expect([spec?.restartPolicy, spec?.containers[0]?.image]).toEqual(['Never', 'nginx:1.29']);
  });

  behaviour('[sig-cli] Kubectl client Kubectl label should update the label on a resource', async (scope) => {
    const namespace = await scope.namespace();
    await k.run(`-n ${namespace} create -f -`, pod('registry.k8s.io/pause:3.10.1'));
    const shown = () => k.run(`-n ${namespace} get pod e2e-test-httpd-pod -L testing-label --no-headers`);
    await k.run(`-n ${namespace} label pods e2e-test-httpd-pod testing-label=testing-label-value`);
    expect(await shown()).toContain('testing-label-value');
    await k.run(`-n ${namespace} label pods e2e-test-httpd-pod testing-label-`);
    expect(await shown()).not.toContain('testing-label-value');
  });

  behaviour('[sig-cli] Kubectl logs logs should be able to retrieve and filter logs', async (scope) => {
    const namespace = await scope.namespace();
    await k.run(`-n ${namespace} create -f -`, pod('nginx:1.29'));
    await ready(namespace, 'e2e-test-httpd-pod');
    const logs = (options: string) => k.run(`-n ${namespace} logs e2e-test-httpd-pod httpd ${options}`.trim());
    const all = await eventually('some lines', async () => (await logs('')) || undefined);
    expect((await logs('--tail=1')).trimEnd().split('\n')).toHaveLength(1);
    expect(await logs('--limit-bytes=1')).toBe(all.slice(0, 1));
    expect(await logs('--tail=1 --timestamps')).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(await logs('--since=24h')).toContain(all.split('\n')[0]);
  });

  behaviour('own: kubectl apply applies a new configuration to an existing object', async (scope) => {
    const namespace = await scope.namespace();
    for (const options of ['', ' --server-side --force-conflicts']) {
      await k.run(`-n ${namespace} apply${options} -f -`, pod('nginx:1.29', 'first'));
      await k.run(`-n ${namespace} apply${options} -f -`, pod('nginx:1.29', 'second'));
      expect(await k.run(`-n ${namespace} get pod e2e-test-httpd-pod -o jsonpath={.metadata.labels.run}`)).toBe('second');
    }
  });

  behaviour('[sig-cli] Kubectl client Proxy server should support proxy with --port 0', async () => {
    const proxy = spawn(kubectl.path, ['--kubeconfig', kubeconfig, 'proxy', '-p', '0', '--disable-filter'], { env: { HOME: home.path } });
    try {
      let out = '';
      proxy.stdout.on('data', (chunk) => {
        out += chunk;
      });
      const port = await eventually('the port', async () => /Starting to serve on 127\.0\.0\.1:(\d+)/.exec(out)?.[1]);
      const answer = await fetch(`http://127.0.0.1:${port}/api/`);
      expect(await answer.json()).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    } finally {
      proxy.kill();
    }
  });
}
