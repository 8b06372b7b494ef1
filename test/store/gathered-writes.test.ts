import { describe, expect, test } from 'vitest';
import { gatheredWrites } from '../../runtime/store/sqlite/gathered-writes.ts';
import { memoryStorage } from '../../runtime/store/sqlite/memory-storage.ts';
import type { Storage, StorageFile } from '../../runtime/store/sqlite/storage.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

/** A storage that tells what is done to its files, in order. */
function told(refuse = false): { storage: Storage; calls: string[]; kept: Storage } {
  const kept = memoryStorage();
  const calls: string[] = [];
  const storage: Storage = {
    ...kept,
    open(name, create): StorageFile {
      const file = kept.open(name, create);
      return {
        ...file,
        write(data, offset) {
          calls.push(`write ${data.length} at ${offset}`);
          if (refuse) throw new Error('no space left on device');
          file.write(data, offset);
        },
        flush: () => void calls.push('flush'),
        sync: () => void calls.push('sync'),
        close: () => void calls.push('close'),
      };
    },
  };
  return { storage, calls, kept };
}

describe('writes', () => {
  test('that follow one another are one, which has been made before the file is flushed', () => {
    const { storage, calls, kept } = told();
    const file = gatheredWrites(storage).open('log', true);
    const reused = bytes(1, 2);
    file.write(reused, 10);
    reused.fill(9);
    file.write(bytes(3), 12);
    expect(calls).toEqual([]);
    file.flush(1);
    expect(calls).toEqual(['write 3 at 10', 'flush']);
    const found = new Uint8Array(3);
    kept.open('log', false).read(found, 10);
    expect([...found]).toEqual([1, 2, 3]);
    file.flush(1);
    expect(calls.slice(2)).toEqual(['flush']);
  });

  test('elsewhere begin anew, in order', () => {
    const { storage, calls } = told();
    const file = gatheredWrites(storage).open('log', true);
    file.write(bytes(1, 2), 0);
    file.write(bytes(3), 0);
    file.write(bytes(4), 1);
    file.sync();
    expect(calls).toEqual(['write 2 at 0', 'write 2 at 0', 'sync']);
  });

  test('are seen by who reads, asks for the size or cuts the file, and made before it is closed', () => {
    const { storage, calls } = told();
    const file = gatheredWrites(storage).open('log', true);
    file.write(bytes(1, 2, 3, 4), 0);
    const found = new Uint8Array(4);
    expect(file.read(found, 0)).toBe(4);
    expect([...found]).toEqual([1, 2, 3, 4]);
    file.write(bytes(5), 4);
    expect(file.size()).toBe(5);
    file.write(bytes(6), 5);
    file.truncate(3);
    expect(file.size()).toBe(3);
    file.write(bytes(7), 3);
    file.close();
    expect(calls.slice(-2)).toEqual(['write 1 at 3', 'close']);
  });

  test('are made when there are many, and at once when they are large', () => {
    const { storage, calls } = told();
    const file = gatheredWrites(storage).open('log', true);
    const half = new Uint8Array(100 * 1024);
    file.write(half, 0);
    file.write(half, half.length);
    expect(calls).toEqual(['write 102400 at 0']);
    file.write(new Uint8Array(200 * 1024), 2 * half.length);
    expect(calls.slice(1)).toEqual(['write 102400 at 102400', 'write 204800 at 204800']);
  });

  test('that fail are told where they are made, and the file is closed all the same', () => {
    const { storage, calls } = told(true);
    const file = gatheredWrites(storage).open('log', true);
    file.write(bytes(1), 0);
    expect(() => file.flush(1)).toThrow('no space left');
    file.write(bytes(1), 0);
    expect(() => file.close()).toThrow('no space left');
    expect(calls).toEqual(['write 1 at 0', 'write 1 at 0', 'close']);
  });
});
