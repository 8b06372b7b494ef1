import { expect, test } from 'vitest';
import type { KubeObject } from '../../runtime/api/object.ts';
import type { ResourceRef } from '../../runtime/client/client.ts';
import * as resources from '../../runtime/client/resources.ts';
import { showUntilReady } from '../../runtime/host/node/cli/show-pods.ts';
import { start, startVirtualCluster } from '../support/virtual-cluster.ts';

const container = { name: 'c', image: 'nginx' };
const pod = (name: string, from: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ ...container, ...from }] },
});
const broken = { envFrom: [{ configMapRef: { name: 'nowhere' } }] };
const web = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } },
  },
};

/** Applies objects beside a broken pod of somebody else, and lets ten minutes pass. */
async function shown(...objects: [ResourceRef<KubeObject>, object][]) {
  const { cluster, clock, stop } = await startVirtualCluster();
  const { client, informers } = cluster;
  // The code of tables is loaded with the first of them, which takes real time, in which the clock would run on.
  await client.transport(
    new Request('https://cluster/api/v1/pods', { headers: { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' } }),
  );
  await client.resource(resources.pods).create(pod('own', broken));
  const applied = await Promise.all(objects.map(([ref, object]) => client.resource(ref).create(object as KubeObject)));
  let text = '';
  let took: number | undefined;
  const write = (more: string) => {
    text += more;
  };
  const missing = showUntilReady({ client, informers, clock, applied, since: start, limit: 120_000, write });
  const begun = clock.now();
  void missing.then(() => {
    took = clock.now() - begun;
  });
  await clock.advance(600_000);
  await stop();
  return { missing: await missing, took, lines: text.trimEnd().split('\n') };
}

test('a broken pod that was not applied is neither shown nor waited for', async () => {
  const { missing, took, lines } = await shown([resources.deployments, web], [resources.pods, pod('alone', {})]);
  expect(missing).toEqual([]);
  expect(took).toBeLessThan(120_000);
  expect(lines[0]).toMatch(/^NAMESPACE +NAME +READY +STATUS +RESTARTS +AGE +IP +NODE$/);
  const running = lines.filter((line) => / 1\/1 +Running /.test(line)).map((line) => line.split(/ +/)[1]?.replace(/-.*/, ''));
  expect(running.sort()).toEqual(['alone', 'web', 'web']);
  expect(lines.join()).not.toContain('own');
});

test('what is not ready at the limit is named, and written only when it changes', async () => {
  const { missing, took, lines } = await shown([resources.pods, pod('bad', broken)]);
  expect(missing).toEqual(['pod default/bad']);
  expect(took).toBe(120_000);
  const said = lines.map((line) => line.split(/ {2,}/).filter((_, i) => i !== 5));
  expect(said.at(-1)).toEqual(expect.arrayContaining(['bad', '0/1', 'CreateContainerConfigError']));
  expect(new Set(said.map(String)).size).toBe(said.length);
  expect(said.length).toBeLessThan(8);
});
