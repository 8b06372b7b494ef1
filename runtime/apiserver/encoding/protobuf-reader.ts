import { readInteger } from '../../api/go-number.ts';
import { goText } from '../../api/go-text.ts';

/** What an object in protobuf calls itself. */
export interface SentKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Bytes that are not what they claim to be. The API server answers 400 with the message. */
export class ProtobufError extends Error {
  /** What they call themselves, where they say so much. */
  readonly sent: SentKind | undefined;

  constructor(message: string, sent?: SentKind) {
    super(message);
    this.name = 'ProtobufError';
    this.sent = sent;
  }
}

const truncated = 'unexpected EOF';
const negative = 'proto: negative length found during unmarshaling';

/** The beginning of a field. */
export interface Tag {
  /** Of 32 bits with a sign, as Go counts fields. */
  readonly field: number;
  readonly wireType: number;
  /** All that was written. */
  readonly wire: number | bigint;
}

/**
 * Reads one protobuf message field by field. Every read is checked against the message's end. Follows the `Unmarshal` that gogo's generator writes:
 * a varint has up to ten bytes, of which 64 bits count.
 */
export class ProtobufReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Number and wire type of the next field. */
  tag(): Tag {
    const wire = this.#varint();
    if (typeof wire === 'number') return { field: wire >> 3, wireType: wire & 7, wire };
    return { field: Number(BigInt.asIntN(32, wire >> 3n)), wireType: Number(wire & 7n), wire };
  }

  bool(): boolean {
    const value = this.#varint();
    return typeof value === 'number' ? value !== 0 : value !== 0n;
  }

  /** Of a longer number the last 32 bits. */
  int32(): number {
    return Number(BigInt.asIntN(32, BigInt(this.#varint())));
  }

  /** The nearest double, but none beyond 64 bits. */
  int64(): number {
    return readInteger(String(BigInt.asIntN(64, BigInt(this.#varint()))));
  }

  double(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  /** A length-delimited field, not copied. */
  bytes(): Uint8Array {
    const size = this.#size();
    const at = this.#advance(size);
    return this.#bytes.subarray(at, at + size);
  }

  /** What is no UTF-8 becomes the replacement character, which is what clients read of it in JSON. */
  text(): string {
    return goText(this.bytes());
  }

  /** Passes over the value of a field nobody knows, with all that is in it when it is a group. */
  skip({ wireType }: Pick<Tag, 'wireType'>): void {
    let open = 0;
    let type = wireType;
    for (;;) {
      if (type === 0) this.#varint();
      else if (type === 1) this.#advance(8);
      else if (type === 2) this.#advance(this.#size());
      else if (type === 3) open++;
      else if (type === 4) {
        if (open === 0) throw new ProtobufError('proto: unexpected end of group');
        open--;
      } else if (type === 5) this.#advance(4);
      else throw new ProtobufError(`proto: illegal wireType ${type}`);
      if (open === 0) return;
      ({ wireType: type } = this.tag());
    }
  }

  /** Without a sign; one that is small, as nearly all are, as a number. */
  #varint(): number | bigint {
    let value = 0;
    let long = 0n;
    for (let index = 0; index < 10; index++) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new ProtobufError(truncated);
      this.#at++;
      if (index < 4) value |= (byte & 127) << (7 * index);
      else long |= BigInt(byte & 127) << BigInt(7 * index);
      if (byte < 128) return index < 4 ? value : BigInt.asUintN(64, long | BigInt(value));
    }
    throw new ProtobufError('proto: integer overflow');
  }

  /** A length of 64 bits with a sign; what ends beyond those is negative, too. */
  #size(): number {
    const size = this.#varint();
    if (typeof size === 'number') return size;
    if (size + BigInt(this.#at) >= 2n ** 63n) throw new ProtobufError(negative);
    return Number(size);
  }

  /** Moves on by so many bytes; returns where they start. */
  #advance(size: number): number {
    if (size > this.#bytes.length - this.#at) throw new ProtobufError(truncated);
    const at = this.#at;
    this.#at += size;
    return at;
  }
}
