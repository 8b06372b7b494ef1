import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ApiClient } from '../bench/api/client.ts';
import { type ClusterProcess, runCli, runCliWith, startCluster, startWith, temporaryFolder } from '../support/cluster-process.ts';

let folder: ReturnType<typeof temporaryFolder>;
let data: string;
const running: ClusterProcess[] = [];

beforeEach(() => {
  folder = temporaryFolder();
  data = join(folder.path, 'data');
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((cluster) => cluster.end('SIGKILL')));
  folder.remove();
});

async function up(...options: string[]): Promise<ClusterProcess> {
  const cluster = await startCluster(data, ...options);
  running.push(cluster);
  return cluster;
}

async function create(cluster: ClusterProcess, name: string): Promise<void> {
  const client = new ApiClient(cluster.kubeconfig, 1);
  await client.call('POST', '/api/v1/namespaces/default/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
  client.close();
}

async function names(cluster: ClusterProcess): Promise<string[]> {
  const client = new ApiClient(cluster.kubeconfig, 1);
  const list = JSON.parse((await client.call('GET', '/api/v1/namespaces/default/configmaps')).toString()) as {
    items: { metadata: { name: string } }[];
  };
  client.close();
  return list.items.map((item) => item.metadata.name);
}

describe('kubeside up', () => {
  it('prints one line when it is ready and ends cleanly on a signal', async () => {
    const cluster = await up();
    expect(cluster).toMatchObject({ ready: true, kubeconfig: join(data, 'kubeconfig'), pid: cluster.process.pid });
    expect(cluster.server).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const again = signal === 'SIGTERM' ? cluster : await up();
      expect(await again.end(signal)).toBe(0);
      expect(again.log()).toMatch(new RegExp(`\\nStopped\\. The cluster is kept in ${data}\\.\\n$`));
    }
  });

  it('finds everything and keeps its port when it starts again, also after a kill', async () => {
    const first = await up();
    await create(first, 'kept');
    await first.end('SIGKILL');
    const second = await up();
    expect(await names(second)).toEqual(['kept', 'kube-root-ca.crt']);
    expect(second.server).toBe(first.server);
  });

  it('says whether it has made a cluster or found one, and which nodes of an earlier start it does not run', async () => {
    const first = await up('--nodes', '3');
    expect(first.log()).toBe(`Made a new cluster in ${data}\n`);
    await first.end();
    const second = await up('--nodes', '1');
    const [restored, left] = second.log().split('\n');
    expect(restored).toMatch(new RegExp(`^Restored the cluster of ${data}: revision \\d+, \\d+ objects$`));
    expect(left).toMatch(/^Left over from an earlier start and not run now: node-2 node-3\. /);
  });

  it('ends cleanly while clients watch', async () => {
    const cluster = await up();
    const client = new ApiClient(cluster.kubeconfig, 4);
    const watching = client.watch('/api/v1/namespaces?watch=1', () => false).catch(() => undefined);
    expect(await cluster.end()).toBe(0);
    await watching;
    client.close();
  });

  it('names who holds the data directory and touches nothing', async () => {
    const first = await up();
    const before = fingerprint(join(data, 'pki'));
    const { code, stdout, stderr } = await runCli('up', '--json', '--data', data);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^kubeside: ${data}: the data directory .* is in use by process ${first.pid}, since .*\\n$`));
    expect(fingerprint(join(data, 'pki'))).toBe(before);
    await create(first, 'still-writing');
  });

  it('does not start on a busy port, and makes nothing', async () => {
    const busy = await occupy();
    const address = busy.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stderr } = await runCli('up', '--data', data, '--port', String(port));
    busy.close();
    expect({ code, stderr }).toEqual({ code: 1, stderr: `kubeside: port ${port} on 127.0.0.1 is in use by another program\n` });
    expect(existsSync(data)).toBe(false);
  });

  it.each([
    ['a folder that is a file', () => writeFileSync(data, '')],
    [
      'a folder below a file',
      () => {
        writeFileSync(data, '');
        data = join(data, 'below');
      },
    ],
    [
      'a file system that takes no folders',
      () => {
        data = '/proc/kubeside';
      },
    ],
  ])('does not start in %s', async (_, prepare) => {
    prepare();
    const { code, stderr } = await runCli('up', '--data', data);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^kubeside: .*cannot be used: .*\n$/);
  });

  it('does not start on a damaged database, and leaves it as it is', async () => {
    await (await up()).end();
    const [file] = readdirSync(join(data, 'store')).filter((name) => /\.(db|sqlite3?)$/.test(name));
    const database = join(data, 'store', file ?? '');
    const bytes = readFileSync(database);
    bytes.fill(0x5a, 0, Math.min(bytes.length, 8192));
    writeFileSync(database, bytes);
    const before = fingerprint(data);
    const { code, stderr } = await runCli('up', '--data', data);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^kubeside: .*database cannot be read: .*\n$/);
    expect(fingerprint(data)).toBe(before);
  });

  it('does not start on the database of a newer version, and leaves it as it is', async () => {
    await (await up()).end();
    const [file] = readdirSync(join(data, 'store')).filter((name) => /\.(db|sqlite3?)$/.test(name));
    const database = join(data, 'store', file ?? '');
    const bytes = readFileSync(database);
    // The user_version field of SQLite's header.
    bytes.writeUInt32BE(99, 60);
    writeFileSync(database, bytes);
    const before = fingerprint(data);
    const { code, stderr } = await runCli('up', '--data', data);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^kubeside: .*schema version 99.*\n$/);
    expect(fingerprint(data)).toBe(before);
  });

  it('adds itself to a kubeconfig that is there and leaves the rest alone', async () => {
    const kubeconfig = join(folder.path, 'config');
    writeFileSync(
      kubeconfig,
      '# mine\napiVersion: v1\nkind: Config\nclusters:\n- name: prod\n  cluster: {server: https://prod}\ncontexts: []\nusers: []\ncurrent-context: prod\n',
    );
    const cluster = await up('--kubeconfig', kubeconfig);
    expect(cluster.kubeconfig).toBe(kubeconfig);
    const text = readFileSync(kubeconfig, 'utf8');
    expect(text).toContain('# mine');
    expect(parse(text)).toMatchObject({ 'current-context': 'kubeside', clusters: [{ name: 'prod' }, { name: 'kubeside' }] });
    expect(statSync(kubeconfig).mode & 0o77).toBe(0);
    expect(cluster.log()).toBe(`Made a new cluster in ${data}\nThe current context of ${kubeconfig} was prod; it is kubeside now.\n`);
    expect(parse(readFileSync(join(data, 'kubeconfig'), 'utf8'))).toMatchObject({
      clusters: [{ name: 'kubeside', cluster: { server: cluster.server } }],
    });
  });

  it('refuses a kubeconfig file that is something else', async () => {
    const other = join(folder.path, 'notes.txt');
    writeFileSync(other, 'milk\neggs\n');
    const { code, stderr } = await runCli('up', '--data', data, '--kubeconfig', other);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `kubeside: the kubeconfig ${other} cannot be written: it is not a kubeconfig file\n`,
    });
    expect(readFileSync(other, 'utf8')).toBe('milk\neggs\n');
  });

  it.each([
    [['up', '--port', 'http'], '--port must be a whole number from 0 to 65535, not "http"'],
    [['up', '--nodes', '1.5'], '--nodes must be a whole number from 0 to 250, not "1.5"'],
    [['up', '--compaction-interval', '0'], '--compaction-interval must be a whole number from 1 to 86400, not "0"'],
    [['up', '--nodes', '-1'], '--nodes must be a whole number from 0 to 250, not "-1"'],
    [['up', '--data', ''], '--data must be a path, not ""'],
    [['reset', '--data='], '--data must be a path, not ""'],
    [['up', '--kubeconfig', ''], '--kubeconfig must be a path, not ""'],
    [['up', '--audit-policy-file=', '--audit-log-path=-'], '--audit-policy-file must be a path, not ""'],
    [['up', '--nodse', '1'], "unknown option '--nodse'; see kubeside --help"],
    [['up', '--data'], "option '--data <value>' argument missing; see kubeside --help"],
    [['up', '--runtime-config', 'foo'], '--runtime-config: unknown API version "foo"'],
    [['down'], 'unknown command "down"; see kubeside --help'],
    [['up', 'extra'], 'unexpected argument "extra"'],
    [['start', '--data', '/tmp/kubeside-never', 'nowhere.yaml'], 'the path "nowhere.yaml" does not exist'],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, stderr } = await runCli(...args);
    expect(code).toBe(1);
    expect(stderr).toBe(`kubeside: ${message}\n`);
  });

  it('turns beta versions on when asked', async () => {
    const cluster = await up('--runtime-config', 'api/beta=true');
    const client = new ApiClient(cluster.kubeconfig, 1);
    await client.call('GET', '/apis/resource.k8s.io/v1beta1/deviceclasses');
    await expect(client.call('GET', '/apis/resource.k8s.io/v1alpha3/devicetaintrules')).rejects.toThrow('404');
    client.close();
  });
});

describe('kubeside start', () => {
  it('prints one line for programs when it is asked to, and shows the pods beside it', async () => {
    const cluster = await startWith('start', data, resolve('media/samples/redis.yaml'));
    running.push(cluster);
    await expect.poll(() => cluster.log(), { timeout: 60_000 }).toContain('All pods are running and ready.');
    expect(cluster.log()).toMatch(/default +redis +1\/1 +Running/);
    const { server, kubeconfig, pid } = cluster;
    expect(cluster.out()).toBe(`${JSON.stringify({ ready: true, server, kubeconfig, pid })}\n`);
  });
});

describe('kubeside reset', () => {
  it('removes only what the cluster made', async () => {
    await (await up()).end();
    writeFileSync(join(data, 'mine.txt'), 'keep');
    const question = `Remove the cluster in ${data} and everything in it? [y/N] `;
    const refusal = 'kubeside: nothing was removed; answer y or say --yes\n';
    expect(await runCli('reset', '--data', data)).toMatchObject({ code: 1, stderr: `${question}\n${refusal}` });
    expect(await runCliWith('n\n', 'reset', '--data', data)).toMatchObject({ code: 1, stderr: `${question}${refusal}` });
    expect(await runCliWith('y\n', 'reset', '--data', data)).toMatchObject({
      code: 0,
      stderr: `${question}Removed the cluster in ${data}.\n`,
    });
    expect(readdirSync(data)).toEqual(['mine.txt']);
  });

  it('takes the folder with it when nothing else is in it', async () => {
    await (await up()).end();
    expect((await runCli('reset', '--data', data, '--yes')).code).toBe(0);
    expect(existsSync(data)).toBe(false);
  });

  it('does not touch a running cluster, nor a folder that is none', async () => {
    const cluster = await up();
    const { code, stderr } = await runCli('reset', '--data', data, '--yes');
    expect(code).toBe(1);
    expect(stderr).toContain(`in use by process ${cluster.pid}`);
    await create(cluster, 'alive');
    mkdirSync(join(folder.path, 'photos'));
    expect(await runCli('reset', '--data', join(folder.path, 'photos'), '--yes')).toMatchObject({
      code: 1,
      stderr: `kubeside: there is no cluster in ${join(folder.path, 'photos')}\n`,
    });
  });
});

/** Changes when a file below the folder appears, goes, or gets other bytes. */
function fingerprint(path: string): string {
  const hash = createHash('sha256');
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }).sort((a, b) => a.name.localeCompare(b.name))) {
    hash.update(entry.name);
    if (entry.isFile()) hash.update(readFileSync(join(entry.parentPath, entry.name)));
  }
  return hash.digest('hex');
}

function occupy(): Promise<Server> {
  const server = createServer();
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}
