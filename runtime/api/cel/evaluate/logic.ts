import type { Step } from './frame.ts';
import { noOverload } from './operators.ts';
import { Failure, Optional, type Value } from './values.ts';

/** Steps that need not look at all that they are given. */

/** `a && b && …`: one that is false settles it, whatever becomes of the others. In one go: there may be thousands of terms. */
export function conjunction(terms: readonly Step[]): Step {
  return settledBy(terms, false);
}

/** `a || b || …` */
export function disjunction(terms: readonly Step[]): Step {
  return settledBy(terms, true);
}

function settledBy(terms: readonly Step[], settling: boolean): Step {
  return (frame) => {
    let failure: Failure | undefined;
    for (const term of terms) {
      const value = term(frame);
      if (value === settling) return settling;
      if (typeof value !== 'boolean') failure ??= value instanceof Failure ? value : noOverload;
    }
    return failure ?? !settling;
  };
}

export function conditional(condition: Step, then: Step, otherwise: Step): Step {
  return (frame) => {
    const value = condition(frame);
    if (value === true) return then(frame);
    if (value === false) return otherwise(frame);
    return value instanceof Failure ? value : noOverload;
  };
}

/** Whether a loop goes on: a failure may yet be made up for. */
export function notStrictlyFalse(condition: Step): Step {
  return (frame) => {
    const value = condition(frame);
    frame.meter.spend(1);
    return typeof value === 'boolean' ? value : true;
  };
}

/** `optional.or(other)` and `optional.orValue(other)`: the other is only looked at when there is no value. */
export function alternative(optional: Step, other: Step, unwraps: boolean): Step {
  return (frame) => {
    const first: Value = optional(frame);
    if (!(first instanceof Optional)) return first instanceof Failure ? first : noOverload;
    if (first.value === undefined) return other(frame);
    return unwraps ? first.value : first;
  };
}
