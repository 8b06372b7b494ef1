import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Deployment } from '../../runtime/api/generated/types/apps/v1.ts';
import type { Pod } from '../../runtime/api/generated/types/core/v1.ts';
import * as resources from '../../runtime/client/resources.ts';
import { startVirtualCluster, type VirtualCluster } from '../support/virtual-cluster.ts';

let virtual: VirtualCluster;

beforeEach(async () => {
  virtual = await startVirtualCluster();
});

afterEach(() => virtual.stop());

const web = (image: string, replicas = 3): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
  },
});

async function pods(): Promise<Pod[]> {
  return (await virtual.cluster.client.resource(resources.pods).list({ namespace: 'default' })).items;
}

const isReady = (pod: Pod) => pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;

describe('a cluster on virtual time', () => {
  it('runs a Deployment for ten minutes, rolls it over and takes it down', async () => {
    const { cluster, clock } = virtual;
    const deployments = cluster.client.resource(resources.deployments);
    await deployments.create(web('nginx:1.25'));
    await clock.advance(10 * 60_000);
    const first = await pods();
    expect(first.map((pod) => pod.status?.phase)).toEqual(['Running', 'Running', 'Running']);
    expect(first.every(isReady)).toBe(true);
    expect(new Set(first.map((pod) => pod.spec?.nodeName))).toEqual(new Set(['node-1', 'node-2', 'node-3']));
    expect((await deployments.get('web', 'default')).status).toMatchObject({ replicas: 3, readyReplicas: 3, availableReplicas: 3 });

    await deployments.patch('web', 'default', {
      type: 'strategic',
      body: { spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:1.26' }] } } } },
    });
    await clock.advance(2 * 60_000);
    const second = await pods();
    expect(second.map((pod) => pod.spec?.containers[0]?.image)).toEqual(['nginx:1.26', 'nginx:1.26', 'nginx:1.26']);
    expect(second.every(isReady)).toBe(true);

    await deployments.delete('web', 'default');
    await clock.advance(2 * 60_000);
    expect(await pods()).toEqual([]);
    expect((await cluster.client.resource(resources.replicaSets).list()).items).toEqual([]);
  });

  it('comes to the same end from the same seed', async () => {
    const run = async ({ cluster, clock }: VirtualCluster) => {
      await cluster.client.resource(resources.deployments).create(web('nginx', 5));
      await clock.advance(60_000);
      const list = await cluster.client.resource(resources.pods).list({ namespace: 'default' });
      return list.items.map((pod) => [pod.metadata?.name, pod.spec?.nodeName, pod.status?.podIP, pod.status?.startTime]);
    };
    const other = await startVirtualCluster();
    const [one, two] = [await run(virtual), await run(other)];
    await other.stop();
    expect(one).toHaveLength(5);
    expect(one).toEqual(two);
  });

  it('keeps its nodes ready for as long as nothing happens', async () => {
    const { cluster, clock } = virtual;
    await clock.advance(60 * 60_000);
    const nodes = (await cluster.client.resource(resources.nodes).list()).items;
    expect(nodes.map((node) => node.status?.conditions?.find((c) => c.type === 'Ready')?.status)).toEqual(['True', 'True', 'True']);
  });

  it('ends in the midst of work without a word, and does nothing afterwards', async () => {
    const told: string[] = [];
    const tell = (message: string) => void told.push(message);
    const ending = await startVirtualCluster({ log: { debug() {}, info: tell, warn: tell, error: tell } });
    await ending.cluster.client.resource(resources.deployments).create(web('nginx', 100));
    await ending.clock.advance(500);
    expect((await ending.cluster.client.resource(resources.pods).list()).items.length).toBeGreaterThan(0);
    await ending.stop();
    await ending.clock.advance(60_000);
    await expect(ending.cluster.client.resource(resources.pods).list()).rejects.toMatchObject({ code: 503 });
    expect(told).toEqual([]);
  });

  it('forgets events an hour after they were written last', async () => {
    const { cluster, clock } = virtual;
    const events = cluster.client.resource(resources.events);
    const create = (name: string) =>
      events.create({ metadata: { name, namespace: 'default' }, involvedObject: { kind: 'Pod', namespace: 'default', name: 'web' } });
    await create('old');
    await clock.advance(5 * 60_000);
    clock.jump(60 * 60_000);
    await create('new');
    await clock.advance(5 * 60_000);
    const names = (await events.list({ namespace: 'default' })).items.map(({ metadata }) => metadata?.name);
    expect(names).toContain('new');
    expect(names).not.toContain('old');
  });
});
