import type { Frame, Step } from './frame.ts';
import { intOf } from './json-values.ts';
import { Collected } from './operators.ts';
import { Dictionary, Failure, List, typeName, type Value, ValueList, ValueMap } from './values.ts';

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
  const [first = 0, second] = variables;
  const round = (frame: Frame): boolean => {
    if (condition(frame) === false) return false;
    frame.slots[result] = step(frame);
    return true;
  };
  return (frame) => {
    const container = range(frame);
    if (container instanceof Failure) return container;
    frame.slots[result] = initial();
    if (container instanceof List) {
      const { size } = container;
      for (let index = 0; index < size; index++) {
        frame.slots[first] = second === undefined ? container.at(index) : intOf(index);
        if (second !== undefined) frame.slots[second] = container.at(index);
        if (!round(frame)) break;
      }
    } else if (container instanceof Dictionary) {
      for (const key of container.keys()) {
        frame.slots[first] = key;
        if (second !== undefined) frame.slots[second] = container.find(key);
        if (!round(frame)) break;
      }
    } else {
      return notIterable(container, second !== undefined);
    }
    return finished(value(frame));
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

/** The type of a value in Go. */
function goType(value: Value): string {
  const name = typeName(value)
    .replace(/^google\.protobuf\./, '')
    .replace(/_type$/, '');
  const type = `types.${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return name === 'optional' || name === 'type' ? `*${type}` : type;
}
