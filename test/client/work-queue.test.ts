import { expect, test } from 'vitest';
import { runController } from '../../runtime/client/controller.ts';
import { silentLog } from '../../runtime/client/log.ts';
import { createWorkQueue } from '../../runtime/client/work-queue.ts';
import { createSteppedClock } from '../../runtime/simulation/stepped-clock.ts';
import { settle } from './settle.ts';

test('a key is worked on by one worker at a time and once for many wishes', async () => {
  const clock = createSteppedClock(0, settle);
  const queue = createWorkQueue({ clock });
  const stop = new AbortController();
  let running = 0;
  let most = 0;
  const worked: string[] = [];
  const reconcile = async (key: string) => {
    most = Math.max(most, ++running);
    await clock.sleep(10);
    running--;
    worked.push(key);
  };
  const ended = runController({ name: 'test', queue, workers: 4, reconcile, signal: stop.signal, log: silentLog });
  queue.add('a');
  queue.add('a');
  await settle();
  queue.add('a');
  queue.add('a');
  await clock.advance(5);
  expect([running, queue.length]).toEqual([1, 0]);
  await clock.advance(100);
  expect([worked, most]).toEqual([['a', 'a'], 1]);
  stop.abort();
  await ended;
});

test('failures wait 5 ms, doubling up to 1000 s, and success forgets them', async () => {
  const clock = createSteppedClock(0, settle);
  const queue = createWorkQueue({ clock });
  const stop = new AbortController();
  const tries: number[] = [];
  let fail = true;
  const reconcile = async () => {
    tries.push(clock.now());
    if (fail) throw new Error('not yet');
  };
  const ended = runController({ name: 'test', queue, workers: 1, reconcile, signal: stop.signal, log: silentLog });
  queue.add('a');
  await clock.advance(4_000_000);
  const gaps = tries.slice(1).map((time, index) => time - (tries[index] ?? 0));
  expect(gaps.slice(0, 4)).toEqual([5, 10, 20, 40]);
  expect(Math.max(...gaps)).toBe(1_000_000);
  fail = false;
  await clock.advance(1_000_000);
  expect(queue.failures('a')).toBe(0);
  stop.abort();
  await ended;
  expect(clock.next()).toBeUndefined();
});

test('of several delays the earliest counts', async () => {
  const clock = createSteppedClock(0, settle);
  const queue = createWorkQueue({ clock });
  const { signal } = new AbortController();
  queue.addAfter('a', 50);
  queue.addAfter('a', 20);
  queue.addAfter('a', 90);
  await clock.advance(19);
  expect(queue.length).toBe(0);
  await clock.advance(1);
  expect(await queue.take(signal)).toBe('a');
  queue.done('a');
  await clock.advance(100);
  expect(queue.length).toBe(0);
});
