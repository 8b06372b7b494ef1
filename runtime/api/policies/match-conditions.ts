import { aggregate } from '../aggregate.ts';
import { AdmissionCompiler, type AdmissionEvaluation, type AdmissionExpression } from '../cel/admission.ts';
import { boolType } from '../cel/check/index.ts';
import type { MatchCondition } from '../generated/types/admissionregistration/v1.ts';

/** What all match conditions of one webhook or policy may cost together. */
export const matchConditionsBudget = 2_500_000;

export interface Conditions {
  readonly compiler: AdmissionCompiler;
  readonly expressions: readonly AdmissionExpression[];
}

/** Compiles match conditions; undefined when there are none. */
export function compileConditions(conditions: readonly MatchCondition[] | undefined, hasParams: boolean): Conditions | undefined {
  if (conditions === undefined || conditions.length === 0) return undefined;
  const compiler = new AdmissionCompiler(hasParams);
  const scope = { authorizer: true, variables: false };
  return { compiler, expressions: conditions.map(({ expression }) => compiler.compile(expression, [boolType], scope)) };
}

/** Whether all conditions hold. One that does not settles it, whatever becomes of the others; else failures are told. Follows upstream's `matcher.Match`. */
export function judgeConditions(
  { expressions }: Conditions,
  evaluation: AdmissionEvaluation,
): { readonly matches: boolean; readonly error?: string } {
  const errors: string[] = [];
  for (const each of expressions) {
    const { value, error } = evaluation.run(each);
    if (error !== undefined) errors.push(error);
    else if (value === false) return { matches: false };
  }
  return errors.length === 0 ? { matches: true } : { matches: false, error: aggregate(errors) };
}
