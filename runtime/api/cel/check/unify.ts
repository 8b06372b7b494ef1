import { type CelType, dynType, isDyn, isDynOrError, sameType } from './types.ts';

/**
 * What type parameters stand for, as far as a checker has found out; after cel-go's `checker/types.go`. What is tried and fails leaves no trace.
 */
export class TypeParameters {
  /** Never changed in place, so that the one before can be gone back to. */
  private known: ReadonlyMap<string, CelType> = new Map();

  /** Whether values of types can stand where others are asked for; type parameters are bound by it. */
  assignable(types: readonly CelType[], wanted: readonly CelType[]): boolean {
    const before = this.known;
    if (this.allFit(types, wanted)) return true;
    this.known = before;
    return false;
  }

  private bind(from: CelType, to: CelType): void {
    this.known = new Map(this.known).set(from.name, to);
  }

  /** A type with what its parameters stand for; `toDyn`: those that stand for nothing may be anything. */
  substitute(type: CelType, toDyn: boolean): CelType {
    if (type.kind === 'parameter') {
      const found = this.find(type);
      if (found !== undefined) return this.substitute(found, toDyn);
      return toDyn ? dynType : type;
    }
    if (type.parameters.length === 0) return type;
    return { ...type, parameters: type.parameters.map((each) => this.substitute(each, toDyn)) };
  }

  private find(type: CelType): CelType | undefined {
    return this.known.get(type.name);
  }

  private allFit(types: readonly CelType[], wanted: readonly CelType[]): boolean {
    return types.length === wanted.length && types.every((type, index) => this.fits(type, wanted[index] ?? dynType));
  }

  private fits(a: CelType, b: CelType): boolean {
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
        return sameType(a, b);
      case 'type':
        return b.kind === 'type';
      default:
        return a.kind === b.kind && a.name === b.name && this.allFit(a.parameters, b.parameters);
    }
  }

  /** Whether a type parameter can stand for a type, and whether it has stood for something before. */
  private standsFor(type: CelType, variable: CelType): { readonly valid: boolean; readonly bound: boolean } {
    if (sameType(type, variable)) return { valid: true, bound: true };
    const known = this.find(variable);
    if (known !== undefined) {
      if (sameType(type, known)) return { valid: true, bound: true };
      if (!this.fits(type, known)) return { valid: false, bound: true };
      const general = mostGeneral(type, known);
      if (!this.occursIn(variable, general)) this.bind(variable, general);
      return { valid: true, bound: true };
    }
    if (this.occursIn(variable, type)) return { valid: false, bound: false };
    this.bind(variable, type);
    return { valid: true, bound: false };
  }

  private occursIn(variable: CelType, type: CelType): boolean {
    if (sameType(variable, type)) return true;
    if (type.kind !== 'parameter') return type.parameters.some((each) => this.occursIn(variable, each));
    const known = this.find(type);
    return known !== undefined && this.occursIn(variable, known);
  }
}

function isNullable({ kind }: CelType): boolean {
  return kind === 'null' || kind === 'opaque' || kind === 'struct' || kind === 'any' || kind === 'time';
}

/** The one of two types that go together which says less. */
export function mostGeneral(a: CelType, b: CelType): CelType {
  return saysNoMore(a, b) ? a : b;
}

function saysNoMore(a: CelType, b: CelType): boolean {
  if (isDyn(a) || a.kind === 'parameter') return true;
  if (isDyn(b) || b.kind === 'parameter' || a.kind !== b.kind) return false;
  if (a.kind === 'type') return true;
  return (
    a.name === b.name &&
    a.parameters.length === b.parameters.length &&
    a.parameters.every((each, index) => saysNoMore(each, b.parameters[index] ?? dynType))
  );
}
