import { type CelType, type CheckedExpression, checkCel, type Declarations } from './check/index.ts';
import { Frame } from './evaluate/frame.ts';
import { CostExceeded, costExceeded } from './evaluate/meter.ts';
import { InstantiationError, type Plan, planExpression } from './evaluate/plan.ts';
import { Failure, type Value } from './evaluate/values.ts';

/** An expression that has been checked, and can be evaluated. */
export interface Expression {
  readonly type: CelType;
  readonly checked: CheckedExpression;
  /** Whether it speaks of a variable. */
  uses(variable: string): boolean;
  /** Its value with variables, which are values or JSON, or why there is none, and what that has cost. */
  attempt(variables: Readonly<Record<string, unknown>>): Outcome;
}

export interface Outcome {
  readonly value?: Value;
  /** Why there is no value, in one line. */
  readonly error?: string;
  /** Whether it would have cost too much. */
  readonly exceeded: boolean;
  /** In CEL's cost units. */
  readonly cost: number;
  /** How many parts of values single steps have looked at, which costs do not tell; all evaluations about an object together: no more than `objectWork`. */
  readonly work: number;
}

/** An expression that cannot be used, in the words of the compiler: `ERROR: <input>:1:6: undeclared reference …`. */
export class CompileError extends Error {
  /** What has failed. */
  readonly stage: 'compilation' | 'program instantiation';

  constructor(message: string | undefined, stage: CompileError['stage']) {
    super(message);
    this.stage = stage;
  }
}

/** Checks and plans an expression; `declarations` says of which types its variables are. @throws CompileError */
export function compileExpression(source: string, declarations: Declarations): Expression {
  const { type, expression, error } = checkCel(source, declarations);
  if (expression === undefined) throw new CompileError(error, 'compilation');
  const { run, slots, variables } = planned(expression);
  return {
    type,
    checked: expression,
    uses: (variable) => variables.has(variable),
    attempt(given) {
      const frame = new Frame(given, slots);
      try {
        const value = run(frame);
        const { cost, done: work } = frame.meter;
        return value instanceof Failure ? { error: value.message, exceeded: false, cost, work } : { value, exceeded: false, cost, work };
      } catch (thrown) {
        // Values may be nested more deeply than the stack is.
        if (!(thrown instanceof CostExceeded || thrown instanceof RangeError)) throw thrown;
        return { error: costExceeded, exceeded: true, cost: frame.meter.cost, work: frame.meter.done };
      }
    },
  };
}

function planned(expression: CheckedExpression): Plan {
  try {
    return planExpression(expression);
  } catch (error) {
    if (!(error instanceof InstantiationError)) throw error;
    throw new CompileError(error.message, 'program instantiation');
  }
}
