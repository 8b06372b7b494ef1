import { DamagedDatabaseError } from '../failures.ts';
import { addToSums } from './checksum.ts';
import type { Storage, StorageFile } from './storage.ts';

/** What SQLite makes a page of when nobody says otherwise. */
export const pageSize = 4096;

/** The end of each page, which SQLite leaves alone in a database made here: two sums stand in it. */
export const reservedBytes = 8;

// Where the header of a database says how large its pages are (65536 is written 1, so that two bytes do) and how much of them is left alone.
const headerSize = 100;
const pageSizeInHeader = 16;
const reservedInHeader = 20;
const pagesInHeader = 28;
const versionInHeader = 60;
const applicationInHeader = 68;
const magic = 'SQLite format 3\0';

/** A storage whose database knows its pages again. */
export interface CheckedPages extends Storage {
  /** What was found first. */
  readonly damage: DamagedDatabaseError | undefined;
  /** Whether the database, as far as it is on disk, has checksums: those of older versions have none. */
  readonly checked: boolean;
}

/**
 * Gives each page of one file a checksum when it is written and looks at it when it is read, so that damage of the disk is an error and no
 * content. In a log SQLite itself has checksums. A page that the file ends in or before is damage, too, which SQLite would fill up with zeros.
 */
export function checkedPages(below: Storage, database: string): CheckedPages {
  const sums = new Uint32Array(2);
  let damage: DamagedDatabaseError | undefined;
  let checked = false;

  function damaged(offset: number, what: string): DamagedDatabaseError {
    damage ??= new DamagedDatabaseError(`page ${offset / pageSize + 1} of ${database} ${what}`);
    return damage;
  }

  /** They begin with the page's number, so that neither a page of zeros nor another one in its place will do. */
  function sumUp(page: Uint8Array, offset: number): DataView {
    const view = new DataView(page.buffer, page.byteOffset, page.length);
    sums.fill(offset / pageSize + 1);
    addToSums(sums, view, 0, pageSize - reservedBytes);
    return view;
  }

  function checkedFile(file: StorageFile): StorageFile {
    checked = hasChecksums(file);
    return {
      ...file,
      read(target, offset) {
        const count = file.read(target, offset);
        // Whatever is no page is the header, which is read on its own before the size of pages is known.
        if (target.length !== pageSize) {
          if (count > 0 || offset !== 0 || target.length !== headerSize) return count;
          checked = true;
          return reserve(target);
        }
        if (count < pageSize) throw damaged(offset, 'is cut off');
        if (checked) {
          const view = sumUp(target, offset);
          if (view.getUint32(pageSize - 8, true) !== sums[0] || view.getUint32(pageSize - 4, true) !== sums[1]) {
            throw damaged(offset, 'is not what was written there: its checksum differs');
          }
        }
        return count;
      },
      write(data, offset) {
        if (checked && data.length === pageSize) {
          // Into the page itself, as SQLite's own extension for checksums does: nobody else has a use for these bytes.
          const view = sumUp(data, offset);
          view.setUint32(pageSize - 8, sums[0] ?? 0, true);
          view.setUint32(pageSize - 4, sums[1] ?? 0, true);
        }
        file.write(data, offset);
      },
    };
  }

  return {
    get damage() {
      return damage;
    },
    get checked() {
      return checked;
    },
    open(name, create) {
      const file = below.open(name, create);
      return name === database ? checkedFile(file) : file;
    },
    delete: (name) => below.delete(name),
    exists: (name) => below.exists(name),
  };
}

function hasChecksums(file: StorageFile): boolean {
  const header = new Uint8Array(headerSize);
  return file.read(header, 0) === headerSize && header[reservedInHeader] === reservedBytes;
}

/** What a database says of itself. */
export interface DatabaseHeader {
  /** How many bytes it has. */
  readonly size: number;
  readonly userVersion: number;
  readonly applicationId: number;
}

/** The header of a database, without a look at its pages; undefined for what is none. */
export function readHeader(file: Pick<StorageFile, 'read'>): DatabaseHeader | undefined {
  const header = new Uint8Array(headerSize);
  if (file.read(header, 0) < headerSize || !new TextDecoder().decode(header).startsWith(magic)) return undefined;
  const view = new DataView(header.buffer);
  return {
    size: view.getUint32(pagesInHeader) * pageSize,
    userVersion: view.getUint32(versionInHeader),
    applicationId: view.getUint32(applicationInHeader),
  };
}

/** What SQLite is to make of an empty file: from its header it takes the size of pages and how much of them is to be left alone. */
function reserve(header: Uint8Array): number {
  header.fill(0);
  header[pageSizeInHeader] = pageSize >> 8;
  header[reservedInHeader] = reservedBytes;
  return header.length;
}
