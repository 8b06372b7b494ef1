import { AdmissionCompiler, type AdmissionEvaluation, type AdmissionExpression, type AdmissionValues } from '../../../api/cel/admission.ts';
import { listOf } from '../../../api/cel/check/index.ts';
import { Constructed } from '../../../api/cel/evaluate/constructed.ts';
import { objectBudget } from '../../../api/cel/evaluate/meter.ts';
import { List, type Value } from '../../../api/cel/evaluate/values.ts';
import { jsonOfCel, jsonPatchType, mismatchedTypes, objectType } from '../../../api/cel/mutation.ts';
import type { MutatingAdmissionPolicySpec, Mutation } from '../../../api/generated/types/admissionregistration/v1.ts';
import type { Json } from '../../../api/object.ts';
import { type Conditions, compileConditions, judgeConditions, matchConditionsBudget } from '../../../api/policies/match-conditions.ts';

/** What a mutation wants of an object. */
export interface Change {
  readonly type: 'ApplyConfiguration' | 'JSONPatch';
  /** The configuration, or the list of operations. */
  readonly content: Json;
}

interface CompiledMutation {
  readonly type: Change['type'];
  readonly expression: AdmissionExpression;
}

const scope = { authorizer: true, variables: true, patches: true };

/** The expressions of a MutatingAdmissionPolicy. */
export class CompiledMutations {
  readonly count: number;
  private readonly isStrict: boolean;
  private readonly compiler: AdmissionCompiler;
  private readonly conditions: Conditions | undefined;
  private readonly mutations: readonly CompiledMutation[];

  constructor(spec: MutatingAdmissionPolicySpec) {
    const hasParams = spec.paramKind !== undefined;
    const compiler = new AdmissionCompiler(hasParams);
    for (const { name, expression } of spec.variables ?? []) compiler.addVariable(name, expression);
    this.isStrict = spec.failurePolicy !== 'Ignore';
    this.compiler = compiler;
    this.conditions = compileConditions(spec.matchConditions, hasParams);
    this.mutations = (spec.mutations ?? []).map((mutation) => compileMutation(compiler, mutation));
    this.count = this.mutations.length;
  }

  /** Whether the conditions hold, or why that cannot be told. */
  matches(values: AdmissionValues): { readonly matches: boolean; readonly error?: string } {
    if (this.conditions === undefined) return { matches: true };
    const judged = judgeConditions(this.conditions, this.conditions.compiler.evaluation(values, matchConditionsBudget));
    return judged.error !== undefined && !this.isStrict ? { matches: false } : judged;
  }

  /** What a mutation wants, asked about the object as it is by now. @throws Error in upstream's words */
  change(index: number, values: AdmissionValues): Change {
    const mutation = this.mutations[index];
    if (mutation === undefined) throw new Error(`there is no mutation ${index}`);
    const { type, expression } = mutation;
    if (expression.error !== undefined) throw new Error(expression.error);
    const value = resultOf(this.compiler.evaluation(values, objectBudget), expression);
    if (type === 'JSONPatch') return { type, content: operationsOf(value) };
    const mismatch = mismatchedTypes(value);
    if (mismatch !== undefined) throw new Error(`type mismatch: ${mismatch}`);
    return { type, content: jsonOfCel(value) };
  }
}

/** Compiles the expression of a mutation as its type asks for it. */
export function compileMutation(compiler: AdmissionCompiler, { patchType, applyConfiguration, jsonPatch }: Mutation): CompiledMutation {
  return patchType === 'JSONPatch'
    ? { type: 'JSONPatch', expression: compiler.compile(jsonPatch?.expression ?? '', [listOf(jsonPatchType)], scope) }
    : { type: 'ApplyConfiguration', expression: compiler.compile(applyConfiguration?.expression ?? '', [objectType], scope) };
}

function resultOf(evaluation: AdmissionEvaluation, expression: AdmissionExpression): Value {
  const { value = null, error } = evaluation.run(expression);
  if (error !== undefined) throw new Error(error);
  return value;
}

function operationsOf(value: Value): Json {
  if (!(value instanceof List)) throw new Error('type mismatch: JSONPatchType.expression should evaluate to array');
  return value.items().map((operation) => {
    const mismatch = operation instanceof Constructed ? mismatchedTypes(operation.field('value')) : undefined;
    if (mismatch !== undefined) throw new Error(`type mismatch: ${mismatch}`);
    return jsonOfCel(operation);
  });
}
