import { expect, it } from 'vitest';
import { evictPods, planDrain, setSchedulable } from '../../client/cluster/drain.ts';
import { ApiFailure } from '../../client/cluster/failure.ts';
import type { RequestOptions } from '../../client/cluster/request.ts';
import { pod, readyPod } from './fixtures.ts';

it('evicts what is on the node, keeps what a DaemonSet wants there, and names what nothing makes again', () => {
  const plan = planDrain('n1', [
    readyPod('web', 'n1', { kind: 'ReplicaSet', name: 'web' }),
    readyPod('alone', 'n1'),
    pod({ name: 'done', node: 'n1', phase: 'Succeeded' }),
    readyPod('agent', 'n1', { kind: 'DaemonSet', name: 'agent' }),
    readyPod('other', 'n2'),
  ]);
  const names = (pods: typeof plan.evict) => pods.map(({ metadata }) => metadata?.name);
  expect([names(plan.evict), names(plan.lost), names(plan.stay)]).toEqual([['web', 'alone', 'done'], ['alone'], ['agent']]);
});

it('waits for a disruption budget, passes over pods that are gone, and stops when asked', async () => {
  const refusals = [429, 429, 0, 404, 429];
  const sent: string[] = [];
  const server = {
    async request<T>(method: string, path: string, { body }: RequestOptions = {}) {
      sent.push(`${method} ${path}`);
      const code = refusals.shift() ?? 0;
      if (code > 0) throw new ApiFailure(code, { code });
      return { code: 201, body: body as T };
    },
  };
  const told: string[] = [];
  const stop = new AbortController();
  await evictPods(server, [readyPod('a', 'n'), readyPod('b', 'n'), readyPod('c', 'n')], {
    signal: stop.signal,
    pause: async () => {
      if (refusals.length === 0) stop.abort();
    },
    told: (name, waits) => told.push(`${name}${waits ? ' waits' : ''}`),
  });
  expect(told).toEqual(['a waits', 'a waits', 'a', 'c waits']);
  expect(sent).toHaveLength(5);
  await setSchedulable(server, 'n', false);
  expect(sent.at(-1)).toBe('PATCH /api/v1/nodes/n');
});
