import { boolFrom, bytesFrom, doubleFrom, durationFrom, intFrom, textFrom, timestampFrom, uintFrom } from '../evaluate/conversions.ts';
import { CostExceeded, type Meter } from '../evaluate/meter.ts';
import { noOverload } from '../evaluate/operators.ts';
import { characters, costSize, countingWork, Dictionary, Failure, List, TypeValue, typeName, type Value } from '../evaluate/values.ts';
import { matching, scan, scanning } from './costs.ts';
import {
  bool,
  bytes,
  type CallCost,
  double,
  duration,
  dyn,
  type FunctionForm,
  fn,
  int,
  list,
  map,
  method,
  type Parameter,
  string,
  T,
  timestamp,
  typeOfType,
  uint,
  unguarded,
} from './form.ts';
import { expressionFor } from './patterns.ts';

const A = T('A');
const B = T('B');
const noSize = new Failure('no such overload: size');
const noMatches = new Failure('no such overload: matches');

function sizeOf(value: Value, meter: Meter): Value {
  meter.work(countingWork(value));
  if (typeof value === 'string') return BigInt(characters(value));
  if (value instanceof Uint8Array) return BigInt(value.length);
  return value instanceof List || value instanceof Dictionary ? BigInt(value.size) : noSize;
}

/** Whether a pattern is found in a text, in time linear in it. */
function matches(text: Value, pattern: Value, meter: Meter): Value {
  if (typeof text !== 'string') return noMatches;
  if (typeof pattern !== 'string') return noOverload;
  try {
    return expressionFor(pattern, text, meter).matcher(text).find();
  } catch (error) {
    if (error instanceof CostExceeded) throw error;
    return new Failure(error instanceof Error ? error.message : String(error));
  }
}

function textTest(name: string, run: (text: string, part: string) => boolean, knownCost: CallCost): FunctionForm {
  const checked = (text: Value, part: Value) => (typeof text === 'string' && typeof part === 'string' ? run(text, part) : noOverload);
  return unguarded(method(name, [dyn, dyn], bool, checked, { knownCost }), [string, string]);
}

/** Looks for one in the other. */
const searching: CallCost = (text, part) => scan(costSize(text)) * scan(costSize(part));

const sized: readonly Parameter<Value>[] = [bytes, list(A), map(A, B), string];

/** cel-go's standard functions, but for those of times. */
export const standard: readonly FunctionForm[] = [
  ...sized.flatMap((each) => [unguarded(fn('size', [dyn], int, sizeOf), [each]), unguarded(method('size', [dyn], int, sizeOf), [each])]),
  fn('type', [A], typeOfType(A), (value) => new TypeValue(typeName(value))),
  fn('dyn', [A], dyn, (value) => value),
  ...[bool, string].map((from) => fn('bool', [from], bool, boolFrom)),
  fn('bytes', [bytes], bytes, bytesFrom),
  fn('bytes', [string], bytes, bytesFrom, { knownCost: scanning }),
  ...[double, int, string, uint].map((from) => fn('double', [from], double, doubleFrom)),
  ...[duration, string].map((from) => fn('duration', [from], duration, durationFrom)),
  ...[int, double, duration, string, timestamp, uint].map((from) => fn('int', [from], int, intFrom)),
  ...[string, bool, double, duration, int, timestamp, uint].map((from) => fn('string', [from], string, textFrom)),
  fn('string', [bytes], string, textFrom, { knownCost: scanning }),
  ...[timestamp, int, string].map((from) => fn('timestamp', [from], timestamp, timestampFrom)),
  ...[uint, double, int, string].map((from) => fn('uint', [from], uint, uintFrom)),
  textTest('contains', (text, part) => text.includes(part), searching),
  textTest('endsWith', (text, part) => text.endsWith(part), scanning),
  textTest('startsWith', (text, part) => text.startsWith(part), scanning),
  unguarded(fn('matches', [dyn, dyn], bool, matches), [string, string]),
  unguarded(method('matches', [dyn, dyn], bool, matches, { knownCost: matching }), [string, string]),
];
