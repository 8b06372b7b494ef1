import type { Frame, Step } from './frame.ts';
import { intOf } from './json-values.ts';
import { Collected, noOverload } from './operators.ts';
import { countingWork, Dictionary, Failure, goType, List, type Value, ValueList, ValueMap } from './values.ts';

/** The parts of a loop, and where its variables are. */
export interface Loop {
  readonly range: Step;
  readonly variables: readonly number[];
  readonly result: number;
  /** What the result is before the first round; a list or a map is one that is to be filled. */
  readonly initial: () => Value | undefined;
  readonly condition: Step;
  readonly step: Step;
  readonly value: Step;
}

/** Goes through a list or a map, as cel-go's `evalFold`. */
export function comprehension({ range, variables, result, initial, condition, step, value }: Loop): Step {
  const round = (frame: Frame): boolean => {
    if (condition(frame) === false) return false;
    frame.slots[result] = step(frame);
    return true;
  };
  const iterate = iteration(variables, round);
  return (frame) => {
    const container = range(frame);
    if (container instanceof Failure) return container;
    frame.slots[result] = initial();
    return iterate(container, frame) ?? finished(value(frame));
  };
}

/** Puts each item of a list, or key of a map, into the places of the variables, until a round is the last. Gives what is wrong with other values. */
function iteration(
  [first = 0, second]: readonly number[],
  round: (frame: Frame) => boolean,
): (container: Value, frame: Frame) => Failure | undefined {
  return (container, frame) => {
    const { slots } = frame;
    if (container instanceof List) {
      const { size } = container;
      for (let index = 0; index < size; index++) {
        slots[first] = second === undefined ? container.at(index) : intOf(index);
        if (second !== undefined) slots[second] = container.at(index);
        if (!round(frame)) break;
      }
      return undefined;
    }
    if (!(container instanceof Dictionary)) return notIterable(container, second !== undefined);
    const keys = container.keys();
    frame.meter.work(countingWork(container));
    for (const key of keys) {
      slots[first] = key;
      if (second !== undefined) slots[second] = container.find(key);
      if (!round(frame)) break;
    }
    return undefined;
  };
}

/**
 * `all` and `exists`: what comes of the rounds is settled by one that is false, or true. The same as the {@link comprehension} that they stand for, and paid for
 * as that, in fewer steps.
 *
 * @param goingOn what asking whether to go on costs
 */
export function quantifier(range: Step, variables: readonly number[], predicate: Step, settling: boolean, goingOn: number): Step {
  return (frame) => {
    const container = range(frame);
    if (container instanceof Failure) return container;
    let result: Value = !settling;
    const round = () => {
      frame.meter.spend(goingOn);
      if (result === settling) return false;
      frame.meter.spend(1);
      const value = predicate(frame);
      if (value === settling) result = settling;
      else if (typeof value !== 'boolean' && typeof result === 'boolean') result = value instanceof Failure ? value : noOverload;
      return true;
    };
    const failure = iteration(variables, round)(container, frame);
    if (failure === undefined) frame.meter.spend(1);
    return failure ?? result;
  };
}

/** A loop begins with an empty list or map of its own, and with the same of other values. */
export function initialOf(constant: Value): () => Value {
  if (constant instanceof List && constant.size === 0) return () => new Collected();
  if (constant instanceof Dictionary && constant.size === 0) return () => new ValueMap();
  return () => constant;
}

function finished(value: Value): Value {
  return value instanceof Collected ? new ValueList(value.values) : value;
}

function notIterable(value: Value, hasTwoVariables: boolean): Failure {
  const type = goType(value);
  return new Failure(hasTwoVariables ? `unsupported comprehension range type: ${type}` : `got '${type}', expected iterable type`);
}
