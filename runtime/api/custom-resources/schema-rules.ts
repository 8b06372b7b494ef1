import { estimateCost } from '../cel/estimate/cost.ts';
import { maxCardinality } from '../cel/estimate/sizes.ts';
import { withResourceFields } from '../cel/schema-types.ts';
import type { ValidationRule } from '../generated/types/apiextensions/v1.ts';
import type { Errors } from '../validation/checks.ts';
import { forbidden, internalError, invalid } from '../validation/field-error.ts';
import type { Path } from '../validation/path.ts';
import type { JsonSchema } from './json-schema.ts';
import { compileRulesOf } from './rules.ts';

/** What a rule may cost by estimate, and what all rules of a schema may cost together. */
const ruleLimit = 10_000_000;
const schemaLimit = 100_000_000;

/** Judges the rules of a schema before it is served: whether they compile, and what they may cost. */
export class SchemaRules {
  private readonly root: JsonSchema;
  private readonly unchanged: boolean;
  private readonly costs: { readonly path: Path; readonly cost: number }[] = [];

  /** `unchanged`: the schema stands there already, and what single rules of it may cost is not looked at again. */
  constructor(root: JsonSchema, unchanged: boolean) {
    this.root = root;
    this.unchanged = unchanged;
  }

  /** Judges the rules of one schema. `within`: the schemas around it, the root first. `uncorrelatable`: the part around it of which old and new cannot be told to be the same. */
  check(schema: JsonSchema, within: readonly JsonSchema[], path: Path, uncorrelatable: Path | undefined, errors: Errors): void {
    const isRoot = schema === this.root;
    const { rules, error: broken } = compileRulesOf(schema, isRoot);
    const self = withResourceFields(schema, isRoot);
    if (broken !== undefined) errors.push(internalError(path.child('x-kubernetes-validations'), broken));
    const times = maxCardinality(within, schema);
    for (const [index, { rule, error, messageError, usesOldSelf, expression, message }] of rules.entries()) {
      const at = path.child('x-kubernetes-validations').index(index);
      if (expression !== undefined) {
        this.observe('estimated rule cost', estimateCost(expression.checked, self) * times, at.child('rule'), errors);
      }
      if (error !== undefined) errors.push(invalid(at.child('rule'), shown(rule), error));
      if (messageError !== undefined) errors.push(invalid(at.child('messageExpression'), shown(rule), messageError));
      if (message !== undefined) {
        this.observe('estimated messageExpression cost', estimateCost(message.checked, self), at.child('messageExpression'), errors);
      }
      if (usesOldSelf) {
        if (uncorrelatable !== undefined) {
          const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable.toString()}`;
          errors.push(invalid(at.child('rule'), rule.rule, detail));
        }
      } else if (rule.optionalOldSelf !== undefined) {
        errors.push(invalid(at.child('optionalOldSelf'), rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'));
      }
    }
  }

  /** Reports rules that together may cost more than a definition is allowed. */
  reportTotal(path: Path, errors: Errors): void {
    const total = this.costs.reduce((sum, { cost }) => sum + cost, 0);
    if (total <= schemaLimit) return;
    const expensive = this.costs.filter(({ cost }) => cost >= schemaLimit / 100).sort((a, b) => b.cost - a.cost);
    for (const rule of expensive.slice(0, 4)) {
      errors.push(forbidden(rule.path, 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema'));
    }
    const name = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
    errors.push(forbidden(path, exceeds(name, total, schemaLimit)));
  }

  private observe(name: string, cost: number, path: Path, errors: Errors): void {
    this.costs.push({ path, cost });
    if (!this.unchanged && cost > ruleLimit) errors.push(forbidden(path, exceeds(name, cost, ruleLimit)));
  }
}

function exceeds(name: string, cost: number, limit: number): string {
  const factor = cost / limit;
  const shown = factor > 100 ? 'more than 100x' : `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`;
  return `${name} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** A rule as upstream shows it. */
function shown({ rule, message = '', messageExpression = '', reason, fieldPath = '', optionalOldSelf }: ValidationRule): object {
  return {
    Rule: rule,
    Message: message,
    MessageExpression: messageExpression,
    Reason: reason ?? null,
    FieldPath: fieldPath,
    OptionalOldSelf: optionalOldSelf ?? null,
  };
}
