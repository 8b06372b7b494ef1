import type { Storage, StorageFile } from './storage.ts';

interface Contents {
  bytes: Uint8Array;
  size: number;
}

/** Files in memory, gone with the process. */
export function memoryStorage(): Storage {
  const files = new Map<string, Contents>();
  return {
    open(name, create) {
      let contents = files.get(name);
      if (!contents) {
        if (!create) {
          throw new Error(`${name}: no such file`);
        }
        contents = { bytes: new Uint8Array(0), size: 0 };
        files.set(name, contents);
      }
      return memoryFile(contents);
    },
    delete(name) {
      files.delete(name);
    },
    exists(name) {
      return files.has(name);
    },
  };
}

function memoryFile(contents: Contents): StorageFile {
  return {
    read(target, offset) {
      const part = contents.bytes.subarray(offset, Math.min(contents.size, offset + target.length));
      target.set(part);
      return part.length;
    },
    write(data, offset) {
      const end = offset + data.length;
      if (end > contents.bytes.length) {
        const grown = new Uint8Array(Math.max(end, contents.bytes.length * 2, 16 * 1024));
        grown.set(contents.bytes.subarray(0, contents.size));
        contents.bytes = grown;
      }
      contents.bytes.set(data, offset);
      contents.size = Math.max(contents.size, end);
    },
    truncate(size) {
      if (size < contents.size) {
        contents.bytes.fill(0, size, contents.size);
        contents.size = size;
      }
    },
    // Memory is as stable as it gets.
    sync() {},
    flush() {},
    size() {
      return contents.size;
    },
    close() {
      // Nothing is held.
    },
  };
}
