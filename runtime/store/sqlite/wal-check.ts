import { addToSums } from './checksum.ts';
import type { StorageFile } from './storage.ts';

const headerSize = 32;
const frameHeaderSize = 24;
/** The log of a processor that is little-endian. */
const magic = 0x377f0682;

/** What a write-ahead log holds, as SQLite would recover it. */
export interface WalContents {
  /** Where the last whole transaction ends, in bytes; what comes behind is dropped. */
  readonly end: number;
  /** Where the first thing that is not as it was written stands, in bytes, when something that was written later than its transaction is whole. */
  readonly damagedAt: number | undefined;
}

/**
 * Reads a write-ahead log to its end. SQLite takes what it cannot read for the end: rightly so when a crash came in the middle of a transaction,
 * but everything behind a byte that the disk has changed would be lost, too. The two are told apart by what follows. A transaction is synced before the next one is written
 * (see `GuardedStorage.settled`), so that where there is something of the next one, all of it must have been there.
 * The checksum of a frame goes on from that of the frame before, as it stands in the file: later frames can be known to be whole.
 * The format: sqlite.org/fileformat2.html, "The Write-Ahead Log".
 */
export function readWal(file: Pick<StorageFile, 'read' | 'size'>, pageSize: number): WalContents {
  const size = file.size();
  const frameSize = frameHeaderSize + pageSize;
  const head = viewOf(file, headerSize, 0);
  if (!head) return { end: 0, damagedAt: undefined };
  const sums = new Uint32Array(2);
  addToSums(sums, head, 0, 24);
  const headIsWhole = head.getUint32(0) === magic && head.getUint32(8) === pageSize && areAt(sums, head, 24);
  let end = headIsWhole ? headerSize : 0;
  let damagedAt = headIsWhole ? undefined : 0;
  // A header is synced before anything of its log is written.
  let committedSince = !headIsWhole;
  let salts = [head.getUint32(16), head.getUint32(20)];
  for (let at = headerSize; at + frameSize <= size; at += frameSize) {
    const frame = viewOf(file, frameSize, at);
    if (!frame) break;
    if (!headIsWhole && at === headerSize) salts = [frame.getUint32(8), frame.getUint32(12)];
    const isOfThisLog = frame.getUint32(8) === salts[0] && frame.getUint32(12) === salts[1];
    const commits = isOfThisLog && frame.getUint32(4) !== 0;
    addToSums(sums, frame, 0, 8);
    addToSums(sums, frame, frameHeaderSize, frameSize);
    const isWhole = isOfThisLog && areAt(sums, frame, 16);
    if (damagedAt === undefined && !isWhole) damagedAt = at;
    if (damagedAt === undefined) {
      if (commits) end = at + frameSize;
    } else if (isWhole && committedSince) {
      return { end, damagedAt };
    } else if (commits) {
      committedSince = true;
    }
    sums[0] = frame.getUint32(16);
    sums[1] = frame.getUint32(20);
  }
  return { end, damagedAt: undefined };
}

function areAt(sums: Uint32Array, bytes: DataView, at: number): boolean {
  return bytes.getUint32(at) === sums[0] && bytes.getUint32(at + 4) === sums[1];
}

function viewOf(file: Pick<StorageFile, 'read'>, length: number, offset: number): DataView | undefined {
  const bytes = new Uint8Array(length);
  return file.read(bytes, offset) === length ? new DataView(bytes.buffer) : undefined;
}
