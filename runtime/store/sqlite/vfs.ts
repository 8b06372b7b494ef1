import { Memory, type SqliteModule } from './module.ts';
import type { Storage, StorageFile } from './storage.ts';

/** Where mounted storages appear to SQLite; all other names stay with sql.js' own file system. */
const root = '/kubeside/';

// Result codes of SQLite (sqlite3.h).
const ok = 0;
const cantOpen = 14;
const ioReadError = 266;
const ioShortRead = 522;
const ioWriteError = 778;
const ioSyncError = 1034;
const ioTruncateError = 1546;
const ioStatError = 1802;
const ioDeleteError = 2570;
const ioAccessError = 3338;
const ioCloseError = 4106;
const openCreateFlag = 0x4;

// Offsets in the structs sqlite3_vfs and sqlite3_io_methods with 32-bit pointers.
const vfsName = 16;
const vfsOpen = 24;
const vfsDelete = 28;
const vfsAccess = 32;
const vfsFullPathname = 36;
const ioMethodsSize = 76;

const sectorSize = 4096;
/** SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN | SQLITE_IOCAP_POWERSAFE_OVERWRITE, as SQLite's own Unix file system answers. */
const characteristics = 0x800 | 0x1000;

type Native = (...args: number[]) => number;

/**
 * Puts storages of ours under the SQLite inside sql.js, which knows files in memory only: the four file functions of its default
 * file system are replaced in the module's memory, and files opened under a mount get methods that call the storage.
 * There is no shared memory among the methods, so a database in WAL mode needs `locking_mode=EXCLUSIVE`, and there are no locks:
 * whoever mounts makes sure that nobody else has the files open.
 */
export class FileSystem {
  readonly #module: SqliteModule;
  readonly #memory: Memory;
  readonly #mounts = new Map<string, Storage>();
  readonly #open = new Map<number, StorageFile>();
  readonly #methods: number;
  #mounted = 0;

  /** Throws when this build of sql.js is laid out differently from what is expected. */
  constructor(module: SqliteModule) {
    this.#module = module;
    this.#memory = new Memory(module.memory);
    const vfs = this.#findDefault();
    this.#methods = this.#makeFileMethods();
    this.#replaceFunctions(vfs);
  }

  /** Makes a storage known and returns the folder in which SQLite sees its files, with a slash at the end. */
  mount(storage: Storage): string {
    this.#mounted++;
    const folder = `${root}${this.#mounted}/`;
    this.#mounts.set(folder, storage);
    return folder;
  }

  unmount(folder: string): void {
    this.#mounts.delete(folder);
  }

  /** The default file system's struct: a `sqlite3` begins with the pointer to it. */
  #findDefault(): number {
    const { functions } = this.#module;
    const result = functions._malloc(4);
    const name = functions.stringToNewUTF8(':memory:');
    const code = functions._sqlite3_open(name, result);
    const database = this.#memory.view.getUint32(result, true);
    const vfs = this.#memory.view.getUint32(database, true);
    functions._sqlite3_close_v2(database);
    functions._free(name);
    functions._free(result);
    if (code !== ok || functions.UTF8ToString(this.#memory.view.getUint32(vfs + vfsName, true)) !== 'unix') {
      throw new Error('the file system of this build of sql.js is not laid out as expected');
    }
    return vfs;
  }

  #find(path: number): { storage: Storage; name: string } | undefined {
    if (path === 0) {
      return undefined;
    }
    const text = this.#module.functions.UTF8ToString(path);
    if (!text.startsWith(root)) {
      return undefined;
    }
    const slash = text.indexOf('/', root.length) + 1;
    const storage = this.#mounts.get(text.slice(0, slash));
    return storage && { storage, name: text.slice(slash) };
  }

  #file(pointer: number): StorageFile {
    const file = this.#open.get(pointer);
    if (!file) {
      throw new Error('the file is not open');
    }
    return file;
  }

  /** The sqlite3_io_methods of version 1 (no shared memory, no memory mapping) for every file of a mount. */
  #makeFileMethods(): number {
    const { functions } = this.#module;
    const memory = this.#memory;
    const nothing = () => ok;
    const methods: readonly (readonly [signature: string, run: (...args: never[]) => number])[] = [
      [
        'ii',
        (pointer: number) =>
          attempt(ioCloseError, () => {
            const file = this.#file(pointer);
            this.#open.delete(pointer);
            file.close();
          }),
      ],
      [
        'iiiij',
        (pointer: number, target: number, length: number, offset: bigint) => {
          let count = 0;
          const code = attempt(ioReadError, () => {
            count = this.#file(pointer).read(memory.bytes.subarray(target, target + length), Number(offset));
          });
          if (code !== ok || count === length) {
            return code;
          }
          memory.bytes.fill(0, target + count, target + length);
          return ioShortRead;
        },
      ],
      [
        'iiiij',
        (pointer: number, source: number, length: number, offset: bigint) =>
          attempt(ioWriteError, () => this.#file(pointer).write(memory.bytes.subarray(source, source + length), Number(offset))),
      ],
      ['iij', (pointer: number, size: bigint) => attempt(ioTruncateError, () => this.#file(pointer).truncate(Number(size)))],
      ['iii', (pointer: number) => attempt(ioSyncError, () => this.#file(pointer).sync())],
      [
        'iii',
        (pointer: number, result: number) =>
          attempt(ioStatError, () => memory.view.setBigInt64(result, BigInt(this.#file(pointer).size()), true)),
      ],
      ['iii', nothing], // xLock
      ['iii', nothing], // xUnlock
      [
        'iii', // xCheckReservedLock
        (_pointer: number, result: number) => {
          memory.view.setInt32(result, 0, true);
          return ok;
        },
      ],
      ['iiii', () => 12], // xFileControl: SQLITE_NOTFOUND, no operation is known
      ['ii', () => sectorSize],
      ['ii', () => characteristics],
    ];
    const struct = functions._malloc(ioMethodsSize);
    const pointers = methods.map(([signature, run]) => functions.addFunction(run, signature));
    memory.bytes.fill(0, struct, struct + ioMethodsSize);
    memory.view.setInt32(struct, 1, true);
    for (const [index, pointer] of pointers.entries()) {
      memory.view.setUint32(struct + 4 + index * 4, pointer, true);
    }
    return struct;
  }

  #replaceFunctions(vfs: number): void {
    const memory = this.#memory;
    const original = (offset: number): Native => this.#module.table.get(memory.view.getUint32(vfs + offset, true)) as Native;
    const replace = (offset: number, signature: string, run: (...args: number[]) => number) => {
      const pointer = this.#module.functions.addFunction(run, signature);
      memory.view.setUint32(vfs + offset, pointer, true);
    };
    const open = original(vfsOpen);
    const remove = original(vfsDelete);
    const access = original(vfsAccess);
    const fullPathname = original(vfsFullPathname);

    replace(vfsOpen, 'iiiiii', (self = 0, path = 0, file = 0, flags = 0, outFlags = 0) => {
      const found = this.#find(path);
      if (!found) {
        return open(self, path, file, flags, outFlags);
      }
      // SQLite calls xClose after a failed open too, unless the methods are null.
      memory.view.setUint32(file, 0, true);
      return attempt(cantOpen, () => {
        this.#open.set(file, found.storage.open(found.name, (flags & openCreateFlag) !== 0));
        memory.view.setUint32(file, this.#methods, true);
        if (outFlags !== 0) {
          memory.view.setInt32(outFlags, flags, true);
        }
      });
    });
    replace(vfsDelete, 'iiii', (self = 0, path = 0, syncFolder = 0) => {
      const found = this.#find(path);
      return found ? attempt(ioDeleteError, () => found.storage.delete(found.name)) : remove(self, path, syncFolder);
    });
    replace(vfsAccess, 'iiiii', (self = 0, path = 0, flags = 0, result = 0) => {
      const found = this.#find(path);
      if (!found) {
        return access(self, path, flags, result);
      }
      return attempt(ioAccessError, () => {
        const exists = found.storage.exists(found.name);
        memory.view.setInt32(result, exists ? 1 : 0, true);
      });
    });
    replace(vfsFullPathname, 'iiiii', (self = 0, path = 0, length = 0, result = 0) => {
      if (!this.#find(path)) {
        return fullPathname(self, path, length, result);
      }
      const { bytes } = memory;
      const end = bytes.indexOf(0, path) + 1;
      if (end - path > length) {
        return cantOpen;
      }
      bytes.copyWithin(result, path, end);
      return ok;
    });
  }
}

/** SQLite knows numbers only; the storage's own error is kept by whoever mounted it. */
function attempt(code: number, run: () => void): number {
  try {
    run();
    return ok;
  } catch {
    return code;
  }
}
