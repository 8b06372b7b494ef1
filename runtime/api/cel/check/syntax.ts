/** The parts of an expression after its macros have been expanded, as cel-go's `common/ast` has them; one part may stand in several places. `at`: characters before what messages point to. */
export type Syntax =
  | { readonly kind: 'literal'; readonly type: LiteralType; readonly value: string; readonly at: number }
  | { readonly kind: 'ident'; readonly name: string; readonly at: number }
  | { readonly kind: 'select'; readonly operand: Syntax; readonly field: string; readonly test: boolean; readonly at: number }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly target?: Syntax | undefined;
      readonly args: readonly Syntax[];
      readonly at: number;
    }
  | { readonly kind: 'list'; readonly elements: readonly Element[]; readonly at: number }
  | { readonly kind: 'map'; readonly entries: readonly Entry[]; readonly at: number }
  | { readonly kind: 'struct'; readonly name: string; readonly fields: readonly Field[]; readonly at: number }
  | Comprehension
  /** What could not be read; it has been reported. */
  | { readonly kind: 'broken'; readonly at: number };

export type LiteralType = 'bool' | 'bytes' | 'double' | 'int' | 'null_type' | 'string' | 'uint';

export interface Element {
  readonly value: Syntax;
  readonly optional: boolean;
}

export interface Entry {
  readonly key: Syntax;
  readonly value: Syntax;
  readonly optional: boolean;
}

export interface Field {
  readonly name: string;
  readonly value: Syntax;
  readonly optional: boolean;
  readonly at: number;
}

/** A loop that macros stand for. */
export interface Comprehension {
  readonly kind: 'comprehension';
  readonly range: Syntax;
  readonly variables: readonly string[];
  readonly result: string;
  readonly init: Syntax;
  readonly condition: Syntax;
  readonly step: Syntax;
  readonly value: Syntax;
  readonly at: number;
}

/** The parts right below. */
export function partsOf(syntax: Syntax): readonly Syntax[] {
  switch (syntax.kind) {
    case 'select':
      return [syntax.operand];
    case 'call':
      return syntax.target === undefined ? syntax.args : [syntax.target, ...syntax.args];
    case 'list':
      return syntax.elements.map(({ value }) => value);
    case 'map':
      return syntax.entries.flatMap(({ key, value }) => [key, value]);
    case 'struct':
      return syntax.fields.map(({ value }) => value);
    case 'comprehension':
      return [syntax.range, syntax.init, syntax.condition, syntax.step, syntax.value];
    default:
      return [];
  }
}

/**
 * The parts of an expression and it itself, each before the parts below it, with how often they stand in it: macros may have a part stand in several
 * places.
 */
export function occurrences(root: Syntax): ReadonlyMap<Syntax, number> {
  const ordered: Syntax[] = [];
  const seen = new Set<Syntax>();
  const visit = (syntax: Syntax) => {
    if (seen.has(syntax)) return;
    seen.add(syntax);
    partsOf(syntax).toReversed().forEach(visit);
    ordered.push(syntax);
  };
  visit(root);
  const times = new Map(ordered.reverse().map((syntax) => [syntax, 0]));
  times.set(root, 1);
  for (const [syntax, own] of times) for (const part of partsOf(syntax)) times.set(part, (times.get(part) ?? 0) + own);
  return times;
}
