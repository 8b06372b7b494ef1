import { beforeAll, expect, test } from 'vitest';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import type { Change } from '../../runtime/store/store.ts';
import { checkIntegrity } from './integrity.ts';
import { type RecordingStorage, recordingStorage } from './power-cut-storage.ts';
import { seeded } from './random.ts';

/** A key's value is made from its revision, so what is found can be checked against the revision that was to have written it. */
function valueAt(revision: number, index: number): Uint8Array {
  const random = seeded(revision * 16 + index);
  return new Uint8Array(Math.floor(random.next() ** 3 * 40_000)).fill(revision % 256);
}

const storage: RecordingStorage = recordingStorage();
/** Operations done when a revision was acknowledged. */
const acknowledged: { operations: number; revision: number }[] = [];
/** The keys and their revisions, at each revision. */
const states: Map<string, number>[] = [new Map(), new Map()];

beforeAll(async () => {
  const random = seeded(1);
  const store = await openMemoryStore({ storage });
  const group = async (size: number) => {
    await Promise.all(
      Array.from({ length: size }, async () => {
        const revision = states.length;
        const state = new Map(states.at(-1));
        const changes: Change[] = [];
        for (let index = 0; index < 1 + Math.floor(random.next() * 3); index++) {
          const key = `/k/${Math.floor(random.next() * 20) * 5 + index}`;
          const deletes = state.has(key) && random.next() < 0.2;
          changes.push({ key, value: deletes ? null : valueAt(revision, index) });
          state.delete(key);
          if (!deletes) {
            state.set(key, revision);
          }
        }
        states.push(state);
        expect(await store.commit(changes)).toBe(revision);
        acknowledged.push({ operations: storage.operations, revision });
      }),
    );
  };
  for (let round = 0; round < 120; round++) {
    await group(1 + Math.floor(random.next() * 6));
    if (round % 40 === 30) {
      await store.compact(store.revision - 20);
    }
  }
  await store.close();
});

/** Cuts the power and says what the store is like afterwards. */
async function cut(operations: number, seed: number, deaf = false): Promise<'good' | 'lost'> {
  const found = storage.afterPowerCut(operations, seeded(seed), deaf);
  const needed = acknowledged.findLast((ack) => ack.operations <= operations)?.revision ?? 1;
  const store = await openMemoryStore({ storage: found });
  const state = new Map(store.current('').map(({ key, revision }) => [key, revision]));
  const sizes = store.current('').every(({ value, revision }) => value.length === 0 || value[0] === revision % 256);
  const { revision } = store;
  await store.close();
  // Nothing acknowledged is missing, and what is there is a whole state that once was.
  const expected = [...(states[revision] ?? [])].sort();
  const whole = JSON.stringify([...state].sort()) === JSON.stringify(expected);
  return revision >= needed && whole && sizes && (await checkIntegrity(found)) === 'ok' ? 'good' : 'lost';
}

test('no power cut loses what was acknowledged or half-writes a commit', async () => {
  const random = seeded(2);
  const points = [
    ...Array.from({ length: 60 }, (_, index) => index),
    ...Array.from({ length: 140 }, () => Math.floor(random.next() * storage.operations)),
  ];
  for (const [index, operations] of points.entries()) {
    expect(await cut(operations, index), `power cut after operation ${operations}, seed ${index}`).toBe('good');
  }
});

test('the simulation can tell: a disk that ignores syncs does lose', async () => {
  const random = seeded(3);
  const results: string[] = [];
  for (let index = 0; index < 30; index++) {
    const operations = Math.floor(random.next() * storage.operations);
    results.push(await cut(operations, index, true).catch(() => 'lost'));
  }
  expect(results.filter((result) => result === 'lost').length).toBeGreaterThan(15);
});
