import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
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

  const controller = (replicas: number) => `apiVersion: v1
kind: ReplicationController
metadata: {name: update-demo}
spec:
  replicas: ${replicas}
  selector: {name: update-demo}
  template:
    metadata: {labels: {name: update-demo}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: update-demo, image: "nginx:1.29", ports: [{containerPort: 80}]}]
`;
  const pods = async (namespace: string) => {
    const template = '{{range.items}}{{.metadata.name}}={{.status.phase}};{{end}}';
    const text = await k.run(`-n ${namespace} get pods -l name=update-demo -o go-template=${template}`);
    return text.split(';').slice(0, -1);
  };
  const running = (namespace: string, count: number) =>
    eventually(`${count} pods run`, async () => {
      const found = await pods(namespace);
      return found.length === count && found.every((pod) => pod.endsWith('=Running'));
    });

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
      await k.run(`-n ${namespace} create -f -`, controller(1));
      await k.run(`-n ${namespace} expose rc update-demo --port=1234`);
      const rc = await k.run(`-n ${namespace} describe rc update-demo`);
      for (const part of ['Name:', 'Namespace:', 'Selector:', 'Replicas:', 'Pods Status:', 'Pod Template:', 'Image:'])
        expect(rc).toContain(part);
      const service = await k.run(`-n ${namespace} describe service update-demo`);
      for (const part of ['Name:', 'Type:', 'IP:', 'Port:', 'Endpoints:', 'Session Affinity:']) expect(service).toContain(part);
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

  behaviour('[sig-cli] Kubectl client Update Demo should create and stop a replication controller', async (scope) => {
    const namespace = await scope.namespace();
    await k.run(`-n ${namespace} create -f -`, controller(2));
    await running(namespace, 2);
    await k.run(`-n ${namespace} delete --grace-period=0 --force rc update-demo`);
    await running(namespace, 0);
  });

  behaviour('[sig-cli] Kubectl client Update Demo should scale a replication controller', async (scope) => {
    const namespace = await scope.namespace();
    await k.run(`-n ${namespace} create -f -`, controller(2));
    await running(namespace, 2);
    for (const replicas of [1, 2]) {
      await k.run(`-n ${namespace} scale rc update-demo --replicas=${replicas} --timeout=5m`);
      await running(namespace, replicas);
    }
  });

  behaviour('[sig-cli] Kubectl client Kubectl expose should create services for rc', async (scope) => {
    const namespace = await scope.namespace();
    await k.run(`-n ${namespace} create -f -`, controller(1));
    await running(namespace, 1);
    await k.run(`-n ${namespace} expose rc update-demo --name=rm2 --port=1234 --target-port=80`);
    await k.run(`-n ${namespace} expose service rm2 --name=rm3 --port=2345 --target-port=80`);
    for (const [name, port] of [
      ['rm2', '1234'],
      ['rm3', '2345'],
    ]) {
      const path = '{.spec.ports[0].port}:{.spec.ports[0].targetPort}';
      expect(await k.run(`-n ${namespace} get service ${name} -o jsonpath=${path}`)).toBe(`${port}:80`);
      await eventually('it has an endpoint', async () => {
        return (await k.run(`-n ${namespace} get endpoints ${name} -o jsonpath={.subsets[0].ports[0].port}`)) === '80';
      });
    }
  });

  behaviour('[sig-cli] Kubectl client Kubectl patch should add annotations for pods in rc', async (scope) => {
    const namespace = await scope.namespace();
    await k.run(`-n ${namespace} create -f -`, controller(2));
    await running(namespace, 2);
    for (const found of await pods(namespace)) {
      const name = found.split('=')[0] ?? '';
      await k.run(`-n ${namespace} patch pod ${name} -p {"metadata":{"annotations":{"x":"y"}}}`);
      expect(await k.run(`-n ${namespace} get pod ${name} -o jsonpath={.metadata.annotations.x}`)).toBe('y');
    }
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

  behaviour('[sig-cli] Kubectl client Proxy server should support --unix-socket=/path', async () => {
    const path = join(home.path, 'kubectl-proxy.sock');
    const proxy = spawn(kubectl.path, ['--kubeconfig', kubeconfig, 'proxy', `--unix-socket=${path}`], { env: { HOME: home.path } });
    try {
      const answer = await eventually('the proxy answers', async () => {
        return await new Promise<string | undefined>((done) => {
          const asked = request({ socketPath: path, path: '/api/' }, (response) => {
            let body = '';
            response.on('data', (chunk) => {
              body += chunk;
            });
            response.on('end', () => done(body));
          });
          asked.on('error', () => done(undefined));
          asked.end();
        });
      });
      expect(JSON.parse(answer)).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    } finally {
      proxy.kill();
    }
  });
}
