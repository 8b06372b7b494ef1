import { afterAll, expect, test } from 'vitest';
import { directoryStorage } from '../../runtime/host/node/store/directory-storage.ts';
import { openTestFileStore, temporaryDirectory } from './file-store.ts';
import { checkIntegrity } from './integrity.ts';
import { seeded } from './random.ts';
import { WriterProcess } from './writer-process.ts';

const kills = 20;
const { path, remove } = temporaryDirectory();
afterAll(remove);

test(`a process that is killed ${kills} times in mid-load loses nothing it acknowledged`, async () => {
  const random = seeded(1);
  /** The newest acknowledged write of each key. */
  const acknowledged = new Map<string, { revision: number; size: number }>();
  let total = 0;
  for (let kill = 0; kill < kills; kill++) {
    const writer = await WriterProcess.start('load', path);
    // Not always at the same place: from the first acknowledgement to some thousands later, compactions between.
    const patience = 1 + Math.floor(random.next() ** 2 * 2000);
    await writer.until((said) => said.length > patience);
    await writer.kill();
    for (const { key, revision, size } of writer.said) {
      if (key !== undefined && revision !== undefined && size !== undefined) {
        total++;
        acknowledged.set(key, { revision, size });
      }
    }
    expect(writer.said.filter(({ failed, error }) => failed ?? error)).toEqual([]);

    const store = await openTestFileStore(path);
    for (const [key, { revision, size }] of acknowledged) {
      const entry = store.get(key);
      // A later write of the key may have become durable without its acknowledgement getting out.
      expect(entry?.revision ?? 0, key).toBeGreaterThanOrEqual(revision);
      if (entry?.revision === revision) {
        expect(entry.value.length).toBe(size);
      }
    }
    await store.close();
    expect(await checkIntegrity(directoryStorage(path))).toBe('ok');
  }
  expect(total).toBeGreaterThan(kills * 100);
});
