import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  optionalOf,
  parameter as parameterType,
  stringType,
  timestampType,
  typeOf,
  typeType,
  uintType,
} from '../check/types.ts';
import type { Meter } from '../evaluate/meter.ts';
import { Dictionary, Duration, List, Optional, Timestamp, Uint, type Value } from '../evaluate/values.ts';

/** What a call costs, in CEL's cost units. Told before the call is made, so that it need not be when it costs too much. */
export type CallCost = (...args: readonly Value[]) => number;

/** What an operator of one or two operands does; that of one disregards the second. */
export type Operator = (a: Value, b: Value, meter: Meter) => Value;

/** One form of a function: its types, what it does and what it costs. */
export interface FunctionForm {
  readonly name: string;
  /** Called on its first parameter. */
  readonly member: boolean;
  readonly parameters: readonly CelType[];
  readonly result: CelType;
  /** Whether values are of the types of the parameters; within lists and maps nobody looks. */
  accepts(args: readonly Value[]): boolean;
  run(args: readonly Value[], meter: Meter): Value;
  /** What it does, for operators, which are given whatever is there. */
  readonly operator?: Operator;
  readonly cost: CallCost | undefined;
  /** What it costs when it is known beforehand that this form is called; otherwise it costs 1. */
  readonly knownCost: CallCost | undefined;
  /** What it costs by what came of it. */
  readonly resultCost: ((result: Value) => number) | undefined;
}

/** The type of a parameter, to the checker, to TypeScript and when it runs. */
export interface Parameter<T extends Value> {
  readonly type: CelType;
  holds(value: Value): value is T;
}

function parameterOf<T extends Value>(type: CelType, holds: (value: Value) => value is T): Parameter<T> {
  return { type, holds };
}

export const bool = parameterOf(boolType, (value) => typeof value === 'boolean');
export const int = parameterOf(intType, (value) => typeof value === 'bigint');
export const double = parameterOf(doubleType, (value) => typeof value === 'number');
export const string = parameterOf(stringType, (value) => typeof value === 'string');
export const uint = parameterOf(uintType, (value) => value instanceof Uint);
export const bytes = parameterOf(bytesType, (value) => value instanceof Uint8Array);
export const duration = parameterOf(durationType, (value) => value instanceof Duration);
export const timestamp = parameterOf(timestampType, (value) => value instanceof Timestamp);
export const dyn = anything(dynType);
export const type = anything(typeType);

/** A type parameter. */
export function T(name: string): Parameter<Value> {
  return anything(parameterType(name));
}

function anything(celType: CelType): Parameter<Value> {
  return parameterOf(celType, (value): value is Value => value !== undefined);
}

export function typeOfType(inner: Parameter<Value>): Parameter<Value> {
  return anything(typeOf(inner.type));
}

export function list(item: Parameter<Value>): Parameter<List> {
  return parameterOf(listOf(item.type), (value) => value instanceof List);
}

export function map(key: Parameter<Value>, value: Parameter<Value>): Parameter<Dictionary> {
  return parameterOf(mapOf(key.type, value.type), (each) => each instanceof Dictionary);
}

export function optional(value: Parameter<Value>): Parameter<Optional> {
  return parameterOf(optionalOf(value.type), (each) => each instanceof Optional);
}

/** A type that a library brings, with the class of its values. */
export function opaque<T extends Value>(celType: CelType, ctor: abstract new (...args: never[]) => T): Parameter<T> {
  return parameterOf(celType, (value): value is T => value instanceof ctor);
}

type ValuesOf<P extends readonly Parameter<Value>[]> = { [I in keyof P]: P[I] extends Parameter<infer T> ? T : never };
type Run<P extends readonly Parameter<Value>[]> = (...args: [...ValuesOf<P>, Meter]) => Value;

interface Costs {
  readonly cost?: CallCost;
  readonly knownCost?: CallCost;
  readonly resultCost?: (result: Value) => number;
}

/** `name(a, b)` */
export function fn<const P extends readonly Parameter<Value>[]>(
  name: string,
  parameters: P,
  result: Parameter<Value>,
  run: Run<P>,
  costs: Costs = {},
): FunctionForm {
  return {
    name,
    member: false,
    parameters: parameters.map((each) => each.type),
    result: result.type,
    accepts: (args) => args.length === parameters.length && parameters.every((each, index) => each.holds(args[index] ?? null)),
    // Nothing is run that has not been accepted.
    run: (args, meter) => run(...(args as unknown as ValuesOf<P>), meter),
    cost: costs.cost,
    knownCost: costs.knownCost,
    resultCost: costs.resultCost,
  };
}

/** `a.name(b)` */
export function method<const P extends readonly Parameter<Value>[]>(
  name: string,
  parameters: P,
  result: Parameter<Value>,
  run: Run<P>,
  costs: Costs = {},
): FunctionForm {
  return { ...fn(name, parameters, result, run, costs), member: true };
}

/** A form that is run whatever it is given: what it says of values that are of other types than the declared ones is its own. */
export function unguarded(form: FunctionForm, declared: readonly Parameter<Value>[]): FunctionForm {
  return { ...form, parameters: declared.map((each) => each.type), accepts: (args) => args.length === declared.length };
}
