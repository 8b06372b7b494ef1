import type { DeviceTaint, DeviceToleration } from '../../generated/types/resource/v1.ts';
import { labelValueProblems } from '../../names/index.ts';
import { checkQualifiedName, type Errors, reportInvalid } from '../checks.ts';
import { duplicate, invalid, notSupported, required } from '../field-error.ts';
import { checkItems } from '../lists.ts';
import type { Path } from '../path.ts';

const effects = ['NoExecute', 'NoSchedule', 'None'];
const maxConditions = 4;

export function validateDeviceTaint(taint: DeviceTaint, oldEffect: string | undefined, path: Path, errors: Errors): void {
  const { key = '', value = '', effect = '' } = taint;
  checkQualifiedName(key, path.child('key'), errors);
  reportInvalid(labelValueProblems(value), value, path.child('value'), errors);
  if (effect === oldEffect) return;
  if (effect === '') errors.push(required(path.child('effect')));
  else if (!effects.includes(effect)) errors.push(notSupported(path.child('effect'), effect, effects));
}

export function validateDeviceTolerations(tolerations: readonly DeviceToleration[] | undefined, path: Path, errors: Errors): void {
  for (const [index, toleration] of (tolerations ?? []).entries()) validateToleration(toleration, path.index(index), errors);
}

function validateToleration({ key = '', operator = '', value = '', effect = '' }: DeviceToleration, path: Path, errors: Errors): void {
  if (key !== '') checkQualifiedName(key, path.child('key'), errors);
  if (operator === 'Exists') {
    if (value !== '') errors.push(invalid(path.child('value'), value, 'must be empty for operator `Exists`'));
  } else if (operator === 'Equal') reportInvalid(labelValueProblems(value), value, path.child('value'), errors);
  else if (operator === '') errors.push(required(path.child('operator')));
  else errors.push(notSupported(path.child('operator'), operator, ['Equal', 'Exists']));
  if (effect !== '' && !effects.includes(effect)) errors.push(notSupported(path.child('effect'), effect, effects));
}

interface Binding {
  readonly bindingConditions?: readonly string[];
  readonly bindingFailureConditions?: readonly string[];
}

/** What must become true, and what must not, before a device can be used. */
export function validateBindingConditions(
  { bindingConditions = [], bindingFailureConditions = [] }: Binding,
  path: Path,
  errors: Errors,
): void {
  const at = path.child('bindingConditions');
  const failurePath = path.child('bindingFailureConditions');
  checkItems(bindingConditions, maxConditions, at, errors, checkQualifiedName);
  checkItems(bindingFailureConditions, maxConditions, failurePath, errors, checkQualifiedName);
  for (const [index, condition] of bindingConditions.entries()) {
    if (bindingConditions.indexOf(condition) < index) errors.push(duplicate(at.index(index), condition));
  }
  for (const [index, condition] of bindingFailureConditions.entries()) {
    if (bindingFailureConditions.indexOf(condition) < index) errors.push(duplicate(failurePath.index(index), condition));
    if (bindingConditions.includes(condition)) {
      errors.push(invalid(failurePath.index(index), condition, 'bindingFailureConditions must not overlap with bindingConditions'));
    }
  }
  if (bindingConditions.length === 0 && bindingFailureConditions.length > 0) {
    errors.push(invalid(at, null, 'bindingConditions are required to use bindingFailureConditions'));
  }
  if (bindingFailureConditions.length === 0 && bindingConditions.length > 0) {
    errors.push(invalid(failurePath, null, 'bindingFailureConditions are required to use bindingConditions'));
  }
}
