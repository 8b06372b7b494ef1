import { Dictionary, Duration, Failure, List, Opaque, Optional, Timestamp, TypeValue, Uint, type Value } from './values.ts';

/** Makes a value of JSON. */
export type FromJson = (json: unknown) => Value;

/** JSON as a list; its items become values when they are asked for. */
export class JsonList extends List {
  readonly json: readonly unknown[];
  private readonly item: FromJson;

  constructor(json: readonly unknown[], item: FromJson) {
    super();
    this.json = json;
    this.item = item;
  }

  get size(): number {
    return this.json.length;
  }

  at(index: number): Value {
    return this.item(this.json[index]);
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

/** JSON as a map of texts to values of one type. */
export class JsonMap extends Dictionary {
  private readonly json: JsonObject;
  private readonly item: FromJson;
  private names: readonly string[] | undefined;

  constructor(json: JsonObject, item: FromJson) {
    super();
    this.json = json;
    this.item = item;
  }

  get size(): number {
    return this.keys().length;
  }

  find(key: Value): Value | undefined {
    return typeof key === 'string' && Object.hasOwn(this.json, key) ? this.item(this.json[key]) : undefined;
  }

  override has(key: Value): boolean {
    return typeof key === 'string' && Object.hasOwn(this.json, key);
  }

  keys(): readonly Value[] {
    this.names ??= Object.keys(this.json);
    return this.names;
  }
}

const intLimit = 2 ** 63;
const smallest = -128;
const largest = 1024;
const small = Array.from({ length: largest - smallest + 1 }, (_, index) => BigInt(smallest + index));

/** The int of a whole number. */
export function intOf(json: number): bigint {
  return (json >= smallest && json <= largest ? small[json - smallest] : undefined) ?? BigInt(json);
}

/** JSON of which nothing is known: whole numbers are ints, as far as these go. What is a value already stays as it is. */
export function celValue(json: unknown): Value {
  switch (typeof json) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return json;
    case 'number':
      return Number.isInteger(json) && Math.abs(json) < intLimit ? intOf(json) : json;
    case 'object':
      return json === null ? null : objectValue(json);
    default:
      return null;
  }
}

function objectValue(json: object): Value {
  if (Array.isArray(json)) return new JsonList(json, celValue);
  return isValue(json) ? json : new JsonMap(Object(json), celValue);
}

function isValue(object: object): object is Exclude<Value, null | boolean | bigint | number | string> {
  return (
    object instanceof List ||
    object instanceof Dictionary ||
    object instanceof Opaque ||
    object instanceof Optional ||
    object instanceof Timestamp ||
    object instanceof Duration ||
    object instanceof Uint ||
    object instanceof Uint8Array ||
    object instanceof TypeValue ||
    object instanceof Failure
  );
}
