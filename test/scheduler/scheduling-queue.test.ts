import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../runtime/api/generated/types/core/v1.ts';
import type { Plugin } from '../../runtime/scheduler/framework/plugin.ts';
import { Heap } from '../../runtime/scheduler/heap.ts';
import { SchedulingQueue } from '../../runtime/scheduler/scheduling-queue.ts';
import { createSteppedClock } from '../../runtime/simulation/stepped-clock.ts';
import { settle } from '../client/settle.ts';
import { node, pod } from './objects.ts';

/** Rejects nothing itself; wakes the pods whose label `wants` is the label `has` of a new node. */
const picky: Plugin = {
  name: 'Picky',
  wakes: (event) =>
    event.type === 'node added' ? ({ metadata }) => metadata?.labels?.wants === event.node.metadata?.labels?.has : undefined,
};

function setUp() {
  const clock = createSteppedClock(Date.UTC(2026, 0, 1), settle);
  const queue = new SchedulingQueue(clock, [picky]);
  const ending = new AbortController();
  const next = async () => {
    const waiting = queue.take(ending.signal);
    return (await Promise.race([waiting, settle().then(() => undefined)]))?.metadata?.name;
  };
  return { clock, queue, ending, next };
}
const named = (name: string, priority = 0, wants = ''): Pod => {
  const one = pod(name, {}, { priority });
  return { ...one, metadata: { name, uid: name, generation: 1, labels: { wants } } };
};
const rejected = new Set(['Picky']);
const added = (has = '') => ({ type: 'node added', node: node('n', { labels: { has } }) }) as const;

describe('the order', () => {
  it('is by priority, then by the time of the last attempt', async () => {
    const { queue, next, clock } = setUp();
    queue.add(named('a'));
    expect(await next()).toBe('a');
    queue.unschedulable('a', rejected);
    await clock.advance(2_000);
    queue.add(named('b'));
    queue.add(named('high', 10));
    queue.add(named('c'));
    queue.notify(added());
    // `a` came first, but what counts is when it was put back.
    expect([await next(), await next(), await next(), await next()]).toEqual(['high', 'a', 'b', 'c']);
  });

  it('of a heap is that of sorting, whatever is taken out of its middle', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer(), fc.boolean())), (entries) => {
        const heap = new Heap<{ value: number }>((a, b) => a.value < b.value);
        const items = entries.map(([value, stays]) => ({ value, stays }));
        for (const item of items) heap.push(item);
        for (const item of items) if (!item.stays) expect(heap.delete(item)).toBe(true);
        const popped: number[] = [];
        for (let item = heap.pop(); item; item = heap.pop()) popped.push(item.value);
        expect(popped).toEqual(
          items
            .filter((item) => item.stays)
            .map((item) => item.value)
            .sort((a, b) => a - b),
        );
      }),
    );
  });
});

describe('a pod that fitted nowhere', () => {
  it('is tried again by an event that helps it and by no other', async () => {
    const { queue, next, clock } = setUp();
    queue.add(named('a', 0, 'x'));
    await next();
    queue.unschedulable('a', rejected);
    queue.notify(added('y'));
    queue.notify({ type: 'pod deleted', pod: named('other') });
    await clock.advance(60_000);
    expect(queue.get('a')).toBeDefined();
    const waiting = queue.take(new AbortController().signal);
    await settle();
    queue.notify(added('x'));
    expect((await waiting)?.metadata?.name).toBe('a');
  });

  it('goes back behind all that have not been tried, while its back-off lasts', async () => {
    const { queue, next } = setUp();
    queue.add(named('high', 10));
    await next();
    queue.unschedulable('high', rejected);
    queue.notify(added());
    queue.add(named('low'));
    expect([await next(), await next()]).toEqual(['low', 'high']);
  });

  it('is tried again when its spec or labels change, not its status', async () => {
    const { queue, next } = setUp();
    queue.add(named('a'));
    await next();
    queue.unschedulable('a', rejected);
    queue.add({ ...named('a'), status: { phase: 'Pending' } });
    expect(queue.get('a')?.status).toEqual({ phase: 'Pending' });
    const waiting = queue.take(new AbortController().signal);
    await settle();
    queue.add({ ...named('a'), metadata: { ...named('a').metadata, generation: 2 } });
    expect((await waiting)?.metadata?.generation).toBe(2);
  });

  it('is held while evictions are written, and then knows what it missed', async () => {
    const { queue, next } = setUp();
    for (const name of ['a', 'b']) {
      queue.add(named(name));
      await next();
      queue.unschedulable(name, rejected);
      queue.hold(name);
    }
    queue.notify(added());
    queue.release('a', false);
    expect(await next()).toBe('a');
    queue.remove('b');
    queue.release('b', true);
    expect(queue.get('b')).toBeUndefined();
  });
});

describe('a pod whose attempt broke off', () => {
  it('is tried again after a back-off that doubles up to ten seconds, even by an idle scheduler', async () => {
    const { queue, clock, ending } = setUp();
    queue.add(named('a'));
    const waits: number[] = [];
    for (let last = clock.now(), i = 0; i < 6; i++) {
      let took = false;
      void queue.take(ending.signal).then(() => {
        took = true;
      });
      await settle();
      while (!took) await clock.advance(500);
      waits.push(clock.now() - last);
      last = clock.now();
      queue.failed('a');
    }
    expect(waits.slice(1).map((wait) => wait / 1000)).toEqual([1, 2, 4, 8, 10]);
  });

  it('leaves no timer behind when it is gone, nor when the queue ends', async () => {
    const { queue, clock, next, ending } = setUp();
    for (const name of ['a', 'b']) queue.add(named(name));
    await next();
    await next();
    queue.failed('a');
    queue.unschedulable('b', rejected);
    ending.abort();
    expect(await queue.take(ending.signal)).toBeUndefined();
    expect(clock.next()).toBeUndefined();
  });
});
