import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRealClock } from '../../runtime/host/node/clock.ts';

const day = 24 * 60 * 60 * 1000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('waits for longer than a timer of Node can', async () => {
  const clock = createRealClock();
  const told: string[] = [];
  clock.after(365 * day, () => told.push('after'));
  void clock.sleep(100 * day).then(() => told.push('sleep'));
  const cancel = clock.after(60 * day, () => told.push('cancelled'));
  await vi.advanceTimersByTimeAsync(49 * day);
  cancel();
  await vi.advanceTimersByTimeAsync(50 * day);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(day + 1);
  expect(told).toEqual(['sleep']);
  await vi.advanceTimersByTimeAsync(265 * day);
  expect(told).toEqual(['sleep', 'after']);
  expect(vi.getTimerCount()).toBe(0);
});

it('ends a sleep early when its signal aborts, and leaves no timer behind', async () => {
  const clock = createRealClock();
  const ending = new AbortController();
  const sleep = clock.sleep(100 * day, ending.signal);
  await vi.advanceTimersByTimeAsync(30 * day);
  ending.abort();
  await sleep;
  expect(vi.getTimerCount()).toBe(0);
});

it('does not fire what was cancelled while it was due', async () => {
  const clock = createRealClock();
  const told: string[] = [];
  const cancelThird: { cancel?: () => void } = {};
  clock.after(10, () => {
    told.push('first');
    cancelThird.cancel?.();
  });
  clock.after(10, () => told.push('second'));
  cancelThird.cancel = clock.after(10, () => told.push('third'));
  await vi.advanceTimersByTimeAsync(20);
  expect(told).toEqual(['first', 'second']);
});

it('reads and writes while more is due than there is time for', async () => {
  vi.useRealTimers();
  const clock = createRealClock();
  let fired = 0;
  let isBusy = true;
  const work = () => {
    if (!isBusy) return;
    fired++;
    clock.after(1, work);
    for (const end = performance.now() + 1; performance.now() < end; );
  };
  for (let i = 0; i < 200; i++) clock.after(1, work);
  await readFile(new URL(import.meta.url));
  isBusy = false;
  // A read takes a handful of turns; a turn of all that is due would be 200.
  expect(fired).toBeLessThan(200);
});
