import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { createKubeconfig, mergeKubeconfig } from '../../runtime/bootstrap/kubeconfig.ts';

const entry = { name: 'kubeside', server: 'https://127.0.0.1:1', ca: 'ca', client: { certificate: 'c', key: 'k' } };

test('a start leaves the chosen namespace, other entries and comments of a kubeconfig as they are', () => {
  const mine = { ...parse(createKubeconfig(entry)), users: [{ name: 'jane', user: {} }, ...parse(createKubeconfig(entry)).users] };
  mine.contexts[0].context.namespace = 'shop';
  const merged = mergeKubeconfig(`# mine\n${JSON.stringify(mine)}\n`, { ...entry, server: 'https://127.0.0.1:2' });
  expect(merged).toMatch(/^# mine\n/);
  const config = parse(merged);
  expect(config.contexts).toEqual([{ name: 'kubeside', context: { cluster: 'kubeside', user: 'kubeside', namespace: 'shop' } }]);
  expect(config.clusters[0].cluster.server).toBe('https://127.0.0.1:2');
  expect(config.users.map(({ name }: { name: string }) => name)).toEqual(['jane', 'kubeside']);
});

test.each(['contexts: 5', 'contexts: [null, 7, {name: kubeside}]', 'contexts: [{name: kubeside, context: {namespace: 3}}]'])(
  'a kubeconfig with %s gets the cluster all the same',
  (contexts) => {
    const { contexts: merged } = parse(mergeKubeconfig(`apiVersion: v1\nkind: Config\n${contexts}\n`, entry));
    expect(merged).toContainEqual({ name: 'kubeside', context: { cluster: 'kubeside', user: 'kubeside' } });
  },
);
