import { type Environment, Optional } from '@marcbachmann/cel-js';

/** The part of a type that macros look at. */
interface Type {
  readonly kind: string;
  readonly valueType: Type;
}

interface Scope {
  forkWithVariable(name: string, type: Type): Scope;
  reuse(parent: Scope): Scope;
  setIterValue(value: unknown, evaluator: Evaluator): Scope;
}

interface Checker {
  readonly registry: { getOptionalType(type: Type): Type };
  readonly dynType: Type;
  check(node: unknown, scope: Scope): Type;
  createError(code: string, message: string, node: unknown): Error;
}

interface Evaluator {
  run(node: unknown, scope: Scope): unknown;
}

/** What the library's parser gives of a call. */
interface MacroCall {
  readonly args: readonly [{ readonly args: string }, unknown];
  readonly receiver: unknown;
  readonly parser: {
    readonly registry: { findMacro(name: string, hasReceiver: boolean, parameters: number): { handler(call: MacroCall): object } };
  };
}

/** Macros that cel-go has and the library lacks. */
export function registerMacros(environment: Environment): void {
  environment
    .registerFunction('optional.optMap(ast, ast): optional<dyn>', (call: MacroCall) => mapOptional(call, Optional.of))
    .registerFunction('optional.optFlatMap(ast, ast): optional<dyn>', (call: MacroCall) => mapOptional(call, undefined))
    // The newer name of `exists_one`.
    .registerFunction('list.existsOne(ast, ast): bool', (call: MacroCall) =>
      call.parser.registry.findMacro('exists_one', true, call.args.length).handler(call),
    );
}

/** `value.optMap(x, body)`: the body with the value as x, if there is one. A plain object, as all macros, so that the nodes in it are found. */
function mapOptional({ args: [variable, body], receiver }: MacroCall, wrap: ((value: unknown) => Optional) | undefined): object {
  let inner: Scope;
  return {
    receiver,
    body,
    variable: variable.args,
    async: false,
    typeCheck(checker: Checker, _macro: unknown, scope: Scope): Type {
      const type = checker.check(receiver, scope);
      if (type.kind !== 'optional' && type.kind !== 'dyn') throw checker.createError('optional_expected', 'no such overload', receiver);
      inner = scope.forkWithVariable(variable.args, type.kind === 'optional' ? type.valueType : checker.dynType);
      const result = checker.check(body, inner);
      return wrap === undefined ? result : checker.registry.getOptionalType(result);
    },
    evaluate(evaluator: Evaluator, _macro: unknown, scope: Scope): unknown {
      const given = evaluator.run(receiver, scope);
      if (!(given instanceof Optional)) throw new Error('no such overload');
      if (!given.hasValue()) return given;
      const value = evaluator.run(body, inner.reuse(scope).setIterValue(given.value(), evaluator));
      return wrap === undefined ? value : wrap(value);
    },
  };
}
