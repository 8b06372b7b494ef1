import type { LabelSelector } from '../generated/types/meta/v1.ts';
import { labelValueProblems } from '../names/index.ts';
import { checkQualifiedName, type Errors, reportInvalid } from './checks.ts';
import { forbidden, invalid, required } from './field-error.ts';
import { validateLabels } from './object-meta.ts';
import type { Path } from './path.ts';

/** A selector within an object, as `ValidateLabelSelector` of `k8s.io/apimachinery/pkg/apis/meta/v1/validation` judges it. */
export function validateLabelSelector(selector: LabelSelector | undefined, path: Path, errors: Errors): void {
  if (selector === undefined) return;
  validateLabels(selector.matchLabels, path.child('matchLabels'), errors);
  for (const [index, expression] of (selector.matchExpressions ?? []).entries()) {
    const at = path.child('matchExpressions').index(index);
    const values = expression.values ?? [];
    switch (expression.operator) {
      case 'In':
      case 'NotIn':
        if (values.length === 0) errors.push(required(at.child('values'), "must be specified when `operator` is 'In' or 'NotIn'"));
        break;
      case 'Exists':
      case 'DoesNotExist':
        if (values.length > 0)
          errors.push(forbidden(at.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
        break;
      default:
        errors.push(invalid(at.child('operator'), expression.operator ?? '', 'not a valid selector operator'));
    }
    checkQualifiedName(expression.key ?? '', at.child('key'), errors);
    for (const [valueIndex, value] of values.entries()) {
      reportInvalid(labelValueProblems(value), value, at.child('values').index(valueIndex), errors);
    }
  }
}

/** Whether a selector asks for nothing in particular. */
export function isEmptySelector(selector: LabelSelector): boolean {
  return Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
}
