import type { CelType } from '../check/types.ts';
import type { Meter } from './meter.ts';

/** What expressions work on: an int is a `bigint`, a double a `number`. A {@link Failure} is a value as well, for `&&` and `||` may do without it. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | Uint
  | Timestamp
  | Duration
  | List
  | Dictionary
  | Optional
  | TypeValue
  | Opaque
  | Failure;

/** Why there is no value, in cel-go's words. No `Error`: quantifiers may meet one at each element, and stacks are dear. */
export class Failure {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

export class Uint {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

/** An instant: whole seconds since 1970, and nanoseconds after them; `offset`: how many seconds east of UTC it was written. */
export class Timestamp {
  readonly seconds: number;
  readonly nanos: number;
  readonly offset: number;

  constructor(seconds: number, nanos: number, offset = 0) {
    this.seconds = seconds;
    this.nanos = nanos;
    this.offset = offset;
  }
}

export class Duration {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** A list; its items are made when they are asked for. */
export abstract class List {
  abstract readonly size: number;

  /** The item at an index that is within the list. */
  abstract at(index: number): Value;

  /** Whether another list is equal, for lists whose items have no places of their own. */
  equals?(other: List, meter: Meter): boolean;

  /** What comes of adding another list, for lists that do not have each item twice. */
  plus?(other: List): List;

  items(): readonly Value[] {
    return Array.from({ length: this.size }, (_, index) => this.at(index));
  }
}

/** A list of values. */
export class ValueList extends List {
  private readonly values: readonly Value[];

  constructor(values: readonly Value[]) {
    super();
    this.values = values;
  }

  get size(): number {
    return this.values.length;
  }

  at(index: number): Value {
    return this.values[index] ?? null;
  }

  override items(): readonly Value[] {
    return this.values;
  }
}

/** A map, or an object that is used as one. */
export abstract class Dictionary {
  abstract readonly size: number;

  /** The value of a key, undefined when there is none, or why the key cannot be one. */
  abstract find(key: Value): Value | undefined;

  abstract keys(): readonly Value[];

  /** Whether another map is equal, for objects that know more of each other than what expressions see. */
  equals?(other: Dictionary, meter: Meter): boolean;

  has(key: Value): boolean {
    return this.find(key) !== undefined;
  }
}

/** A map that an expression has made. Keys that are equal numbers are the same key. */
export class ValueMap extends Dictionary {
  private readonly entries = new Map<unknown, readonly [Value, Value]>();

  get size(): number {
    return this.entries.size;
  }

  set(key: Value, value: Value): void {
    this.entries.set(keyOf(key), [key, value]);
  }

  delete(key: Value): void {
    this.entries.delete(keyOf(key));
  }

  find(key: Value): Value | undefined {
    return this.entries.get(keyOf(key))?.[1];
  }

  keys(): readonly Value[] {
    return Array.from(this.entries.values(), ([key]) => key);
  }
}

/** By what a value is found among keys. */
export function keyOf(value: Value): unknown {
  if (value instanceof Uint) return value.value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

/** A value that may not be there. */
export class Optional {
  readonly value: Value | undefined;

  constructor(value: Value | undefined) {
    this.value = value;
  }
}

export const none = new Optional(undefined);

/** A type as a value. */
export class TypeValue {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A value of a type that a library brings. */
export abstract class Opaque {
  /** `kubernetes.Quantity` */
  abstract readonly type: CelType;

  /** Whether it is equal to another of its type. */
  abstract equals(other: Opaque, meter: Meter): boolean;

  /** What lists and texts have: cel-go's `Sizer`. */
  get size(): number {
    return 1;
  }
}

/** An opaque value whose fields expressions select. */
export abstract class Struct extends Opaque {
  /** The value of a field, undefined when there is none to select. */
  abstract field(name: string): Value | undefined;

  abstract isSet(name: string): boolean;
}

/** The name of a value's type: `int`, `list`, `google.protobuf.Timestamp`. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
    default:
      return objectTypeName(value);
  }
}

function objectTypeName(value: Exclude<Value, boolean | bigint | number | string>): string {
  if (value === null) return 'null_type';
  if (value instanceof List) return 'list';
  if (value instanceof Dictionary) return 'map';
  if (value instanceof Uint) return 'uint';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp';
  if (value instanceof Duration) return 'google.protobuf.Duration';
  if (value instanceof Optional) return 'optional_type';
  if (value instanceof TypeValue) return 'type';
  return value instanceof Opaque ? value.type.name : 'error';
}

/** The type of a value in Go: `types.Int`. */
export function goType(value: Value): string {
  const name = typeName(value)
    .replace(/^google\.protobuf\./, '')
    .replace(/_type$/, '');
  const type = `types.${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return name === 'optional' || name === 'type' ? `*${type}` : type;
}

/** Half of a character that is stored in two units. */
export const surrogate = /[\ud800-\udfff]/;

/** How many characters a text has, which is not how many units it is stored in. */
export function characters(text: string): number {
  if (!surrogate.test(text)) return text.length;
  let count = 0;
  for (const _character of text) count++;
  return count;
}

/** The size of a value as costs are counted: of texts, lists and maps what is in them, and 1 of all else. */
export function costSize(value: Value | undefined): number {
  if (typeof value === 'string') return characters(value);
  if (value instanceof List || value instanceof Dictionary || value instanceof Opaque) return value.size;
  if (value instanceof Uint8Array) return value.length;
  return value instanceof Optional && value.value !== undefined ? costSize(value.value) : 1;
}

/** What looking at all of a text or a list takes, for {@link Meter.work}: characters and items take little time each. Maps are not looked at as a whole. */
export function bulkOf(value: Value): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length / 32;
  return value instanceof List ? value.size / 32 : 0;
}

/** What it takes to find out how large a map is, which JSON does not say of itself. */
export function countingWork(value: Value): number {
  return value instanceof Dictionary ? value.size / 2 : 0;
}

/** Longer than any list that is meant to be read. */
const maxShownList = 1000;

/** A value as Go prints it within messages; long lists end with dots, for their items may be shared, and endless when written out. */
export function shownValue(value: Value): string {
  if (value instanceof Uint) return String(value.value);
  if (value instanceof List) return shownList(value);
  return value === null || typeof value !== 'object' ? String(value) : typeName(value);
}

function shownList(list: List): string {
  let text = '';
  const write = (value: Value): void => {
    if (!(value instanceof List)) text += shownValue(value);
    else {
      text += '[';
      for (let index = 0; index < value.size && text.length <= maxShownList; index++) {
        if (index > 0) text += ', ';
        write(value.at(index));
      }
      text += ']';
    }
  };
  write(list);
  return text.length > maxShownList ? `${text.slice(0, maxShownList)}...` : text;
}
