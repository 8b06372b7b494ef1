import { base64Problem, canonicalBase64, toBase64 } from '../base64.ts';
import { canonicalAmount, canonicalQuantity, quantityFormatMessage } from '../quantity.ts';
import { conversionProblem } from './conversion-words.ts';
import { isWrittenInteger, type NumberSpellings, placeOf } from './number-spellings.ts';
import { type Dictionary, type Field, type List, type Scalar, type SchemaOr, type Shape, type Struct, shapeOfDefinition } from './shape.ts';
import { canonicalTime } from './time.ts';
import { TypeMismatch } from './type-mismatch.ts';

/** What became of an object when it was read against its definition. */
export interface Structure {
  /** Why it cannot be decoded; the object is then not to be used. */
  readonly error?: string;
  /** Fields that the definition does not know, now gone from the object: `spec.containers[0].foo`. */
  readonly unknownFields: readonly string[];
}

/**
 * Reads an object against its definition, as decoding into Go's structs does: wrong types are errors, unknown fields are told and dropped, nulls
 * and empty optional fields vanish, quantities, times and bytes get their canonical form. The object is changed in place.
 *
 * @param definition Name of the definition, `io.k8s.api.core.v1.Pod`; of one that is unknown nothing is checked.
 * @param words In which an error is told: those of Go's JSON decoder, or of the converter that strategic merge patches go through.
 * @param spellings How numbers of the text are written from which the object was read.
 */
export function checkStructure(definition: string, object: unknown, words: Words = 'json', spellings?: NumberSpellings): Structure {
  const shape = shapeOfDefinition(definition);
  const decoder = new Decoder(words, spellings);
  try {
    decoder.root(shape, object);
  } catch (error) {
    if (error instanceof DecodeError) return { error: error.message, unknownFields: decoder.unknownFields };
    throw error;
  }
  const { mismatch, unknownFields } = decoder;
  return mismatch === undefined ? { unknownFields } : { error: String(mismatch), unknownFields };
}

export type Words = 'json' | 'conversion';

/** Ends the decoding at once, as an error of a type's own `UnmarshalJSON` does. */
class DecodeError extends Error {
  readonly problem: TypeMismatch | string;

  constructor(problem: TypeMismatch | string) {
    super(String(problem));
    this.problem = problem;
  }
}

type JsonObject = Record<string, unknown>;

class Decoder {
  readonly unknownFields: string[] = [];
  /** The first value of a wrong type. Decoding goes on after one, because a later hard error takes precedence. */
  mismatch: TypeMismatch | string | undefined;
  /** Names and indices on the way to the present value. */
  readonly #way: (string | number)[] = [];
  /** Names of fields and of inlined structs alone, as Go's errors have them, and the struct that holds the last. */
  readonly #fields: string[] = [];
  #struct = '';
  readonly #words: Words;
  readonly #spellings: NumberSpellings | undefined;

  constructor(words: Words, spellings?: NumberSpellings) {
    this.#words = words;
    this.#spellings = spellings;
  }

  root(shape: Shape, value: unknown): void {
    if (shape.type === 'any' || shape.type === 'schema-or') this.#decode(shape, value);
    else if (shape.type === 'struct' && isObject(value)) this.#decodeStruct(shape, value);
    else this.#mismatch(value, shape);
  }

  /** Gives what takes the value's place; `undefined` when it is to be dropped. */
  #decode(shape: Shape, value: unknown): unknown {
    switch (shape.type) {
      case 'any':
        if (this.#spellings !== undefined) this.#checkFinite(value);
        return value;
      case 'struct':
        if (isObject(value)) this.#decodeStruct(shape, value);
        else this.#mismatch(value, shape);
        return value;
      case 'list':
        if (Array.isArray(value)) this.#decodeList(shape, value);
        else this.#mismatch(value, shape);
        return value;
      case 'map':
        if (isObject(value)) this.#decodeMap(shape, value);
        else this.#mismatch(value, shape);
        return value;
      case 'schema-or':
        return this.#decodeSchemaOr(shape, value);
      default:
        return this.#decodeScalar(shape, value);
    }
  }

  #decodeStruct(struct: Struct, object: JsonObject): void {
    const outer = this.#struct;
    this.#struct = struct.name;
    for (const name of Object.keys(object)) {
      const field = struct.fields.get(name);
      if (field === undefined) {
        this.unknownFields.push(this.#pathTo(name));
        delete object[name];
        continue;
      }
      const value = object[name];
      if (value === null || value === undefined) {
        delete object[name];
        continue;
      }
      this.#way.push(name);
      this.#fields.push(...field.inlined, name);
      const decoded = this.#decode(field.shape, value);
      this.#fields.length -= field.inlined.length + 1;
      this.#way.pop();
      // An empty list of managed fields says that there shall be none any more.
      const means = name === 'managedFields' && this.#way.length === 1;
      if (decoded === undefined || (field.omitEmpty && !means && isEmpty(field, decoded))) delete object[name];
      else if (decoded !== value) object[name] = decoded;
    }
    this.#struct = outer;
  }

  /** What reads itself begins anew, in the JSON decoder's words and with unknown fields that nobody is told of. */
  #decodeSchemaOr({ schema, list }: SchemaOr, value: unknown): unknown {
    if (!list && typeof value === 'boolean') return value;
    const shape = isObject(value) ? schema : Array.isArray(value) ? list : undefined;
    if (shape === undefined) {
      if (list) return undefined;
      throw new DecodeError('boolean or JSON schema expected');
    }
    const inner = new Decoder('json');
    try {
      const decoded = inner.#decode(shape, value);
      if (inner.mismatch !== undefined) throw new DecodeError(inner.mismatch);
      return decoded;
    } catch (error) {
      if (!(error instanceof DecodeError) || !(error.problem instanceof TypeMismatch)) throw error;
      throw new DecodeError(this.#located(error.problem));
    }
  }

  #decodeList(list: List, values: unknown[]): void {
    const { items } = list;
    if (items.type === 'any' && this.#spellings === undefined) return;
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (value === null) {
        values[index] = zeroOf(items);
        continue;
      }
      if (items.type === 'string' && typeof value === 'string') continue;
      this.#way.push(index);
      const decoded = this.#decode(items, value);
      this.#way.pop();
      if (decoded !== value) values[index] = decoded;
    }
  }

  #decodeMap(map: Dictionary, object: JsonObject): void {
    const { values } = map;
    if (values.type === 'any' && this.#spellings === undefined) return;
    const isAmounts = values.type === 'quantity';
    for (const key of Object.keys(object)) {
      const value = object[key];
      if (value === null) {
        object[key] = zeroOf(values);
        continue;
      }
      if (values.type === 'string' && typeof value === 'string') continue;
      this.#way.push(key);
      const decoded = isAmounts ? this.#decodeQuantity(value, canonicalAmount) : this.#decode(values, value);
      this.#way.pop();
      if (decoded !== value) object[key] = decoded;
    }
  }

  #decodeScalar(scalar: Scalar, value: unknown): unknown {
    switch (scalar.type) {
      case 'string':
        if (typeof value !== 'string') this.#mismatch(value, scalar);
        return value;
      case 'boolean':
        if (typeof value !== 'boolean') this.#mismatch(value, scalar);
        return value;
      case 'int32':
      case 'int64':
        if (typeof value !== 'number' || !this.#fits(value, scalar.type)) this.#mismatch(value, scalar);
        return value;
      case 'double':
        if (typeof value !== 'number' || !Number.isFinite(value)) this.#mismatch(value, scalar);
        return value;
      case 'bytes':
        return this.#decodeBytes(scalar, value);
      case 'quantity':
        return this.#decodeQuantity(value);
      case 'int-or-string':
        if (typeof value === 'string') return value;
        if (typeof value !== 'number' || !this.#fits(value, 'int32')) throw this.#ownMismatch(value, 'int32', true);
        return value;
      case 'time':
      case 'micro-time':
        if (typeof value !== 'string') throw this.#ownMismatch(value, 'string');
        return attempt(() => canonicalTime(value, scalar.type === 'time' ? 'seconds' : 'micros'));
    }
  }

  #decodeBytes(scalar: Scalar, value: unknown): unknown {
    if (Array.isArray(value)) return this.#decodeListedBytes(value);
    if (typeof value !== 'string') {
      this.#mismatch(value, scalar);
      return value;
    }
    const problem = base64Problem(value);
    if (problem === undefined) return canonicalBase64(value);
    this.mismatch ??= problem;
    return value;
  }

  /** To Go's decoder bytes are a list of numbers, too. */
  #decodeListedBytes(values: readonly unknown[]): string {
    const bytes = values.map((value, index) => {
      if (value === null) return 0;
      this.#way.push(index);
      const isByte = typeof value === 'number' && this.#fits(value, 'int32') && value >= 0 && value <= 255;
      if (!isByte) this.mismatch ??= this.#typeMismatch(value, 'uint8', true);
      this.#way.pop();
      return isByte ? value : 0;
    });
    return toBase64(Uint8Array.from(bytes));
  }

  #decodeQuantity(value: unknown, canonical: (text: string | number) => string = canonicalQuantity): unknown {
    if (typeof value !== 'string' && typeof value !== 'number') throw new DecodeError(quantityFormatMessage);
    return attempt(() => canonical(typeof value === 'string' ? value.trim() : (this.#spelling() ?? value)));
  }

  /** How the present number is written, where it is known. */
  #spelling(): string | undefined {
    return this.#spellings?.get(placeOf(this.#way));
  }

  /** Whether a number is an integer of so many bits; to Go's JSON decoder `1.0` is none. */
  #fits(value: number, size: 'int32' | 'int64'): boolean {
    const isInteger = this.#words === 'conversion' || isWrittenInteger(this.#spelling() ?? '');
    return isInteger && fits(value, size);
  }

  /** What has no type of its own may hold numbers that no double is large enough for. */
  #checkFinite(value: unknown): void {
    if (typeof value === 'number' && !Number.isFinite(value)) this.mismatch ??= this.#typeMismatch(value, 'float64', true);
    else if (typeof value === 'object' && value !== null) {
      for (const [step, inner] of Object.entries(value)) {
        this.#way.push(step);
        this.#checkFinite(inner);
        this.#way.pop();
      }
    }
  }

  #mismatch(value: unknown, shape: Struct | List | Dictionary | Scalar): void {
    if (this.mismatch !== undefined) return;
    const told = this.#words === 'json' ? undefined : conversionProblem(shape, value);
    const isInteger = shape.type === 'int32' || shape.type === 'int64';
    const isNumber = isInteger || shape.type === 'double';
    this.mismatch = told ?? this.#typeMismatch(value, shape.type === 'bytes' ? '[]uint8' : isInteger ? shape.type : shape.goType, isNumber);
  }

  #typeMismatch(value: unknown, goType: string, withNumber = false): TypeMismatch {
    return new TypeMismatch(this.#what(value, withNumber), goType, this.#struct, this.#fields);
  }

  /** A mismatch in what reads itself, which ends the decoding. */
  #ownMismatch(value: unknown, goType: string, withNumber = false): DecodeError {
    return new DecodeError(this.#located(new TypeMismatch(this.#what(value, withNumber), goType, '', [])));
  }

  /** Only the JSON decoder says where it met what reads itself. */
  #located(mismatch: TypeMismatch): TypeMismatch {
    return this.#words === 'json' ? mismatch.within(this.#struct, this.#fields) : mismatch;
  }

  #what(value: unknown, withNumber: boolean): string {
    return withNumber && typeof value === 'number' ? `number ${this.#spelling() ?? value}` : jsonTypeOf(value);
  }

  #pathTo(name: string): string {
    let path = '';
    for (const step of [...this.#way, name]) path += typeof step === 'number' ? `[${step}]` : path === '' ? step : `.${step}`;
    return path;
  }
}

function attempt(decode: () => string): string {
  try {
    return decode();
  } catch (error) {
    throw new DecodeError(error instanceof Error ? error.message : String(error));
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(field: Field, value: unknown): boolean {
  switch (field.shape.type) {
    case 'list':
      return Array.isArray(value) && value.length === 0;
    case 'map':
      return isObject(value) && Object.keys(value).length === 0;
    case 'string':
      return value === '';
    case 'boolean':
      return value === false;
    case 'int32':
    case 'int64':
    case 'double':
      return value === 0;
    default:
      return false;
  }
}

function fits(value: number, size: 'int32' | 'int64'): boolean {
  if (!Number.isInteger(value)) return false;
  return size === 'int64' ? value >= -(2 ** 63) && value < 2 ** 63 : value >= -(2 ** 31) && value < 2 ** 31;
}

function jsonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** What Go has where JSON says null in a list or map. */
function zeroOf(shape: Shape): unknown {
  switch (shape.type) {
    case 'any':
    case 'schema-or':
    // Go writes a time that is none so.
    case 'time':
    case 'micro-time':
      return null;
    case 'struct':
    case 'map':
      return {};
    case 'list':
      return [];
    case 'boolean':
      return false;
    case 'int32':
    case 'int64':
    case 'double':
    case 'int-or-string':
      return 0;
    case 'quantity':
      return '0';
    default:
      return '';
  }
}
