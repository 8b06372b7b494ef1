import type { Job, JobStatus } from '../generated/types/batch/v1.ts';
import { checkNonNegative, type Errors, immutableMessage } from './checks.ts';
import { semanticEqual } from './equality.ts';
import { duplicate, invalid, invalidAsWhole, required } from './field-error.ts';
import { inGo, uncountedPodsType } from './internal-types.ts';
import { countIndexes, overlapProblem } from './job-indexes.ts';
import { Path } from './path.ts';

/** What a controller reports of a job. What has been counted or concluded is not taken back. Follows `validateJobStatus`. */

const statusPath = Path.of('status');
const conditionsPath = statusPath.child('conditions');

function holds(status: JobStatus, type: string): boolean {
  return status.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true;
}

function isFinished(status: JobStatus): boolean {
  return holds(status, 'Complete') || holds(status, 'Failed');
}

/** Rules that were broken before are held against a change only where it touches what they speak of. */
class Change {
  readonly #now: JobStatus;
  readonly #before: JobStatus;

  constructor(now: JobStatus, before: JobStatus) {
    this.#now = now;
    this.#before = before;
  }

  of(...fields: readonly (keyof JobStatus)[]): boolean {
    return fields.some((field) => !semanticEqual(this.#now[field], this.#before[field]));
  }

  ofCondition(...types: readonly string[]): boolean {
    return types.some((type) => holds(this.#now, type) !== holds(this.#before, type));
  }

  ofEnd(): boolean {
    return isFinished(this.#now) !== isFinished(this.#before);
  }
}

export function validateJobStatus({ status = {}, spec }: Job, old: Job, errors: Errors): void {
  const before = old.status ?? {};
  const change = new Change(status, before);
  for (const field of ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const) {
    checkNonNegative(status[field], statusPath.child(field), errors);
  }
  checkUncounted(status, errors);
  checkConclusions(status, change, errors);
  checkEnd(status, spec, change, errors);
  checkIndexes(status, spec, change, errors);
  checkCounts(status, errors, change);
  checkSuccess(status, spec, errors);
  checkNothingTakenBack({ status, ...(spec && { spec }) }, before, errors);
}

function checkUncounted({ uncountedTerminatedPods: pods }: JobStatus, errors: Errors): void {
  const seen = new Set<string>();
  for (const field of ['succeeded', 'failed'] as const) {
    for (const [index, uid] of (pods?.[field] ?? []).entries()) {
      const at = statusPath.child('uncountedTerminatedPods', field).index(index);
      if (uid === '') errors.push(invalid(at, uid, 'must not be empty'));
      else if (seen.has(uid)) errors.push(duplicate(at, uid));
      seen.add(uid);
    }
  }
}

function checkConclusions(status: JobStatus, change: Change, errors: Errors): void {
  const complete = holds(status, 'Complete');
  const { completionTime, startTime } = status;
  const at = statusPath.child('completionTime');
  if (complete && holds(status, 'Failed') && change.ofCondition('Complete', 'Failed')) {
    errors.push(invalidAsWhole(conditionsPath, 'cannot set Complete=True and Failed=true conditions'));
  }
  if (complete && holds(status, 'FailureTarget') && change.ofCondition('Complete', 'FailureTarget')) {
    errors.push(invalidAsWhole(conditionsPath, 'cannot set Complete=True and FailureTarget=true conditions'));
  }
  if (change.ofCondition('Complete') || change.of('completionTime')) {
    if (completionTime !== undefined && !complete) {
      errors.push(invalid(at, completionTime, 'cannot set completionTime when there is no Complete=True condition'));
    }
    if (completionTime === undefined && complete) errors.push(required(at, 'completionTime is required for Complete jobs'));
  }
  if (startTime !== undefined && completionTime !== undefined && completionTime < startTime && change.of('startTime', 'completionTime')) {
    errors.push(invalid(at, completionTime, 'must be equal to or after `startTime`'));
  }
  if ((change.ofCondition('Failed') || change.of('failedIndexes')) && holds(status, 'Failed') && !holds(status, 'FailureTarget')) {
    errors.push(invalidAsWhole(conditionsPath, 'cannot set Failed=True condition without the FailureTarget=true condition'));
  }
  if ((change.ofCondition('Complete') || change.of('completedIndexes')) && complete && !holds(status, 'SuccessCriteriaMet')) {
    errors.push(invalidAsWhole(conditionsPath, 'cannot set Complete=True condition without the SuccessCriteriaMet=true condition'));
  }
}

function checkEnd(status: JobStatus, spec: Job['spec'], change: Change, errors: Errors): void {
  if (!isFinished(status)) return;
  const { active = 0, startTime, uncountedTerminatedPods: pods } = status;
  // A suspended job that wants nothing ends without having begun.
  const isEmpty = spec?.suspend === true && spec.completions === 0;
  if (active > 0 && (change.ofEnd() || change.of('active'))) {
    errors.push(invalid(statusPath.child('active'), active, 'active>0 is invalid for finished job'));
  }
  if (startTime === undefined && !isEmpty && (change.ofEnd() || change.of('startTime'))) {
    errors.push(required(statusPath.child('startTime'), 'startTime is required for finished job'));
  }
  const uncounted = (pods?.succeeded ?? []).length + (pods?.failed ?? []).length;
  if (uncounted > 0 && (change.ofEnd() || change.of('uncountedTerminatedPods'))) {
    const shown = inGo(uncountedPodsType, pods);
    errors.push(invalid(statusPath.child('uncountedTerminatedPods'), shown, 'must be empty for finished job'));
  }
}

function checkIndexes(status: JobStatus, spec: Job['spec'], change: Change, errors: Errors): void {
  const { completedIndexes = '', failedIndexes } = status;
  const completions = spec?.completions;
  const at = (field: 'completedIndexes' | 'failedIndexes'): Path => statusPath.child(field);
  const checkFormat = (field: 'completedIndexes' | 'failedIndexes', text: string): void => {
    const counted = countIndexes(text, completions ?? 0);
    if (typeof counted === 'string') errors.push(invalid(at(field), text, `error parsing ${field}: ${counted}`));
  };
  if (change.of('completedIndexes') && completions !== undefined) checkFormat('completedIndexes', completedIndexes);
  if (change.of('failedIndexes') && completions !== undefined && spec?.backoffLimitPerIndex !== undefined && failedIndexes !== undefined) {
    checkFormat('failedIndexes', failedIndexes);
  }
  if (change.of('completedIndexes') && completedIndexes !== '' && spec?.completionMode !== 'Indexed') {
    const detail = 'cannot set non-empty completedIndexes when non-indexed completion mode';
    errors.push(invalid(at('completedIndexes'), completedIndexes, detail));
  }
  if (change.of('failedIndexes') && failedIndexes !== undefined && spec?.backoffLimitPerIndex === undefined) {
    errors.push(invalid(at('failedIndexes'), failedIndexes, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null'));
  }
  if (change.of('failedIndexes', 'completedIndexes') && completions !== undefined && failedIndexes !== undefined) {
    const problem = overlapProblem(completedIndexes, failedIndexes);
    if (problem !== undefined) errors.push(invalid(at('failedIndexes'), failedIndexes, problem));
  }
}

function checkCounts(status: JobStatus, errors: Errors, change: Change): void {
  const { terminating = 0, ready = 0, active = 0 } = status;
  if (terminating > 0 && isFinished(status) && (change.ofEnd() || change.of('terminating'))) {
    errors.push(invalid(statusPath.child('terminating'), terminating, 'terminating>0 is invalid for finished job'));
  }
  if (ready > active && change.of('ready', 'active')) {
    errors.push(invalid(statusPath.child('ready'), ready, 'cannot set more ready pods than active'));
  }
}

function checkSuccess(status: JobStatus, spec: Job['spec'], errors: Errors): void {
  const met = holds(status, 'SuccessCriteriaMet');
  for (const type of ['Failed', 'FailureTarget']) {
    if (met && holds(status, type)) {
      errors.push(invalidAsWhole(conditionsPath, `cannot set SuccessCriteriaMet=True and ${type}=true conditions`));
    }
  }
  if (spec?.successPolicy !== undefined && !met && holds(status, 'Complete')) {
    const detail = 'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True';
    errors.push(invalidAsWhole(conditionsPath, detail));
  }
}

function checkNothingTakenBack({ status = {}, spec }: Pick<Job, 'spec' | 'status'>, before: JobStatus, errors: Errors): void {
  for (const type of ['Failed', 'Complete', 'FailureTarget']) {
    if (holds(before, type) && !holds(status, type)) {
      errors.push(invalidAsWhole(conditionsPath, `cannot disable the terminal ${type}=True condition`));
    }
  }
  // An indexed job that grows and shrinks may lose what had succeeded.
  const elastic = spec?.completionMode === 'Indexed' && spec.completions === spec.parallelism;
  for (const field of elastic ? (['failed'] as const) : (['failed', 'succeeded'] as const)) {
    const count = status[field] ?? 0;
    if (count < (before[field] ?? 0)) errors.push(invalid(statusPath.child(field), count, `cannot decrease the ${field} counter`));
  }
  const { completionTime, startTime } = status;
  if (completionTime !== undefined && before.completionTime !== undefined && completionTime !== before.completionTime) {
    errors.push(invalid(statusPath.child('completionTime'), completionTime, immutableMessage));
  }
  const isResumed = holds(before, 'Suspended') && status.conditions?.some(({ type, status: is }) => type === 'Suspended' && is === 'False');
  if (before.startTime !== undefined && startTime !== before.startTime && spec?.suspend !== true && !isResumed) {
    const detail = 'field is immutable for unsuspended job once set';
    errors.push(invalid(statusPath.child('startTime'), startTime ?? null, detail));
  }
  const met = holds(status, 'SuccessCriteriaMet');
  if (holds(before, 'SuccessCriteriaMet') && !met) {
    errors.push(invalidAsWhole(conditionsPath, 'cannot disable the SuccessCriteriaMet=True condition'));
  }
  if (holds(before, 'Complete') && !holds(before, 'SuccessCriteriaMet') && met) {
    errors.push(invalidAsWhole(conditionsPath, 'cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions'));
  }
}
