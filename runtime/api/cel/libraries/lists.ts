import { equal, indexIn, listHas } from '../evaluate/equality.ts';
import { intOf } from '../evaluate/json-values.ts';
import type { Meter } from '../evaluate/meter.ts';
import { add, noOverload } from '../evaluate/operators.ts';
import { compare, isOrdered } from '../evaluate/ordering.ts';
import { costSize, Duration, Failure, List, typeName, Uint, type Value, ValueList } from '../evaluate/values.ts';
import { listCost, selfComparison, walking } from './costs.ts';
import {
  bool,
  bytes,
  double,
  duration,
  dyn,
  type FunctionForm,
  fn,
  int,
  list,
  method,
  type Parameter,
  string,
  T,
  timestamp,
  uint,
  unguarded,
} from './form.ts';

const A = T('A');
const E = T('T');
const comparable: readonly Parameter<Value>[] = [int, uint, double, bool, duration, timestamp, string, bytes];
const sums: readonly (readonly [Parameter<Value>, Value])[] = [
  [int, 0n],
  [uint, new Uint(0n)],
  [double, 0],
  [duration, new Duration(0n)],
];
const walks = { cost: walking };

/** The items in order, negative when the first comes before the second; undefined when they have none. */
function isSorted(items: List, meter: Meter): Value {
  for (let index = 0; index < items.size; index++) {
    if (!isOrdered(items.at(index))) return noOverload;
    if (index === 0) continue;
    const order = compare(items.at(index - 1), items.at(index), meter);
    if (typeof order === 'number' && order > 0) return false;
  }
  return true;
}

function extreme(name: string, sign: number): (items: List, meter: Meter) => Value {
  const empty = new Failure(`${name} called on empty list`);
  return (items, meter) => {
    let best: Value | undefined;
    for (let index = 0; index < items.size; index++) {
      const item = items.at(index);
      if (!isOrdered(item)) return noOverload;
      const order = best === undefined ? sign : compare(item, best, meter);
      if (typeof order === 'number' && order * sign > 0) best = item;
    }
    return best ?? empty;
  };
}

function sum(items: List, zero: Value, meter: Meter): Value {
  let total = zero;
  for (let index = 0; index < items.size; index++) {
    total = add(total, items.at(index), meter);
    if (total instanceof Failure) return total;
  }
  return total;
}

function lastIndexIn(items: List, item: Value, meter: Meter): number {
  meter.work(items.size);
  for (let index = items.size - 1; index >= 0; index--) if (equal(items.at(index), item, meter)) return index;
  return -1;
}

function range(length: bigint): Value {
  return new ValueList(Array.from({ length: Math.max(0, Number(length)) }, (_, index) => intOf(index)));
}

function slice(items: List, start: bigint, end: bigint, meter: Meter): Value {
  const refuse = (reason: string) => new Failure(`cannot slice(${start}, ${end}), ${reason}`);
  if (start < 0n || end < 0n) return refuse('negative indexes not supported');
  if (start > end) return refuse('start index must be less than or equal to end index');
  if (end > BigInt(items.size)) return refuse(`list is length ${items.size}`);
  meter.work(Number(end - start));
  return new ValueList(Array.from({ length: Number(end - start) }, (_, index) => items.at(Number(start) + index)));
}

function flatten(items: List, depth: bigint, meter: Meter): Value {
  if (depth < 0n) return new Failure('level must be non-negative');
  const flat: Value[] = [];
  const collect = (each: List, below: bigint): void => {
    meter.work(each.size);
    for (const item of each.items()) {
      if (item instanceof List && below > 0n) collect(item, below - 1n);
      else flat.push(item);
    }
  };
  collect(items, depth);
  return new ValueList(flat);
}

function sortedBy(items: List, keys: List, meter: Meter): Value {
  if (items.size !== keys.size) {
    return new Failure(
      `@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${items.size} and ${keys.size} elements respectively`,
    );
  }
  if (items.size === 0) return items;
  meter.work(keys.size);
  const found = keys.items();
  const [head = null] = found;
  if (!isOrdered(head)) return new Failure('list elements must be comparable');
  if (found.some((key) => typeName(key) !== typeName(head))) return new Failure('list elements must have the same type');
  const places = found.map((_, index) => index);
  places.sort((a, b) => {
    meter.work(1 / 2);
    const order = compare(found[a] ?? null, found[b] ?? null, meter);
    return typeof order === 'number' ? order : 0;
  });
  return new ValueList(places.map((place) => items.at(place)));
}

function distinct(items: List, meter: Meter): Value {
  const found: Value[] = [];
  for (const item of items.items()) {
    meter.work(found.length);
    if (!found.some((each) => equal(item, each, meter))) found.push(item);
  }
  return new ValueList(found);
}

function containsAll(items: List, part: List, meter: Meter): boolean {
  return part.items().every((item) => listHas(items, item, meter));
}

function comparingAll(factor: number): (a: Value, b: Value) => number {
  return (a, b) => 1 + Math.floor(costSize(a) * costSize(b) * factor);
}

/** Sorting is bound once for all types, to the trait that lists have. */
function sorting(
  name: string,
  parameters: readonly Parameter<Value>[],
  run: (items: List, keys: List, meter: Meter) => Value,
): FunctionForm {
  const noSort = new Failure(`no such overload: ${name}`);
  const checked = (items: Value, keys: Value, meter: Meter) =>
    items instanceof List && keys instanceof List ? run(items, keys, meter) : noSort;
  const form =
    parameters.length === 1
      ? method(name, [dyn], list(E), (items, meter) => checked(items, items, meter), { knownCost: (items) => selfComparison(items) })
      : method(name, [dyn, dyn], list(E), checked, { knownCost: (_items, keys) => selfComparison(keys) });
  return unguarded({ ...form, result: (parameters[0] ?? dyn).type }, parameters);
}

/** `k8s.io/apiserver/pkg/cel/library` lists, and cel-go's lists and sets. */
export const lists: readonly FunctionForm[] = [
  ...comparable.map((each) => method('isSorted', [list(each)], bool, isSorted, walks)),
  ...sums.map(([each, zero]) => method('sum', [list(each)], each, (items, meter) => sum(items, zero, meter), walks)),
  ...comparable.map((each) => method('min', [list(each)], each, extreme('min', -1), walks)),
  ...comparable.map((each) => method('max', [list(each)], each, extreme('max', 1), walks)),
  method('indexOf', [list(A), A], int, (items, item, meter) => BigInt(indexIn(items, item, meter)), walks),
  method('lastIndexOf', [list(A), A], int, (items, item, meter) => BigInt(lastIndexIn(items, item, meter)), walks),
  fn('lists.range', [int], list(int), range, { knownCost: (length) => listCost(Math.max(0, Number(length))) }),
  method('slice', [list(E), int, int], list(E), slice, {
    knownCost: (items, start, end) => listCost(Math.max(0, Math.min(costSize(items), Number(end)) - Math.max(0, Number(start)))),
  }),
  method('flatten', [list(list(E))], list(E), (items, meter) => flatten(items, 1n, meter), {
    knownCost: (items) => listCost(costSize(items)),
  }),
  method('flatten', [list(dyn), int], list(dyn), flatten, {
    knownCost: (items, depth) => listCost(costSize(items), Math.max(0, Number(depth))),
  }),
  ...comparable.map((each) => sorting('sort', [list(each)], sortedBy)),
  ...comparable.map((each) => sorting('@sortByAssociatedKeys', [list(E), list(each)], sortedBy)),
  method('reverse', [list(E)], list(E), (items) => new ValueList(items.items().toReversed()), {
    knownCost: (items) => listCost(costSize(items)),
  }),
  method('distinct', [list(E)], list(E), distinct, { knownCost: (items) => selfComparison(items) }),
  fn('sets.contains', [list(E), list(E)], bool, containsAll, { knownCost: comparingAll(1) }),
  fn('sets.equivalent', [list(E), list(E)], bool, (a, b, meter) => containsAll(a, b, meter) && containsAll(b, a, meter), {
    knownCost: comparingAll(2),
  }),
  fn('sets.intersects', [list(E), list(E)], bool, (a, b, meter) => a.items().some((item) => listHas(b, item, meter)), {
    knownCost: comparingAll(1),
  }),
];
