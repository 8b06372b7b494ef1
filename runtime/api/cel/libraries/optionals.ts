import type { Meter } from '../evaluate/meter.ts';
import { isZeroTime } from '../evaluate/times.ts';
import {
  countingWork,
  Dictionary,
  Duration,
  Failure,
  List,
  none,
  Optional,
  shownValue,
  Timestamp,
  Uint,
  type Value,
  ValueList,
} from '../evaluate/values.ts';
import { bool, type FunctionForm, fn, list, method, optional, T } from './form.ts';

const V = T('V');
const noValue = new Failure('optional.none() dereference');

function unwrapped(optionals: List, meter: Meter): Value {
  meter.work(optionals.size);
  const values: Value[] = [];
  for (const item of optionals.items()) {
    if (!(item instanceof Optional)) return new Failure(`value ${shownValue(item)} is not optional`);
    if (item.value !== undefined) values.push(item.value);
  }
  return new ValueList(values);
}

/** What Go calls a zero value. */
function isZero(value: Value): boolean {
  if (value === null || value === '' || value === false || value === 0 || value === 0n) return true;
  if (value instanceof List || value instanceof Dictionary) return value.size === 0;
  if (value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Duration) return value.nanos === 0n;
  if (value instanceof Optional) return value.value === undefined || isZero(value.value);
  return value instanceof Timestamp && isZeroTime(value);
}

function at(items: List, index: number): Optional {
  return items.size === 0 ? none : new Optional(items.at(index));
}

/** cel-go's optional values. */
export const optionals: readonly FunctionForm[] = [
  fn('optional.of', [V], optional(V), (value) => new Optional(value)),
  fn('optional.ofNonZeroValue', [V], optional(V), (value, meter) => {
    meter.work(countingWork(value));
    return isZero(value) ? none : new Optional(value);
  }),
  fn('optional.none', [], optional(V), () => none),
  fn('optional.unwrap', [list(optional(V))], list(V), unwrapped),
  method('unwrapOpt', [list(optional(V))], list(V), unwrapped),
  method('value', [optional(V)], V, ({ value }) => (value === undefined ? noValue : value)),
  method('hasValue', [optional(V)], bool, ({ value }) => value !== undefined),
  // The planner has steps of its own for both: the second is only looked at when it is needed.
  method('or', [optional(V), optional(V)], optional(V), (first, second) => (first.value === undefined ? second : first)),
  method('orValue', [optional(V), V], V, (first, second) => (first.value === undefined ? second : first.value)),
  method('first', [list(V)], optional(V), (items) => at(items, 0)),
  method('last', [list(V)], optional(V), (items) => at(items, items.size - 1)),
];
