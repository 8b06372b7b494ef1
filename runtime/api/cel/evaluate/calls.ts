import type { ResolvedCall } from '../check/index.ts';
import type { CallCost, FunctionForm, Operator } from '../libraries/index.ts';
import type { Frame, Step } from './frame.ts';
import { bulkOf, countingWork, Failure, typeName, type Value } from './values.ts';

/** A call of a function: the form that fits the values is called, and paid for. */
export function callStep({ name, forms }: ResolvedCall, args: readonly Step[]): Step {
  const [form] = forms;
  const known = forms.length === 1;
  const [first, second] = args;
  if (form?.operator !== undefined && first !== undefined)
    return second === undefined ? prefix(form.operator, first) : infix(form.operator, known ? form.knownCost : undefined, first, second);
  return (frame) => {
    const values: Value[] = [];
    let failure: Failure | undefined;
    for (const arg of args) {
      const value = arg(frame);
      values.push(value);
      frame.meter.work(bulkOf(value));
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

function prefix(operator: Operator, operand: Step): Step {
  return (frame) => {
    const value = operand(frame);
    frame.meter.spend(1);
    return value instanceof Failure ? value : operator(value, null, frame.meter);
  };
}

function infix(operator: Operator, cost: CallCost | undefined, left: Step, right: Step): Step {
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    frame.meter.work(bulkOf(a) + bulkOf(b));
    // Then their sizes are asked for.
    if (cost !== undefined) frame.meter.work(countingWork(a) + countingWork(b));
    frame.meter.spend(cost === undefined ? 1 : cost(a, b));
    if (a instanceof Failure) return a;
    return b instanceof Failure ? b : operator(a, b, frame.meter);
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
