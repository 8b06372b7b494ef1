import type { CapacityRequestPolicy, CapacityRequestPolicyRange, DeviceCapacity } from '../../generated/types/resource/v1.ts';
import { addQuantities, canonicalQuantity, compareQuantities, formatQuantity, parseQuantity, quantityUnits } from '../../quantity.ts';
import { type Errors, notPositiveMessage } from '../checks.ts';
import { forbidden, invalid, required } from '../field-error.ts';
import { checkUniqueItems } from '../lists.ts';
import type { Path } from '../path.ts';

/** How much of a device's capacity may be asked for at once. */

type Amount = string | number;

const maxOptions = 10;

function isGreater(left: Amount, right: Amount): boolean {
  return compareQuantities(parseQuantity(left), parseQuantity(right)) > 0;
}

export function validateDeviceCapacity({ value, requestPolicy }: DeviceCapacity, isShared: boolean, path: Path, errors: Errors): void {
  if (requestPolicy === undefined) return;
  const at = path.child('requestPolicy');
  if (!isShared) errors.push(forbidden(at, 'allowMultipleAllocations must be true'));
  else if ((requestPolicy.validValues?.length ?? 0) > 0 && requestPolicy.validRange !== undefined) {
    errors.push(forbidden(at, 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time'));
  } else validatePolicy(value, requestPolicy, at, errors);
}

function validatePolicy(capacity: Amount, policy: CapacityRequestPolicy, path: Path, errors: Errors): void {
  const { validValues = [], validRange, default: standard } = policy;
  if (validValues.length > 0) {
    if (standard === undefined) errors.push(required(path.child('default'), 'required when validValues is defined'));
    else validateValues(standard, capacity, validValues, path.child('validValues'), errors);
  } else if (validRange !== undefined) {
    if (standard === undefined) errors.push(required(path.child('default'), 'required when validRange is defined'));
    else validateRange(standard, capacity, validRange, path.child('validRange'), errors);
  }
}

function validateValues(standard: Amount, capacity: Amount, values: readonly Amount[], path: Path, errors: Errors): void {
  for (const [index, value] of values.entries()) {
    const before = values[index - 1];
    if (before !== undefined && isGreater(before, value)) {
      errors.push(invalid(path.index(index), canonicalQuantity(value), 'values must be sorted in ascending order'));
    }
  }
  const keyOf = (value: Amount): string => String(quantityUnits(value));
  checkUniqueItems(values, maxOptions, path, errors, keyOf, (value, at) => {
    if (!isGreater(value, capacity)) return;
    errors.push(invalid(at, canonicalQuantity(value), `option is larger than capacity value: ${canonicalQuantity(capacity)}`));
  });
  if (!values.some((value) => compareQuantities(parseQuantity(value), parseQuantity(standard)) === 0)) {
    errors.push(invalid(path, canonicalQuantity(standard), 'default value is not valid according to the requestPolicy'));
  }
}

function validateRange(standard: Amount, capacity: Amount, range: CapacityRequestPolicyRange, path: Path, errors: Errors): void {
  const { min, max, step } = range;
  if (min === undefined) {
    errors.push(required(path.child('min'), 'required when validRange is defined'));
    return;
  }
  const report = (left: Amount, right: Amount, field: string, shown: Amount, detail: string, bound: Amount): void => {
    if (isGreater(left, right)) errors.push(invalid(path.child(field), canonicalQuantity(shown), `${detail}: ${canonicalQuantity(bound)}`));
  };
  report(min, capacity, 'min', min, 'min is larger than capacity value', capacity);
  report(min, standard, 'min', standard, 'default is less than min', min);
  if (max !== undefined) {
    report(min, max, 'max', min, 'min is larger than max', max);
    report(max, capacity, 'max', max, 'max is larger than capacity value', capacity);
    report(standard, max, 'max', standard, 'default is more than max', max);
  }
  if (step !== undefined) validateStep(standard, capacity, { min, step, ...(max !== undefined && { max }) }, path.child('step'), errors);
}

interface Steps {
  readonly min: Amount;
  readonly max?: Amount;
  readonly step: Amount;
}

function validateStep(standard: Amount, capacity: Amount, { min, max, step }: Steps, path: Path, errors: Errors): void {
  const size = quantityUnits(step);
  const from = quantityUnits(min);
  const written = canonicalQuantity(step);
  // Upstream divides by it all the same, and panics if it is zero.
  if (size <= 0n) {
    errors.push(invalid(path, written, notPositiveMessage));
    return;
  }
  const first = addQuantities(parseQuantity(min), parseQuantity(step));
  if (compareQuantities(first, parseQuantity(capacity)) > 0) {
    const detail = `one step ${formatQuantity(first)} is larger than capacity value: ${canonicalQuantity(capacity)}`;
    errors.push(invalid(path, written, detail));
  }
  for (const value of max === undefined ? [standard] : [standard, max]) {
    if ((quantityUnits(value) - from) % size === 0n) continue;
    const detail = `value is not a multiple of a given step (${written}) from (${canonicalQuantity(min)})`;
    errors.push(invalid(path, canonicalQuantity(value), detail));
  }
}
