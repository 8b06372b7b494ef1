import { AdmissionCompiler, type AdmissionExpression, type AdmissionValues } from '../cel/admission.ts';
import { boolType, nullType, stringType } from '../cel/check/index.ts';
import { objectBudget } from '../cel/evaluate/meter.ts';
import type { ValidatingAdmissionPolicySpec, Validation } from '../generated/types/admissionregistration/v1.ts';
import { type Conditions, compileConditions, judgeConditions, matchConditionsBudget } from './match-conditions.ts';

/** Why a write is refused. */
export interface Denial {
  /** That of the validation; 0 for a match condition that fails, as upstream audits it. */
  readonly index: number;
  /** That of the validation; undefined for match conditions. */
  readonly expression: string | undefined;
  readonly message: string;
  /** One of the reasons of a Status; empty for failures. */
  readonly reason: string;
}

/** What a policy says of a write. */
export interface Verdict {
  readonly denials: readonly Denial[];
  readonly annotations: readonly { readonly key: string; readonly value: string }[];
  /** Refusals whatever the binding wants. */
  readonly annotationErrors: readonly string[];
}

interface CompiledValidation {
  readonly validation: Validation;
  readonly expression: AdmissionExpression;
  readonly message: AdmissionExpression | undefined;
}

const nothing: Verdict = { denials: [], annotations: [], annotationErrors: [] };
const maxMessageBytes = 5 * 1024;

/** The expressions of a ValidatingAdmissionPolicy. Follows upstream's `validator.Validate`. */
export class CompiledPolicy {
  private readonly failurePolicy: string;
  private readonly compiler: AdmissionCompiler;
  private readonly conditions: Conditions | undefined;
  private readonly validations: readonly CompiledValidation[];
  private readonly annotations: readonly { readonly key: string; readonly expression: AdmissionExpression }[];

  constructor(spec: ValidatingAdmissionPolicySpec) {
    const hasParams = spec.paramKind !== undefined;
    const compiler = new AdmissionCompiler(hasParams);
    for (const { name, expression } of spec.variables ?? []) compiler.addVariable(name, expression);
    const scope = { authorizer: true, variables: true };
    this.failurePolicy = spec.failurePolicy ?? 'Fail';
    this.compiler = compiler;
    this.conditions = compileConditions(spec.matchConditions, hasParams);
    this.validations = (spec.validations ?? []).map((validation) => ({
      validation,
      expression: compiler.compile(validation.expression, [boolType], scope),
      message: validation.messageExpression
        ? compiler.compile(validation.messageExpression, [stringType], { authorizer: false, variables: true })
        : undefined,
    }));
    this.annotations = (spec.auditAnnotations ?? []).map(({ key, valueExpression }) => ({
      key,
      expression: compiler.compile(valueExpression, [stringType, nullType], scope),
    }));
  }

  judge(values: AdmissionValues): Verdict {
    const isStrict = this.failurePolicy === 'Fail';
    if (this.conditions !== undefined) {
      const evaluation = this.conditions.compiler.evaluation(values, matchConditionsBudget);
      const { matches, error } = judgeConditions(this.conditions, evaluation);
      if (error !== undefined && isStrict)
        return { ...nothing, denials: [{ index: 0, expression: undefined, message: error, reason: '' }] };
      if (!matches) return nothing;
    }
    const evaluation = this.compiler.evaluation(values, objectBudget);
    const denials: Denial[] = [];
    for (const [index, { validation, expression: compiled, message }] of this.validations.entries()) {
      const { expression } = validation;
      const { value, error } = evaluation.run(compiled);
      if (error !== undefined) {
        if (isStrict) denials.push({ index, expression, message: error, reason: '' });
      } else if (value !== true) {
        const told = message && usable(evaluation.run(message).value);
        denials.push({ index, expression, message: told ?? plainMessage(validation), reason: validation.reason ?? 'Invalid' });
      }
    }
    const annotations: { key: string; value: string }[] = [];
    const annotationErrors: string[] = [];
    for (const { key, expression } of this.annotations) {
      const { value, error } = evaluation.run(expression);
      if (error !== undefined) {
        if (isStrict) annotationErrors.push(error);
      } else if (typeof value === 'string') {
        if (value.trim() !== '') annotations.push({ key, value: value.trim() });
      } else if (value !== null && isStrict) {
        annotationErrors.push(
          `valueExpression '${expression.source}' resulted in unsupported return type: ${typeof value}. Return type must be either string or null.`,
        );
      }
    }
    return { denials, annotations, annotationErrors };
  }
}

/** A message that an expression gave, if it can stand in one line. */
function usable(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' || text.includes('\n') || new TextEncoder().encode(text).length > maxMessageBytes ? undefined : text;
}

function plainMessage({ message = '', expression }: Validation): string {
  return message.trim() || `failed expression: ${expression.trim()}`;
}
