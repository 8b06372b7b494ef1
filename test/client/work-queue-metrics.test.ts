import { expect, test } from 'vitest';
import { WorkQueueMetrics } from '../../runtime/apiserver/metrics/work-queue-metrics.ts';
import { createWorkQueue } from '../../runtime/client/work-queue.ts';
import { createSteppedClock } from '../../runtime/simulation/stepped-clock.ts';
import { settle } from './settle.ts';

test("queues are counted under client-go's names: what waits, what is worked on, and for how long", async () => {
  const clock = createSteppedClock(0, settle);
  const metrics = new WorkQueueMetrics(() => clock.now());
  const queue = createWorkQueue({ clock, observe: (state) => metrics.observe('things', state) });
  const { signal } = new AbortController();
  const values = () => {
    const samples = metrics.families.flatMap((family) => family.samples()).filter(({ name }) => !name.endsWith('_bucket'));
    for (const { labels } of samples) expect(labels).toEqual({ name: 'things' });
    return Object.fromEntries(samples.map(({ name, value }) => [name.replace('workqueue_', ''), value]));
  };
  expect(values()).toMatchObject({ depth: 0, adds_total: 0, retries_total: 0, longest_running_processor_seconds: 0 });
  queue.add('a');
  queue.add('a');
  queue.add('b');
  await clock.advance(2000);
  expect(values()).toMatchObject({ depth: 2, adds_total: 2 });
  await queue.take(signal);
  await clock.advance(1000);
  await queue.take(signal);
  queue.add('a');
  await clock.advance(3000);
  expect(values()).toMatchObject({
    depth: 1,
    adds_total: 3,
    queue_duration_seconds_sum: 5,
    queue_duration_seconds_count: 2,
    unfinished_work_seconds: 7,
    longest_running_processor_seconds: 4,
  });
  queue.addRateLimited('b');
  queue.done('a');
  queue.done('b');
  expect(values()).toMatchObject({
    depth: 1,
    retries_total: 1,
    work_duration_seconds_sum: 7,
    work_duration_seconds_count: 2,
    unfinished_work_seconds: 0,
  });
  expect(await queue.take(signal)).toBe('a');
  expect(values()).toMatchObject({ queue_duration_seconds_sum: 8 });
});
