import { type FunctionForm, formsOf } from '../libraries/index.ts';
import type { Issues, Mark } from './issues.ts';
import type { Comprehension, Element, Entry, Field, LiteralType, Syntax } from './syntax.ts';
import {
  boolType,
  bytesType,
  type CelType,
  cidrType,
  doubleType,
  durationType,
  dynType,
  errorType,
  formatType,
  intType,
  ipType,
  isDyn,
  isDynOrError,
  isOptional,
  listOf,
  mapOf,
  nullType,
  optionalOf,
  parameter,
  stringType,
  timestampType,
  typeOf,
  typeType,
  uintType,
  unwrapped,
  withParameters,
} from './types.ts';
import { TypeParameters } from './unify.ts';

/** What expressions of an environment may speak of beside the functions that all know. */
export interface Declarations {
  readonly variables: ReadonlyMap<string, CelType>;
  /** The type that a name of a constructor stands for. */
  readonly constructed?: ((name: string) => CelType | undefined) | undefined;
  /** Macros that not every environment has. */
  readonly macros?: ReadonlySet<string>;
}

type Call = Extract<Syntax, { kind: 'call' }>;

const literalTypes: Readonly<Record<LiteralType, CelType>> = {
  bool: boolType,
  bytes: bytesType,
  double: doubleType,
  int: intType,
  null_type: nullType,
  string: stringType,
  uint: uintType,
};

/** Types that are values by their names. */
const typeNames: ReadonlyMap<string, CelType> = new Map(
  [
    boolType,
    bytesType,
    cidrType,
    doubleType,
    durationType,
    intType,
    ipType,
    listOf(dynType),
    mapOf(dynType, dynType),
    nullType,
    optionalOf(dynType),
    stringType,
    timestampType,
    typeType,
    uintType,
  ].map((type) => [type.name, typeOf(type)] as const),
);

/** What a name stands for: a variable, or a type as a value. */
export type Reference = { readonly variable: string } | { readonly type: string };

/** A call of a function, or of a method on a target. */
export interface ResolvedCall {
  readonly name: string;
  readonly onTarget: boolean;
  /** Those that the types of the arguments allow. */
  readonly forms: readonly FunctionForm[];
}

/** The type of every part of an expression, and what is wrong with them; follows cel-go's `checker`. */
export class Checker {
  private readonly declarations: Declarations;
  private readonly issues: Issues;
  private readonly parameters = new TypeParameters();
  private readonly types = new Map<Syntax, CelType>();
  /** Between which marks what is wrong with a part has been reported. */
  private readonly wrong = new Map<Syntax, readonly [Mark, Mark]>();
  private readonly scopes: Map<string, CelType>[] = [];
  private readonly references = new Map<Syntax, Reference>();
  private readonly calls = new Map<Syntax, ResolvedCall>();
  private freeParameters = 0;

  constructor(declarations: Declarations, issues: Issues) {
    this.declarations = declarations;
    this.issues = issues;
  }

  /** The type of a part that has been checked. */
  typeOf(syntax: Syntax): CelType {
    return this.parameters.substitute(this.found(syntax), true);
  }

  /** What the name that a part is stands for; undefined for variables of loops, and for fields. */
  referenceOf(syntax: Syntax): Reference | undefined {
    return this.references.get(syntax);
  }

  /** What a part calls. */
  callOf(syntax: Syntax): ResolvedCall | undefined {
    return this.calls.get(syntax);
  }

  /** How many parts of types have been looked at. */
  get steps(): number {
    return this.parameters.steps;
  }

  /** @throws TooComplex */
  check(syntax: Syntax): CelType {
    const before = this.types.get(syntax);
    if (before !== undefined) return this.checkedAgain(syntax, before);
    const from = this.issues.mark();
    const type = this.typeFor(syntax);
    this.types.set(syntax, type);
    if (this.issues.total > from.total) this.wrong.set(syntax, [from, this.issues.mark()]);
    return type;
  }

  /** What stands in two places is as wrong in the second. */
  private checkedAgain(syntax: Syntax, type: CelType): CelType {
    const found = this.wrong.get(syntax);
    if (found !== undefined) this.issues.repeat(...found);
    return type;
  }

  private typeFor(syntax: Syntax): CelType {
    switch (syntax.kind) {
      case 'literal':
        return literalTypes[syntax.type];
      case 'ident':
        return this.identType(syntax);
      case 'select':
        return this.selectType(syntax);
      case 'call':
        return this.callType(syntax);
      case 'list':
        return this.listType(syntax.elements);
      case 'map':
        return this.mapType(syntax.entries);
      case 'struct':
        return this.structType(syntax);
      case 'comprehension':
        return this.comprehensionType(syntax);
      default:
        return errorType;
    }
  }

  private found(syntax: Syntax): CelType {
    return this.types.get(syntax) ?? errorType;
  }

  private report(message: string, at: number): void {
    this.issues.push({ message, at });
  }

  private undeclared(name: string, at: number): CelType {
    this.report(`undeclared reference to '${name}' (in container '')`, at);
    return errorType;
  }

  private identType(syntax: Extract<Syntax, { kind: 'ident' }>): CelType {
    const { name, at } = syntax;
    return this.local(name) ?? this.global(name, syntax) ?? this.undeclared(name, at);
  }

  private local(name: string): CelType | undefined {
    return this.scopes.findLast((scope) => scope.has(name))?.get(name);
  }

  private global(name: string, syntax: Syntax): CelType | undefined {
    const plain = name.replace(/^\./, '');
    const { variables, constructed } = this.declarations;
    const variable = variables.get(plain);
    if (variable !== undefined) {
      this.references.set(syntax, { variable: plain });
      return variable;
    }
    const made = constructed?.(plain);
    const type = typeNames.get(plain) ?? (made === undefined ? undefined : typeOf(made));
    if (type !== undefined) this.references.set(syntax, { type: plain });
    return type;
  }

  private selectType(syntax: Extract<Syntax, { kind: 'select' }>): CelType {
    const path = qualifiedName(syntax);
    // A name with dots can be that of a variable or a type.
    if (path !== undefined && this.local(path.split('.')[0] ?? '') === undefined) {
      const declared = this.global(path, syntax);
      if (declared !== undefined) return declared;
    }
    const type = this.fieldType(syntax.operand, syntax.field, false, syntax.at);
    return syntax.test ? boolType : this.parameters.substitute(type, false);
  }

  private fieldType(operand: Syntax, field: string, optional: boolean, at: number): CelType {
    const operandType = this.parameters.substitute(this.check(operand), false);
    const target = unwrapped(operandType);
    const type = this.fieldOf(target, field, at);
    return isOptional(operandType) || optional ? optionalOf(type) : type;
  }

  private fieldOf(target: CelType, field: string, at: number): CelType {
    switch (target.kind) {
      case 'map':
        return target.parameters[1] ?? dynType;
      case 'struct':
        return this.structField(target, field, at);
      case 'parameter':
        this.parameters.assignable([dynType], [target]);
        return dynType;
      default:
        if (!isDynOrError(target)) this.report(`type '${formatType(target)}' does not support field selection`, at);
        return dynType;
    }
  }

  private structField({ name, field: fieldOf }: CelType, field: string, at: number): CelType {
    if (fieldOf === undefined) {
      this.report(`unexpected failed resolution of '${name}'`, at);
      return errorType;
    }
    const type = fieldOf(field);
    if (type === undefined) this.report(`undefined field '${field}'`, at);
    return type ?? errorType;
  }

  private callType(call: Call): CelType {
    const { name, target, args, at } = call;
    if (name === '_?._') {
      const [operand, field] = args;
      if (operand === undefined || field?.kind !== 'literal') return errorType;
      return this.parameters.substitute(this.fieldType(operand, field.value, true, at), false);
    }
    for (const arg of args) this.check(arg);
    if (target === undefined) return this.resolved(call, name.replace(/^\./, ''), undefined);
    const prefix = qualifiedName(target)?.replace(/^\./, '');
    if (prefix !== undefined && this.forms(`${prefix}.${name}`) !== undefined) return this.resolved(call, `${prefix}.${name}`, undefined);
    this.check(target);
    return this.resolved(call, name, target);
  }

  private forms(name: string): readonly FunctionForm[] | undefined {
    return formsOf(name, this.declarations.constructed !== undefined);
  }

  private resolved(call: Call, name: string, target: Syntax | undefined): CelType {
    const { args, at } = call;
    const known = this.forms(name);
    if (known === undefined) return this.undeclared(call.name, at);
    const types = [...(target === undefined ? [] : [target]), ...args].map((each) => this.found(each));
    if (name === '_&&_' || name === '_||_') return this.logicType(args, types);
    const { result, forms } = this.resultOf(known, target !== undefined, types);
    this.calls.set(call, { name, onTarget: target !== undefined, forms });
    if (result !== undefined) return result;
    const shown = types.map((type) => formatType(this.parameters.substitute(type, true)));
    const receiver = target === undefined ? '' : `${shown.shift() ?? ''}.`;
    this.report(`found no matching overload for '${name}' applied to '${receiver}(${shown.join(', ')})'`, at);
    return errorType;
  }

  private logicType(args: readonly Syntax[], types: readonly CelType[]): CelType {
    let result = boolType;
    for (const [index, arg] of args.entries()) {
      if (!this.expect(boolType, types[index] ?? errorType, arg.at)) result = errorType;
    }
    return result;
  }

  /** What is in a list or a map may be of several types to the checker; {@link validateLiterals} is stricter. */
  private join(before: CelType | undefined, type: CelType): CelType {
    if (before === undefined) return type;
    return this.parameters.assignable([before], [type]) ? this.parameters.mostGeneral(before, type) : dynType;
  }

  /** Several forms may fit what is not known well; then nothing is known of the result either, unless they agree. */
  private resultOf(
    known: readonly FunctionForm[],
    isMember: boolean,
    types: readonly CelType[],
  ): { readonly result: CelType | undefined; readonly forms: readonly FunctionForm[] } {
    let result: CelType | undefined;
    const forms: FunctionForm[] = [];
    for (const form of known) {
      const { member, parameters, result: declared } = form;
      if (member !== isMember) continue;
      const renamed = this.renamer();
      if (!this.parameters.assignable(types, parameters.map(renamed))) continue;
      forms.push(form);
      const found = this.parameters.substitute(renamed(declared), false);
      if (result === undefined) result = found;
      else if (!isDyn(result) && !this.parameters.same(found, result)) result = dynType;
    }
    return { result, forms };
  }

  /** Every call has type parameters of its own. */
  private renamer(): (type: CelType) => CelType {
    const names = new Map<string, CelType>();
    const substitute = (type: CelType): CelType => {
      if (type.kind === 'parameter') {
        const own = names.get(type.name) ?? this.freeParameter();
        names.set(type.name, own);
        return own;
      }
      return type.open ? withParameters(type, substitute) : type;
    };
    return substitute;
  }

  private freeParameter(): CelType {
    return parameter(`_var${this.freeParameters++}`);
  }

  private listType(elements: readonly Element[]): CelType {
    let joined: CelType | undefined;
    for (const { value, optional } of elements) {
      joined = this.join(joined, this.itemType(value, optional));
    }
    return listOf(joined ?? this.freeParameter());
  }

  private mapType(entries: readonly Entry[]): CelType {
    let keys: CelType | undefined;
    let values: CelType | undefined;
    for (const { key, value, optional } of entries) {
      keys = this.join(keys, this.check(key));
      values = this.join(values, this.itemType(value, optional));
    }
    return mapOf(keys ?? this.freeParameter(), values ?? this.freeParameter());
  }

  /** The type of an item; of one that may be left out what it optionally is. */
  private itemType(value: Syntax, optional: boolean): CelType {
    const type = this.check(value);
    if (!optional) return type;
    if (!isOptional(type) && !isDyn(type)) this.mismatch(optionalOf(type), type, value.at);
    return unwrapped(type);
  }

  private mismatch(expected: CelType, type: CelType, at: number): void {
    this.report(`expected type '${formatType(expected)}' but found '${formatType(type)}'`, at);
  }

  private expect(expected: CelType, type: CelType, at: number): boolean {
    if (this.parameters.assignable([expected], [type])) return true;
    this.mismatch(expected, type, at);
    return false;
  }

  private structType({ name, fields, at }: Extract<Syntax, { kind: 'struct' }>): CelType {
    const type = this.declarations.constructed?.(name.replace(/^\./, ''));
    if (type === undefined) return typeNames.has(name) ? this.notConstructible(name, at) : this.undeclared(name, at);
    for (const field of fields) this.checkField(type, field);
    return type;
  }

  private notConstructible(name: string, at: number): CelType {
    this.report(`'${name}' is not a message type`, at);
    return errorType;
  }

  private checkField(type: CelType, { name, value, optional, at }: Field): void {
    this.check(value);
    const declared = this.structField(type, name, at);
    const found = this.found(value);
    if (optional && !isOptional(found) && !isDyn(found)) this.mismatch(optionalOf(found), found, value.at);
    const given = optional ? unwrapped(found) : found;
    if (this.parameters.assignable([declared], [given])) return;
    this.report(`expected type of field '${name}' is '${formatType(declared)}' but provided type is '${formatType(given)}'`, at);
  }

  private comprehensionType({ range, variables, result, init, condition, step, value }: Comprehension): CelType {
    this.check(range);
    const accumulated = this.check(init);
    const items = this.variableTypes(range, variables.length);
    this.scopes.push(new Map([[result, accumulated]]));
    this.scopes.push(new Map(variables.map((name, index) => [name, items[index] ?? dynType] as const)));
    this.expect(boolType, this.check(condition), condition.at);
    this.expect(accumulated, this.check(step), step.at);
    this.scopes.pop();
    const type = this.check(value);
    this.scopes.pop();
    return this.parameters.substitute(type, false);
  }

  private variableTypes(range: Syntax, count: number): readonly CelType[] {
    const type = this.parameters.substitute(this.found(range), false);
    const [first = dynType, second = dynType] = type.parameters;
    switch (type.kind) {
      case 'list':
        return count === 1 ? [first] : [intType, first];
      case 'map':
        return [first, second];
      case 'dyn':
      case 'error':
      case 'parameter':
        this.parameters.assignable([dynType], [type]);
        return [dynType, dynType];
      default:
        this.report(
          `expression of type '${formatType(type)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
          range.at,
        );
        return [errorType, errorType];
    }
  }
}

/** `a.b.c`, undefined for what is more than names. */
function qualifiedName(syntax: Syntax): string | undefined {
  if (syntax.kind === 'ident') return syntax.name;
  if (syntax.kind !== 'select' || syntax.test) return undefined;
  const prefix = qualifiedName(syntax.operand);
  return prefix === undefined ? undefined : `${prefix}.${syntax.field}`;
}
