import { expect, it } from 'vitest';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import { createSteppedClock } from '../../runtime/simulation/stepped-clock.ts';
import { keepExpiring } from '../../runtime/store/expiry.ts';
import { settle } from '../client/settle.ts';

const minute = 60_000;

it('deletes what nobody has written for as long as it lives, under its prefix alone', async () => {
  const clock = createSteppedClock(0, settle);
  const store = await openMemoryStore();
  const put = (key: string) => store.commit([{ key, value: new Uint8Array(1) }]);
  const keys = () => store.current('').map(({ key }) => key);
  await put('/events/before');
  const failures: unknown[] = [];
  const cancel = keepExpiring(store, clock, '/events/', 60 * minute, (error) => failures.push(error));
  await put('/pods/old');
  await put('/events/counted');
  await put('/events/once');
  await clock.advance(40 * minute);
  await put('/events/counted');
  expect(keys()).toHaveLength(4);
  await clock.advance(25 * minute);
  expect(keys()).toEqual(['/events/counted', '/pods/old']);
  // A machine that sleeps ages too.
  clock.jump(24 * 60 * minute);
  await clock.advance(minute);
  expect(keys()).toEqual(['/pods/old']);
  expect(failures).toEqual([]);
  cancel();
  expect(clock.next()).toBeUndefined();
  await store.close();
});
