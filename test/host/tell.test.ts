import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kinds } from '../../runtime/api/generated/kinds.ts';
import type { Node } from '../../runtime/api/generated/types/core/v1.ts';
import { isUnattended, missingControllers } from '../../runtime/api/kinds/unattended.ts';
import { createClient } from '../../runtime/client/http-client.ts';
import {
  tellDisplaced,
  tellEmpty,
  tellNodesLeft,
  tellOrigin,
  tellOutcome,
  tellStopped,
  tellUnattended,
} from '../../runtime/host/node/cli/tell.ts';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';

test('a new cluster is told from one that is there already', async () => {
  const store = await openMemoryStore();
  expect(tellOrigin('/data', store)).toBe('Made a new cluster in /data\n');
  await store.commit([{ key: '/registry/pods/a', value: new Uint8Array([1]) }]);
  await store.commit([{ key: '/registry/pods/b', value: new Uint8Array([1]) }]);
  expect(tellOrigin('/data', store)).toBe('Restored the cluster of /data: revision 3, 2 objects\n');
  await store.close();
});

test('nodes that nobody runs now are named, but not those that somebody else has made', async () => {
  const told = (count: number, running: number) => {
    const name = (i: number) => ({ metadata: { name: `node-${i + 1}` } });
    const items: Node[] = [{ metadata: { name: 'mine' } }, ...Array.from({ length: count }, (_, i) => name(i))];
    const client = createClient(() => Promise.resolve(Response.json({ kind: 'NodeList', apiVersion: 'v1', metadata: {}, items })));
    return tellNodesLeft(client, new Set(Array.from({ length: running }, (_, i) => name(i).metadata.name)));
  };
  expect(await told(3, 3)).toBe('');
  expect(await told(11, 9)).toContain('not run now: node-10 node-11. ');
  expect(await told(12, 1)).toContain('not run now: node-2 node-3 node-4 node-5 node-6 node-7 node-8 node-9 … (11 nodes). ');
});

test('a cluster that was stopped is said to be kept, if there is one', () => {
  expect(tellStopped({ path: '/data', holdsCluster: true })).toBe('Stopped. The cluster is kept in /data.\n');
  expect(tellStopped({ path: '/data', holdsCluster: false })).toBe('Stopped.\n');
});

test('a start that finds nothing to apply says so and claims no pods', () => {
  expect(tellEmpty([])).toBe('');
  expect(tellEmpty(['shop', 'a.yaml'])).toBe('There are no objects in shop\nThere are no objects in a.yaml\n');
  const applied = [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }];
  expect(tellOutcome([], [], 2)).toBe('The cluster runs; nothing was applied.');
  expect(tellOutcome(applied, [], 2)).toBe('All pods are running and ready.');
  expect(tellOutcome(applied, ['pod default/a'], 2)).toBe('Not ready after 2 minutes: pod default/a. The cluster goes on.');
});

test('what a kubeconfig led to before is named', () => {
  expect(tellDisplaced('/f', 'kubeside', {})).toBe('');
  expect(tellDisplaced('/f', 'kubeside', { server: 'https://127.0.0.1:1', currentContext: 'prod' })).toBe(
    'The context kubeside of /f led to https://127.0.0.1:1 before; it leads to this cluster now.\n' +
      'The current context of /f was prod; it is kubeside now.\n',
  );
});

test('objects that nothing acts on are named', () => {
  const metadata = { name: 'a', namespace: 'default' };
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata };
  expect(tellUnattended([{ apiVersion: 'apps/v1', kind: 'Deployment', metadata }])).toBe('');
  expect(tellUnattended([job, { ...job, apiVersion: 'apps/v1', kind: 'DaemonSet' }])).toBe(
    'Only stored, for nothing acts on these kinds yet: job default/a, daemonset default/a\n',
  );
  expect(isUnattended({ apiVersion: 'example.com/v1', kind: 'Job' })).toBe(false);
});

test('what is said to have no controller is a kind, and its controller is not there', () => {
  const known = new Set(kinds.map(({ group, kind }) => `${group}/${kind}`));
  const folder = join('runtime', 'controllers');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const text = sources.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  expect(text).toContain(`'namespace-controller'`);
  for (const [kind, controller] of Object.entries(missingControllers)) {
    expect(known).toContain(kind);
    expect(text, `${controller} is there: ${kind} is attended now`).not.toContain(`'${controller}'`);
  }
});
