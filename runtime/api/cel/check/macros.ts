import type { Issue } from './issues.ts';
import type { Comprehension, LiteralType, Syntax } from './syntax.ts';

/** A call as it is written. */
interface WrittenCall {
  readonly name: string;
  readonly target: Syntax | undefined;
  readonly args: readonly Syntax[];
  readonly at: number;
}

/** A call whose target is known to be there. */
interface TargetedCall {
  readonly target: Syntax;
  readonly args: readonly Syntax[];
  readonly build: Builder;
}

type Expansion = Syntax | Issue;

const accumulator = '@result';
const accumulatorNames: ReadonlySet<string> = new Set([accumulator, '__result__']);
const unused = '#unused';

/** Macros with how many arguments, by their names. Those of other environments than upstream's base one are only expanded where they are asked for. */
const macros: Readonly<Record<string, (call: TargetedCall) => Expansion>> = {
  'all/2': ({ build, target, args }) => oneVariable(args, quantified, (names) => build.loop(target, names, ...build.all(args[1]))),
  'all/3': ({ build, target, args }) => twoVariables(args, (names) => build.loop(target, names, ...build.all(args[2]))),
  'exists/2': ({ build, target, args }) => oneVariable(args, quantified, (names) => build.loop(target, names, ...build.some(args[1]))),
  'exists/3': ({ build, target, args }) => twoVariables(args, (names) => build.loop(target, names, ...build.some(args[2]))),
  'exists_one/2': existsOne,
  'exists_one/3': existsOneOfTwo,
  'existsOne/2': existsOne,
  'existsOne/3': existsOneOfTwo,
  'map/2': ({ build, target, args }) => oneVariable(args, mapped, (names) => build.collected(target, names, args[1], undefined)),
  'map/3': ({ build, target, args }) => oneVariable(args, mapped, (names) => build.collected(target, names, args[2], args[1])),
  'filter/2': ({ build, target, args }) => oneVariable(args, mapped, (names) => build.collected(target, names, args[0], args[1])),
  'transformList/3': ({ build, target, args }) => twoVariables(args, (names) => build.collected(target, names, args[2], undefined)),
  'transformList/4': ({ build, target, args }) => twoVariables(args, (names) => build.collected(target, names, args[3], args[2])),
  'transformMap/3': ({ build, target, args }) =>
    twoVariables(args, (names) => build.inserted(target, names, [build.ident(names[0]), args[2]], undefined)),
  'transformMap/4': ({ build, target, args }) =>
    twoVariables(args, (names) => build.inserted(target, names, [build.ident(names[0]), args[3]], args[2])),
  'transformMapEntry/3': ({ build, target, args }) => twoVariables(args, (names) => build.inserted(target, names, [args[2]], undefined)),
  'transformMapEntry/4': ({ build, target, args }) => twoVariables(args, (names) => build.inserted(target, names, [args[3]], args[2])),
  'optMap/2': ({ build, target, args }) => optional('optMap', build, target, args, (bound) => build.call('optional.of', bound)),
  'optFlatMap/2': ({ build, target, args }) => optional('optFlatMap', build, target, args, (bound) => bound),
  'sortBy/2': sortBy,
};

/** The macro `cel.bind`, which only some environments have. */
export const bindMacro = 'cel.bind';

/** What a call stands for when it is a macro, or why it cannot be one. Follows cel-go's `parser/macro.go` and the macros of its libraries. */
export function expandMacro({ name, target, args, at }: WrittenCall, extra: ReadonlySet<string>): Expansion | undefined {
  const build = new Builder(at);
  if (target === undefined) return name === 'has' && args.length === 1 ? presence(args[0], at) : undefined;
  if (name === 'bind' && args.length === 3 && target.kind === 'ident' && target.name === 'cel') {
    return extra.has(bindMacro) ? bound(build, args) : undefined;
  }
  const key = `${name}/${args.length}`;
  return Object.hasOwn(macros, key) ? macros[key]?.({ target, args, build }) : undefined;
}

function presence(argument: Syntax | undefined, at: number): Expansion {
  if (argument?.kind === 'select') return { ...argument, test: true, at };
  return { message: 'invalid argument to has() macro', at: argument?.at ?? at };
}

const quantified = 'argument must be a simple name';
const mapped = 'argument is not an identifier';

function oneVariable([variable]: readonly Syntax[], message: string, expand: (names: readonly [string]) => Syntax): Expansion {
  if (variable?.kind !== 'ident') return { message, at: variable?.at ?? -1 };
  return overwrites(variable) ?? expand([variable.name]);
}

function twoVariables([first, second]: readonly Syntax[], expand: (names: readonly [string, string]) => Syntax): Expansion {
  if (first?.kind !== 'ident') return { message: quantified, at: first?.at ?? -1 };
  if (second?.kind !== 'ident') return { message: quantified, at: second?.at ?? -1 };
  if (first.name === second.name) return { message: `duplicate variable name: ${first.name}`, at: second.at };
  return overwrites(first) ?? overwrites(second) ?? expand([first.name, second.name]);
}

function overwrites({ name, at }: { readonly name: string; readonly at: number }): Issue | undefined {
  return accumulatorNames.has(name) ? { message: 'iteration variable overwrites accumulator variable', at } : undefined;
}

function existsOne({ build, target, args }: TargetedCall): Expansion {
  return oneVariable(args, quantified, (names) => build.loop(target, names, ...build.one(args[1])));
}

function existsOneOfTwo({ build, target, args }: TargetedCall): Expansion {
  return twoVariables(args, (names) => build.loop(target, names, ...build.one(args[2])));
}

function optional(
  macro: string,
  build: Builder,
  target: Syntax,
  [variable, mapped]: readonly Syntax[],
  wrap: (bound: Syntax) => Syntax,
): Expansion {
  if (variable?.kind !== 'ident') return { message: `${macro}() variable name must be a simple identifier`, at: variable?.at ?? -1 };
  // Upstream has a copy of the target here. The same one stands in both places: copies of copies would double with every step of a chain.
  const value = build.memberCall('value', target);
  const some = wrap(build.bound(variable.name, value, mapped));
  return build.call('_?_:_', build.memberCall('hasValue', target), some, build.call('optional.none'));
}

function bound(build: Builder, [variable, value, body]: readonly Syntax[]): Expansion {
  if (variable?.kind !== 'ident') return { message: 'cel.bind() variable names must be simple identifiers', at: variable?.at ?? -1 };
  return build.bound(variable.name, value, body);
}

const sortable: ReadonlySet<Syntax['kind']> = new Set(['list', 'select', 'ident', 'comprehension', 'call']);

function sortBy({ build, target, args }: TargetedCall): Expansion {
  if (!sortable.has(target.kind)) {
    return { message: 'sortBy can only be applied to a list, identifier, comprehension, call or select expression', at: target.at };
  }
  const input = '@__sortBy_input__';
  return oneVariable(args, mapped, (names) => {
    const keys = build.collected(build.ident(input), names, args[1], undefined);
    return build.bound(input, target, build.memberCall('@sortByAssociatedKeys', build.ident(input), keys));
  });
}

/** Makes parts that stand where the macro is called. */
class Builder {
  private readonly at: number;

  constructor(at: number) {
    this.at = at;
  }

  ident(name: string): Syntax {
    return { kind: 'ident', name, at: this.at };
  }

  call(name: string, ...args: readonly (Syntax | undefined)[]): Syntax {
    return { kind: 'call', name, args: args.map((each) => this.given(each)), at: this.at };
  }

  memberCall(name: string, target: Syntax, ...args: readonly Syntax[]): Syntax {
    return { kind: 'call', name, target, args, at: this.at };
  }

  /** How a loop begins, goes on, and what each round makes of it. */
  all(predicate: Syntax | undefined): readonly [Syntax, Syntax, Syntax] {
    const condition = this.call('@not_strictly_false', this.result());
    return [this.literal('bool', 'true'), condition, this.call('_&&_', this.result(), predicate)];
  }

  some(predicate: Syntax | undefined): readonly [Syntax, Syntax, Syntax] {
    const condition = this.call('@not_strictly_false', this.call('!_', this.result()));
    return [this.literal('bool', 'false'), condition, this.call('_||_', this.result(), predicate)];
  }

  one(predicate: Syntax | undefined): readonly [Syntax, Syntax, Syntax, Syntax] {
    const more = this.call('_+_', this.result(), this.literal('int', '1'));
    const step = this.call('_?_:_', predicate, more, this.result());
    return [this.literal('int', '0'), this.literal('bool', 'true'), step, this.call('_==_', this.result(), this.literal('int', '1'))];
  }

  collected(range: Syntax, variables: readonly string[], item: Syntax | undefined, filter: Syntax | undefined): Syntax {
    const list: Syntax = { kind: 'list', elements: [{ value: this.given(item), optional: false }], at: this.at };
    const step = this.filtered(filter, this.call('_+_', this.result(), list));
    return this.loop(range, variables, { kind: 'list', elements: [], at: this.at }, this.literal('bool', 'true'), step);
  }

  inserted(range: Syntax, variables: readonly string[], entry: readonly (Syntax | undefined)[], filter: Syntax | undefined): Syntax {
    const step = this.filtered(filter, this.call('cel.@mapInsert', this.result(), ...entry));
    return this.loop(range, variables, { kind: 'map', entries: [], at: this.at }, this.literal('bool', 'true'), step);
  }

  /** A variable of its own for a value; upstream has a loop that never goes round for it. */
  bound(variable: string, value: Syntax | undefined, body: Syntax | undefined): Syntax {
    return {
      ...this.loop(
        { kind: 'list', elements: [], at: this.at },
        [unused],
        this.given(value),
        this.literal('bool', 'false'),
        this.ident(variable),
      ),
      result: variable,
      value: this.given(body),
    };
  }

  loop(
    range: Syntax,
    variables: readonly string[],
    init: Syntax,
    condition: Syntax,
    step: Syntax,
    value: Syntax = this.result(),
  ): Comprehension {
    return { kind: 'comprehension', range, variables, result: accumulator, init, condition, step, value, at: this.at };
  }

  private filtered(filter: Syntax | undefined, step: Syntax): Syntax {
    return filter === undefined ? step : this.call('_?_:_', filter, step, this.result());
  }

  private result(): Syntax {
    return this.ident(accumulator);
  }

  private literal(type: LiteralType, value: string): Syntax {
    return { kind: 'literal', type, value, at: this.at };
  }

  private given(syntax: Syntax | undefined): Syntax {
    return syntax ?? { kind: 'broken', at: this.at };
  }
}
