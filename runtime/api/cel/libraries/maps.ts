import type { Meter } from '../evaluate/meter.ts';
import { type Dictionary, Failure, shownValue, type Value, ValueMap } from '../evaluate/values.ts';
import { type FunctionForm, fn, map, T } from './form.ts';

const K = T('K');
const V = T('V');

/** What a loop collects is changed in place: nobody else sees it before the loop is over. */
function insert(into: Dictionary, entries: readonly (readonly [Value, Value])[], meter: Meter): Value {
  meter.work(entries.length);
  const target = into instanceof ValueMap ? into : copyOf(into, meter);
  for (const [key, value] of entries) {
    if (target.has(key)) return new Failure(`insert failed: key ${shownValue(key)} already exists`);
    target.set(key, value);
  }
  return target;
}

function copyOf(source: Dictionary, meter: Meter): ValueMap {
  meter.work(source.size);
  const copy = new ValueMap();
  for (const [key, value] of entriesOf(source)) copy.set(key, value);
  return copy;
}

function entriesOf(source: Dictionary): readonly (readonly [Value, Value])[] {
  return source.keys().map((key) => [key, source.find(key) ?? null] as const);
}

/** What macros of two variables make maps with. */
export const maps: readonly FunctionForm[] = [
  fn('cel.@mapInsert', [map(K, V), K, V], map(K, V), (into, key, value, meter) => insert(into, [[key, value]], meter)),
  fn('cel.@mapInsert', [map(K, V), map(K, V)], map(K, V), (into, entries, meter) => insert(into, entriesOf(entries), meter)),
];
