import type { CronJob, CronJobSpec, Job, JobSpec } from '../generated/types/batch/v1.ts';
import type { PodTemplateSpec } from '../generated/types/core/v1.ts';
import { byteLength, qualifiedNameProblems } from '../names/index.ts';
import { scheduleProblem } from '../schedule.ts';
import { type Selector, selectorFromLabelSelector } from '../selectors/labels.ts';
import { checkImmutable, checkNonNegative, checkOneOf, checkOptionalOneOf, type Errors } from './checks.ts';
import { semanticEqual } from './equality.ts';
import { invalid, invalidAsWhole, notSupported, required } from './field-error.ts';
import { validatePodFailurePolicy, validateSuccessPolicy } from './job-policies.ts';
import { validateLabelSelector } from './label-selector.ts';
import { metadataPath } from './object-meta.ts';
import { Path } from './path.ts';
import { validatePodTemplateSpec } from './pod/spec.ts';

/** `pkg/apis/batch/validation` */

const specPath = Path.of('spec');
const maxIndexed = 100_000;

const none: Partial<JobSpec> = {};

export function validateJob(job: Job, errors: Errors): void {
  validateGeneratedSelector(job, errors);
  const spec = job.spec ?? none;
  validateJobSpec(spec, specPath, errors);
  if (spec.selector === undefined) errors.push(required(specPath.child('selector')));
  else validateLabelSelector(spec.selector, specPath.child('selector'), errors);
  const labels = spec.template?.metadata?.labels;
  if (parseSelector(spec.selector)?.matches(labels) === false) {
    errors.push(invalid(specPath.child('template', 'metadata', 'labels'), labels, '`selector` does not match template `labels`'));
  }
}

function parseSelector(selector: JobSpec['selector']): Selector | undefined {
  try {
    return selectorFromLabelSelector(selector);
  } catch {
    return undefined;
  }
}

const ownLabels = ['controller-uid', 'job-name'];

/** Where the job did not choose its selector itself, it must be the one that was made for it. */
function validateGeneratedSelector({ metadata, spec }: Job, errors: Errors): void {
  if (spec === undefined || spec.manualSelector === true || spec.selector === undefined) return;
  if ((metadata?.uid ?? '') === '') errors.push(required(metadataPath.child('uid')));
  const values = [metadata?.uid ?? '', metadata?.name ?? ''];
  const expected: Record<string, string> = {};
  for (const [index, label] of ownLabels.entries()) {
    const value = values[index] ?? '';
    for (const key of [`batch.kubernetes.io/${label}`, label]) {
      expected[key] = value;
      const at = specPath.child('template', 'metadata', 'labels').key(key);
      const actual = spec.template?.metadata?.labels?.[key];
      if (actual === undefined) errors.push(required(at, `must be '${value}'`));
      else if (actual !== value) errors.push(invalid(at, spec.template?.metadata?.labels, `must be '${value}'`));
    }
  }
  if (parseSelector(spec.selector)?.matches(expected) === false) {
    errors.push(invalid(specPath.child('selector'), spec.selector, '`selector` not auto-generated'));
  }
}

function validateJobSpec(spec: Partial<JobSpec>, path: Path, errors: Errors): void {
  const { completionMode, completions, parallelism } = spec;
  checkNonNegative(parallelism, path.child('parallelism'), errors);
  checkNonNegative(completions, path.child('completions'), errors);
  checkNonNegative(spec.activeDeadlineSeconds, path.child('activeDeadlineSeconds'), errors);
  checkNonNegative(spec.backoffLimit, path.child('backoffLimit'), errors);
  checkNonNegative(spec.ttlSecondsAfterFinished, path.child('ttlSecondsAfterFinished'), errors);
  checkNonNegative(spec.backoffLimitPerIndex, path.child('backoffLimitPerIndex'), errors);
  if (spec.maxFailedIndexes !== undefined) {
    checkNonNegative(spec.maxFailedIndexes, path.child('maxFailedIndexes'), errors);
    if (spec.backoffLimitPerIndex === undefined)
      errors.push(required(path.child('backoffLimitPerIndex'), 'when maxFailedIndexes is specified'));
  }
  if (spec.managedBy !== undefined) {
    if (qualifiedNameProblems(spec.managedBy).length > 0 || !spec.managedBy.includes('/')) {
      errors.push(invalid(path.child('managedBy'), spec.managedBy, 'must be a domain-prefixed path (such as "acme.io/foo")'));
    }
    if (byteLength(spec.managedBy) > 63) {
      errors.push({ type: 'FieldValueTooLong', field: path.child('managedBy').toString(), detail: 'may not be more than 63 bytes' });
    }
  }
  if (completionMode !== undefined) {
    if (completionMode !== 'NonIndexed' && completionMode !== 'Indexed') {
      errors.push(notSupported(path.child('completionMode'), completionMode, ['NonIndexed', 'Indexed']));
    }
    if (completionMode === 'Indexed') validateIndexed(spec, path, errors);
  }
  if (completionMode === undefined || completionMode === 'NonIndexed') {
    for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const) {
      if (spec[field] !== undefined) errors.push(invalid(path.child(field), spec[field], 'requires indexed completion mode'));
    }
  }
  if (spec.podFailurePolicy !== undefined) validatePodFailurePolicy(spec, spec.podFailurePolicy, path.child('podFailurePolicy'), errors);
  if (spec.successPolicy !== undefined) validateSuccessPolicy(spec, spec.successPolicy, path.child('successPolicy'), errors);
  validatePodReplacement(spec, path.child('podReplacementPolicy'), errors);
  validatePodTemplateSpec(spec.template, path.child('template'), errors);
  validateRestartPolicy(spec.template, spec.podFailurePolicy !== undefined, path.child('template'), errors);
}

/** Above this many completions a job with a limit per index is held shorter. */
const manyCompletions = 100_000;
const indexesOfMany = 10_000;

function validateIndexed(spec: Partial<JobSpec>, path: Path, errors: Errors): void {
  const { completions, parallelism, maxFailedIndexes } = spec;
  if (completions === undefined) errors.push(required(path.child('completions'), 'when completion mode is Indexed'));
  if (parallelism !== undefined && parallelism > maxIndexed) {
    const detail = `must be less than or equal to ${maxIndexed} when completion mode is Indexed`;
    errors.push(invalid(path.child('parallelism'), parallelism, detail));
  }
  if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions) {
    errors.push(invalid(path.child('maxFailedIndexes'), maxFailedIndexes, 'must be less than or equal to completions'));
  }
  if (maxFailedIndexes !== undefined && maxFailedIndexes > maxIndexed) {
    errors.push(invalid(path.child('maxFailedIndexes'), maxFailedIndexes, `must be less than or equal to ${maxIndexed}`));
  }
  if (completions === undefined || completions <= manyCompletions || spec.backoffLimitPerIndex === undefined) return;
  if (maxFailedIndexes === undefined) {
    errors.push(required(path.child('maxFailedIndexes'), `must be specified when completions is above ${manyCompletions}`));
  }
  for (const field of ['parallelism', 'maxFailedIndexes'] as const) {
    const value = spec[field];
    if (value === undefined || value <= indexesOfMany) continue;
    const detail = `must be less than or equal to ${indexesOfMany} when completions are above ${manyCompletions} and used with backoff limit per index`;
    errors.push(invalid(path.child(field), value, detail));
  }
}

function validateRestartPolicy(template: PodTemplateSpec | undefined, withFailurePolicy: boolean, path: Path, errors: Errors): void {
  const restartPolicy = template?.spec?.restartPolicy ?? '';
  const at = path.child('spec', 'restartPolicy');
  if (restartPolicy === '' || restartPolicy === 'Always') {
    errors.push(required(at, 'valid values: "OnFailure", "Never"'));
  } else if (restartPolicy !== 'OnFailure' && restartPolicy !== 'Never') {
    errors.push(notSupported(at, restartPolicy, ['OnFailure', 'Never']));
  } else if (withFailurePolicy && restartPolicy !== 'Never') {
    errors.push(invalid(at, restartPolicy, 'only "Never" is supported when podFailurePolicy is specified'));
  }
}

function validatePodReplacement({ podReplacementPolicy, podFailurePolicy }: Partial<JobSpec>, path: Path, errors: Errors): void {
  if (podReplacementPolicy === undefined) return;
  const allowed = podFailurePolicy === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed'];
  checkOptionalOneOf(podReplacementPolicy, allowed, path, errors);
}

/** The template of a job may change while the job is suspended and has never run, but only in where its pods go. */
export function validateJobUpdate(job: Job, old: Job, errors: Errors): void {
  validateJob(job, errors);
  const spec = job.spec ?? none;
  const before = old.spec ?? none;
  if (spec.completionMode !== 'Indexed') checkImmutable(spec.completions, before.completions, specPath.child('completions'), errors);
  else if (spec.completions !== undefined && spec.completions !== before.completions && spec.completions !== spec.parallelism) {
    const detail = 'can only be modified in tandem with spec.parallelism';
    errors.push(invalid(specPath.child('completions'), spec.completions, detail));
  }
  checkImmutable(spec.selector, before.selector, specPath.child('selector'), errors);
  const startable = before.suspend === true && old.status?.startTime === undefined;
  if (!semanticEqual(spec.template, startable ? withPlacementOf(spec.template, before.template) : before.template)) {
    errors.push(invalid(specPath.child('template'), spec.template, 'field is immutable'));
  }
  checkImmutable(spec.completionMode, before.completionMode, specPath.child('completionMode'), errors);
  checkImmutable(spec.podFailurePolicy, before.podFailurePolicy, specPath.child('podFailurePolicy'), errors);
  checkImmutable(spec.backoffLimitPerIndex, before.backoffLimitPerIndex, specPath.child('backoffLimitPerIndex'), errors);
  checkImmutable(spec.managedBy, before.managedBy, specPath.child('managedBy'), errors);
  checkImmutable(spec.successPolicy, before.successPolicy, specPath.child('successPolicy'), errors);
}

function withPlacementOf(template: PodTemplateSpec | undefined, before: PodTemplateSpec | undefined): PodTemplateSpec {
  const merged: PodTemplateSpec = { ...before };
  if (template?.metadata !== undefined) {
    const { labels, annotations } = template.metadata;
    merged.metadata = { ...before?.metadata, ...(labels && { labels }), ...(annotations && { annotations }) };
  }
  if (before?.spec !== undefined && template?.spec !== undefined) {
    const { nodeSelector, affinity, tolerations, schedulingGates } = template.spec;
    const { nodeSelector: _, affinity: __, tolerations: ___, schedulingGates: ____, ...others } = before.spec;
    merged.spec = {
      ...others,
      ...(nodeSelector && { nodeSelector }),
      ...(affinity && { affinity }),
      ...(tolerations && { tolerations }),
      ...(schedulingGates && { schedulingGates }),
    };
  }
  return merged;
}

const finalConditions = ['Failed', 'Complete', 'FailureTarget'] as const;

/** What has been counted or concluded is not taken back. */
export function validateJobStatus({ status }: Job, old: Job, errors: Errors): void {
  const at = Path.of('status');
  for (const field of ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const)
    checkNonNegative(status?.[field], at.child(field), errors);
  const holds = (job: Pick<Job, 'status'>, type: string): boolean =>
    job.status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true;
  const now = status === undefined ? {} : { status };
  for (const type of finalConditions) {
    if (holds(old, type) && !holds(now, type)) {
      errors.push(invalidAsWhole(at.child('conditions'), `cannot disable the terminal ${type}=True condition`));
    }
  }
  for (const field of ['failed', 'succeeded'] as const) {
    if ((status?.[field] ?? 0) < (old.status?.[field] ?? 0)) {
      errors.push(invalid(at.child(field), status?.[field] ?? 0, `cannot decrease the ${field} counter`));
    }
  }
}

const maxCronJobName = 52;

/** The controller appends eleven characters to the name when it makes a job. */
export function validateCronJob(job: CronJob, errors: Errors): void {
  validateCronJobSpec(job.spec ?? ({} as Partial<CronJobSpec>), undefined, errors);
  const name = job.metadata?.name ?? '';
  if (byteLength(name) > maxCronJobName)
    errors.push(invalid(metadataPath.child('name'), name, `must be no more than ${maxCronJobName} characters`));
}

export function validateCronJobUpdate(job: CronJob, old: CronJob, errors: Errors): void {
  validateCronJobSpec(job.spec ?? ({} as Partial<CronJobSpec>), old.spec, errors);
}

function validateCronJobSpec(spec: Partial<CronJobSpec>, old: CronJobSpec | undefined, errors: Errors): void {
  const { schedule = '', timeZone, jobTemplate } = spec;
  if (schedule === '') errors.push(required(specPath.child('schedule')));
  else {
    const problem = scheduleProblem(schedule);
    if (problem !== undefined) errors.push(invalid(specPath.child('schedule'), schedule, problem));
    else if (schedule.includes('TZ') && timeZone !== undefined) {
      errors.push(invalid(specPath.child('schedule'), schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'));
    } else if (schedule.includes('TZ') && schedule !== old?.schedule) {
      errors.push(invalid(specPath.child('schedule'), schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
    }
  }
  if (timeZone !== undefined) validateTimeZone(timeZone, specPath.child('timeZone'), errors);
  checkNonNegative(spec.startingDeadlineSeconds, specPath.child('startingDeadlineSeconds'), errors);
  checkOneOf(spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace'], specPath.child('concurrencyPolicy'), errors);
  const templatePath = specPath.child('jobTemplate');
  const template = jobTemplate?.spec ?? none;
  validateJobSpec(template, templatePath.child('spec'), errors);
  if (template.selector !== undefined) {
    errors.push(invalid(templatePath.child('spec', 'selector'), template.selector, '`selector` will be auto-generated'));
  }
  if (template.manualSelector === true) {
    errors.push(notSupported(templatePath.child('spec', 'manualSelector'), template.manualSelector, ['nil', 'false']));
  }
  checkNonNegative(spec.successfulJobsHistoryLimit, specPath.child('successfulJobsHistoryLimit'), errors);
  checkNonNegative(spec.failedJobsHistoryLimit, specPath.child('failedJobsHistoryLimit'), errors);
}

const timeZoneForm = /^[A-Za-z0-9._\-+]{1,14}(\/[A-Za-z0-9._\-+]{1,14})*$/;

function validateTimeZone(timeZone: string, path: Path, errors: Errors): void {
  if (timeZone === '') errors.push(invalid(path, timeZone, 'timeZone must be nil or non-empty string'));
  else if (timeZone.toLowerCase() === 'local')
    errors.push(invalid(path, timeZone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'));
  else if (!timeZoneForm.test(timeZone) || !isTimeZone(timeZone)) errors.push(invalid(path, timeZone, `unknown time zone ${timeZone}`));
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
