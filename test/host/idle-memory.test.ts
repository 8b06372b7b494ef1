import { expect, test } from 'vitest';
import { returnIdleMemory } from '../../runtime/host/node/idle-memory.ts';
import { createSteppedClock } from '../../runtime/simulation/stepped-clock.ts';

const mebibyte = 1024 * 1024;

test('a heap that a burst has left large is collected once the process is at rest, and not again for nothing', async () => {
  const clock = createSteppedClock(0, async () => {});
  const engine = { size: 100 * mebibyte, share: 0, collections: 0 };
  const cancel = returnIdleMemory(clock, {
    heapSize: () => engine.size,
    busy: () => engine.share,
    collect() {
      engine.collections++;
      engine.size = 120 * mebibyte;
    },
  });
  await clock.advance(60_000);
  expect(engine.collections, 'nothing has grown').toBe(0);

  Object.assign(engine, { size: 400 * mebibyte, share: 0.9 });
  await clock.advance(60_000);
  expect(engine.collections, 'work goes on').toBe(0);

  engine.share = 0.02;
  await clock.advance(60_000);
  expect(engine.collections).toBe(1);

  engine.size = 150 * mebibyte;
  await clock.advance(60_000);
  expect(engine.collections, 'it has grown by a quarter').toBe(1);

  cancel();
  engine.size = 400 * mebibyte;
  await clock.advance(60_000);
  expect(engine.collections, 'it has ended').toBe(1);
});

test('the heap of this process can be collected', async () => {
  const clock = createSteppedClock(0, async () => {});
  const cancel = returnIdleMemory(clock);
  await clock.advance(10_000);
  cancel();
  expect(globalThis.gc, 'no function is left for everybody').toBeUndefined();
});
