import type { Entry } from './store.ts';

const fullChunk = 512;

/**
 * Entries in the order of their keys, in chunks of a few hundred: an insertion moves one chunk's entries, and a list copies
 * neighbours. Strings compare by UTF-16 code units, so entries with a common prefix are neighbours.
 */
export class SortedEntries {
  readonly #chunks: Entry[][] = [];

  /** Puts an entry in, in place of one with the same key. */
  set(entry: Entry): void {
    const last = this.#chunks.at(-1);
    if (!last) {
      this.#chunks.push([entry]);
      return;
    }
    const { chunk, index } = this.#position((key) => key >= entry.key);
    // Beyond the end: append to the last chunk.
    const entries = this.#chunks[chunk] ?? last;
    const at = entries === last && chunk === this.#chunks.length ? last.length : index;
    if (entries[at]?.key === entry.key) {
      entries[at] = entry;
      return;
    }
    entries.splice(at, 0, entry);
    if (entries.length > fullChunk) {
      const where = Math.min(chunk, this.#chunks.length - 1);
      // Keys added in order fill chunks; others split them in halves.
      const keep = at === entries.length - 1 ? fullChunk : fullChunk / 2;
      this.#chunks.splice(where + 1, 0, entries.splice(keep));
    }
  }

  delete(key: string): void {
    const { chunk, index } = this.#position((other) => other >= key);
    const entries = this.#chunks[chunk];
    if (entries?.[index]?.key === key) {
      entries.splice(index, 1);
      if (entries.length === 0) {
        this.#chunks.splice(chunk, 1);
      }
    }
  }

  /** The entries with a prefix and a key after `after`, at most `limit`, and how many more there would have been. */
  list(prefix: string, after?: string, limit = Number.POSITIVE_INFINITY): { entries: Entry[]; remaining: number } {
    const from = this.#position((key) => key >= prefix && (after === undefined || key > after));
    const first = this.#chunks[from.chunk]?.[from.index];
    if (!first?.key.startsWith(prefix)) return { entries: [], remaining: 0 };
    const to = this.#position((key) => key.slice(0, prefix.length) > prefix);
    const parts: Entry[][] = [];
    let taken = 0;
    let remaining = 0;
    for (let chunk = from.chunk; chunk <= to.chunk; chunk++) {
      const entries = this.#chunks[chunk];
      if (!entries) {
        break;
      }
      const start = chunk === from.chunk ? from.index : 0;
      const end = chunk === to.chunk ? to.index : entries.length;
      const count = Math.max(0, Math.min(end - start, limit - taken));
      if (count > 0) {
        parts.push(entries.slice(start, start + count));
        taken += count;
      }
      remaining += Math.max(0, end - start - count);
    }
    const [alone] = parts;
    if (parts.length === 1 && alone) return { entries: alone, remaining };
    // `concat` copies whole arrays where `flat` looks at every entry.
    const entries: Entry[] = [];
    return { entries: entries.concat(...parts), remaining };
  }

  /** The first entry whose key passes; keys that pass come after those that do not. */
  #position(passes: (key: string) => boolean): { chunk: number; index: number } {
    const chunk = firstIndex(this.#chunks.length, (at) => passes(this.#chunks[at]?.at(-1)?.key ?? ''));
    const entries = this.#chunks[chunk] ?? [];
    return { chunk, index: firstIndex(entries.length, (at) => passes(entries[at]?.key ?? '')) };
  }
}

/** The first index below `length` that passes, or `length`, by halving. */
export function firstIndex(length: number, passes: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
