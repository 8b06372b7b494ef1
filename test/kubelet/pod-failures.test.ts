import { describe, expect, it } from 'vitest';
import { inProcessTransport } from '../../runtime/apiserver/in-process.ts';
import { createClient } from '../../runtime/client/http-client.ts';
import * as resources from '../../runtime/client/resources.ts';
import { startApi } from '../apiserver/api.ts';
import { conditionsOf, startNode } from './node.ts';

const waitingOf = async (node: Awaited<ReturnType<typeof startNode>>, name: string) =>
  (await node.pod(name)).status?.containerStatuses?.[0]?.state?.waiting;

describe('what keeps a pod from starting', () => {
  it('an image that is not there: ErrImagePull, then ImagePullBackOff, then again', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('bad', { containers: [{ name: 'web', image: 'nginx:does-not-exist' }] });
    await node.clock.advance(500);
    const failure =
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:does-not-exist": failed to resolve reference "docker.io/library/nginx:does-not-exist": docker.io/library/nginx:does-not-exist: not found';
    expect(await waitingOf(node, 'bad')).toEqual({ reason: 'ErrImagePull', message: failure });
    await node.clock.advance(1_000);
    expect(await waitingOf(node, 'bad')).toEqual({
      reason: 'ImagePullBackOff',
      message: `Back-off pulling image "nginx:does-not-exist": ErrImagePull: ${failure}`,
    });
    expect((await node.pod('bad')).status?.phase).toBe('Pending');
    expect(await node.events('bad')).toEqual([
      'Normal Pulling Pulling image "nginx:does-not-exist"',
      `Warning Failed Failed to pull image "nginx:does-not-exist": ${failure}`,
      'Warning Failed Error: ErrImagePull',
      'Normal BackOff Back-off pulling image "nginx:does-not-exist"',
      'Warning Failed Error: ImagePullBackOff',
    ]);
    await node.clock.advance(9_000);
    expect(await node.events('bad')).toContain('Normal Pulling Pulling image "nginx:does-not-exist" (x2)');
  });

  it.each([
    [
      'registry.invalid/web:1',
      'failed to pull and unpack image "registry.invalid/web:1": failed to resolve reference "registry.invalid/web:1": failed to do request: Head "https://registry.invalid/v2/web/manifests/1": dial tcp: lookup registry.invalid: no such host',
    ],
    [
      'me/nonexistent:1',
      'failed to pull and unpack image "docker.io/me/nonexistent:1": failed to resolve reference "docker.io/me/nonexistent:1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    ],
  ])('of failures without a code of their own the kubelet tells the words alone: %s', async (image, message) => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('bad', { containers: [{ name: 'web', image }] });
    await node.clock.advance(500);
    expect(await waitingOf(node, 'bad')).toEqual({ reason: 'ErrImagePull', message });
  });

  it('an image name that is none, and one that may not be pulled', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('upper', { containers: [{ name: 'web', image: 'NGINX' }] });
    await node.create('never', { containers: [{ name: 'web', image: 'nginx', imagePullPolicy: 'Never' }] });
    await node.clock.advance(100);
    expect(await waitingOf(node, 'upper')).toEqual({
      reason: 'InvalidImageName',
      message:
        'Failed to apply default image tag "NGINX": couldn\'t parse image name "NGINX": invalid reference format: repository name (library/NGINX) must be lowercase',
    });
    expect(await waitingOf(node, 'never')).toEqual({
      reason: 'ErrImageNeverPull',
      message: 'Container image "nginx" is not present with pull policy of Never',
    });
  });

  it('configuration that is missing, until it is there', async () => {
    const node = await startNode({ startupDelay: 0 });
    const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }];
    await node.create('env', { containers: [{ name: 'web', image: 'nginx', env }] });
    await node.create('volume', {
      containers: [{ name: 'web', image: 'nginx', volumeMounts: [{ name: 'config', mountPath: '/etc/config' }] }],
      volumes: [{ name: 'config', configMap: { name: 'settings', items: [{ key: 'a', path: 'dir/a.conf' }] } }],
    });
    await node.create('user', { containers: [{ name: 'web', image: 'nginx', securityContext: { runAsNonRoot: true } }] });
    await node.clock.advance(100);
    expect(await waitingOf(node, 'env')).toEqual({ reason: 'CreateContainerConfigError', message: 'configmap "settings" not found' });
    expect(await waitingOf(node, 'volume')).toEqual({ reason: 'ContainerCreating' });
    expect((await waitingOf(node, 'user'))?.message).toMatch(
      /^container has runAsNonRoot and image will run as root \(pod: "user_default\(/,
    );
    expect(await node.events('env')).toContain('Warning Failed Error: configmap "settings" not found');
    expect(await node.events('volume')).toEqual([
      'Warning FailedMount MountVolume.SetUp failed for volume "config" : configmap "settings" not found',
    ]);
    const configMaps = node.client.resource(resources.configMaps);
    const made = await configMaps.create({ metadata: { name: 'settings', namespace: 'default' }, data: { b: '1' } });
    await node.clock.advance(20_000);
    expect(await waitingOf(node, 'env')).toMatchObject({ message: "couldn't find key a in ConfigMap default/settings" });
    expect((await node.events('volume')).at(-1)).toContain('configmap references non-existent config key: a');
    await configMaps.update({ ...made, data: { a: '1' } });
    await node.clock.advance(200_000);
    expect((await node.pod('env')).status?.phase).toBe('Running');
    expect((await node.pod('volume')).status?.phase).toBe('Running');
    expect(node.warnings).toEqual([]);
  });

  it('a claim that is not bound', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('db', {
      containers: [{ name: 'web', image: 'nginx', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    });
    await node.clock.advance(100);
    expect(await node.events('db')).toEqual([
      'Warning FailedMount Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[data]: error processing PVC default/data: failed to fetch PVC from API server: persistentvolumeclaims "data" not found',
    ]);
  });

  it('a node that has no room', async () => {
    const node = await startNode({ startupDelay: 0 });
    const big = { containers: [{ name: 'web', image: 'nginx', resources: { requests: { cpu: '3' } } }] };
    await node.create('first', big);
    await node.clock.advance(100);
    await node.create('second', big);
    await node.create('picky', { nodeSelector: { disk: 'ssd' } });
    await node.clock.advance(100);
    expect((await node.pod('second')).status).toMatchObject({
      phase: 'Failed',
      reason: 'OutOfcpu',
      message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 3000, used: 3000, capacity: 4000",
    });
    expect((await node.pod('picky')).status).toMatchObject({ phase: 'Failed', reason: 'NodeAffinity' });
  });

  it('a node that was given the label just now takes the pod, and one that has lost it does not', async () => {
    const node = await startNode({ startupDelay: 0 });
    const picky = { nodeSelector: { disk: 'ssd' } };
    const label = async (disk: string | null) => {
      const body = { metadata: { labels: { disk } } };
      await node.client.resource(resources.nodes).patch('node-1', undefined, { type: 'merge', body });
    };
    await label('ssd');
    await node.create('early', picky);
    await node.clock.advance(100);
    expect((await node.pod('early')).status).toMatchObject({ phase: 'Running' });
    await label(null);
    await node.clock.advance(100);
    await node.create('late', picky);
    await node.clock.advance(100);
    expect((await node.pod('late')).status).toMatchObject({ phase: 'Failed', reason: 'NodeAffinity' });
  });

  it('a node that has not heard of its new label yet asks before it refuses', async () => {
    const api = await startApi();
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'kube-node-lease' } });
    const kubelet = inProcessTransport(api.server, { name: 'system:node:node-1', groups: ['system:nodes'] });
    const clientFor = () =>
      createClient((request) => {
        const { pathname, searchParams } = new URL(request.url);
        // The watch of nodes says nothing.
        if (pathname === '/api/v1/nodes' && searchParams.has('watch')) return Promise.resolve(new Response(new ReadableStream()));
        return kubelet(request);
      });
    const node = await startNode({ api, clientFor, startupDelay: 0 });
    await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
    const body = { metadata: { labels: { disk: 'ssd' } } };
    await node.client.resource(resources.nodes).patch('node-1', undefined, { type: 'merge', body });
    await node.create('picky', { nodeSelector: { disk: 'ssd' } });
    await node.clock.advance(100);
    expect((await node.pod('picky')).status).toMatchObject({ phase: 'Running' });
  });
});

describe('init containers', () => {
  const init = (name: string, args: string[], restartPolicy?: string) => ({
    name,
    image: 'busybox',
    args,
    ...(restartPolicy === undefined ? {} : { restartPolicy }),
  });

  it('run one after the other before the rest; a sidecar stays', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('web', {
      initContainers: [init('one', ['sleep', '2']), init('side', ['sleep', 'infinity'], 'Always'), init('two', ['sleep', '2'])],
    });
    await node.clock.advance(1_000);
    let pod = await node.pod('web');
    expect(pod.status?.phase).toBe('Pending');
    expect(pod.status?.conditions?.find(({ type }) => type === 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [one side two]',
    });
    expect(pod.status?.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: 'PodInitializing' } });
    await node.clock.advance(1_500);
    pod = await node.pod('web');
    expect(pod.status?.initContainerStatuses?.map(({ ready, started, state }) => [ready, started, Object.keys(state ?? {})[0]])).toEqual([
      [true, false, 'terminated'],
      [true, true, 'running'],
      [false, true, 'running'],
    ]);
    await node.clock.advance(2_000);
    pod = await node.pod('web');
    expect(pod.status?.phase).toBe('Running');
    expect(conditionsOf(pod)).toMatchObject({ Initialized: 'True', Ready: 'True' });
  });

  it('end the pod when they fail and nothing is restarted; sidecars end with the pod', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('bad', { restartPolicy: 'Never', initContainers: [init('one', ['false'])] });
    await node.create('job', {
      restartPolicy: 'Never',
      initContainers: [{ ...init('side', [], 'Always'), image: 'registry.k8s.io/pause:3.10' }],
      containers: [init('main', ['sleep', '1'])],
    });
    await node.clock.advance(500);
    expect((await node.pod('bad')).status?.phase).toBe('Failed');
    expect((await node.pod('bad')).status?.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: 'PodInitializing' } });
    await node.clock.advance(1_000);
    const job = await node.pod('job');
    expect(job.status?.phase).toBe('Succeeded');
    expect(job.status?.initContainerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 0 });
    expect(node.warnings).toEqual([]);
  });
});

describe('probes', () => {
  it('make a pod ready, and take that back', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('web', {
      containers: [
        { name: 'web', image: 'nginx', readinessProbe: { httpGet: { path: '/healthz', port: 80 }, periodSeconds: 5 } },
        {
          name: 'good',
          image: 'example.com/app',
          ports: [{ name: 'http', containerPort: 8080 }],
          readinessProbe: { httpGet: { port: 'http' }, initialDelaySeconds: 3 },
        },
      ],
    });
    await node.clock.advance(2_000);
    expect((await node.pod('web')).status?.containerStatuses?.map(({ name, ready }) => [name, ready])).toEqual([
      ['good', false],
      ['web', false],
    ]);
    await node.clock.advance(4_000);
    const pod = await node.pod('web');
    expect(pod.status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [web]',
    });
    expect((await node.events('web')).filter((event) => event.includes('Unhealthy'))).toEqual([
      'Warning Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 404 (x2)',
    ]);
  });

  it('restart a container that is not alive, after its startup probe let it come up', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('web', {
      containers: [
        {
          name: 'main',
          image: 'busybox',
          args: ['/bin/sh', '-c', 'touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600'],
          startupProbe: { exec: { command: ['cat', '/tmp/healthy'] }, periodSeconds: 1 },
          livenessProbe: { exec: { command: ['cat', '/tmp/healthy'] }, periodSeconds: 5 },
        },
      ],
      terminationGracePeriodSeconds: 10,
    });
    await node.clock.advance(29_000);
    expect((await node.pod('web')).status?.containerStatuses?.[0]).toMatchObject({ ready: true, restartCount: 0 });
    await node.clock.advance(26_000);
    const [status] = (await node.pod('web')).status?.containerStatuses ?? [];
    expect(status).toMatchObject({ restartCount: 1, state: { running: {} }, lastState: { terminated: { exitCode: 137 } } });
    const events = await node.events('web');
    expect(events).toContain("Warning Unhealthy Liveness probe failed: cat: can't open '/tmp/healthy': No such file or directory\n (x3)");
    expect(events).toContain('Normal Killing Container main failed liveness probe, will be restarted');
    expect(node.warnings).toEqual([]);
  });
});
