import { type CelType, dynType, isDyn, isDynOrError, sameType, TypePairs, withParameters } from './types.ts';

/** Far more than an expression of the greatest length needs that is not made to be hard. */
const maxSteps = 5_000_000;

/** Judging an expression would take too long. */
export class TooComplex extends Error {}

/**
 * What type parameters stand for, as far as a checker has found out; after cel-go's `checker/types.go`. What is tried and fails leaves no trace.
 * Types share their parts, and each shared part is looked at once: what they come to when written out can be exponentially more.
 */
export class TypeParameters {
  private readonly known = new Map<string, CelType>();
  /** What the parameters that are being bound stood for before, the last at the end. */
  private readonly trail: (readonly [string, CelType | undefined])[] = [];
  /** Pairs that have been found to go together since the trail begins. */
  private fitting: TypePairs | undefined;
  /** What types have come to since a parameter was last bound: with free parameters, and with anything in their place. */
  private readonly substituted = { free: new Map<CelType, CelType>(), dyn: new Map<CelType, CelType>() };
  private taken = 0;

  /** How many parts of types have been looked at. */
  get steps(): number {
    return this.taken;
  }

  /** Whether values of types can stand where others are asked for; type parameters are bound by it. @throws TooComplex */
  assignable(types: readonly CelType[], wanted: readonly CelType[]): boolean {
    this.trail.length = 0;
    this.fitting = undefined;
    if (this.allFit(types, wanted)) return true;
    for (let bound = this.trail.pop(); bound !== undefined; bound = this.trail.pop()) this.set(...bound);
    return false;
  }

  private bind(from: CelType, to: CelType): void {
    this.trail.push([from.name, this.known.get(from.name)]);
    this.set(from.name, to);
  }

  private set(name: string, type: CelType | undefined): void {
    if (type === undefined) this.known.delete(name);
    else this.known.set(name, type);
    this.substituted.free.clear();
    this.substituted.dyn.clear();
  }

  /** A type with what its parameters stand for; `toDyn`: those that stand for nothing may be anything. @throws TooComplex */
  substitute(type: CelType, toDyn: boolean): CelType {
    if (!type.open) return type;
    const before = toDyn ? this.substituted.dyn : this.substituted.free;
    const found = before.get(type);
    if (found !== undefined) return found;
    this.step();
    const result = type.kind === 'parameter' ? this.standingFor(type, toDyn) : withParameters(type, (each) => this.substitute(each, toDyn));
    before.set(type, result);
    return result;
  }

  /** Parameters can stand for others in long rows, which are gone through once. */
  private standingFor(type: CelType, toDyn: boolean): CelType {
    const before = toDyn ? this.substituted.dyn : this.substituted.free;
    const row = [type];
    let last = type;
    let next = this.find(type);
    while (next?.kind === 'parameter' && !before.has(next)) {
      this.step();
      row.push(next);
      last = next;
      next = this.find(next);
    }
    const result = next !== undefined ? this.substitute(next, toDyn) : toDyn ? dynType : last;
    for (const each of row) before.set(each, result);
    return result;
  }

  private find(type: CelType): CelType | undefined {
    return this.known.get(type.name);
  }

  private step = (): void => {
    if (++this.taken > maxSteps) throw new TooComplex(`expression type check limit exceeded: ${maxSteps}`);
  };

  private allFit(types: readonly CelType[], wanted: readonly CelType[]): boolean {
    return types.length === wanted.length && types.every((type, index) => this.fits(type, wanted[index] ?? dynType));
  }

  private fits(a: CelType, b: CelType): boolean {
    this.step();
    if (b.kind === 'parameter') {
      const { valid, bound } = this.standsFor(a, b);
      if (valid) return true;
      if (bound) return false;
    }
    if (a.kind === 'parameter') return this.standsFor(b, a).valid;
    if (isDynOrError(a) || isDynOrError(b)) return true;
    if (a.kind === 'null') return isNullable(b);
    if (b.kind === 'null') return isNullable(a);
    switch (a.kind) {
      case 'scalar':
      case 'time':
      case 'struct':
        return this.same(a, b);
      case 'type':
        return b.kind === 'type';
      default:
        return a.kind === b.kind && a.name === b.name && this.partsFit(a, b);
    }
  }

  private partsFit(a: CelType, b: CelType): boolean {
    if (a === b && !a.open) return true;
    // The first pair that does not fit ends all, so that every other one has fitted.
    this.fitting ??= new TypePairs();
    return !this.fitting.add(a, b) || this.allFit(a.parameters, b.parameters);
  }

  /** Whether a type parameter can stand for a type, and whether it has stood for something before. */
  private standsFor(type: CelType, variable: CelType): { readonly valid: boolean; readonly bound: boolean } {
    if (this.same(type, variable)) return { valid: true, bound: true };
    const known = this.find(variable);
    if (known !== undefined) {
      if (this.same(type, known)) return { valid: true, bound: true };
      if (!this.fits(type, known)) return { valid: false, bound: true };
      const general = this.mostGeneral(type, known);
      if (general !== known && !this.occursIn(variable, general)) this.bind(variable, general);
      return { valid: true, bound: true };
    }
    if (this.occursIn(variable, type)) return { valid: false, bound: false };
    this.bind(variable, type);
    return { valid: true, bound: false };
  }

  /** As {@link sameType}. @throws TooComplex */
  same(a: CelType, b: CelType): boolean {
    return sameType(a, b, false, this.step);
  }

  /** The one of two types that go together which says less. @throws TooComplex */
  mostGeneral(a: CelType, b: CelType): CelType {
    const pairs = new TypePairs();
    const saysNoMore = (left: CelType, right: CelType): boolean => {
      if (left === right || isDyn(left) || left.kind === 'parameter') return true;
      if (isDyn(right) || right.kind === 'parameter' || left.kind !== right.kind) return false;
      if (left.kind === 'type') return true;
      if (left.name !== right.name || left.parameters.length !== right.parameters.length) return false;
      if (left.parameters.length === 0 || !pairs.add(left, right)) return true;
      this.step();
      return left.parameters.every((each, index) => saysNoMore(each, right.parameters[index] ?? dynType));
    };
    return saysNoMore(a, b) ? a : b;
  }

  private occursIn(variable: CelType, type: CelType): boolean {
    const seen = new Set<CelType>();
    const ahead = [type];
    for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
      if (!next.open || seen.has(next)) continue;
      this.step();
      seen.add(next);
      if (next.kind !== 'parameter') ahead.push(...next.parameters);
      else if (next.name === variable.name) return true;
      else {
        const known = this.find(next);
        if (known !== undefined) ahead.push(known);
      }
    }
    return false;
  }
}

function isNullable({ kind }: CelType): boolean {
  return kind === 'null' || kind === 'opaque' || kind === 'struct' || kind === 'any' || kind === 'time';
}
