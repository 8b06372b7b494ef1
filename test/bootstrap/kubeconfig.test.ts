import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { createKubeconfig, displacedBy, mergeKubeconfig } from '../../runtime/bootstrap/kubeconfig.ts';

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

const theirs = { ...entry, server: 'https://127.0.0.1:2', ca: 'theirs' };
const prod = 'kind: Config\ncurrent-context: prod\nclusters: [{name: prod, cluster: {server: https://prod}}]\ncontexts: ';
test.each([
  ['the same cluster', createKubeconfig(entry), {}],
  ['the same cluster at another port', createKubeconfig({ ...entry, server: theirs.server }), {}],
  ['another cluster', createKubeconfig(theirs), { server: theirs.server }],
  ['another current context', `${prod}[]`, { currentContext: 'prod' }],
  [
    'a context that leads elsewhere',
    `${prod}[{name: kubeside, context: {cluster: prod}}]`,
    { server: 'https://prod', currentContext: 'prod' },
  ],
  ['nothing that can be read', 'kind: Config\ncurrent-context: ""\nclusters: 5\ncontexts: [null, {name: kubeside}]', {}],
])('a kubeconfig with %s tells what is displaced', (_, existing, displaced) => {
  expect(displacedBy(existing, entry)).toEqual(displaced);
});
