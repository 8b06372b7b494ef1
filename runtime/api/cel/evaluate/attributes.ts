import type { Frame, Step } from './frame.ts';
import { Dictionary, Failure, keyOf, List, none, Optional, Struct, shownValue, typeName, type Value } from './values.ts';

/** A step from a value to one within it: `.name`, `[index]`, `.?name`, `[?index]` or the last of `has(a.name)`. */
export interface Qualifier {
  readonly key: Value | Step;
  readonly optional: boolean;
  /** Whether only its presence is asked for. */
  readonly test: boolean;
}

/**
 * A value, and the way to one within it; after cel-go's `interpreter/attributes.go`. Each step costs 1, and having what is at its end costs 1 as well, unless it
 * stands in a branch of a conditional or between brackets.
 */
export class Attribute {
  readonly base: Step;
  readonly qualifiers: readonly Qualifier[];
  /** Whether having it costs nothing. */
  private readonly free: boolean;

  constructor(base: Step, qualifiers: readonly Qualifier[] = [], free = false) {
    this.base = base;
    this.qualifiers = qualifiers;
    this.free = free;
  }

  with(qualifier: Qualifier): Attribute {
    return new Attribute(this.base, [...this.qualifiers, qualifier], this.free);
  }

  /** The value, paid for in full. */
  get run(): Step {
    const resolve = this.resolve;
    const tests = this.qualifiers.at(-1)?.test === true;
    // Upstream leaves out of the cost what it takes to ask for a presence.
    if (this.free || tests) return resolve;
    return (frame) => {
      const value = resolve(frame);
      frame.meter.spend(1);
      return value;
    };
  }

  /** The value, with only the steps to it paid for. */
  get resolve(): Step {
    const { base, qualifiers } = this;
    if (qualifiers.length === 0) return base;
    const fields = qualifiers.flatMap(({ key, optional, test }) => (typeof key === 'string' && !optional && !test ? [key] : []));
    if (fields.length < qualifiers.length) return (frame) => qualified(base(frame), qualifiers, frame);
    return (frame) => {
      let value = base(frame);
      for (let index = 0; index < fields.length; index++) {
        const field = fields[index] ?? '';
        if (!(value instanceof Dictionary)) return qualified(value, qualifiers.slice(index), frame);
        frame.meter.spend(1);
        const found: Value | undefined = value.find(field);
        value = found === undefined ? missing(value, field) : found;
      }
      return value;
    };
  }
}

function qualified(base: Value, qualifiers: readonly Qualifier[], frame: Frame): Value {
  if (base instanceof Failure) return base;
  let value: Value = base;
  let optional = false;
  if (value instanceof Optional) {
    if (value.value === undefined) return value;
    value = value.value;
    optional = true;
  }
  for (const qualifier of qualifiers) {
    const key = typeof qualifier.key === 'function' ? qualifier.key(frame) : qualifier.key;
    if (key instanceof Failure) return key;
    optional ||= qualifier.optional;
    if (qualifier.test) return tested(value, key, frame);
    if (!optional) {
      frame.meter.spend(1);
      value = within(value, key);
      if (value instanceof Failure) return value;
      continue;
    }
    const found = find(value, key);
    if (found === undefined) return none;
    frame.meter.spend(1);
    if (found instanceof Failure) return found;
    value = found;
  }
  return optional ? new Optional(value) : value;
}

function tested(value: Value, key: Value, frame: Frame): Value {
  frame.meter.spend(1);
  if (value instanceof Dictionary) return value.has(key);
  if (value instanceof Struct && typeof key === 'string') return value.isSet(key);
  const found = find(value, key);
  return found instanceof Failure ? found : found !== undefined;
}

/** What is within a value at a key. */
function within(value: Value, key: Value): Value {
  const found = find(value, key);
  return found === undefined ? missing(value, key) : found;
}

function missing(value: Value, key: Value): Failure {
  return new Failure(value instanceof List ? `index out of bounds: ${shownValue(key)}` : `no such key: ${shownValue(key)}`);
}

/** As {@link within}; undefined when there is nothing. */
function find(value: Value, key: Value): Value | undefined {
  if (value instanceof Dictionary) return value.find(key);
  if (value instanceof List) return item(value, key);
  return value instanceof Struct && typeof key === 'string' ? value.field(key) : undefined;
}

function item(list: List, key: Value): Value | undefined {
  const index = keyOf(key);
  if (typeof index !== 'bigint') {
    const isNumber = typeof key === 'number';
    return new Failure(isNumber ? `unsupported index value ${key} in list` : `unsupported index type '${typeName(key)}' in list`);
  }
  return index >= 0n && index < BigInt(list.size) ? list.at(Number(index)) : undefined;
}
