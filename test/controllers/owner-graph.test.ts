import { beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '../../runtime/api/object.ts';
import type { DiscoveredResource } from '../../runtime/client/discovery.ts';
import { type GraphNode, OwnerGraph } from '../../runtime/controllers/garbage-collector/graph.ts';

const resource: DiscoveredResource = {
  ...{ group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true },
  verbs: ['list', 'watch', 'delete'],
};
const map = (name: string, namespace: string, owners: string[] = []): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    ...{ name, namespace, uid: `uid-of-${name}` },
    ownerReferences: owners.map((each) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: each, uid: `uid-of-${each}` })),
  },
});

let graph: OwnerGraph;
let asked: string[];
let told: string[];
beforeEach(() => {
  asked = [];
  told = [];
  graph = new OwnerGraph({
    attemptToDelete: ({ reference: { namespace, name } }) => asked.push(`${namespace}/${name}`),
    attemptToOrphan: () => {},
    misplaced: ({ reference: { namespace, name } }) => told.push(`${namespace}/${name}`),
  });
});
const node = (name: string): GraphNode => {
  const found = graph.get(`uid-of-${name}`);
  if (found === undefined) throw new Error(`no node of ${name}`);
  return found;
};

test('an owner that was looked for in the wrong namespace is looked for where its other dependents are', () => {
  graph.observe(resource, map('stray', 'b', ['owner']));
  graph.observe(resource, map('child', 'a', ['owner']));
  // Upstream has an object looked at, too, that disagrees with what is known of its owner.
  expect(asked).toEqual(['b/owner', 'a/child']);
  asked = [];
  graph.forget(node('owner'));
  expect(asked).toEqual(['b/stray', 'a/owner']);
  expect([graph.isAbsent('uid-of-owner', 'b'), graph.isAbsent('uid-of-owner', 'a')]).toEqual([true, false]);
  asked = [];
  graph.forget(node('owner'));
  expect(asked).toEqual(['a/child']);
  expect(graph.isAbsent('uid-of-owner', 'a')).toBe(true);
});

test('an owner that comes into sight late does not lose its dependents by those who cannot have it', () => {
  graph.observe(resource, map('stray', 'b', ['owner']));
  graph.observe(resource, map('child', 'a', ['owner']));
  const virtual = node('owner');
  asked = [];
  graph.observe(resource, map('owner', 'a'));
  expect([asked, told]).toEqual([['b/stray'], ['b/stray']]);
  graph.forget(virtual);
  expect(node('owner').seen).toMatchObject({ namespace: 'a' });
  expect(graph.isAbsent('uid-of-owner', 'a')).toBe(false);
});
