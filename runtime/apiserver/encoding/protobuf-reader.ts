/** Bytes that are not what they claim to be. The API server answers 400 with the message. */
export class ProtobufError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProtobufError';
  }
}

const truncated = 'unexpected EOF';
const strictText = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads one protobuf message field by field. Every read is checked against the message's end. */
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
  tag(): { readonly field: number; readonly wireType: number } {
    const tag = this.unsigned();
    const field = Math.floor(tag / 8);
    if (field === 0 || field > 0x1fffffff) throw new ProtobufError(`proto: illegal tag ${field} (wire type ${tag % 8})`);
    return { field, wireType: tag % 8 };
  }

  /** A varint as a number; above 2^53 it loses precision. */
  unsigned(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new ProtobufError('proto: integer overflow');
  }

  /** A varint that stands for a signed number of 64 bits, as protobuf's int32 and int64 are written. */
  signed(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
    throw new ProtobufError('proto: integer overflow');
  }

  double(): number {
    const at = this.#advance(8);
    return this.#view.getFloat64(at, true);
  }

  /** A length-delimited field, not copied. */
  bytes(): Uint8Array {
    const size = this.unsigned();
    const at = this.#advance(size);
    return this.#bytes.subarray(at, at + size);
  }

  text(): string {
    const bytes = this.bytes();
    try {
      return strictText.decode(bytes);
    } catch {
      throw new ProtobufError('proto: invalid UTF-8 string');
    }
  }

  /** Passes over the value of a field nobody knows. */
  skip(wireType: number): void {
    switch (wireType) {
      case 0:
        this.unsigned();
        return;
      case 1:
        this.#advance(8);
        return;
      case 2:
        this.bytes();
        return;
      case 5:
        this.#advance(4);
        return;
      default:
        throw new ProtobufError(`proto: illegal wireType ${wireType}`);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new ProtobufError(truncated);
    this.#at++;
    return byte;
  }

  /** Moves on by so many bytes; returns where they start. */
  #advance(size: number): number {
    if (size > this.#bytes.length - this.#at) throw new ProtobufError(truncated);
    const at = this.#at;
    this.#at += size;
    return at;
  }
}
