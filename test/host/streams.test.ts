import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpGet } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createKubeconfig } from '../../runtime/bootstrap/kubeconfig.ts';
import { silentLog } from '../../runtime/client/log.ts';
import { pods } from '../../runtime/client/resources.ts';
import { type Cluster, startCluster } from '../../runtime/cluster.ts';
import { createRealClock } from '../../runtime/host/node/clock.ts';
import { type Listener, listenHttps } from '../../runtime/host/node/https-listener.ts';
import { createSystemRandom } from '../../runtime/host/node/random.ts';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import { findKubectls, leftOutWithoutKubectl, Session } from '../kubectl/kubectl.ts';
import { testPki } from './https.ts';

let cluster: Cluster;
let listener: Listener;
const home = mkdtempSync(join(tmpdir(), 'kubeside-streams-'));
const kubeconfig = join(home, 'config');

beforeAll(async () => {
  const pki = await testPki();
  const parts = { store: await openMemoryStore(), clock: createRealClock(), random: createSystemRandom(), log: silentLog, pki };
  cluster = await startCluster({ ...parts, nodes: 1, startupDelay: 0 });
  await cluster.ready;
  listener = await listenHttps(cluster.server, {
    host: '127.0.0.1',
    port: 0,
    ...pki.apiserver,
    clientCa: pki.ca,
    frontProxyCa: pki.frontProxy.ca,
  });
  const server = `https://127.0.0.1:${listener.port}`;
  writeFileSync(kubeconfig, createKubeconfig({ name: 'test', server, ca: pki.ca, client: pki.admin }));
  await cluster.client.resource(pods).create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default' },
    spec: { containers: [{ name: 'nginx', image: 'nginx' }] },
  });
  const phase = async () => (await cluster.client.resource(pods).get('web', 'default')).status?.phase;
  await vi.waitUntil(async () => (await phase()) === 'Running', { timeout: 20_000 });
}, 60_000);

afterAll(async () => {
  await listener?.close();
  await cluster?.stop();
  rmSync(home, { recursive: true, force: true });
});

const kubectls = findKubectls(['1.29', '1.30', '1.31', '1.33']);
leftOutWithoutKubectl(kubectls, 'streams of kubectl');

describe.each(kubectls)('kubectl $version', (kubectl) => {
  const session = new Session(kubectl, kubeconfig, home);

  it('says why a command cannot be run', async () => {
    const error = await session.fail('exec web -- ls');
    expect(error).toContain('containers of this cluster are simulated and run no commands');
    expect(await session.fail('exec missing -- ls')).toContain('pods "missing" not found');
    expect(await session.fail('exec web -c other -- ls')).toContain('container other is not valid for pod web');
  });

  it('follows logs', async () => {
    const child = spawn(kubectl.path, ['--kubeconfig', kubeconfig, 'logs', '-f', 'web'], {
      env: { PATH: process.env.PATH ?? '', HOME: home },
    });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    await expect.poll(() => said, { timeout: 20_000 }).toContain('start worker processes');
    expect(child.exitCode).toBeNull();
    child.kill();
  });

  it('forwards ports to the servers in a pod', async () => {
    const child = spawn(kubectl.path, ['--kubeconfig', kubeconfig, 'port-forward', 'pod/web', ':80', ':81'], {
      env: { PATH: process.env.PATH ?? '', HOME: home },
    });
    try {
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => {
          said += chunk;
        });
      await expect.poll(() => said, { timeout: 20_000 }).toMatch(/127\.0\.0\.1:\d+ -> 81/);
      const port = (remote: number) => Number(new RegExp(`127\\.0\\.0\\.1:(\\d+) -> ${remote}`).exec(said)?.[1]);
      expect(await status(port(80), '/')).toBe(200);
      expect(await status(port(80), '/nothing')).toBe(404);
      expect(await Promise.all(Array.from({ length: 20 }, () => status(port(80), '/')))).toEqual(new Array(20).fill(200));
      await expect(status(port(81), '/')).rejects.toThrow();
      await expect.poll(() => said, { timeout: 5000 }).toContain('connect: connection refused');
    } finally {
      child.kill();
    }
  });
});

function status(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpGet({ port, path, host: '127.0.0.1', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });
}
