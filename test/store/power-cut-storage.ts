import type { Random } from '../../runtime/simulation/random.ts';
import { memoryStorage } from '../../runtime/store/sqlite/memory-storage.ts';
import type { Storage } from '../../runtime/store/sqlite/storage.ts';

type Operation =
  | { readonly kind: 'write'; readonly name: string; readonly offset: number; readonly data: Uint8Array }
  | { readonly kind: 'truncate'; readonly name: string; readonly size: number }
  | { readonly kind: 'create' | 'sync' | 'delete'; readonly name: string };

const sector = 512;

/** Files in memory that remember everything done to them, so that a power cut at any point can be played. */
export interface RecordingStorage extends Storage {
  /** How much has been done so far. */
  readonly operations: number;
  /**
   * The files as they may be found after a power cut that came when `operations` had been done: what was written and not synced
   * is there, or not, or in part, and in any order. With `deaf`, a disk that ignores syncs.
   */
  afterPowerCut(operations: number, random: Pick<Random, 'next'>, deaf?: boolean): Storage;
}

export function recordingStorage(): RecordingStorage {
  const below = memoryStorage();
  const log: Operation[] = [];
  return {
    get operations() {
      return log.length;
    },
    exists: below.exists,
    delete(name) {
      log.push({ kind: 'delete', name });
      below.delete(name);
    },
    open(name, create) {
      if (!below.exists(name)) {
        log.push({ kind: 'create', name });
      }
      const file = below.open(name, create);
      return {
        ...file,
        write(data, offset) {
          log.push({ kind: 'write', name, offset, data: data.slice() });
          file.write(data, offset);
        },
        truncate(size) {
          log.push({ kind: 'truncate', name, size });
          file.truncate(size);
        },
        sync() {
          log.push({ kind: 'sync', name });
        },
        async flush() {
          // What is done while it is on its way may be lost, and so may what came before.
          await Promise.resolve();
          log.push({ kind: 'sync', name });
        },
      };
    },
    afterPowerCut(operations, random, deaf = false) {
      const done = log.slice(0, operations);
      const lastSync = new Map<string, number>();
      for (const [index, { kind, name }] of done.entries()) {
        if (kind === 'sync' && !deaf) {
          lastSync.set(name, index);
        }
      }
      const found = memoryStorage();
      for (const [index, operation] of done.entries()) {
        play(found, operation, index < (lastSync.get(operation.name) ?? -1), random);
      }
      return found;
    },
  };
}

function play(storage: Storage, operation: Operation, synced: boolean, random: Pick<Random, 'next'>): void {
  switch (operation.kind) {
    case 'create':
      storage.open(operation.name, true);
      break;
    case 'delete':
      storage.delete(operation.name);
      break;
    case 'truncate':
      if (synced || random.next() < 0.5) {
        storage.open(operation.name, true).truncate(operation.size);
      }
      break;
    case 'write': {
      const luck = synced ? 1 : random.next();
      if (luck >= 0.35) {
        const { data } = operation;
        const whole = luck >= 0.55 ? data.length : Math.floor((random.next() * data.length) / sector) * sector;
        storage.open(operation.name, true).write(data.subarray(0, whole), operation.offset);
      }
      break;
    }
    case 'sync':
      break;
  }
}
