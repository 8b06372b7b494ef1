import { describe, expect, it } from 'vitest';
import * as resources from '../../runtime/client/resources.ts';
import type { VirtualNodes } from '../../runtime/kubelet/nodes.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { startApi } from '../apiserver/api.ts';
import { conditionsOf, startNode } from './node.ts';

const text = async (stream: ReadableStream<Uint8Array>) => new Response(stream).text();

describe('a virtual node', () => {
  it('registers itself and keeps its lease and status alive', async () => {
    const node = await startNode({ count: 2, capacity: { cpu: '2' }, labels: { 'topology.kubernetes.io/zone': 'a' } });
    const nodes = node.client.resource(resources.nodes);
    const { items } = await nodes.list();
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(['node-1', 'node-2']);
    const [first] = items;
    expect(first?.metadata?.labels).toMatchObject({
      'kubernetes.io/hostname': 'node-1',
      'kubernetes.io/os': 'linux',
      'topology.kubernetes.io/zone': 'a',
    });
    expect(first?.spec).toMatchObject({ podCIDR: '10.244.1.0/24' });
    expect(first?.status).toMatchObject({
      capacity: { cpu: '2', memory: '8Gi', pods: '110' },
      allocatable: { cpu: '2', memory: '8092Mi', pods: '110' },
      nodeInfo: { kubeletVersion: 'v1.36.0', osImage: 'Kubeside (simulated)', containerRuntimeVersion: 'kubeside://0.1.0' },
      addresses: [
        { type: 'InternalIP', address: '172.18.0.3' },
        { type: 'Hostname', address: 'node-1' },
      ],
    });
    const leases = node.client.resource(resources.leases);
    const before = await leases.get('node-1', 'kube-node-lease');
    expect(before.spec).toMatchObject({ holderIdentity: 'node-1', leaseDurationSeconds: 40 });
    await node.clock.advance(10_000);
    const after = await leases.get('node-1', 'kube-node-lease');
    expect(Date.parse(after.spec?.renewTime ?? '') - Date.parse(before.spec?.renewTime ?? '')).toBe(10_000);
    expect((await nodes.get('node-1')).metadata?.resourceVersion).toBe(first?.metadata?.resourceVersion);
    await node.clock.advance(300_000);
    const ready = (await nodes.get('node-1')).status?.conditions?.find(({ type }) => type === 'Ready');
    expect(ready).toMatchObject({ status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' });
    expect(Date.parse(ready?.lastHeartbeatTime ?? '')).toBeGreaterThanOrEqual(Date.UTC(2026, 0, 1, 0, 5));
    await nodes.delete('node-2');
    // As the garbage collector does with the one, and somebody by mistake with the other.
    for (const { metadata } of items) await leases.delete(metadata?.name ?? '', 'kube-node-lease');
    await node.clock.advance(310_000);
    await expect(nodes.get('node-2'), 'a node makes itself known when it starts').rejects.toThrow('nodes "node-2" not found');
    expect((await leases.list()).items.map(({ metadata }) => [metadata?.name, metadata?.ownerReferences?.[0]?.uid])).toEqual([
      ['node-1', first?.metadata?.uid],
    ]);
    expect(node.warnings).toEqual([]);
  });

  it('lets pods have what others have given it, and takes it back with them', async () => {
    const node = await startNode({ startupDelay: 0 });
    const nodes = node.client.resource(resources.nodes);
    const give = (amount: string | null) =>
      nodes.patch('node-1', undefined, { type: 'merge', body: { status: { capacity: { 'example.com/foo': amount } } } }, 'status');
    const allocatable = async () => (await nodes.get('node-1')).status?.allocatable?.['example.com/foo'];
    const wants = { containers: [{ name: 'c', image: 'pause', resources: { limits: { 'example.com/foo': '1' } } }] };
    await give('1');
    await node.clock.advance(10_000);
    expect(await allocatable()).toBe('1');
    await node.create('first', wants);
    await node.create('second', wants);
    await node.clock.advance(5_000);
    const phase = async (name: string) => (await node.pod(name)).status;
    expect((await phase('first'))?.phase).toBe('Running');
    expect(await phase('second')).toMatchObject({ phase: 'Failed', reason: 'OutOfexample.com/foo' });
    await give(null);
    await node.clock.advance(10_000);
    expect(await allocatable()).toBeUndefined();
    await node.create('third', wants);
    await node.clock.advance(5_000);
    expect((await phase('third'))?.phase).toBe('Running');
  });

  it('puts right what others have said of it and its pods while it was not heard', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('web', {});
    await node.clock.advance(5_000);
    const before = await node.pod('web');
    const unknown = (type: string, status: string) => ({ status: { conditions: [{ type, status, reason: 'NodeStatusUnknown' }] } });
    const nodes = node.client.resource(resources.nodes);
    await nodes.patch('node-1', undefined, { type: 'strategic', body: unknown('Ready', 'Unknown') }, 'status');
    await node.client.resource(resources.pods).patch('web', 'default', { type: 'strategic', body: unknown('Ready', 'False') }, 'status');
    await node.clock.advance(10_000);
    expect((await nodes.get('node-1')).status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'True',
      reason: 'KubeletReady',
    });
    const after = await node.pod('web');
    expect(after.status).toEqual(before.status);
    await node.clock.advance(60_000);
    expect((await node.pod('web')).metadata?.resourceVersion).toBe(after.metadata?.resourceVersion);
  });

  it('brings its pods up again after a restart, counting the restart', async () => {
    const node = await startNode({ startupDelay: 0 });
    const sleep = (restartPolicy: string) => ({ restartPolicy, containers: [{ name: 'main', image: 'busybox', args: ['sleep', '1000'] }] });
    await node.create('web', { initContainers: [{ name: 'init', image: 'busybox', args: ['true'] }] });
    await node.create('once', sleep('Never'));
    await node.create('going', sleep('Always'));
    await node.create('done', { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox', args: ['true'] }] });
    await node.clock.advance(5_000);
    const before = await node.pod('web');
    await node.client.resource(resources.pods).delete('going', 'default');
    await node.clock.advance(1_000);
    expect(await node.exists('going')).toBe(true);
    node.stop();
    await node.clock.advance(60_000);

    const again = await startNode({ startupDelay: 0, api: node.api });
    await again.clock.advance(1_000);
    const web = await again.pod('web');
    expect(web.metadata?.uid).toBe(before.metadata?.uid);
    expect(web.status?.phase).toBe('Running');
    expect(web.status?.startTime).toBe(before.status?.startTime);
    expect(web.status?.initContainerStatuses?.[0]).toMatchObject({ restartCount: 1, ready: true });
    expect(web.status?.containerStatuses?.[0]).toMatchObject({
      ready: true,
      restartCount: 1,
      lastState: { terminated: { exitCode: 255, reason: 'Unknown', containerID: before.status?.containerStatuses?.[0]?.containerID } },
    });
    expect(await again.events('web')).toContain('Normal SandboxChanged Pod sandbox changed, it will be killed and re-created.');
    expect((await again.pod('once')).status).toMatchObject({ phase: 'Failed' });
    const done = await again.pod('done');
    expect(done.status).toMatchObject({ phase: 'Succeeded' });
    expect(conditionsOf(done)).toMatchObject({ PodReadyToStartContainers: 'False' });
    expect(await again.exists('going')).toBe(false);
    expect(again.warnings).toEqual([]);
  });

  it('keeps its images over a restart, and says what becomes of it', async () => {
    const node = await startNode({ startupDelay: 0 });
    const nodes = node.client.resource(resources.nodes);
    const container = (image: string) => ({ containers: [{ name: 'main', image, imagePullPolicy: 'IfNotPresent' as const }] });
    await node.create('old', container('nginx:1.27'));
    await node.clock.advance(11_000);
    expect((await nodes.get('node-1')).status?.images).toEqual([
      { names: [expect.stringMatching(/^docker.io\/library\/nginx@sha256:/), 'docker.io/library/nginx:1.27'], sizeBytes: 72_099_410 },
    ]);
    await node.client.resource(resources.pods).delete('old', 'default', { gracePeriodSeconds: 0 });
    // Too young to be in the node's list when it stops.
    await node.create('young', container('redis:7'));
    await node.clock.advance(1_000);
    node.stop();
    await node.clock.advance(1_000);

    const again = await startNode({ startupDelay: 0, api: node.api, random: createSeededRandom(8) });
    await again.create('new', container('nginx:1.27'));
    await again.clock.advance(1_000);
    const present = (image: string) => `Normal Pulled Container image "${image}" already present on machine and can be accessed by the pod`;
    expect(await again.events('new')).toContain(present('nginx:1.27'));
    expect(await again.events('young')).toContain(present('redis:7'));
    for (const unschedulable of [true, false]) {
      await nodes.patch('node-1', undefined, { type: 'merge', body: { spec: { unschedulable } } });
      await again.clock.advance(10_000);
    }
    const { bootID } = (await nodes.get('node-1')).status?.nodeInfo ?? {};
    const state = (name: string) => `Normal ${name} Node node-1 status is now: ${name}`;
    const birth = [
      'Normal Starting Starting kubelet.',
      ...['NodeHasSufficientMemory', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID'].map(state),
      'Normal NodeAllocatableEnforced Updated Node Allocatable limit across pods',
    ];
    expect(await again.events('node-1')).toEqual([
      ...[...birth, state('NodeReady')],
      ...birth,
      `Warning Rebooted Node node-1 has been rebooted, boot id: ${bootID}`,
      ...['NodeNotSchedulable', 'NodeSchedulable'].map(state),
    ]);
    expect(again.warnings).toEqual([]);
  });

  it('gives the logs of containers, and says honestly what it cannot', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.create('talk', {
      containers: [
        {
          name: 'main',
          image: 'busybox',
          args: ['sh', '-c', 'echo one; while true; do sleep 10; echo "I am $NAME"; done'],
          env: [{ name: 'NAME', value: 'talk' }],
        },
      ],
    });
    await node.create('stuck', { containers: [{ name: 'main', image: 'nginx:does-not-exist' }] });
    await node.clock.advance(15_000);
    const server = node.nodes.serverOf('node-1');
    expect(await text(await server.containerLogs('default', 'talk', 'main', {}))).toBe('one\nI am talk\n');
    expect(await text(await server.containerLogs('default', 'talk', 'main', { tailLines: 1, timestamps: true }))).toMatch(
      /^2026-01-01T00:00:1\d\.\d{9}Z I am talk\n$/,
    );
    const following = text(await server.containerLogs('default', 'talk', 'main', { follow: true, sinceSeconds: 1 }));
    await node.clock.advance(10_000);
    await node.client.resource(resources.pods).delete('talk', 'default', { gracePeriodSeconds: 0 });
    await node.clock.advance(3_000);
    expect(await following).toBe('I am talk\n');
    await expect(server.containerLogs('default', 'stuck', 'main', {})).rejects.toMatchObject({
      code: 400,
      message: 'container "main" in pod "stuck" is waiting to start: trying and failing to pull image',
    });
    await node.create('web', {});
    await node.clock.advance(100);
    await expect(server.exec('default', 'web', 'web', { cmd: ['ls'], tty: false })).rejects.toMatchObject({
      code: 501,
      message: 'not available: containers of this cluster are simulated and run no commands',
    });
  });

  it('tells a container of its pod, its settings and the services', async () => {
    const node = await startNode({ startupDelay: 0 });
    await node.client.resource(resources.secrets).create({ metadata: { name: 'login', namespace: 'default' }, data: { user: 'Ym9i' } });
    await node.client.resource(resources.services).create({
      metadata: { name: 'web-front', namespace: 'default' },
      spec: { clusterIP: '10.96.0.50', ports: [{ port: 80 }] },
    });
    await node.clock.advance(100);
    await node.create(
      'talk',
      {
        containers: [
          {
            name: 'main',
            image: 'busybox',
            args: ['sh', '-c', 'echo "$IP $USER $GREETING $CPU $WEB_FRONT_SERVICE_PORT"; sleep 100'],
            resources: { limits: { cpu: '1500m' } },
            env: [
              { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
              { name: 'USER', valueFrom: { secretKeyRef: { name: 'login', key: 'user' } } },
              { name: 'GREETING', value: 'hello-$(USER)-$(NOBODY)-$$(USER)' },
              { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
            ],
          },
        ],
      },
      { labels: { app: 'talk' } },
    );
    await node.clock.advance(100);
    const logs = await node.nodes.serverOf('node-1').containerLogs('default', 'talk', 'main', {});
    expect((await text(logs)).trim()).toBe('10.244.1.2 bob hello-bob-$(NOBODY)-$(USER) 2 80');
  });
});

describe("the API server's way to a node", () => {
  it('streams logs and reaches the servers in pods', async () => {
    let nodes: VirtualNodes | undefined;
    const api = await startApi({
      kubelets: {
        async connect(connection, request) {
          if (nodes === undefined) throw new Error('no nodes yet');
          return nodes.connection.connect(connection, request);
        },
        async open(connection, request) {
          if (nodes === undefined) throw new Error('no nodes yet');
          return nodes.connection.open(connection, request);
        },
      },
    });
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'kube-node-lease' } });
    await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
    const node = await startNode({ startupDelay: 0, api });
    nodes = node.nodes;
    await node.create('web', {});
    await node.create('stuck', { containers: [{ name: 'main', image: 'nginx:does-not-exist' }] });
    await node.clock.advance(2_000);
    const get = (path: string) => api.send('GET', `/api/v1/namespaces/default/pods/${path}`);
    expect((await get('web/log?tailLines=1')).body).toBe('[notice] 1#1: start worker processes\n');
    expect((await get('stuck/log')).body).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message: expect.stringContaining('is waiting to start'),
    });
    expect((await get('web:80/proxy/')).code).toBe(200);
    expect((await get('web:80/proxy/nothing')).code).toBe(404);
    await get('web:80/proxy/a%3Fb%20c//?d=%3F');
    expect((await get('web/log?tailLines=1')).body).toContain('"GET /a%3Fb%20c/?d=%3F HTTP/1.1"');
    const bare = await get('web:80/proxy?a=b');
    expect([bare.code, bare.headers.get('location')]).toEqual([301, '/api/v1/namespaces/default/pods/web:80/proxy/?a=b']);
    expect((await get('web:81/proxy/')).body).toMatchObject({ message: expect.stringContaining('connection refused') });
    const services = '/api/v1/namespaces/default/services';
    await api.send('POST', services, { metadata: { name: 'front' }, spec: { ports: [{ name: 'http', port: 8080, targetPort: 80 }] } });
    const proxied = (name: string, method = 'GET') => api.send(method, `${services}/${name}/proxy/`);
    expect((await proxied('front:http')).body.message).toBe('no endpoints available for service "front"');
    await api.send('POST', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', {
      metadata: { name: 'front', labels: { 'kubernetes.io/service-name': 'front' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [(await node.pod('web')).status?.podIP] }],
      ports: [{ name: 'http', port: 80 }],
    });
    for (const name of ['front:http', 'front:8080', 'http:front:http']) expect([name, (await proxied(name)).code]).toEqual([name, 200]);
    expect((await proxied('front:http', 'OPTIONS')).code).toBe(200);
    expect((await proxied('front:9')).body.message).toBe('no service port 9 found for service "front"');
    const web = { kind: 'pods', namespace: 'default', name: 'web', node: 'node-1', container: 'web', path: '' } as const;
    const open = (verb: 'exec' | 'portforward', query: string) =>
      node.nodes.connection.open({ ...web, verb }, new Request(`https://localhost/?${query}`));
    await expect(open('exec', 'command=ls')).rejects.toThrow('you must specify at least 1 of stdin, stdout, stderr');
    const exec = await open('exec', 'command=ls&stdout=true');
    if (exec.kind !== 'command') throw new Error('no command');
    await expect(exec.start(undefined)).rejects.toThrow('simulated and run no commands');
    // A boolean is whatever is neither `false` nor `0`, as Python writes its own, too.
    expect(await open('exec', 'stdin=False&stdout=True&stderr=yes&tty=0')).toMatchObject({
      stdin: false,
      stdout: true,
      stderr: true,
      tty: false,
    });
    const ports = await open('portforward', '');
    if (ports.kind !== 'ports') throw new Error('no ports');
    await expect(ports.dial(81)).rejects.toThrow('connection refused');
    const { readable, writable } = await ports.dial(80);
    const writer = writable.getWriter();
    const encoder = new TextEncoder();
    // Two requests in pieces: the first with a body, the second the last of its connection.
    await writer.write(encoder.encode('POST /nothing HTTP/1.1\r\nhost: web\r\ncontent-le'));
    await writer.write(encoder.encode('ngth: 5\r\n\r\nhel'));
    await writer.write(encoder.encode('loGET / HTTP/1.1\r\nhost: web\r\nconnection: close\r\n\r\n'));
    const answers = await text(readable);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200']);
  });
});
