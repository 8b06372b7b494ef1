import { celValue } from './json-values.ts';
import { Meter } from './meter.ts';
import { Failure, type Value } from './values.ts';

/** One evaluation: what it has cost, and what its variables are. */
export class Frame {
  readonly meter = new Meter();
  /** The variables of loops by the places that the plan has for them; undefined when one is not known yet. */
  readonly slots: (Value | undefined)[];
  private readonly variables: Readonly<Record<string, unknown>>;

  constructor(variables: Readonly<Record<string, unknown>>, slots: number) {
    this.variables = variables;
    this.slots = new Array<Value | undefined>(slots).fill(undefined);
  }

  /** A variable that the expression was given. Only own properties are variables. */
  global(name: string, slot: number): Value {
    const known = this.slots[slot];
    if (known !== undefined) return known;
    const value = Object.hasOwn(this.variables, name) ? celValue(this.variables[name]) : new Failure(`no such attribute(s): ${name}`);
    this.slots[slot] = value;
    return value;
  }
}

/** A part of a plan. */
export type Step = (frame: Frame) => Value;
