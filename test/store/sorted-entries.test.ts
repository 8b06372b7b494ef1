import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SortedEntries } from '../../runtime/store/sorted-entries.ts';
import type { Entry } from '../../runtime/store/store.ts';

const entry = (key: string, revision: number): Entry => ({ key, revision, createRevision: 1, value: new Uint8Array(0) });

test('agrees with a sorted array after any insertions and deletions', () => {
  const key = fc
    .tuple(fc.constantFrom('/a/', '/b/', '/b/c/', ''), fc.integer({ min: 0, max: 3000 }))
    .map(([prefix, number]) => `${prefix}${number}`);
  const step = fc.record({ key, deletes: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 0, maxLength: 6000, size: 'max' }),
      fc.boolean(),
      key,
      fc.integer({ min: 0, max: 700 }),
      (steps, inOrder, after, limit) => {
        const sorted = new SortedEntries();
        const model = new Map<string, Entry>();
        // Ascending keys fill chunks one after the other, others split them.
        const sequence = inOrder ? steps.toSorted((a, b) => (a.key < b.key ? -1 : 1)) : steps;
        for (const [revision, { key: name, deletes }] of sequence.entries()) {
          if (deletes && revision % 3 === 0) {
            sorted.delete(name);
            model.delete(name);
          } else {
            sorted.set(entry(name, revision));
            model.set(name, entry(name, revision));
          }
        }
        for (const prefix of ['', '/', '/a/', '/b', '/b/c/', '/b/c/1', '/zzz']) {
          const all = [...model.values()].filter((one) => one.key.startsWith(prefix)).sort((a, b) => (a.key < b.key ? -1 : 1));
          expect(sorted.list(prefix)).toEqual({ entries: all, remaining: 0 });
          const rest = all.filter((one) => one.key > after);
          expect(sorted.list(prefix, after, limit)).toEqual({ entries: rest.slice(0, limit), remaining: Math.max(0, rest.length - limit) });
        }
      },
    ),
    { numRuns: 30 },
  );
});
