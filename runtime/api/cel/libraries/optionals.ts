import { type Environment, Optional } from '@marcbachmann/cel-js';
import { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { type Comparing, sameOptionals } from './equality.ts';

/** What the evaluator lacks of cel-go's optional values: whether two of them are equal, and functions of its library. */
export function registerOptionals(environment: Environment): void {
  const sync = { async: false };
  environment
    .registerOperator(
      'optional<A> == optional<A>',
      (a: Optional, b: Optional, _node?: unknown, evaluator?: Comparing) => evaluator !== undefined && sameOptionals(evaluator, a, b),
    )
    .registerFunction(
      'OptionalNamespace.ofNonZeroValue(A): optional<A>',
      (_namespace: unknown, value: unknown) => (isZero(value) ? Optional.none() : Optional.of(value)),
      sync,
    )
    .registerFunction(
      'OptionalNamespace.unwrap(list<optional<A>>): list<A>',
      (_namespace: unknown, list: readonly Optional[]) => unwrap(list),
      sync,
    )
    .registerFunction('list<optional<A>>.unwrapOpt(): list<A>', unwrap, sync)
    .registerFunction('list<A>.first(): optional<A>', (list: readonly unknown[]) => Optional.of(list[0]), sync)
    .registerFunction('list<A>.last(): optional<A>', (list: readonly unknown[]) => Optional.of(list.at(-1)), sync);
}

function unwrap(list: readonly Optional[]): unknown[] {
  return list.filter((item) => item.hasValue()).map((item) => item.value());
}

/** The first instant that a timestamp can have, in milliseconds. */
const firstTime = -62_135_596_800_000;

function isZero(value: unknown): boolean {
  if (value === null || value === '' || value === false || value === 0 || value === 0n) return true;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Map) return value.size === 0;
  if (value instanceof UnsignedInt) return value.value === 0n;
  if (value instanceof Duration || value instanceof Date) return Number(value.valueOf()) === (value instanceof Date ? firstTime : 0);
  return typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length === 0;
}
