import type { JsonSchema } from '../../custom-resources/json-schema.ts';
import { type CelType, type CheckedExpression, type Comprehension, isOptional, type Syntax } from '../check/index.ts';
import { listCreation, mapCreation, structCreation } from '../evaluate/meter.ts';
import { characters } from '../evaluate/values.ts';
import { estimateForm, type Part } from './calls.ts';
import { bounded, fixed, maxElements, type Size, schemaAt, union, unknownSize } from './sizes.ts';

/**
 * The most that an expression about values of a schema may cost, in CEL's cost units. Follows cel-go's `checker/cost.go` and upstream's `CostEstimator`, but
 * goes on knowing what optional fields hold.
 */
export function estimateCost(checked: CheckedExpression, self: JsonSchema): number {
  // Upstream takes every path for one that begins at the schema, also that of an item of a choice or of a written list, which begins nowhere.
  return new Estimation(checked, () => self).cost(checked.root);
}

/** The same of an expression about variables of other names, by their schemas. */
export function estimateCostOver(checked: CheckedExpression, schemas: Readonly<Record<string, JsonSchema>>): number {
  return new Estimation(checked, (name) => (Object.hasOwn(schemas, name) ? schemas[name] : undefined)).cost(checked.root);
}

/** The schema that a path begins at, by its first step: a variable's name, or where a path begins nowhere the step into a value. */
type Root = (step: string) => JsonSchema | undefined;

/** What is known of a variable of a loop. */
interface Local {
  readonly path: readonly string[];
  readonly size: Size | undefined;
  readonly entries: Entries | undefined;
}

/** How large the keys and the values of a container are. */
interface Entries {
  readonly container: 'list' | 'map';
  readonly key: Size;
  readonly value: Size;
}

const scalars: ReadonlySet<string> = new Set('bool double int uint google.protobuf.Duration google.protobuf.Timestamp'.split(' '));
/** Calls that give what their first argument holds. */
const unwrapping: ReadonlySet<string> = new Set(['value', 'or', 'orValue', 'optional.of', 'dyn']);
const optionalSteps: ReadonlySet<string> = new Set(['_?._', '_[?_]']);

class Estimation {
  private readonly checked: CheckedExpression;
  private readonly root: Root;
  private readonly costs = new Map<Syntax, number>();
  private readonly sizes = new Map<Syntax, Size>();
  private readonly entries = new Map<Syntax, Entries>();
  /** The ways from variables to parts: `self`, `spec`, `@items`. */
  private readonly paths = new Map<Syntax, readonly string[]>();
  private readonly locals: (readonly [string, Local])[] = [];

  constructor(checked: CheckedExpression, root: Root) {
    this.checked = checked;
    this.root = root;
  }

  /** Parts that stand in several places are estimated once, and count for each. */
  cost(syntax: Syntax): number {
    const known = this.costs.get(syntax);
    if (known !== undefined) return known;
    const cost = bounded(this.costOf(syntax));
    this.costs.set(syntax, cost);
    return cost;
  }

  private costOf(syntax: Syntax): number {
    switch (syntax.kind) {
      case 'ident':
        this.paths.set(syntax, this.local(syntax.name)?.path ?? [syntax.name]);
        return 1;
      case 'select':
        return this.costOfSelect(syntax);
      case 'call':
        return this.costOfCall(syntax);
      case 'list': {
        const items = syntax.elements.map(({ value }) => value);
        const cost = this.sum(items) + listCreation;
        this.entries.set(syntax, { container: 'list', key: fixed(1), value: this.joined(items) });
        return cost;
      }
      case 'map': {
        const cost = this.sum(syntax.entries.flatMap(({ key, value }) => [key, value])) + mapCreation;
        const key = this.joined(syntax.entries.map((entry) => entry.key));
        this.entries.set(syntax, { container: 'map', key, value: this.joined(syntax.entries.map(({ value }) => value)) });
        return cost;
      }
      case 'struct':
        return this.sum(syntax.fields.map(({ value }) => value)) + structCreation;
      case 'comprehension':
        return this.costOfLoop(syntax);
      default:
        return 0;
    }
  }

  private sum(parts: readonly Syntax[]): number {
    return parts.reduce((total, part) => total + this.cost(part), 0);
  }

  private joined(parts: readonly Syntax[]): Size {
    const [first = fixed(0), ...rest] = parts.map((part) => this.sizeOf(part) ?? unknownSize);
    return rest.reduce(union, first);
  }

  private local(name: string): Local | undefined {
    return this.locals.findLast(([known]) => known === name)?.[1];
  }

  private costOfSelect(syntax: Extract<Syntax, { kind: 'select' }>): number {
    const { operand, field, test } = syntax;
    const cost = this.cost(operand);
    if (test) return cost;
    const { kind } = this.checked.typeOf(operand);
    this.paths.set(syntax, this.below(operand, field));
    return kind === 'map' || kind === 'struct' || kind === 'parameter' ? cost + 1 : cost;
  }

  private below(syntax: Syntax, step: string): readonly string[] {
    return [...this.pathOf(syntax), step];
  }

  private pathOf(syntax: Syntax): readonly string[] {
    const local = syntax.kind === 'ident' ? this.local(syntax.name) : undefined;
    return local?.path ?? this.paths.get(syntax) ?? [];
  }

  private costOfCall(syntax: Extract<Syntax, { kind: 'call' }>): number {
    const { name, target, args } = syntax;
    const [first, second, third] = args;
    if (name === '_&&_' || name === '_||_') return this.sum(args);
    if (name === '_?_:_') {
      if (first === undefined || second === undefined || third === undefined) return 0;
      return this.costOfChoice(syntax, first, second, third);
    }
    if (optionalSteps.has(name) && first !== undefined && second !== undefined) {
      const cost = this.sum(args);
      if (this.pathOf(first).length > 0) this.paths.set(syntax, this.below(first, this.stepOf(first, second)));
      return cost + 1;
    }
    const call = this.checked.callOf(syntax);
    if (call === undefined) return this.sum(args);
    const given = call.onTarget && target !== undefined ? [target, ...args] : args;
    const cost = this.sum(given);
    if (name === '_[_]' && first !== undefined) return this.costOfIndex(syntax, first, cost);
    const parts = given.map((part) => this.part(part));
    const estimates = call.forms.map((form) => estimateForm(form, parts));
    const sizes = estimates.flatMap(({ size }) => (size === undefined ? [] : [size]));
    const [size, ...others] = sizes;
    if (size !== undefined) this.sizes.set(syntax, others.reduce(union, size));
    else if (unwrapping.has(call.name)) this.follow(syntax, given);
    return cost + Math.max(0, ...estimates.map((estimate) => estimate.cost));
  }

  /** The step into a value: to a field, or to any item of a list or a map. */
  private stepOf(operand: Syntax, key: Syntax): string {
    const type = this.checked.typeOf(operand);
    const inner = isOptional(type) ? (type.parameters[0] ?? type) : type;
    if (inner.kind === 'list') return '@items';
    return inner.kind === 'map' || key.kind !== 'literal' ? '@values' : key.value;
  }

  private costOfIndex(syntax: Syntax, container: Syntax, cost: number): number {
    const { kind } = this.checked.typeOf(container);
    this.paths.set(syntax, this.below(container, kind === 'list' ? '@items' : '@values'));
    const size = this.entriesOf(container)?.value;
    if (size !== undefined) this.sizes.set(syntax, size);
    return cost + 1;
  }

  private costOfChoice(syntax: Syntax, condition: Syntax, then: Syntax, otherwise: Syntax): number {
    const cost = this.cost(condition) + Math.max(this.cost(then), this.cost(otherwise));
    this.sizes.set(syntax, union(this.sizeOf(then) ?? unknownSize, this.sizeOf(otherwise) ?? unknownSize));
    const entries = joinEntries(this.entriesOf(then), this.entriesOf(otherwise));
    if (entries !== undefined) this.entries.set(syntax, entries);
    return cost;
  }

  /** What a call gives is as large as the largest of what it may take it from. */
  private follow(syntax: Syntax, given: readonly Syntax[]): void {
    const [source] = given;
    if (source === undefined) return;
    const path = this.pathOf(source);
    if (path.length > 0) this.paths.set(syntax, path);
    const sizes = given.map((part) => this.sizeOf(part));
    const [size, ...others] = sizes.flatMap((each) => (each === undefined ? [] : [each]));
    if (size !== undefined && others.length === given.length - 1) this.sizes.set(syntax, others.reduce(union, size));
    const entries = this.entriesOf(source);
    if (entries !== undefined) this.entries.set(syntax, entries);
  }

  private costOfLoop(loop: Comprehension): number {
    const { range, variables, result, init, condition, step, value } = loop;
    let cost = this.cost(range) + this.cost(init);
    const accumulated: Local = { path: this.pathOf(init), size: this.sizeOf(init), entries: this.entriesOf(init) };
    // A loop that never goes round only gives a value a name.
    if (range.kind === 'list' && range.elements.length === 0 && condition.kind === 'literal' && condition.value === 'false') {
      cost += this.within([[result, accumulated]], () => this.cost(value));
      this.copy(loop, value);
      return cost;
    }
    cost += this.within([[result, accumulated]], () => {
      const round = this.within(this.iterated(range, variables), () => this.cost(condition) + this.cost(step));
      return this.cost(value) + (this.sizeOf(range) ?? unknownSize).max * round;
    });
    if (init.kind === 'literal') this.copy(loop, init);
    else if (init.kind === 'list' || init.kind === 'map') {
      this.sizes.set(loop, this.sizeOf(range) ?? unknownSize);
      const entries = this.entriesOf(step);
      if (entries !== undefined) this.entries.set(loop, entries);
    }
    return cost;
  }

  private within<T>(locals: readonly (readonly [string, Local])[], run: () => T): T {
    this.locals.push(...locals);
    const result = run();
    this.locals.length -= locals.length;
    return result;
  }

  private iterated(range: Syntax, [first = '', second]: readonly string[]): readonly (readonly [string, Local])[] {
    const entries = this.entriesOf(range);
    const isList = (entries?.container ?? this.checked.typeOf(range).kind) === 'list';
    const value: Local = { path: this.below(range, isList ? '@items' : '@values'), size: entries?.value, entries: undefined };
    const key: Local = { path: this.below(range, isList ? '@indices' : '@keys'), size: entries?.key, entries: undefined };
    if (second !== undefined)
      return [
        [first, key],
        [second, value],
      ];
    return [[first, isList ? value : key]];
  }

  private copy(to: Syntax, from: Syntax): void {
    const size = this.sizeOf(from);
    if (size !== undefined) this.sizes.set(to, size);
    const entries = this.entriesOf(from);
    if (entries !== undefined) this.entries.set(to, entries);
    const path = this.pathOf(from);
    if (path.length > 0) this.paths.set(to, path);
  }

  private part(syntax: Syntax): Part {
    const type = this.checked.typeOf(syntax);
    const entries = this.entriesOf(syntax);
    const items = this.pathOf(syntax).length > 0 ? this.schemaSize(this.below(syntax, '@items')) : undefined;
    const itemSize = type.kind === 'list' ? (items ?? entries?.value) : undefined;
    return { syntax, type, size: this.sizeOf(syntax) ?? unknownSize, itemSize };
  }

  private entriesOf(syntax: Syntax): Entries | undefined {
    return this.entries.get(syntax) ?? (syntax.kind === 'ident' ? this.local(syntax.name)?.entries : undefined);
  }

  private sizeOf(syntax: Syntax): Size | undefined {
    return (
      this.sizes.get(syntax) ??
      writtenSize(syntax) ??
      this.schemaSize(this.pathOf(syntax)) ??
      typeSize(this.checked.typeOf(syntax)) ??
      (syntax.kind === 'ident' ? this.local(syntax.name)?.size : undefined)
    );
  }

  private schemaSize([first, ...path]: readonly string[]): Size | undefined {
    const root = first === undefined ? undefined : this.root(first);
    const schema = root && schemaAt(root, path);
    return schema && { min: 0, max: maxElements(schema) };
  }
}

function joinEntries(a: Entries | undefined, b: Entries | undefined): Entries | undefined {
  return a && b && { container: a.container, key: union(a.key, b.key), value: union(a.value, b.value) };
}

function writtenSize(syntax: Syntax): Size | undefined {
  switch (syntax.kind) {
    case 'literal':
      return fixed(syntax.type === 'string' ? characters(syntax.value) : syntax.type === 'bytes' ? syntax.value.length : 1);
    case 'list':
      return fixed(syntax.elements.length);
    case 'map':
      return fixed(syntax.entries.length);
    default:
      return undefined;
  }
}

function typeSize(type: CelType): Size | undefined {
  const [inner] = type.parameters;
  if (isOptional(type)) return inner && typeSize(inner);
  return scalars.has(type.name) ? fixed(1) : undefined;
}
