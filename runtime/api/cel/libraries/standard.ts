import { matchesExpression } from '../../custom-resources/regular-expressions.ts';
import { boolFrom, bytesFrom, doubleFrom, durationFrom, intFrom, textFrom, timestampFrom, uintFrom } from '../evaluate/conversions.ts';
import { noOverload } from '../evaluate/operators.ts';
import { characters, Dictionary, Failure, List, TypeValue, typeName, type Value } from '../evaluate/values.ts';
import { matching, scan, scanning } from './costs.ts';
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

const A = T('A');
const B = T('B');
const noSize = new Failure('no such overload: size');
const noMatches = new Failure('no such overload: matches');

function sizeOf(value: Value): Value {
  if (typeof value === 'string') return BigInt(characters(value));
  if (value instanceof Uint8Array) return BigInt(value.length);
  return value instanceof List || value instanceof Dictionary ? BigInt(value.size) : noSize;
}

/** Whether a pattern is found in a text, in time linear in it. */
function matches(text: Value, pattern: Value): Value {
  if (typeof text !== 'string') return noMatches;
  if (typeof pattern !== 'string') return noOverload;
  try {
    return matchesExpression(pattern, text);
  } catch (error) {
    return new Failure(error instanceof Error ? error.message : String(error));
  }
}

function textTest(name: string, run: (text: string, part: string) => boolean, cost: (text: Value, part: Value) => number): FunctionForm {
  const checked = (text: Value, part: Value) => (typeof text === 'string' && typeof part === 'string' ? run(text, part) : noOverload);
  const form = method(name, [dyn, dyn], bool, checked, { knownCost: cost });
  return unguarded({ ...form, parameters: [string.type, string.type] });
}

/** Whatever is given is looked at by the function itself. */
function single(form: FunctionForm, ...parameters: readonly Parameter<Value>[]): FunctionForm {
  return unguarded({ ...form, parameters: parameters.map(({ type }) => type) });
}

const sized: readonly Parameter<Value>[] = [bytes, list(A), map(A, B), string];

/** cel-go's standard functions, but for those of times. */
export const standard: readonly FunctionForm[] = [
  ...sized.flatMap((each) => [single(fn('size', [dyn], int, sizeOf), each), single(method('size', [dyn], int, sizeOf), each)]),
  fn('type', [A], typeOfType(A), (value) => new TypeValue(typeName(value))),
  fn('dyn', [A], dyn, (value) => value),
  fn('bool', [bool], bool, boolFrom),
  fn('bool', [string], bool, boolFrom),
  fn('bytes', [bytes], bytes, bytesFrom),
  fn('bytes', [string], bytes, bytesFrom, { knownCost: scanning }),
  fn('double', [double], double, doubleFrom),
  fn('double', [int], double, doubleFrom),
  fn('double', [string], double, doubleFrom),
  fn('double', [uint], double, doubleFrom),
  fn('duration', [duration], duration, durationFrom),
  fn('duration', [string], duration, durationFrom),
  fn('int', [int], int, intFrom),
  fn('int', [double], int, intFrom),
  fn('int', [duration], int, intFrom),
  fn('int', [string], int, intFrom),
  fn('int', [timestamp], int, intFrom),
  fn('int', [uint], int, intFrom),
  fn('string', [string], string, textFrom),
  fn('string', [bool], string, textFrom),
  fn('string', [bytes], string, textFrom, { knownCost: scanning }),
  fn('string', [double], string, textFrom),
  fn('string', [duration], string, textFrom),
  fn('string', [int], string, textFrom),
  fn('string', [timestamp], string, textFrom),
  fn('string', [uint], string, textFrom),
  fn('timestamp', [timestamp], timestamp, timestampFrom),
  fn('timestamp', [int], timestamp, timestampFrom),
  fn('timestamp', [string], timestamp, timestampFrom),
  fn('uint', [uint], uint, uintFrom),
  fn('uint', [double], uint, uintFrom),
  fn('uint', [int], uint, uintFrom),
  fn('uint', [string], uint, uintFrom),
  textTest(
    'contains',
    (text, part) => text.includes(part),
    (text, part) => scan(sizeInCharacters(text)) * scan(sizeInCharacters(part)),
  ),
  textTest('endsWith', (text, part) => text.endsWith(part), scanning),
  textTest('startsWith', (text, part) => text.startsWith(part), scanning),
  single(fn('matches', [dyn, dyn], bool, matches), string, string),
  single(method('matches', [dyn, dyn], bool, matches, { knownCost: matching }), string, string),
];

function sizeInCharacters(value: Value): number {
  return typeof value === 'string' ? characters(value) : 1;
}
