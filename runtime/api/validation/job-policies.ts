import type {
  JobSpec,
  PodFailurePolicy,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyRule,
  SuccessPolicy,
  SuccessPolicyRule,
} from '../generated/types/batch/v1.ts';
import { byteLength } from '../names/index.ts';
import { checkNonNegative, checkQualifiedName, type Errors } from './checks.ts';
import { duplicate, invalid, invalidAsWhole, notSupported, required, tooLong, tooMany } from './field-error.ts';
import { inGo, successPolicyType } from './internal-types.ts';
import { countIndexes } from './job-indexes.ts';
import type { Path } from './path.ts';

/** When a job counts as failed or done before all of its pods are. */

const maxRules = 20;
const maxExitCodes = 255;
const maxIndexesLength = 64 * 1024;

/** A value out of a fixed list; the message for a missing one names them all. */
function checkListed(value: string | undefined, supported: readonly string[], path: Path, errors: Errors): void {
  if (value === undefined || value === '') {
    errors.push(required(path, `valid values: [${supported.map((each) => `"${each}"`).join(' ')}]`));
  } else if (!supported.includes(value)) errors.push(notSupported(path, value, supported));
}

export function validatePodFailurePolicy(spec: Partial<JobSpec>, policy: PodFailurePolicy, path: Path, errors: Errors): void {
  const rules = policy.rules ?? [];
  const at = path.child('rules');
  if (rules.length > maxRules) errors.push(tooMany(at, rules.length, maxRules));
  const { initContainers = [], containers = [] } = spec.template?.spec ?? {};
  const names = new Set([...initContainers, ...containers].map(({ name }) => name));
  for (const [index, rule] of rules.entries()) validateFailureRule(spec, rule, names, at.index(index), errors);
}

function validateFailureRule(
  spec: Partial<JobSpec>,
  rule: PodFailurePolicyRule,
  names: ReadonlySet<string>,
  path: Path,
  errors: Errors,
): void {
  checkListed(rule.action, ['Count', 'FailIndex', 'FailJob', 'Ignore'], path.child('action'), errors);
  if (rule.action === 'FailIndex' && spec.backoffLimitPerIndex === undefined) {
    errors.push(invalid(path.child('action'), rule.action, 'requires the backoffLimitPerIndex to be set'));
  }
  const { onExitCodes, onPodConditions = [] } = rule;
  if (onExitCodes !== undefined) validateExitCodes(onExitCodes, names, path.child('onExitCodes'), errors);
  const conditionsPath = path.child('onPodConditions');
  if (onPodConditions.length > maxRules) errors.push(tooMany(conditionsPath, onPodConditions.length, maxRules));
  for (const [index, pattern] of onPodConditions.entries()) {
    checkQualifiedName(pattern.type ?? '', conditionsPath.index(index).child('type'), errors);
    checkListed(pattern.status, ['False', 'True', 'Unknown'], conditionsPath.index(index).child('status'), errors);
  }
  const given = Number(onExitCodes !== undefined) + Number(onPodConditions.length > 0);
  if (given === 2) errors.push(invalidAsWhole(path, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  if (given === 0) errors.push(invalidAsWhole(path, 'specifying one of OnExitCodes and OnPodConditions is required'));
}

function validateExitCodes(
  { operator, containerName, values = [] }: PodFailurePolicyOnExitCodesRequirement,
  names: ReadonlySet<string>,
  path: Path,
  errors: Errors,
): void {
  checkListed(operator, ['In', 'NotIn'], path.child('operator'), errors);
  if (containerName !== undefined && !names.has(containerName)) {
    const detail = 'must be one of the container or initContainer names in the pod template';
    errors.push(invalid(path.child('containerName'), containerName, detail));
  }
  const at = path.child('values');
  if (values.length === 0) errors.push(invalid(at, values, 'at least one value is required'));
  else if (values.length > maxExitCodes) errors.push(tooMany(at, values.length, maxExitCodes));
  let ordered = true;
  for (const [index, value] of values.entries()) {
    if (operator === 'In' && value === 0) errors.push(invalid(at.index(index), value, 'must not be 0 for the In operator'));
    if (values.indexOf(value) < index) errors.push(duplicate(at.index(index), value));
    if (index > 0 && value < (values[index - 1] ?? value)) ordered = false;
  }
  if (!ordered) errors.push(invalid(at, values, 'must be ordered'));
}

export function validateSuccessPolicy(spec: Partial<JobSpec>, policy: SuccessPolicy, path: Path, errors: Errors): void {
  if (spec.completionMode !== 'Indexed') {
    errors.push(invalid(path, inGo(successPolicyType, policy), 'requires indexed completion mode'));
    return;
  }
  const rules = policy.rules ?? [];
  const at = path.child('rules');
  if (rules.length === 0) errors.push(required(at, 'at least one rules must be specified when the successPolicy is specified'));
  if (rules.length > maxRules) errors.push(tooMany(at, rules.length, maxRules));
  for (const [index, rule] of rules.entries()) validateSuccessRule(rule, spec.completions ?? 0, at.index(index), errors);
}

function validateSuccessRule(
  { succeededCount, succeededIndexes }: SuccessPolicyRule,
  completions: number,
  path: Path,
  errors: Errors,
): void {
  if (succeededCount === undefined && succeededIndexes === undefined) {
    errors.push(required(path, 'at least one of succeededCount or succeededIndexes must be specified'));
  }
  let total = 0;
  if (succeededIndexes !== undefined) {
    const at = path.child('succeededIndexes');
    if (byteLength(succeededIndexes) > maxIndexesLength) errors.push(tooLong(at, maxIndexesLength));
    const counted = countIndexes(succeededIndexes, completions);
    if (typeof counted === 'number') total = counted;
    else errors.push(invalid(at, succeededIndexes, `error parsing succeededIndexes: ${counted}`));
  }
  if (succeededCount === undefined) return;
  const at = path.child('succeededCount');
  checkNonNegative(succeededCount, at, errors);
  if (succeededCount > completions) {
    errors.push(invalid(at, succeededCount, `must be less than or equal to ${completions} (the number of specified completions)`));
  }
  if (succeededIndexes !== undefined && succeededCount > total) {
    const detail = `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`;
    errors.push(invalid(at, succeededCount, detail));
  }
}
