import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { directoryStorage } from '../../runtime/host/node/store/directory-storage.ts';
import { temporaryDirectory } from './file-store.ts';

const { path, remove } = temporaryDirectory();
afterAll(remove);

test('one who waits alone is served in place, and several while the thread goes on', async () => {
  const file = directoryStorage(path).open('file', true);
  file.write(Uint8Array.of(1, 2), 0);
  expect(file.flush(1)).toBeUndefined();
  file.write(Uint8Array.of(3), 2);
  await expect(file.flush(2)).resolves.toBeUndefined();
  expect([...readFileSync(join(path, 'file'))]).toEqual([1, 2, 3]);
  file.close();
});

test('a flush that fails says so, wherever it was done', async () => {
  const file = directoryStorage(path).open('closed', true);
  file.close();
  expect(() => file.flush(1)).toThrow('EBADF');
  await expect(file.flush(2)).rejects.toThrow('EBADF');
});
