/** One row of the log. */
export interface LogRecord {
  readonly key: string;
  readonly revision: number;
  /** Revision that created the key. */
  readonly createRevision: number;
  /** Revision of the row it replaced; 0 for a new key. */
  readonly previousRevision: number;
  /** Null: the key was deleted. */
  readonly value: Uint8Array | null;
}

/** A record whose key is still UTF-8; both byte arrays are views of the buffer it was read from. */
export interface PackedRecord {
  readonly revision: number;
  readonly createRevision: number;
  readonly previousRevision: number;
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

const headerSize = 32;
const deletedLength = 0xffffffff;

/**
 * Collects records in one buffer, so that a group crosses to another thread as a single transferred block:
 * three doubles (revisions), two lengths, the key in UTF-8, the value.
 */
export class RecordWriter {
  readonly #encoder = new TextEncoder();
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #size = 0;

  constructor(capacity = 4096) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get size(): number {
    return this.#size;
  }

  add(record: Omit<PackedRecord, 'key'> & { readonly key: string | Uint8Array }): void {
    const { key, value } = record;
    const start = this.#size;
    const keyAt = start + headerSize;
    const keyRoom = typeof key === 'string' ? key.length * 3 : key.length;
    this.#reserve(headerSize + keyRoom + (value?.length ?? 0));
    let keyLength = keyRoom;
    if (typeof key === 'string') {
      keyLength = this.#encoder.encodeInto(key, this.#bytes.subarray(keyAt)).written;
    } else {
      this.#bytes.set(key, keyAt);
    }
    this.#view.setFloat64(start, record.revision, true);
    this.#view.setFloat64(start + 8, record.createRevision, true);
    this.#view.setFloat64(start + 16, record.previousRevision, true);
    this.#view.setUint32(start + 24, keyLength, true);
    this.#view.setUint32(start + 28, value ? value.length : deletedLength, true);
    if (value) {
      this.#bytes.set(value, keyAt + keyLength);
    }
    this.#size = keyAt + keyLength + (value?.length ?? 0);
  }

  /** What was added, in a buffer that holds little else and may be transferred. The writer is done with. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#size);
  }

  #reserve(more: number): void {
    const need = this.#size + more;
    if (need > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(need, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
  }
}

/** Reads back what a {@link RecordWriter} collected, without copying. */
export function* packedRecords(bytes: Uint8Array): Generator<PackedRecord> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const keyAt = at + headerSize;
    const keyLength = view.getUint32(at + 24, true);
    const valueLength = view.getUint32(at + 28, true);
    const valueAt = keyAt + keyLength;
    const deleted = valueLength === deletedLength;
    const end = valueAt + (deleted ? 0 : valueLength);
    yield {
      revision: view.getFloat64(at, true),
      createRevision: view.getFloat64(at + 8, true),
      previousRevision: view.getFloat64(at + 16, true),
      key: bytes.subarray(keyAt, valueAt),
      value: deleted ? null : bytes.subarray(valueAt, end),
    };
    at = end;
  }
}

/** Records that stand on their own: values are copies, as one that lives long must not keep the whole block. */
export function* records(bytes: Uint8Array): Generator<LogRecord> {
  const decoder = new TextDecoder();
  for (const record of packedRecords(bytes)) {
    yield { ...record, key: decoder.decode(record.key), value: record.value?.slice() ?? null };
  }
}
