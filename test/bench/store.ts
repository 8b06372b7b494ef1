import { resolve } from 'node:path';
import { type FileStoreOptions, openFileStore } from '../../runtime/host/node/store/file-store.ts';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import type { Store } from '../../runtime/store/store.ts';
import { temporaryFolder } from '../support/cluster-process.ts';
import { percentile, report, time } from './report.ts';

const bench = 'store';
const rounds = 5;
/** About what a small ConfigMap takes. */
const value = new Uint8Array(1000).fill(0x61);
const built = { wasmPath: resolve('dist/sql-wasm.wasm') };

/** The store alone: durable writes, lists, watches, opening and compaction, on files. */
export async function benchStore(): Promise<void> {
  await writes();
  await reads();
  await past();
  await inMemory();
}

async function withStore(
  work: (store: Store, reopen: (options?: Partial<FileStoreOptions>) => Promise<Store>) => Promise<void>,
): Promise<void> {
  const folder = temporaryFolder();
  const open = (options: Partial<FileStoreOptions> = {}) => openFileStore({ directory: folder.path, ...built, ...options });
  let store = await open();
  await work(store, async (options) => {
    await store.close();
    store = await open(options);
    return store;
  });
  await store.close();
  folder.remove();
}

/** Commits from some sides at once, each waiting for its own; milliseconds of each commit. */
async function load(store: Store, prefix: string, writers: number, count: number): Promise<number[]> {
  const taken: number[] = [];
  let next = 0;
  const write = async () => {
    while (next < count) {
      const key = `${prefix}${(next++ * 7919) % 100_003}`;
      taken.push(await time(() => store.commit([{ key, value, expect: 0 }])));
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  return taken.sort((a, b) => a - b);
}

async function writes(): Promise<void> {
  await withStore(async (store) => {
    for (const writers of [1, 16, 64]) {
      const median: number[] = [];
      const late: number[] = [];
      const rate: number[] = [];
      const count = writers === 1 ? 1000 : 6000;
      for (let round = 0; round < rounds; round++) {
        let taken: number[] = [];
        const all = await time(async () => {
          taken = await load(store, `/${writers}/${round}/`, writers, count);
        });
        median.push(percentile(taken, 0.5));
        late.push(percentile(taken, 0.99));
        rate.push((count / all) * 1000);
      }
      report(bench, `durable create, ${writers} writers, p50`, 'ms', median);
      report(bench, `durable create, ${writers} writers, p99`, 'ms', late);
      report(bench, `durable creates, ${writers} writers`, '1/s', rate);
    }
  });
}

async function reads(): Promise<void> {
  await withStore(async (store) => {
    await load(store, '/other/', 64, 5000);
    await load(store, '/wanted/', 64, 5001);
    await load(store, '/zoo/', 64, 5000);
    const now: number[] = [];
    const page: number[] = [];
    const event: number[] = [];
    const at = store.revision;
    await load(store, '/wanted/later/', 16, 100);
    for (let round = 0; round < rounds * 4; round++) {
      now.push(await time(() => store.list('/wanted/')));
      page.push(await time(() => store.list('/wanted/', { at, limit: 500 })));
      let told = 0;
      const stop = await store.watch('/event/', store.revision, () => {
        told = performance.now();
      });
      const began = performance.now();
      await store.commit([{ key: '/event/a', value }]);
      event.push(told - began);
      stop();
    }
    report(bench, 'list of 5,101 now', 'ms', now);
    report(bench, 'page of 500 of 5,001 at an earlier revision', 'ms', page);
    report(bench, 'commit to watch event', 'ms', event);
  });
}

async function past(): Promise<void> {
  await withStore(async (store, reopen) => {
    for (let round = 0; round < 4; round++) {
      await Promise.all(Array.from({ length: 5000 }, (_, index) => store.commit([{ key: `/p/${index}`, value }])));
    }
    const opening: number[] = [];
    const catchUp: number[] = [];
    let current = store;
    for (let round = 0; round < rounds; round++) {
      opening.push(
        await time(async () => {
          current = await reopen();
        }),
      );
      catchUp.push(await time(() => current.watch('/p/', 1, () => {})));
    }
    report(bench, 'open, 5,000 keys in 20,000 revisions', 'ms', opening);
    report(bench, 'catch up on 20,000 revisions from the log', 'ms', catchUp);

    let done = false;
    let slowest = 0;
    const taken = await time(async () => {
      const compaction = current.compact(current.revision).then(() => {
        done = true;
      });
      while (!done) {
        slowest = Math.max(slowest, await time(() => current.commit([{ key: '/other', value }])));
      }
      await compaction;
    });
    report(bench, 'compact 20,000 revisions to 5,000', 'ms', [taken]);
    report(bench, 'slowest commit meanwhile', 'ms', [slowest]);
  });
}

async function inMemory(): Promise<void> {
  const rate: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const store = await openMemoryStore();
    const taken = await time(() => load(store, '/m/', 1, 5000));
    rate.push((5000 / taken) * 1000);
    await store.close();
  }
  report(bench, 'creates in memory, 1 writer', '1/s', rate);
}
