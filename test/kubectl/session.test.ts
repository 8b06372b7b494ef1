import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClusterProcess, startCluster, temporaryFolder } from '../support/cluster-process.ts';
import { findKubectls, leftOutWithoutKubectl, Session } from './kubectl.ts';

const kubectls = findKubectls(['1.27', '1.30', '1.32', '1.33']);
leftOutWithoutKubectl(kubectls, 'kubectl tests');

const data = temporaryFolder();
let cluster: ClusterProcess;

beforeAll(async () => {
  if (kubectls.length > 0) cluster = await startCluster(data.path);
});

afterAll(async () => {
  await cluster?.end();
  data.remove();
});

const deployment = (image: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: ${image}
        ports: [{containerPort: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
`;

describe.each(kubectls)('kubectl $version', (kubectl) => {
  const namespace = `v${kubectl.version.replace('.', '-')}`;
  const home = temporaryFolder();
  let k: Session;

  beforeAll(async () => {
    k = new Session(kubectl, cluster.kubeconfig, home.path);
    await k.run(`create -f -`, `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"${namespace}"}}`);
  });

  afterAll(() => home.remove());

  const n = (command: string) => `-n ${namespace} ${command}`;

  it('tells what the server is', async () => {
    expect(await k.run('version')).toMatch(/Server Version: (version.Info.*)?v1\.36\./);
    expect(await k.run('cluster-info')).toContain(cluster.server);
    expect(await k.run('api-versions')).toMatch(/^apps\/v1$[\s\S]*^v1$/m);
    const resources = await k.run('api-resources');
    expect(resources).toMatch(/^deployments +deploy +apps\/v1 +true +Deployment$/m);
    expect(resources).not.toContain('alpha');
  });

  it('explains fields', async () => {
    expect(await k.run('explain deployment.spec.replicas')).toMatch(/FIELD: +replicas <integer>[\s\S]*Number of desired pods/);
    expect(await k.run('explain pod --recursive')).toMatch(/containers\s+<\[\]Container>/);
  });

  it('applies, shows and describes', async () => {
    expect(await k.run(n('apply -f -'), deployment('nginx:1.25'))).toBe('deployment.apps/web created\nservice/web created\n');
    expect(await k.run(n('rollout status deployment/web --timeout=60s'))).toContain('successfully rolled out');
    expect(await k.run(n('apply -f -'), deployment('nginx:1.25'))).toBe('deployment.apps/web unchanged\nservice/web unchanged\n');
    expect(await k.run(n('get deployments'))).toMatch(/^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +3\/3 +3 +3 /);
    expect(await k.run(n('get pods -o wide'))).toMatch(
      /NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES\nweb-.* 1\/1 +Running +0 /,
    );
    expect(await k.run(n('get pods -l app=web -o name'))).toMatch(/^(pod\/web-[a-z0-9]+-[a-z0-9]{5}\n){3}$/);
    expect(await k.run(n('get deployment web -o jsonpath={.status.readyReplicas}'))).toBe('3');
    expect(await k.run(n('get deployment web -o yaml'))).toContain('progressDeadlineSeconds: 600');
    expect(JSON.parse(await k.run(n('get pods -o json'))).items).toHaveLength(3);
    expect(await k.run('get pods -A')).toContain(`${namespace} `);
    expect(await k.run(n('describe deployment web'))).toMatch(/Replicas: +3 desired \| 3 updated \| 3 total \| 3 available/);
    expect(await k.run(n('describe pods'))).toMatch(/Successfully assigned/);
    expect(await k.run(n('describe service web'))).toMatch(/Endpoints: +10\.244\.\d+\.\d+:80/);
    expect(await k.run('describe nodes')).toMatch(/Allocated resources/);
  });

  it('scales and waits', async () => {
    await k.run(n('scale deployment web --replicas=5'));
    await k.run(n('wait --for=condition=Available deployment/web --timeout=60s'));
    await k.run(n('wait --for=jsonpath={.status.readyReplicas}=5 deployment/web --timeout=60s'));
    expect(await k.run(n('get pods -o name'))).toMatch(/^(pod\/.*\n){5}$/);
  });

  it('rolls out, back and again', async () => {
    await k.run(n('apply -f -'), deployment('nginx:1.26'));
    await k.run(n('rollout status deployment web --timeout=60s'));
    expect(await k.run(n('rollout history deployment web'))).toMatch(/REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>/);
    await k.run(n('rollout undo deployment web'));
    await k.run(n('rollout status deployment web --timeout=60s'));
    expect(await k.run(n('get deployment web -o jsonpath={.spec.template.spec.containers[0].image}'))).toBe('nginx:1.25');
    await k.run(n('rollout restart deployment web'));
    await k.run(n('rollout status deployment web --timeout=60s'));
    expect(await k.run(n('get pods -o jsonpath={.items[*].metadata.annotations}'))).toContain('restartedAt');
  });

  it('labels, annotates and watches', async () => {
    await k.run(n('label deployment web tier=front'));
    expect(await k.run(n('get deployments -l tier=front -o name'))).toBe('deployment.apps/web\n');
    await k.run(n('annotate deployment web note=hello'));
    expect(await k.run(n('get deployment web -o jsonpath={.metadata.annotations.note}'))).toBe('hello');
    const watching = k.try(['-n', namespace, 'get', 'configmaps', '-w', '--request-timeout=4s']);
    await k.run(n('create -f -'), '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"seen"},"data":{"a":"1"}}');
    expect((await watching).stdout).toContain('seen ');
  });

  it('shows events', async () => {
    const events = await k.run(n('get events'));
    expect(events).toMatch(/ScalingReplicaSet +deployment\/web/);
    expect(events).toMatch(/Normal +Scheduled +pod\/web-/);
    expect(events).toMatch(/Normal +Started +pod\/web-/);
  });

  it('creates with protobuf bodies', async () => {
    expect(await k.run(n('create configmap made --from-literal=a=b'))).toBe('configmap/made created\n');
    expect(await k.run(n('create deployment quick --image=nginx'))).toBe('deployment.apps/quick created\n');
    expect(await k.run(n('run single --image=nginx'))).toBe('pod/single created\n');
  });

  it('says what is wrong as Kubernetes does', async () => {
    expect(await k.fail(n('get pod nope'))).toBe('Error from server (NotFound): pods "nope" not found\n');
    expect(await k.fail('-n nowhere create -f -', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}')).toContain(
      'namespaces "nowhere" not found',
    );
    expect(await k.fail(n('apply -f -'), deployment('nginx').replace('replicas:', 'replicsa:'))).toContain('unknown field "spec.replicsa"');
    expect(await k.fail(n('apply -f -'), deployment('nginx').replace('name: web\n        image', 'name: Web_\n        image'))).toContain(
      'spec.template.spec.containers[0].name: Invalid value',
    );
  });

  it('deletes', async () => {
    expect(await k.run(n('delete deployment web'))).toBe(
      kubectl.version >= '1.31' ? `deployment.apps "web" deleted\n` : 'deployment.apps "web" deleted\n',
    );
    await k.run(n('wait --for=delete pod -l app=web --timeout=60s'));
    await k.run(`delete namespace ${namespace} --timeout=60s`);
    expect(await k.fail(`get namespace ${namespace}`)).toContain('NotFound');
  });
});

describe('the samples', () => {
  it('are what the study notes describe', () => {
    const redis = readFileSync('media/samples/redis.yaml', 'utf8');
    for (const part of ['redis:5.0.4', '/redis-master/redis.conf', 'MASTER', '6379', '0.1', 'emptyDir', 'redis.conf'])
      expect(redis).toContain(part);
  });
});
