import type { ValidationRule } from '../generated/types/apiextensions/v1.ts';
import type { Errors } from '../validation/checks.ts';
import { invalid } from '../validation/field-error.ts';
import type { Path } from '../validation/path.ts';
import type { JsonSchema } from './json-schema.ts';
import { compileRulesOf } from './rules.ts';

/** Judges the rules of a schema before it is served: whether they compile, and what they may cost. */
export class SchemaRules {
  private readonly root: JsonSchema;

  constructor(root: JsonSchema) {
    this.root = root;
  }

  /** Judges the rules of one schema. `uncorrelatable`: the part around it of which old and new cannot be told to be the same. */
  check(schema: JsonSchema, path: Path, uncorrelatable: Path | undefined, errors: Errors): void {
    const { rules } = compileRulesOf(schema, schema === this.root);
    for (const [index, { rule, error, messageError, usesOldSelf }] of rules.entries()) {
      const at = path.child('x-kubernetes-validations').index(index);
      if (error !== undefined) errors.push(invalid(at.child('rule'), shown(rule), error));
      if (messageError !== undefined) errors.push(invalid(at.child('messageExpression'), shown(rule), messageError));
      if (usesOldSelf) {
        if (uncorrelatable !== undefined) {
          const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable.toString()}`;
          errors.push(invalid(at.child('rule'), rule.rule, detail));
        }
      } else if (error === undefined && rule.optionalOldSelf !== undefined) {
        errors.push(invalid(at.child('optionalOldSelf'), rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'));
      }
    }
  }
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
