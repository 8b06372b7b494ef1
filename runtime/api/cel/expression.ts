import type { Environment } from '@marcbachmann/cel-js';
import { payCall, type Spend } from './call-cost.ts';
import { type CelType, checkCel, type Declarations, displayIssues } from './check/index.ts';
import type { WrittenCalls } from './constructors.ts';
import { CostExceeded, Meter, perCallLimit } from './meter.ts';
import { runtimeErrorText } from './runtime-errors.ts';

/** A node of a parsed expression, as far as it is looked into here. */
export interface ExpressionNode {
  readonly op: string;
  /** Where it begins in the source. */
  readonly start: number;
  args: unknown;
  readonly meta: { readonly alternate?: ExpressionNode; readonly macro?: unknown; readonly evaluate: Evaluate };
  evaluate: Evaluate;
  /** Runs calls and operators, once they have been checked; the values come first, as a list or one by one. */
  handle?: (...given: unknown[]) => unknown;
  setMeta(key: 'macro', value: HasMacro): unknown;
}

type Evaluate = (evaluator: unknown, node: unknown, context: unknown) => unknown;

/** An expression that has been parsed and checked. */
export interface Expression {
  readonly type: CelType;
  /** Name of its type to the library that evaluates it: `bool`, `list<string>`. */
  readonly evaluatedType: string;
  readonly root: ExpressionNode;
  /** Whether it speaks of a variable. */
  uses(variable: string): boolean;
  /** @throws CostExceeded, and Error for what only shows when it is evaluated: a missing key, a division by zero */
  evaluate(variables: Readonly<Record<string, unknown>>): { readonly value: unknown; readonly cost: number };
  /** As {@link evaluate}, but failures are told with what they have cost. */
  attempt(variables: Readonly<Record<string, unknown>>): Outcome;
}

export interface Outcome {
  readonly value?: unknown;
  /** Why there is no value, in one line. */
  readonly error?: string;
  readonly exceeded: boolean;
  readonly cost: number;
}

/** An expression that cannot be used, in the words of the compiler: `ERROR: <input>:1:6: undeclared reference …`. */
export class CompileError extends Error {}

/** The library writes out every type as a text; loops within each other can make that longer than can be handled. */
const maxTypeSize = 1000;

/** Functions whose built-in form is not to be used; calls are taken to another name. */
const replaced: Readonly<Record<string, string>> = {
  matches: '__matches',
  format: '__format',
  substring: '__substring',
  indexOf: '__indexOf',
  lastIndexOf: '__lastIndexOf',
};

/** The part of {@link WrittenCalls} that says what to read, and where it stands in the source. */
type Written = Pick<WrittenCalls, 'text' | 'origin'>;

/**
 * Checks and parses an expression; `declarations` says of which types the variables of the environment are. `write` gives the form of it that the library
 * can read, when that is another one. @throws CompileError
 */
export function compileExpression(
  environment: Environment,
  declarations: Declarations,
  source: string,
  write: () => Written | undefined = () => undefined,
): Expression {
  const { type, largestType, error: problem } = checkCel(source, declarations);
  if (problem !== undefined) throw new CompileError(problem);
  if (largestType > maxTypeSize) throw new CompileError(unsupportedText(source, `types of more than ${maxTypeSize} parts`, undefined));
  let meter = new Meter(perCallLimit);
  const written = write();
  const parsed = attemptParse(environment, source, written);
  // The library's types do not show what nodes carry beside their arguments.
  const root = parsed.ast as unknown as ExpressionNode;
  const nodes = [...nodesIn(root)];
  for (const node of nodes) redirect(node);
  const { valid, type: evaluatedType = '', error } = parsed.check();
  if (!valid) throw new CompileError(unsupportedText(source, unknownMacro(nodes) ?? error, written));
  for (const node of nodesIn(root)) count(node, (cost) => meter.spend(cost));
  const identifiers = new Set(nodes.filter(({ op }) => op === 'id').map(({ args }) => args));

  const attempt = (variables: Readonly<Record<string, unknown>>): Outcome => {
    meter = new Meter(perCallLimit);
    let value: unknown;
    let error: unknown;
    try {
      value = parsed({ ...variables });
    } catch (thrown) {
      error = thrown;
    }
    const { cost, exceeded } = meter;
    // A quantifier or `||` may have caught it, and done without.
    if (exceeded) error = new CostExceeded();
    return error === undefined ? { value, exceeded, cost } : { error: runtimeErrorText(error, publicName), exceeded, cost };
  };
  return {
    type,
    evaluatedType,
    root,
    uses: (variable) => identifiers.has(variable),
    attempt,
    evaluate(variables) {
      const { value, error, cost } = attempt(variables);
      if (error !== undefined) throw new Error(error);
      return { value, cost };
    },
  };
}

function attemptParse(environment: Environment, source: string, written: Written | undefined): ReturnType<Environment['parse']> {
  try {
    return environment.parse(written?.text ?? source);
  } catch (error) {
    throw new CompileError(unsupportedText(source, error, written));
  }
}

/** Every node below and with the given one, those that macros stand for included. */
export function* nodesIn(root: unknown): Iterable<ExpressionNode> {
  // No recursion: many terms make nodes that are thousands deep.
  const seen = new Set<unknown>();
  const ahead = [root];
  while (ahead.length > 0) {
    const value = ahead.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (isNode(value)) yield value;
    for (const part of partsIn(value).toReversed()) ahead.push(part);
  }
}

function partsIn(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (isNode(value)) return [value.meta.alternate, value.meta.macro, value.args];
  if (value instanceof HasMacro) return [value.target];
  // The arguments of comprehensions and macros are plain objects.
  return Object.getPrototypeOf(value) === Object.prototype ? Object.values(value) : [];
}

function isNode(value: object): value is ExpressionNode {
  return 'op' in value && 'args' in value && 'meta' in value;
}

function redirect(node: ExpressionNode): void {
  const { op, args } = node;
  if (op === 'call' && Array.isArray(args) && args[0] === 'has') node.setMeta('macro', new HasMacro(args[1]));
  if ((op !== 'rcall' && op !== 'call') || !Array.isArray(args)) return;
  const [name, ...rest] = args;
  if (typeof name !== 'string' || !Object.hasOwn(replaced, name)) return;
  if (op === 'rcall' || name === 'matches') node.args = [replaced[name], ...rest];
}

interface Checker {
  check(node: unknown, context: unknown): unknown;
  getType(name: string): unknown;
  createError(code: string, message: string, node: unknown): Error;
}

interface Evaluator {
  run(node: unknown, context: unknown): unknown;
}

/** `has(a.b[0].c)`: the last step alone is asked for; what is before it may be any expression, which the library's own form does not allow. */
class HasMacro {
  /** Looked through by whoever walks over the nodes. */
  readonly target: unknown;
  readonly async = false;

  constructor(args: unknown) {
    this.target = Array.isArray(args) ? args[0] : undefined;
  }

  typeCheck(checker: Checker, _macro: unknown, context: unknown): unknown {
    const { target } = this;
    if (typeof target !== 'object' || target === null || !isNode(target) || (target.op !== '.' && target.op !== '.?')) {
      throw checker.createError('invalid_macro_argument', 'invalid argument to has() macro', target);
    }
    checker.check(target, context);
    return checker.getType('bool');
  }

  evaluate(evaluator: Evaluator, _macro: unknown, context: unknown): boolean {
    const { target } = this;
    if (typeof target !== 'object' || target === null || !isNode(target) || !Array.isArray(target.args)) return false;
    const [operand, field]: unknown[] = target.args;
    const object = evaluator.run(operand, context);
    if (object instanceof Map) return object.has(field);
    return typeof object === 'object' && object !== null && typeof field === 'string' && Object.hasOwn(object, field);
  }
}

/** Lets each step pay before it is made. */
function count(node: ExpressionNode, spend: Spend): void {
  countCall(node, spend);
  const { alternate, macro, evaluate } = node.meta;
  const run: Evaluate =
    alternate !== undefined
      ? (evaluator, _node, context) => alternate.evaluate(evaluator, alternate, context)
      : isRunnable(macro)
        ? (evaluator, _node, context) => macro.evaluate(evaluator, macro, context)
        : evaluate;
  if (node.op === 'value') return;
  node.evaluate = (evaluator, self, context) => {
    spend(1);
    const value = run(evaluator, self, context);
    if (typeof value === 'string') spend(value.length / 10);
    return value;
  };
}

function countCall(node: ExpressionNode, spend: Spend): void {
  const { op, args, handle } = node;
  if (handle === undefined || !Array.isArray(args)) return;
  const isCall = op === 'call' || op === 'rcall';
  const name = isCall ? String(args[0]) : op;
  node.handle = (...given) => {
    const [values] = given;
    payCall(name, isCall && Array.isArray(values) ? values : given, spend);
    return handle(...given);
  };
}

function isRunnable(macro: unknown): macro is { readonly evaluate: Evaluate } {
  return typeof macro === 'object' && macro !== null && 'evaluate' in macro && typeof macro.evaluate === 'function';
}

/** The name by which expressions call a function. */
function publicName(name: string): string {
  return Object.entries(replaced).find(([, own]) => own === name)?.[0] ?? name;
}

const loops: ReadonlySet<string> = new Set(['all', 'exists', 'existsOne', 'exists_one']);
const unknownMacros: ReadonlySet<string> = new Set(['sortBy', 'transformList', 'transformMap', 'transformMapEntry']);

/** The first call of a macro that the library does not know and takes for a function. */
function unknownMacro(nodes: readonly ExpressionNode[]): object | undefined {
  for (const { op, args, start } of nodes) {
    if (op !== 'rcall' || !Array.isArray(args)) continue;
    const name = String(args[0]);
    const given: unknown = args[2];
    if (unknownMacros.has(name)) return { summary: `macro ${name}`, range: { start } };
    if (loops.has(name) && Array.isArray(given) && given.length === 3)
      return { summary: `macro ${name} with two variables`, range: { start } };
  }
  return undefined;
}

/** What upstream's compiler accepts, but the library here does not know. */
function unsupportedText(source: string, error: unknown, written: Written | undefined): string {
  const start = Number(valueIn(error, 'range', 'start') ?? 0);
  const at = [...source.slice(0, written?.origin(start) ?? start)].length;
  // The library goes into every operator by a call of its own, and so through the stack.
  const reason = error instanceof RangeError ? 'so many operators in a row' : String(valueIn(error, 'summary') ?? error);
  return displayIssues(source, [{ message: `not supported here: ${reason}`, at }]);
}

/** What stands in an error of the library, which does not tell its type. */
function valueIn(error: unknown, ...path: readonly string[]): unknown {
  return path.reduce((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), error);
}
