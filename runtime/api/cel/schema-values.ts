import { isObject, type JsonObject } from '../custom-resources/json-schema.ts';
import { equal } from './evaluate/equality.ts';
import { celValue, type FromJson, JsonList } from './evaluate/json-values.ts';
import type { Meter } from './evaluate/meter.ts';
import { noOverload } from './evaluate/operators.ts';
import { Dictionary, keyOf, List, type Value, ValueList } from './evaluate/values.ts';

/** Values of JSON whose schema is known, after upstream's `pkg/cel/common/valuesunstructured.go`. What is within them is looked at when it is asked for. */

/** A field of an object: its name in JSON, and what its values are. */
export interface ObjectField {
  readonly json: string;
  readonly convert: FromJson;
}

/** An object with declared fields. A field that is null is not there. */
class SchemaObject extends Dictionary {
  private readonly json: JsonObject;
  /** By the names that expressions call them. */
  private readonly fields: ReadonlyMap<string, ObjectField>;

  constructor(json: JsonObject, fields: ReadonlyMap<string, ObjectField>) {
    super();
    this.json = json;
    this.fields = fields;
  }

  get size(): number {
    return Object.keys(this.json).length;
  }

  find(key: Value): Value | undefined {
    if (typeof key !== 'string') return noOverload;
    const field = this.fields.get(key);
    if (field === undefined || !Object.hasOwn(this.json, field.json)) return undefined;
    const json = this.json[field.json];
    return json === null ? undefined : field.convert(json);
  }

  override has(key: Value): boolean {
    const field = typeof key === 'string' ? this.fields.get(key) : undefined;
    return field !== undefined && Object.hasOwn(this.json, field.json) && this.json[field.json] !== null;
  }

  keys(): readonly Value[] {
    const found = new Map<string, string>();
    for (const [name, { json }] of this.fields) if (!found.has(json) && Object.hasOwn(this.json, json)) found.set(json, name);
    return [...found.values()];
  }

  /** What the schema does not know is compared where both have it. */
  override equals(other: Dictionary, meter: Meter): boolean {
    const declared = new Set(Array.from(this.fields.values(), ({ json }) => json));
    for (const key of this.keys()) {
      meter.work(1);
      const [value, second] = [this.find(key), other.find(key)];
      if (value === undefined || second === undefined) {
        if (value !== second) return false;
      } else if (!equal(value, second, meter)) return false;
    }
    if (!(other instanceof SchemaObject)) return true;
    return Object.keys(this.json).every(
      (name) =>
        declared.has(name) || !Object.hasOwn(other.json, name) || equal(celValue(this.json[name]), celValue(other.json[name]), meter),
    );
  }
}

/** A list of a kind of its own, over one that knows its items. */
abstract class KindOfList extends List {
  private readonly list: List;

  constructor(list: List) {
    super();
    this.list = list;
  }

  get size(): number {
    return this.list.size;
  }

  at(index: number): Value {
    return this.list.at(index);
  }
}

/** A list of a set: the places of its items do not count. */
class SetList extends KindOfList {
  override equals(other: List, meter: Meter): boolean {
    meter.work(this.size + other.size);
    const own = new Set(this.items().map(keyOf));
    const seen = new Set(other.items().map(keyOf));
    return seen.size === own.size && [...seen].every((key) => own.has(key));
  }

  override plus(other: List): List {
    const items = new Map(this.items().map((item) => [keyOf(item), item]));
    for (const item of other.items()) if (!items.has(keyOf(item))) items.set(keyOf(item), item);
    return new SetList(new ValueList([...items.values()]));
  }
}

/** A list whose items are told apart by some of their fields. */
class KeyedList extends KindOfList {
  private readonly keys: readonly string[];

  constructor(list: List, keys: readonly string[]) {
    super(list);
    this.keys = keys;
  }

  override equals(other: List, meter: Meter): boolean {
    meter.work(this.size + other.size);
    const own = this.byKeys(this);
    const second = this.byKeys(other);
    if (own.size !== second.size) return false;
    for (const [key, item] of second) {
      const mine = own.get(key);
      if (mine === undefined || !equal(mine, item, meter)) return false;
    }
    return true;
  }

  /** Items with the same keys are replaced where they stand. */
  override plus(other: List): List {
    return new KeyedList(new ValueList([...new Map([...this.byKeys(this), ...this.byKeys(other)]).values()]), this.keys);
  }

  private byKeys(list: List): ReadonlyMap<string, Value> {
    return new Map(list.items().map((item) => [this.keyIn(item), item]));
  }

  private keyIn(item: Value): string {
    const parts = this.keys.map((key) => (item instanceof Dictionary ? item.find(key) : undefined) ?? null);
    return JSON.stringify(parts, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
  }
}

/** What is made of an array. */
export function listMaker(item: FromJson, type: string | undefined, keys: readonly string[]): FromJson {
  const make = (json: readonly unknown[]): List => {
    const list = new JsonList(json, item);
    if (type === 'set') return new SetList(list);
    return type === 'map' ? new KeyedList(list, keys) : list;
  };
  return (json) => (Array.isArray(json) ? make(json) : noOverload);
}

/** What is made of an object with declared fields. */
export function objectMaker(fields: ReadonlyMap<string, ObjectField>): FromJson {
  return (json) => (isObject(json) ? new SchemaObject(json, fields) : noOverload);
}
