import type { ResolvedCall } from '../check/index.ts';
import type { FunctionForm } from '../libraries/index.ts';
import type { Frame, Step } from './frame.ts';
import { Failure, typeName, type Value } from './values.ts';

/** A call of a function: the form that fits the values is called, and paid for. */
export function callStep({ name, forms }: ResolvedCall, args: readonly Step[]): Step {
  const known = forms.length === 1;
  const [form] = forms;
  const [first, second] = args;
  if (form !== undefined && known && args.length === 2 && first !== undefined && second !== undefined)
    return binary(name, form, first, second);
  if (form !== undefined && known && args.length === 1 && first !== undefined) return unary(name, form, first);
  return (frame) => {
    const values: Value[] = [];
    let failure: Failure | undefined;
    for (const arg of args) {
      const value = arg(frame);
      values.push(value);
      if (!(value instanceof Failure)) continue;
      failure ??= value;
      // More than two are not looked at after one that fails, and then nothing is paid.
      if (args.length > 2) return value;
    }
    const called = known ? form : forms.find((each) => each.accepts(values));
    pay(frame, called, known, values);
    if (failure !== undefined) return failure;
    return called?.accepts(values) === true ? ran(frame, called, values) : noForm(name, values);
  };
}

function unary(name: string, form: FunctionForm, operand: Step): Step {
  return (frame) => {
    const value = operand(frame);
    const values = [value];
    pay(frame, form, true, values);
    if (value instanceof Failure) return value;
    return form.accepts(values) ? ran(frame, form, values) : noForm(name, values);
  };
}

function binary(name: string, form: FunctionForm, left: Step, right: Step): Step {
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    const values = [a, b];
    pay(frame, form, true, values);
    if (a instanceof Failure) return a;
    if (b instanceof Failure) return b;
    return form.accepts(values) ? ran(frame, form, values) : noForm(name, values);
  };
}

function pay(frame: Frame, form: FunctionForm | undefined, known: boolean, values: readonly Value[]): void {
  if (form?.resultCost !== undefined) return;
  const cost = form?.cost ?? (known ? form?.knownCost : undefined);
  frame.meter.spend(cost === undefined ? 1 : cost(...values));
}

function ran(frame: Frame, form: FunctionForm, values: readonly Value[]): Value {
  const result = form.run(values, frame.meter);
  if (form.resultCost !== undefined) frame.meter.spend(form.resultCost(result));
  return result;
}

function noForm(name: string, values: readonly Value[]): Failure {
  return new Failure(`no such overload: ${name}(${values.map(typeName).join(', ')})`);
}
