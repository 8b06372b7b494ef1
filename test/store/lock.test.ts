import { readdirSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { LockedError } from '../../runtime/host/node/store/lock.ts';
import { openTestFileStore, temporaryDirectory } from './file-store.ts';
import { WriterProcess } from './writer-process.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

function directory(): string {
  const { path, remove } = temporaryDirectory();
  cleanups.push(remove);
  return path;
}

test('a second process is told who holds the directory, and a killed holder leaves no lock behind', async () => {
  const path = directory();
  const holder = await WriterProcess.start('hold', path);
  cleanups.push(() => holder.kill());
  await holder.until((said) => said.length > 0);
  expect(holder.said).toEqual([{ opened: true }]);
  const before = readdirSync(path);

  const refused = await openTestFileStore(path).catch((error) => error);
  expect(refused).toBeInstanceOf(LockedError);
  expect(refused.holder.pid).toBe(holder.pid);
  expect(Date.now() - Date.parse(refused.holder.since)).toBeLessThan(60_000);
  expect(refused.message).toBe(`the data directory ${path} is in use by process ${holder.pid}, since ${refused.holder.since}`);
  expect(readdirSync(path)).toEqual(before);

  await holder.kill();
  const store = await openTestFileStore(path);
  cleanups.push(() => store.close());
  const second = await WriterProcess.start('hold', path);
  await second.ended();
  expect(second.said).toMatchObject([{ error: 'LockedError', message: expect.stringContaining(`process ${process.pid}`) }]);
});

test('a second store of the same process is refused too, until the first is closed', async () => {
  const path = directory();
  const first = await openTestFileStore(path);
  await expect(openTestFileStore(path)).rejects.toBeInstanceOf(LockedError);
  await first.close();
  const second = await openTestFileStore(path);
  await second.close();
});

test('of many processes that start at once after a kill, one gets the directory', async () => {
  const path = directory();
  const holder = await WriterProcess.start('hold', path);
  await holder.until((said) => said.length > 0);
  await holder.kill();
  const rivals = await Promise.all(Array.from({ length: 5 }, () => WriterProcess.start('hold', path)));
  cleanups.push(() => Promise.all(rivals.map((rival) => rival.kill())));
  await Promise.all(rivals.map((rival) => rival.until((said) => said.length > 0)));
  const outcomes = rivals.map(({ said: [first] }) => first?.error ?? 'opened').sort();
  expect(outcomes).toEqual(['LockedError', 'LockedError', 'LockedError', 'LockedError', 'opened']);
});
