import type { Environment } from '@marcbachmann/cel-js';
import { authorizerType, namespaceType, requestType, resourceCheckType } from './admission-types.ts';
import { type CelType, type Declarations, dynType, sameType, structOf, typeText } from './check/index.ts';
import { type WrittenCalls, writeConstructors } from './constructors.ts';
import { createCelEnvironment } from './environment.ts';
import { CompileError, compileExpression, type Expression } from './expression.ts';
import { registerAuthorizer } from './libraries/authorizer.ts';
import { patchType, registerPatchTypes } from './mutation.ts';

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

/** What expressions are asked about, as CEL knows it; see {@link celValue}. */
export interface AdmissionValues {
  readonly object: unknown;
  readonly oldObject: unknown;
  readonly request: unknown;
  readonly namespaceObject: unknown;
  readonly params?: unknown;
  readonly authorizer?: unknown;
}

let base: Environment | undefined;

function admissionBase(): Environment {
  if (base === undefined) {
    base = createCelEnvironment();
    registerAuthorizer(base);
    declareRequest(base);
    base.registerVariable('namespaceObject', 'dyn');
  }
  return base.clone();
}

class Resource {
  [field: string]: unknown;
}

class UserInfo {
  [field: string]: unknown;
}

class AdmissionRequest {
  [field: string]: unknown;
}

const kindFields = { group: 'string', version: 'string', kind: 'string' };
const resourceFields = { group: 'string', version: 'string', resource: 'string' };

class Kind extends Resource {}

/** The type of `request`, upstream's `BuildRequestType`. */
function declareRequest(environment: Environment): void {
  environment
    .registerType('kubernetes.GroupVersionKind', { ctor: Kind, fields: kindFields })
    .registerType('kubernetes.GroupVersionResource', { ctor: Resource, fields: resourceFields })
    .registerType('kubernetes.UserInfo', {
      ctor: UserInfo,
      fields: { username: 'string', uid: 'string', groups: 'list<string>', extra: 'map<string, list<string>>' },
    })
    .registerType('kubernetes.AdmissionRequest', {
      ctor: AdmissionRequest,
      fields: {
        kind: 'kubernetes.GroupVersionKind',
        resource: 'kubernetes.GroupVersionResource',
        subResource: 'string',
        requestKind: 'kubernetes.GroupVersionKind',
        requestResource: 'kubernetes.GroupVersionResource',
        requestSubResource: 'string',
        name: 'string',
        namespace: 'string',
        operation: 'string',
        userInfo: 'kubernetes.UserInfo',
        dryRun: 'bool',
        options: 'dyn',
      },
    })
    .registerVariable('request', 'kubernetes.AdmissionRequest');
}

/** JSON as CEL has it where nothing is known of its type: whole numbers are integers. */
export function celValue(json: unknown): unknown {
  if (typeof json === 'number') return Number.isInteger(json) ? BigInt(json) : json;
  if (Array.isArray(json)) return json.map(celValue);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, celValue(value)]));
}

/** The variable `request` of an `AdmissionRequest`. */
export function celRequest(request: Readonly<Record<string, unknown>>): unknown {
  const { kind, resource, requestKind, requestResource, userInfo } = request;
  return Object.assign(new AdmissionRequest(), request, {
    kind: Object.assign(new Kind(), kind),
    resource: Object.assign(new Resource(), resource),
    requestKind: Object.assign(new Kind(), requestKind),
    requestResource: Object.assign(new Resource(), requestResource),
    userInfo: Object.assign(new UserInfo(), userInfo),
  });
}

interface PolicyVariable {
  readonly name: string;
  readonly compiled: AdmissionExpression;
}

/** The type of objects, to the library that evaluates and to the checker. */
export interface DeclaredObject {
  readonly name: string;
  readonly checked: CelType;
}

const unknownObject: DeclaredObject = { name: 'dyn', checked: dynType };
const objectVariables = ['object', 'oldObject'];

/** Compiles the expressions of one policy or webhook; the variables first, in their order. */
export class AdmissionCompiler {
  private readonly plain: Environment;
  private readonly variables: PolicyVariable[] = [];
  private readonly fields: Record<string, string> = {};
  private readonly checkedFields: Record<string, CelType> = {};
  private readonly declared: ReadonlyMap<string, CelType>;
  /** Stands for this policy's variables; CEL tells types by it. */
  private readonly Variables = class {
    [name: string]: unknown;
  };

  /** @param object declares the type of the objects that are written; left out, nothing is known of them */
  constructor(hasParams: boolean, object?: (environment: Environment) => DeclaredObject) {
    this.plain = admissionBase();
    const { name, checked } = object?.(this.plain) ?? unknownObject;
    for (const variable of objectVariables) this.plain.registerVariable(variable, name);
    if (hasParams) this.plain.registerVariable('params', 'dyn');
    this.declared = new Map([
      ...objectVariables.map((variable) => [variable, checked] as const),
      ['request', requestType],
      ['namespaceObject', namespaceType],
      ...(hasParams ? [['params', dynType] as const] : []),
    ]);
  }

  /** Adds a variable that may use those before it. What does not compile may hold anything. */
  addVariable(name: string, source: string): AdmissionExpression {
    const compiled = this.compile(source, [], { authorizer: true, variables: true });
    this.variables.push({ name, compiled });
    this.fields[name] = compiled.expression?.evaluatedType ?? 'dyn';
    this.checkedFields[name] = compiled.expression === undefined ? dynType : variableType(compiled.expression.type);
    return compiled;
  }

  /** `types`: what it may evaluate to; anything when there are none. */
  compile(source: string, types: readonly CelType[], scope: AdmissionScope): AdmissionExpression {
    const result = this.check(source, scope);
    if ('error' in result) return { source, error: `compilation failed: ${result.error}` };
    const { type } = result.expression;
    if (types.length === 0 || types.some((wanted) => sameType(type, wanted))) return { source, expression: result.expression };
    const names = types.map(typeText);
    const wanted = names.length === 1 ? names[0] : `one of [${names.join(' ')}]`;
    return { source, error: `must evaluate to ${wanted} but got ${typeText(type)}` };
  }

  /** As {@link compile}, with an error that is the compiler's alone: `ERROR: <input>:1:1: …`. */
  check(source: string, scope: AdmissionScope): { readonly expression: Expression } | { readonly error: string } {
    const environment = this.plain.clone();
    if (scope.authorizer) environment.registerVariable('authorizer', 'kubernetes.authorization.Authorizer');
    if (scope.variables) {
      environment.registerType('kubernetes.variables', { ctor: this.Variables, fields: { ...this.fields } });
      environment.registerVariable('variables', 'kubernetes.variables');
    }
    try {
      const write = () => writeCalls(environment, source, scope.patches === true);
      return { expression: compileExpression(environment, this.declarations(scope), source, write) };
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      return { error: error.message };
    }
  }

  private declarations({ authorizer, variables, patches, typesOnly }: AdmissionScope): Declarations {
    return {
      variables: new Map([
        ...this.declared,
        ...(authorizer ? [['authorizer', authorizerType] as const] : []),
        ...(authorizer && typesOnly !== true ? [['authorizer.requestResource', resourceCheckType] as const] : []),
        ...(variables ? [['variables', structOf('kubernetes.variables', this.checkedFields)] as const] : []),
      ]),
      constructed: patches === true ? patchType : undefined,
    };
  }

  /** Begins an evaluation about one write. `budget` is what it may cost, all expressions together. */
  evaluation(values: AdmissionValues, budget: number): AdmissionEvaluation {
    const evaluation = new AdmissionEvaluation(values, new this.Variables(), budget);
    for (const { name, compiled } of this.variables) evaluation.define(name, compiled);
    return evaluation;
  }
}

/** What is not made of simple types alone may hold anything; after upstream's `convertCelTypeToDeclType`. */
function variableType(type: CelType): CelType {
  if (type.kind === 'list' || type.kind === 'map') return { ...type, parameters: type.parameters.map(variableType) };
  return type.kind === 'scalar' || type.kind === 'time' || type.kind === 'null' ? type : dynType;
}

/** The form of an expression in which what it constructs is made by functions. */
function writeCalls(environment: Environment, source: string, patches: boolean): WrittenCalls | undefined {
  const written = source.includes('{') ? writeConstructors(source) : undefined;
  if (patches) registerPatchTypes(environment, written?.types ?? []);
  return written;
}

/** All of the budget has been used; nothing more is evaluated. */
export const outOfBudget = 'validation failed due to running out of cost budget, no further validation rules will be run';

/** The expressions of one policy about one write. Variables are evaluated when they are first used, and once. */
export class AdmissionEvaluation {
  private readonly scope: Readonly<Record<string, unknown>>;
  private readonly variables: object;
  private budget: number;

  constructor(values: AdmissionValues, variables: object, budget: number) {
    this.scope = { ...values, variables };
    this.variables = variables;
    this.budget = budget;
  }

  /** Makes a variable known. */
  define(name: string, compiled: AdmissionExpression): void {
    let outcome: { readonly value?: unknown; readonly error?: string } | undefined;
    Object.defineProperty(this.variables, name, {
      enumerable: true,
      get: () => {
        outcome ??= this.attempt(compiled);
        if (outcome.error !== undefined) throw new Error(`composited variable ${JSON.stringify(name)} fails to evaluate: ${outcome.error}`);
        return outcome.value;
      },
    });
  }

  /** The value of an expression, or why there is none in upstream's words. */
  run(compiled: AdmissionExpression): { readonly value?: unknown; readonly error?: string } {
    if (compiled.expression === undefined) return { error: `compilation error: ${compiled.error ?? ''}` };
    const { value, error } = this.attempt(compiled);
    if (this.budget < 0) return { error: outOfBudget };
    return error === undefined ? { value } : { error: `expression '${compiled.source}' resulted in error: ${error}` };
  }

  private attempt({ expression, error }: AdmissionExpression): { readonly value?: unknown; readonly error?: string } {
    if (expression === undefined) return { error: error ?? '' };
    if (this.budget < 0) return { error: outOfBudget };
    const outcome = expression.attempt(this.scope);
    this.budget -= outcome.cost;
    return outcome;
  }
}
