import type { Condition } from '../generated/types/meta/v1.ts';
import { byteLength, regexMessage } from '../names/index.ts';
import { checkQualifiedName, type Errors } from './checks.ts';
import { duplicate, invalid, notSupported, required, tooLong } from './field-error.ts';
import type { Path } from './path.ts';

/** Conditions of the common form, as `k8s.io/apimachinery/pkg/apis/meta/v1/validation` judges them. */

const statuses = ['False', 'True', 'Unknown'];
const maxReason = 1024;
const maxMessage = 32 * 1024;
const reasonFormat = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';
const reasonForm = new RegExp(`^${reasonFormat}$`);
const reasonMessage = regexMessage(
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
  reasonFormat,
  'my_name',
  'MY_NAME',
  'MyName',
  'ReasonA,ReasonB',
  'ReasonA:ReasonB',
);

export function validateConditions(conditions: readonly Condition[] | undefined, path: Path, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, condition] of (conditions ?? []).entries()) {
    const type = condition.type ?? '';
    if (seen.has(type)) errors.push(duplicate(path.index(index).child('type'), type));
    else seen.add(type);
    validateCondition(condition, path.index(index), errors);
  }
}

function validateCondition(condition: Condition, path: Path, errors: Errors): void {
  const { type = '', status = '', observedGeneration = 0, lastTransitionTime = '', reason = '', message = '' } = condition;
  checkQualifiedName(type, path.child('type'), errors);
  if (!statuses.includes(status)) errors.push(notSupported(path.child('status'), status, statuses));
  if (observedGeneration < 0) {
    errors.push(invalid(path.child('observedGeneration'), observedGeneration, 'must be greater than or equal to zero'));
  }
  if (lastTransitionTime === '') errors.push(required(path.child('lastTransitionTime')));
  if (reason === '') errors.push(required(path.child('reason')));
  else {
    if (!reasonForm.test(reason)) errors.push(invalid(path.child('reason'), reason, reasonMessage));
    if (byteLength(reason) > maxReason) errors.push(tooLong(path.child('reason'), maxReason));
  }
  if (byteLength(message) > maxMessage) errors.push(tooLong(path.child('message'), maxMessage));
}
