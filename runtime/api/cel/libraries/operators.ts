import { equal, listHas } from '../evaluate/equality.ts';
import type { Meter } from '../evaluate/meter.ts';
import { add, divide, modulo, multiply, negate, noOverload, not, relation, subtract } from '../evaluate/operators.ts';
import { costSize, Dictionary, List, type Value } from '../evaluate/values.ts';
import { comparing, joining } from './costs.ts';
import type { FunctionForm, Operator, Parameter } from './form.ts';
import {
  bool,
  bytes,
  type CallCost,
  double,
  duration,
  dyn,
  fn,
  int,
  list,
  map,
  optional,
  string,
  T,
  timestamp,
  uint,
  unguarded,
} from './form.ts';

type Anything = Parameter<Value>;

const A = T('A');
const B = T('B');
const K = T('K');
const V = T('V');

/** Operators are given whatever is there: what they say of values that do not fit is their own. */
function operator(name: string, parameters: readonly Anything[], result: Anything, run: Operator, knownCost?: CallCost): FunctionForm {
  const form = fn(name, [dyn, dyn], result, run, knownCost && { knownCost });
  return unguarded({ ...form, operator: run }, parameters);
}

function binary(name: string, a: Anything, b: Anything, result: Anything, run: Operator, knownCost?: CallCost): FunctionForm {
  return operator(name, [a, b], result, run, knownCost);
}

function unary(name: string, operand: Anything, run: (value: Value) => Value): FunctionForm {
  return operator(name, [operand], operand, run);
}

const numbers: readonly Anything[] = [int, uint, double];
const ordered: readonly (readonly [Anything, Anything])[] = [
  ...numbers.flatMap((a) => numbers.map((b) => [a, b] as const)),
  ...[bool, string, bytes, timestamp, duration].map((each: Anything) => [each, each] as const),
];

function ordering(name: string, holds: (order: number) => boolean): readonly FunctionForm[] {
  const run = relation(name, holds);
  return ordered.map(([a, b]) => binary(name, a, b, bool, run, a === string || a === bytes ? comparing : undefined));
}

function arithmetic(name: string, run: Operator, ...types: readonly Anything[]): readonly FunctionForm[] {
  return types.map((each) => binary(name, each, each, each, run));
}

function isIn(item: Value, container: Value, meter: Meter): Value {
  if (container instanceof List) return listHas(container, item, meter);
  return container instanceof Dictionary ? container.has(item) : noOverload;
}

/** What the planner has steps of its own for is only declared here. */
function planned(name: string, parameters: readonly Anything[], result: Anything, knownCost?: CallCost): FunctionForm {
  return fn(name, parameters, result, () => noOverload, knownCost && { knownCost });
}

/** The operators of the language, by cel-go's names. */
export const operators: readonly FunctionForm[] = [
  planned('_?_:_', [bool, A, A], A),
  planned('_&&_', [bool, bool], bool),
  planned('_||_', [bool, bool], bool),
  unary('!_', bool, not),
  planned('@not_strictly_false', [bool], bool),
  binary('_==_', A, A, bool, (a, b, meter) => equal(a, b, meter), comparing),
  binary('_!=_', A, A, bool, (a, b, meter) => !equal(a, b, meter), comparing),
  ...ordering('_<_', (order) => order < 0),
  ...ordering('_<=_', (order) => order <= 0),
  ...ordering('_>_', (order) => order > 0),
  ...ordering('_>=_', (order) => order >= 0),
  binary('_+_', bytes, bytes, bytes, add, joining),
  binary('_+_', string, string, string, add, joining),
  binary('_+_', list(A), list(A), list(A), add),
  ...arithmetic('_+_', add, double, duration, int, uint),
  binary('_+_', duration, timestamp, timestamp, add),
  binary('_+_', timestamp, duration, timestamp, add),
  ...arithmetic('_-_', subtract, double, duration, int, uint),
  binary('_-_', timestamp, duration, timestamp, subtract),
  binary('_-_', timestamp, timestamp, duration, subtract),
  ...arithmetic('_*_', multiply, double, int, uint),
  ...arithmetic('_/_', divide, double, int, uint),
  ...arithmetic('_%_', modulo, int, uint),
  unary('-_', double, negate),
  unary('-_', int, negate),
  planned('_[_]', [list(A), int], A),
  planned('_[_]', [map(A, B), A], B),
  planned('_[_]', [optional(list(V)), int], optional(V)),
  planned('_[_]', [optional(map(K, V)), K], optional(V)),
  planned('_[?_]', [list(V), int], optional(V)),
  planned('_[?_]', [optional(list(V)), int], optional(V)),
  planned('_[?_]', [map(K, V), K], optional(V)),
  planned('_[?_]', [optional(map(K, V)), K], optional(V)),
  binary('@in', A, list(A), bool, isIn, (_item, container) => costSize(container)),
  binary('@in', A, map(A, B), bool, isIn),
];
