import { namespaceType, requestType } from './admission-types.ts';
import { type CelType, type Declarations, dynType, sameType, structType, typeText } from './check/index.ts';
import { objectWork } from './evaluate/meter.ts';
import { Dictionary, Failure, type Value } from './evaluate/values.ts';
import { CompileError, compileExpression, type Expression } from './expression.ts';
import { authorizerType, CelAuthorizer, resourceCheckType } from './libraries/authorizer.ts';
import { patchType } from './mutation.ts';

/** An expression of an admission policy or a match condition, or why it cannot be used. */
export interface AdmissionExpression {
  readonly source: string;
  readonly expression?: Expression;
  /** `compilation failed: ERROR: …`, `must evaluate to bool but got int` */
  readonly error?: string;
}

/** What an expression may speak of beside the write itself. */
export interface AdmissionScope {
  readonly authorizer: boolean;
  readonly variables: boolean;
  /** Whether it may construct patches, `Object{…}` and `JSONPatch{…}`. */
  readonly patches?: boolean;
  /** Whether only its types are looked at; upstream's type checker does not know `authorizer.requestResource`. */
  readonly typesOnly?: boolean;
}

/** What expressions are asked about: JSON, or values of CEL. */
export interface AdmissionValues {
  readonly object: unknown;
  readonly oldObject: unknown;
  readonly request: unknown;
  readonly namespaceObject: unknown;
  readonly params?: unknown;
  readonly authorizer?: unknown;
}

interface PolicyVariable {
  readonly name: string;
  readonly compiled: AdmissionExpression;
}

const objectVariables = ['object', 'oldObject'];

/** Compiles the expressions of one policy or webhook; the variables first, in their order. */
export class AdmissionCompiler {
  private readonly variables: PolicyVariable[] = [];
  private readonly fields = new Map<string, CelType>();
  private readonly declared: ReadonlyMap<string, CelType>;

  /**
   * @param object the type of the objects that are written; left out, nothing is known of them
   * @param params that of the parameters, likewise
   */
  constructor(hasParams: boolean, object: CelType = dynType, params: CelType = dynType) {
    this.declared = new Map([
      ...objectVariables.map((variable) => [variable, object] as const),
      ['request', requestType],
      ['namespaceObject', namespaceType],
      ...(hasParams ? [['params', params] as const] : []),
    ]);
  }

  /** Adds a variable that may use those before it. What does not compile may hold anything. */
  addVariable(name: string, source: string): AdmissionExpression {
    const compiled = this.compile(source, [], { authorizer: true, variables: true });
    this.variables.push({ name, compiled });
    this.fields.set(name, compiled.expression === undefined ? dynType : variableType(compiled.expression.type));
    return compiled;
  }

  /** `types`: what it may evaluate to; anything when there are none. */
  compile(source: string, types: readonly CelType[], scope: AdmissionScope): AdmissionExpression {
    const result = this.check(source, scope);
    if ('error' in result) return { source, error: `${result.error.stage} failed: ${result.error.message}` };
    const { type } = result.expression;
    if (types.length === 0 || types.some((wanted) => sameType(type, wanted))) return { source, expression: result.expression };
    const names = types.map(typeText);
    const wanted = names.length === 1 ? names[0] : `one of [${names.join(' ')}]`;
    return { source, error: `must evaluate to ${wanted} but got ${typeText(type)}` };
  }

  /** As {@link compile}, whatever it evaluates to. */
  check(source: string, scope: AdmissionScope): { readonly expression: Expression } | { readonly error: CompileError } {
    try {
      return { expression: compileExpression(source, this.declarations(scope)) };
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      return { error };
    }
  }

  private declarations({ authorizer, variables, patches, typesOnly }: AdmissionScope): Declarations {
    const fields = new Map(this.fields);
    return {
      variables: new Map([
        ...this.declared,
        ...(authorizer ? [['authorizer', authorizerType] as const] : []),
        ...(authorizer && typesOnly !== true ? [['authorizer.requestResource', resourceCheckType] as const] : []),
        ...(variables ? [['variables', structType('kubernetes.variables', (name) => fields.get(name))] as const] : []),
      ]),
      constructed: patches === true ? patchType : undefined,
    };
  }

  /** Begins an evaluation about one write. `budget` is what it may cost, all expressions together. */
  evaluation(values: AdmissionValues, budget: number): AdmissionEvaluation {
    return new AdmissionEvaluation(values, this.variables, budget);
  }
}

/** What is not made of simple types alone may hold anything; after upstream's `convertCelTypeToDeclType`. */
function variableType(type: CelType): CelType {
  if (type.kind === 'list' || type.kind === 'map') return { ...type, parameters: type.parameters.map(variableType) };
  return type.kind === 'scalar' || type.kind === 'time' || type.kind === 'null' ? type : dynType;
}

/** All of the budget has been used; nothing more is evaluated. */
export const outOfBudget = 'validation failed due to running out of cost budget, no further validation rules will be run';

/** What an expression came to. */
interface Attempted {
  readonly value?: Value | undefined;
  readonly error?: string;
}

/** The variables of a policy: each is evaluated when it is first used, and once. */
class LazyVariables extends Dictionary {
  private readonly variables: ReadonlyMap<string, AdmissionExpression>;
  private readonly attempt: (compiled: AdmissionExpression) => Attempted;
  private readonly known = new Map<string, Value>();

  constructor(variables: readonly PolicyVariable[], attempt: (compiled: AdmissionExpression) => Attempted) {
    super();
    this.variables = new Map(variables.map(({ name, compiled }) => [name, compiled]));
    this.attempt = attempt;
  }

  get size(): number {
    return this.variables.size;
  }

  find(key: Value): Value | undefined {
    if (typeof key !== 'string') return undefined;
    const known = this.known.get(key);
    const compiled = this.variables.get(key);
    if (known !== undefined || compiled === undefined) return known;
    const { value = null, error } = this.attempt(compiled);
    const found = error === undefined ? value : new Failure(`composited variable ${JSON.stringify(key)} fails to evaluate: ${error}`);
    this.known.set(key, found);
    return found;
  }

  keys(): readonly Value[] {
    return [...this.variables.keys()];
  }
}

/** The expressions of one policy about one write. */
export class AdmissionEvaluation {
  private readonly scope: Readonly<Record<string, unknown>>;
  private budget: number;
  private work = objectWork;

  constructor(values: AdmissionValues, variables: readonly PolicyVariable[], budget: number) {
    const { authorizer } = values;
    this.scope = {
      ...values,
      ...(authorizer instanceof CelAuthorizer ? { 'authorizer.requestResource': authorizer.requestResource } : {}),
      variables: new LazyVariables(variables, (compiled) => this.attempt(compiled)),
    };
    this.budget = budget;
  }

  /** The value of an expression, or why there is none in upstream's words. */
  run(compiled: AdmissionExpression): Attempted {
    if (compiled.expression === undefined) return { error: `compilation error: ${compiled.error ?? ''}` };
    const { value, error } = this.attempt(compiled);
    if (this.isSpent) return { error: outOfBudget };
    return error === undefined ? { value } : { error: `expression '${compiled.source}' resulted in error: ${error}` };
  }

  private attempt({ expression, error }: AdmissionExpression): Attempted {
    if (expression === undefined) return { error: error ?? '' };
    if (this.isSpent) return { error: outOfBudget };
    const outcome = expression.attempt(this.scope);
    this.budget -= outcome.cost;
    this.work -= outcome.work;
    return outcome;
  }

  private get isSpent(): boolean {
    return this.budget < 0 || this.work < 0;
  }
}
