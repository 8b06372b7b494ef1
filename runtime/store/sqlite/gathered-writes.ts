import type { Storage, StorageFile } from './storage.ts';

/** More than a group of commits usually writes. */
const gatheredBytes = 128 * 1024;

/**
 * Writes what comes one behind the other at once: SQLite writes each page of its log on its own, and the few bytes before each page as well.
 * What is gathered reaches the file before anything else is done with it; errors of the file come to light there.
 */
export function gatheredWrites(below: Storage): Storage {
  return {
    open: (name, create) => gatheringFile(below.open(name, create)),
    delete: (name) => below.delete(name),
    exists: (name) => below.exists(name),
  };
}

function gatheringFile(file: StorageFile): StorageFile {
  let gathered: Uint8Array | undefined;
  let start = 0;
  let length = 0;
  function writeOut(): StorageFile {
    if (gathered !== undefined && length > 0) {
      const data = gathered.subarray(0, length);
      length = 0;
      file.write(data, start);
    }
    return file;
  }
  return {
    read: (target, offset) => writeOut().read(target, offset),
    write(data, offset) {
      if (offset !== start + length || length + data.length > gatheredBytes) writeOut();
      if (data.length > gatheredBytes) {
        file.write(data, offset);
        return;
      }
      if (length === 0) start = offset;
      gathered ??= new Uint8Array(gatheredBytes);
      gathered.set(data, length);
      length += data.length;
    },
    truncate: (size) => writeOut().truncate(size),
    sync: () => writeOut().sync(),
    flush: (waiting) => writeOut().flush(waiting),
    size: () => writeOut().size(),
    close() {
      try {
        writeOut();
      } finally {
        file.close();
      }
    },
  };
}
