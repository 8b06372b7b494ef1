import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Storage, StorageFile } from '../../../store/sqlite/storage.ts';

/** The files of a directory. A file that is made or deleted is on disk, with its name, when the call returns. */
export function directoryStorage(directory: string): Storage {
  return {
    open(name, create) {
      const path = join(directory, name);
      if (existsSync(path) || !create) {
        return directoryFile(openSync(path, 'r+'));
      }
      const file = directoryFile(openSync(path, 'wx+', 0o600));
      syncDirectory(directory);
      return file;
    },
    delete(name) {
      rmSync(join(directory, name), { force: true });
      syncDirectory(directory);
    },
    exists(name) {
      return existsSync(join(directory, name));
    },
  };
}

/** Syncs in a thread of Node's pool. */
function flushElsewhere(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(descriptor, (error) => (error ? reject(error) : resolve()));
  });
}

/** Makes names in a directory durable. Windows does so on its own and has no call for it. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') {
    return;
  }
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes the name of a directory itself durable. */
export function syncParent(directory: string): void {
  syncDirectory(dirname(directory));
}

/**
 * What a sync may hold up the thread for, in milliseconds. To have another thread do it costs a quarter of that, twice as much where processors have gone
 * to sleep by the time it is done.
 */
const patience = 1;

/** A disk is slow when so many syncs in a row were; the next so many are then left to other threads. */
const slowInARow = 3;
const slowSpell = 100;

function directoryFile(descriptor: number): StorageFile {
  /** How many syncs are still left to other threads. */
  let elsewhere = 0;
  let slow = 0;
  return {
    read(target, offset) {
      let count = 0;
      while (count < target.length) {
        const more = readSync(descriptor, target, count, target.length - count, offset + count);
        if (more === 0) {
          break;
        }
        count += more;
      }
      return count;
    },
    write(data, offset) {
      let count = 0;
      while (count < data.length) {
        count += writeSync(descriptor, data, count, data.length - count, offset + count);
      }
    },
    truncate(size) {
      ftruncateSync(descriptor, size);
    },
    sync() {
      fdatasyncSync(descriptor);
    },
    flush(waiting) {
      if (waiting > 1 || elsewhere > 0) {
        elsewhere = Math.max(0, elsewhere - 1);
        return flushElsewhere(descriptor);
      }
      const began = performance.now();
      fdatasyncSync(descriptor);
      slow = performance.now() - began > patience ? slow + 1 : 0;
      if (slow >= slowInARow) elsewhere = slowSpell;
    },
    size() {
      return fstatSync(descriptor).size;
    },
    close() {
      closeSync(descriptor);
    },
  };
}
