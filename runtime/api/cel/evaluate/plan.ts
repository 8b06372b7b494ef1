import type { CheckedExpression, Comprehension, Syntax } from '../check/index.ts';
import { Attribute, type Qualifier } from './attributes.ts';
import { callStep } from './calls.ts';
import { comprehension, initialOf, quantifier } from './comprehensions.ts';
import { Constructed } from './constructed.ts';
import { Frame, type Step } from './frame.ts';
import { literalValue } from './literals.ts';
import { alternative, conditional, conjunction, disjunction, notStrictlyFalse } from './logic.ts';
import { membership } from './membership.ts';
import { listCreation, mapCreation, structCreation } from './meter.ts';
import { Failure, Optional, shownValue, TypeValue, type Value, ValueList, ValueMap } from './values.ts';

/** An expression that can be evaluated. */
export interface Plan {
  readonly run: Step;
  /** How many places an evaluation needs for its variables. */
  readonly slots: number;
  /** The variables that it speaks of. */
  readonly variables: ReadonlySet<string>;
}

/** A planned part: what it does, its value when that is always the same, and the way to it when it is one. */
interface Planned {
  readonly run: Step;
  readonly constant?: Value;
  readonly attribute?: Attribute;
}

/** Variables of loops that are known at a part. Parts that stand in several places are planned once for each. */
class Scope {
  readonly planned = new Map<Syntax, Planned>();
  private readonly slots: ReadonlyMap<string, Step>;
  private readonly outer: Scope | undefined;

  constructor(slots: ReadonlyMap<string, Step>, outer: Scope | undefined) {
    this.slots = slots;
    this.outer = outer;
  }

  find(name: string): Step | undefined {
    return this.slots.get(name) ?? this.outer?.find(name);
  }
}

/** What can be known beforehand fails: `int('a')`. */
export class InstantiationError extends Error {}

/**
 * Makes steps of an expression, as cel-go's `interpreter/planner.go`: what can be known beforehand is worked out once, and costs nothing.
 * @throws InstantiationError
 */
export function planExpression(checked: CheckedExpression): Plan {
  const planner = new Planner(checked);
  const { run } = planner.plan(checked.root, new Scope(new Map(), undefined));
  return { run, slots: planner.slots, variables: new Set(planner.globals.keys()) };
}

function constantly(value: Value): Planned {
  return { run: () => value, constant: value };
}

function reached(attribute: Attribute): Planned {
  return { run: attribute.run, attribute };
}

const conversions: ReadonlySet<string> = new Set('bool bytes double duration dyn int string timestamp type uint'.split(' '));

class Planner {
  slots = 0;
  /** Where the variables of the expression are kept. */
  readonly globals = new Map<string, number>();
  private readonly checked: CheckedExpression;

  constructor(checked: CheckedExpression) {
    this.checked = checked;
  }

  plan(syntax: Syntax, scope: Scope): Planned {
    const known = scope.planned.get(syntax);
    if (known !== undefined) return known;
    const planned = this.planPart(syntax, scope);
    scope.planned.set(syntax, planned);
    return planned;
  }

  private planPart(syntax: Syntax, scope: Scope): Planned {
    switch (syntax.kind) {
      case 'literal':
        return constantly(literalValue(syntax.type, syntax.value));
      case 'ident':
        return this.planName(syntax, syntax.name, scope);
      case 'select':
        return this.planSelect(syntax, scope);
      case 'call':
        return this.planCall(syntax, scope);
      case 'list':
        return this.planList(syntax, scope);
      case 'map':
        return this.planMap(syntax, scope);
      case 'struct':
        return this.planStruct(syntax, scope);
      case 'comprehension':
        return this.planComprehension(syntax, scope);
      default:
        throw new Error('an expression with faults cannot be planned');
    }
  }

  private planName(syntax: Syntax, name: string, scope: Scope): Planned {
    return this.planReference(syntax) ?? reached(new Attribute(scope.find(name) ?? failing(name)));
  }

  private planReference(syntax: Syntax): Planned | undefined {
    const reference = this.checked.referenceOf(syntax);
    if (reference === undefined) return undefined;
    if ('type' in reference) return constantly(new TypeValue(reference.type));
    const { variable } = reference;
    const slot = this.globals.get(variable) ?? this.slots++;
    this.globals.set(variable, slot);
    return reached(new Attribute((frame) => frame.global(variable, slot)));
  }

  private planSelect(syntax: Extract<Syntax, { kind: 'select' }>, scope: Scope): Planned {
    const { operand, field, test } = syntax;
    return this.planReference(syntax) ?? this.planQualified(operand, { key: field, optional: false, test }, scope);
  }

  private planQualified(operand: Syntax, qualifier: Qualifier, scope: Scope): Planned {
    const { run, attribute } = this.plan(operand, scope);
    return reached((attribute ?? new Attribute(run)).with(qualifier));
  }

  private planIndex(operand: Syntax, index: Syntax, optional: boolean, scope: Scope): Planned {
    const { run, constant, attribute } = this.plan(index, scope);
    return this.planQualified(operand, { key: constant ?? attribute?.resolve ?? run, optional, test: false }, scope);
  }

  private planCall(syntax: Extract<Syntax, { kind: 'call' }>, scope: Scope): Planned {
    const { name, args } = syntax;
    const [first, second, third] = args;
    const steps = () => args.map((each) => this.plan(each, scope).run);
    switch (name) {
      case '_&&_':
        return { run: conjunction(steps()) };
      case '_||_':
        return { run: disjunction(steps()) };
      case '@not_strictly_false':
        return first === undefined ? this.planFunction(syntax, scope) : { run: notStrictlyFalse(this.plan(first, scope).run) };
      case '_?_:_':
        if (first === undefined || second === undefined || third === undefined) break;
        return reached(
          new Attribute(conditional(this.plan(first, scope).run, this.branch(second, scope), this.branch(third, scope)), [], true),
        );
      case '_[_]':
      case '_[?_]':
      case '_?._':
        if (first === undefined || second === undefined) break;
        return this.planIndex(first, second, name !== '_[_]', scope);
    }
    return this.planFunction(syntax, scope);
  }

  /** What stands there alone costs nothing in a branch. */
  private branch(syntax: Syntax, scope: Scope): Step {
    const { run, attribute } = this.plan(syntax, scope);
    return attribute?.resolve ?? run;
  }

  private planFunction(syntax: Extract<Syntax, { kind: 'call' }>, scope: Scope): Planned {
    const call = this.checked.callOf(syntax);
    if (call === undefined) throw new Error(`${syntax.name} has not been checked`);
    const { target, args } = syntax;
    const planned = (call.onTarget && target !== undefined ? [target, ...args] : args).map((each) => this.plan(each, scope));
    const [first, second] = planned;
    if (call.onTarget && first !== undefined && second !== undefined && (call.name === 'or' || call.name === 'orValue'))
      return { run: alternative(first.run, second.run, call.name === 'orValue') };
    if (call.name === '@in' && first !== undefined && second?.constant !== undefined && call.forms.length === 1) {
      const member = membership(first.run, second.constant);
      if (member !== undefined) return member;
    }
    const run = callStep(
      call,
      planned.map((each) => each.run),
    );
    if (planned.length !== 1 || first?.constant === undefined || !conversions.has(call.name)) return { run };
    const value = run(new Frame({}, 0));
    if (value instanceof Failure) throw new InstantiationError(value.message);
    return constantly(value);
  }

  private planList({ elements }: Extract<Syntax, { kind: 'list' }>, scope: Scope): Planned {
    const planned = elements.map(({ value, optional }) => ({ ...this.plan(value, scope), optional }));
    const constants = planned.flatMap(({ constant, optional }) => (constant === undefined || optional ? [] : [constant]));
    if (constants.length === elements.length) return constantly(new ValueList(constants));
    return {
      run: (frame) => {
        const values: Value[] = [];
        const failure = fill(frame, planned, values);
        frame.meter.spend(listCreation);
        return failure ?? new ValueList(values);
      },
    };
  }

  private planMap({ entries }: Extract<Syntax, { kind: 'map' }>, scope: Scope): Planned {
    const planned = entries.map(({ key, value, optional }) => ({ key: this.plan(key, scope), value: this.plan(value, scope), optional }));
    const make = (frame: Frame): Value => {
      const made = new ValueMap();
      for (const { key, value, optional } of planned) {
        const name = key.run(frame);
        if (name instanceof Failure) return name;
        const item = value.run(frame);
        if (item instanceof Failure) return item;
        if (!optional) made.set(name, item);
        else if (!(item instanceof Optional)) return wrongEntry(shownValue(name), item);
        else if (item.value === undefined) made.delete(name);
        else made.set(name, item.value);
      }
      return made;
    };
    if (planned.every(({ key, value, optional }) => key.constant !== undefined && value.constant !== undefined && !optional))
      return constantly(make(new Frame({}, 0)));
    return { run: paying(mapCreation, make) };
  }

  private planStruct(syntax: Extract<Syntax, { kind: 'struct' }>, scope: Scope): Planned {
    const planned = syntax.fields.map((field) => ({ name: field.name, run: this.plan(field.value, scope).run, optional: field.optional }));
    const type = this.checked.typeOf(syntax);
    const make = (frame: Frame): Value => {
      const values = new Map<string, Value>();
      for (const field of planned) {
        const value = field.run(frame);
        if (value instanceof Failure) return value;
        if (!field.optional) values.set(field.name, value);
        else if (!(value instanceof Optional)) return wrongEntry(field.name, value);
        else if (value.value === undefined) values.delete(field.name);
        else values.set(field.name, value.value);
      }
      return new Constructed(type, values);
    };
    return { run: paying(structCreation, make) };
  }

  private planComprehension(loop: Comprehension, scope: Scope): Planned {
    const { range, variables, result, init, condition, step, value } = loop;
    const initial = this.plan(init, scope);
    const place = this.slots++;
    const accumulated = initial.constant === undefined ? lazily(place, initial.run) : (frame: Frame) => frame.slots[place] ?? null;
    const outer = new Scope(new Map([[result, accumulated]]), scope);
    const finish = this.plan(value, outer).run;
    // A loop that never goes round only gives a value a name.
    if (range.kind === 'list' && range.elements.length === 0 && condition.kind === 'literal') {
      const start = initial.constant;
      return {
        run: (frame) => {
          frame.slots[place] = start;
          return finish(frame);
        },
      };
    }
    const places = variables.map(() => this.slots++);
    const inner = new Scope(new Map(variables.map((name, index) => [name, slotStep(places[index] ?? 0)])), outer);
    const predicate = predicateOf(loop);
    if (predicate !== undefined) {
      const some = init.kind === 'literal' && init.value === 'false';
      return { run: quantifier(this.plan(range, scope).run, places, this.plan(predicate, inner).run, some, some ? 3 : 2) };
    }
    const { constant } = initial;
    return {
      run: comprehension({
        range: this.plan(range, scope).run,
        variables: places,
        result: place,
        initial: constant === undefined ? () => undefined : initialOf(constant),
        condition: this.plan(condition, inner).run,
        step: this.plan(step, inner).run,
        value: finish,
      }),
    };
  }
}

/** What `all` or `exists` asks of each item; undefined for other loops. */
function predicateOf({ init, step, value, result, condition }: Comprehension): Syntax | undefined {
  if (init.kind !== 'literal' || init.type !== 'bool' || step.kind !== 'call' || condition.kind !== 'call') return undefined;
  const [first, predicate] = step.args;
  const isResult = (part: Syntax | undefined) => part?.kind === 'ident' && part.name === result;
  if (condition.name !== '@not_strictly_false' || !isResult(first) || !isResult(value)) return undefined;
  return step.name === (init.value === 'true' ? '_&&_' : '_||_') ? predicate : undefined;
}

function slotStep(place: number): Step {
  return (frame) => frame.slots[place] ?? null;
}

/** What is only worked out when it is first needed. */
function lazily(place: number, run: Step): Step {
  return (frame) => {
    const known = frame.slots[place];
    if (known !== undefined) return known;
    const value = run(frame);
    frame.slots[place] = value;
    return value;
  };
}

function failing(name: string): Step {
  const failure = new Failure(`no such attribute(s): ${name}`);
  return () => failure;
}

function paying(cost: number, make: Step): Step {
  return (frame) => {
    const made = make(frame);
    frame.meter.spend(cost);
    return made;
  };
}

function fill(frame: Frame, items: readonly { readonly run: Step; readonly optional: boolean }[], values: Value[]): Failure | undefined {
  for (const { run, optional } of items) {
    const value = run(frame);
    if (value instanceof Failure) return value;
    if (!optional) values.push(value);
    else if (!(value instanceof Optional))
      return new Failure(`cannot initialize optional list element from non-optional value ${shownValue(value)}`);
    else if (value.value !== undefined) values.push(value.value);
  }
  return undefined;
}

function wrongEntry(name: string, value: Value): Failure {
  return new Failure(`cannot initialize optional entry '${name}' from non-optional value ${shownValue(value)}`);
}
