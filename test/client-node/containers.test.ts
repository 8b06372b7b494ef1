import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Attach, CoreV1Api, Cp, Exec, Log, Metrics, PortForward, topNodes, topPods, type V1Status } from '@kubernetes/client-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { customersCluster, eventually } from './cluster.ts';

const { config } = customersCluster();
const namespace = 'default';
const simulated = 'containers of this cluster are simulated and run no commands';

describe('containers through @kubernetes/client-node', () => {
  let core: CoreV1Api;
  beforeAll(async () => {
    core = config.makeApiClient(CoreV1Api);
    await eventually('the default service account', () =>
      core.readNamespacedServiceAccount({ namespace, name: 'default' }).then(
        () => true,
        () => false,
      ),
    );
    await core.createNamespacedPod({
      namespace,
      body: { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80 }] }] } },
    });
    await eventually('the pod runs', async () => (await core.readNamespacedPod({ namespace, name: 'p' })).status?.phase === 'Running');
  });

  it('reads and follows logs', async () => {
    const lastLine = await eventually('a line', async () => {
      const stream = new PassThrough();
      await new Log(config).log(namespace, 'p', 'c', stream, { tailLines: 1 });
      return (await text(stream)) || undefined;
    });
    expect(lastLine).toMatch(/^.+\n$/);
    const followed = new PassThrough();
    // The client leaves the error of a stream that is cut off to nobody.
    const cut = new Promise<Error>((done) => followed.once('pipe', (source: Readable) => source.once('error', done)));
    const stop = await new Log(config).log(namespace, 'p', 'c', followed, { follow: true });
    const first = await new Promise<Buffer>((done) => followed.once('data', done));
    expect(first.toString()).toContain('docker-entrypoint');
    stop.abort();
    expect((await cut).name).toBe('AbortError');
    await expect(new Log(config).log(namespace, 'none', 'c', new PassThrough())).rejects.toMatchObject({ code: 404 });
  });

  it('says cleanly that no command runs', async () => {
    const status = await new Promise<V1Status>((done, fail) => {
      new Exec(config).exec(namespace, 'p', 'c', ['ls'], new PassThrough(), new PassThrough(), null, false, done).catch(fail);
    });
    expect(status).toMatchObject({
      status: 'Failure',
      message: expect.stringContaining(`error executing command in container: not available: ${simulated}`),
    });
    await expect(new Exec(config).exec(namespace, 'none', 'c', ['ls'], new PassThrough(), null, null, false)).rejects.toBeDefined();
  });

  it('closes what cannot be attached to, and ends a copy', async () => {
    const errors = new PassThrough();
    const socket = await new Attach(config).attach(namespace, 'p', 'c', new PassThrough(), errors, null, false);
    await new Promise((done) => (socket.readyState === socket.CLOSED ? done(undefined) : socket.once('close', done)));
    const status = await new Promise<unknown>((done) => {
      const copy = new Cp(config).cpFromPod(namespace, 'p', 'c', '/etc/hostname', '/tmp').then(
        () => undefined,
        (error: unknown) => error,
      );
      void copy.then(done);
      setTimeout(() => done('still waiting'), 5_000);
    });
    expect(status).not.toBe('still waiting');
  });

  it('forwards a port', async () => {
    const output = new PassThrough();
    const errors = new PassThrough();
    const input = new PassThrough();
    await new PortForward(config).portForward(namespace, 'p', [80], output, errors, input);
    input.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const answer = await new Promise<Buffer>((done) => output.once('data', done));
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 OK/);
    input.end();
  });

  it('tells of a port that nobody listens on', async () => {
    const errors = new PassThrough();
    await new PortForward(config).portForward(namespace, 'p', [81], new PassThrough(), errors, Readable.from([]));
    const told = await new Promise<Buffer>((done) => errors.once('data', done));
    expect(told.toString()).toContain('connection refused');
  });

  it('has no metrics, and says so', async () => {
    await expect(new Metrics(config).getNodeMetrics()).rejects.toThrow('Error occurred in metrics request');
    await expect(topPods(core, new Metrics(config), namespace)).rejects.toThrow('Error occurred in metrics request');
    expect((await topNodes(core)).map(({ Node }) => Node.metadata?.name)).toEqual(['node-1', 'node-2', 'node-3']);
  });
});
