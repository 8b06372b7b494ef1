import type { CronJob, CronJobSpec, Job, JobSpec } from '../generated/types/batch/v1.ts';
import type { PodSpec, PodTemplateSpec } from '../generated/types/core/v1.ts';
import { byteLength, dns1123LabelProblems } from '../names/index.ts';
import { scheduleProblem } from '../schedule.ts';
import { parseSelector } from './apps.ts';
import { checkImmutable, checkNonNegative, checkOneOf, checkOptionalOneOf, type Errors, immutableMessage } from './checks.ts';
import { checkDomainPrefixedPath } from './domain-prefixed-path.ts';
import { semanticEqual } from './equality.ts';
import { invalid, notSupported, required, tooLong } from './field-error.ts';
import { structInGo } from './internal-structs.ts';
import { mapInGo, podFailurePolicyType, selectorInGo, successPolicyType } from './internal-types.ts';
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
  validateJobLabelled(job, labelPrefixes, errors);
}

function validateJobLabelled(job: Job, prefixes: readonly string[], errors: Errors): void {
  validateGeneratedSelector(job, prefixes, errors);
  validateWithSelector(job.spec ?? none, errors);
  checkHostnames(job, errors);
}

function validateWithSelector(spec: Partial<JobSpec>, errors: Errors): void {
  validateJobSpec(spec, specPath, errors);
  if (spec.selector === undefined) errors.push(required(specPath.child('selector')));
  else validateLabelSelector(spec.selector, specPath.child('selector'), errors);
  const labels = spec.template?.metadata?.labels;
  if (parseSelector(spec.selector)?.matches(labels) === false) {
    errors.push(invalid(specPath.child('template', 'metadata', 'labels'), mapInGo(labels), '`selector` does not match template `labels`'));
  }
}

/** The pods of an indexed job are called by the job's name and their index. */
function checkHostnames({ metadata, spec }: Job, errors: Errors): void {
  const { completionMode, completions = 0 } = spec ?? none;
  if (completionMode !== 'Indexed' || completions <= 0) return;
  const last = `${metadata?.name ?? ''}-${completions - 1}`;
  if (dns1123LabelProblems(last).length === 0) return;
  errors.push(invalid(metadataPath.child('name'), metadata?.name ?? '', `will not able to create pod with invalid DNS label: ${last}`));
}

const ownLabels = ['controller-uid', 'job-name'];
const newPrefix = 'batch.kubernetes.io/';
const labelPrefixes = ['', newPrefix];

/** Where the job did not choose its selector itself, it must be the one that was made for it. */
function validateGeneratedSelector({ metadata, spec }: Job, prefixes: readonly string[], errors: Errors): void {
  if (spec === undefined || spec.manualSelector === true || spec.selector === undefined) return;
  if ((metadata?.uid ?? '') === '') errors.push(required(metadataPath.child('uid')));
  const values = [metadata?.uid ?? '', metadata?.name ?? ''];
  const expected: Record<string, string> = {};
  for (const prefix of prefixes) {
    for (const [index, label] of ownLabels.entries()) {
      const value = values[index] ?? '';
      const key = `${prefix}${label}`;
      expected[key] = value;
      const at = specPath.child('template', 'metadata', 'labels').key(key);
      const actual = spec.template?.metadata?.labels?.[key];
      if (actual === undefined) errors.push(required(at, `must be '${value}'`));
      else if (actual !== value) errors.push(invalid(at, mapInGo(spec.template?.metadata?.labels), `must be '${value}'`));
    }
  }
  if (parseSelector(spec.selector)?.matches(expected) === false) {
    errors.push(invalid(specPath.child('selector'), selectorInGo(spec.selector), '`selector` not auto-generated'));
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
    checkDomainPrefixedPath(spec.managedBy, path.child('managedBy'), errors);
    if (byteLength(spec.managedBy) > maxManagedBy) errors.push(tooLong(path.child('managedBy'), maxManagedBy));
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

const maxManagedBy = 63;
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

export function validateJobUpdate(job: Job, old: Job, errors: Errors): void {
  // A job that was made without the newer labels does without them.
  const labels = old.spec?.template?.metadata?.labels ?? {};
  const prefixes = labelPrefixes.filter((prefix) => prefix === '' || ownLabels.every((label) => labels[`${prefix}${label}`] !== undefined));
  validateJobLabelled(job, prefixes, errors);
  const spec = job.spec ?? none;
  // Upstream judges the spec once for itself and once as an update.
  validateWithSelector(spec, errors);
  const before = old.spec ?? none;
  if (spec.completionMode !== 'Indexed') checkImmutable(spec.completions, before.completions, specPath.child('completions'), errors);
  else if (spec.completions !== undefined && spec.completions !== before.completions && spec.completions !== spec.parallelism) {
    const detail = 'can only be modified in tandem with spec.parallelism';
    errors.push(invalid(specPath.child('completions'), spec.completions, detail));
  }
  checkImmutable(spec.selector, before.selector, specPath.child('selector'), errors, selectorInGo);
  checkTemplate(spec.template, old, errors);
  checkImmutable(spec.completionMode, before.completionMode, specPath.child('completionMode'), errors);
  checkImmutable(spec.podFailurePolicy, before.podFailurePolicy, specPath.child('podFailurePolicy'), errors, podFailurePolicyType);
  checkImmutable(spec.backoffLimitPerIndex, before.backoffLimitPerIndex, specPath.child('backoffLimitPerIndex'), errors);
  checkImmutable(spec.managedBy, before.managedBy, specPath.child('managedBy'), errors);
  checkImmutable(spec.successPolicy, before.successPolicy, specPath.child('successPolicy'), errors, successPolicyType);
}

/** While a job is suspended and has no pods, what its containers ask for may change, and where its pods go. */
function checkTemplate(template: PodTemplateSpec | undefined, { spec, status = {} }: Job, errors: Errors): void {
  const isSuspended = spec?.suspend === true;
  const hasRun = status.startTime !== undefined;
  const isIdle = (status.active ?? 0) === 0;
  const isMarked = status.conditions?.some((condition) => condition.type === 'Suspended' && condition.status === 'True') === true;
  const isMovable = isSuspended && (!hasRun || (isMarked && isIdle));
  const before = isMovable ? withPlacementOf(template, spec.template) : spec?.template;
  if (!isSuspended || !isIdle || (hasRun && !isMarked)) checkImmutable(template, before, specPath.child('template'), errors, templateInGo);
  else if (!semanticEqual(template?.spec, withResourcesOf(template?.spec, before?.spec))) {
    errors.push(invalid(specPath.child('template', 'spec'), structInGo('PodSpec', template?.spec), immutableMessage));
  }
}

function templateInGo(template: unknown): unknown {
  return structInGo('PodTemplateSpec', template);
}

function withPlacementOf(template: PodTemplateSpec | undefined, before: PodTemplateSpec | undefined): PodTemplateSpec | undefined {
  if (before?.spec === undefined || template?.spec === undefined) return before;
  const { nodeSelector, affinity, tolerations, schedulingGates } = template.spec;
  const { labels, annotations } = template.metadata ?? {};
  const { labels: _labels, annotations: _annotations, ...metadata } = before.metadata ?? {};
  const { nodeSelector: _, affinity: old, tolerations: ___, schedulingGates: ____, ...others } = before.spec;
  const { nodeAffinity: __, ...rest } = old ?? {};
  const placed = { ...rest, ...(affinity?.nodeAffinity && { nodeAffinity: affinity.nodeAffinity }) };
  return {
    metadata: { ...metadata, ...(labels && { labels }), ...(annotations && { annotations }) },
    spec: {
      ...others,
      ...(nodeSelector && { nodeSelector }),
      ...((affinity !== undefined || Object.keys(rest).length > 0) && { affinity: placed }),
      ...(tolerations && { tolerations }),
      ...(schedulingGates && { schedulingGates }),
    },
  };
}

function withResourcesOf(spec: PodSpec | undefined, before: PodSpec | undefined): PodSpec | undefined {
  if (spec === undefined || before === undefined) return before;
  const merged: PodSpec = { ...before };
  for (const list of ['containers', 'initContainers'] as const) {
    const [now, then] = [spec[list], before[list]];
    if (!then || now?.length !== then.length) continue;
    merged[list] = then.map((container, index) => {
      const { resources: _, ...rest } = container;
      const resources = now[index]?.resources;
      if (now[index]?.name !== container.name) return container;
      return resources === undefined ? rest : { ...rest, resources };
    });
  }
  return merged;
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
    const at = specPath.child('schedule');
    const problem = scheduleProblem(schedule);
    if (problem !== undefined) errors.push(invalid(at, schedule, problem));
    if (schedule.includes('TZ')) {
      // A schedule that names its zone itself is borne where it stood already.
      if (old?.schedule.includes('TZ') !== true) {
        errors.push(invalid(at, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
      } else if (timeZone !== undefined) {
        errors.push(invalid(at, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'));
      }
    }
  }
  checkNonNegative(spec.startingDeadlineSeconds, specPath.child('startingDeadlineSeconds'), errors);
  if (timeZone !== undefined && timeZone !== old?.timeZone) validateTimeZone(timeZone, specPath.child('timeZone'), errors);
  checkOneOf(spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace'], specPath.child('concurrencyPolicy'), errors);
  const templatePath = specPath.child('jobTemplate');
  const template = jobTemplate?.spec ?? none;
  validateJobSpec(template, templatePath.child('spec'), errors);
  if (template.selector !== undefined) {
    errors.push(invalid(templatePath.child('spec', 'selector'), selectorInGo(template.selector), '`selector` will be auto-generated'));
  }
  if (template.manualSelector === true) {
    errors.push(notSupported(templatePath.child('spec', 'manualSelector'), template.manualSelector, ['nil', 'false']));
  }
  checkNonNegative(spec.successfulJobsHistoryLimit, specPath.child('successfulJobsHistoryLimit'), errors);
  checkNonNegative(spec.failedJobsHistoryLimit, specPath.child('failedJobsHistoryLimit'), errors);
}

const timeZonePart = /^[A-Za-z0-9._\-+]{1,14}$/;

function validateTimeZone(timeZone: string, path: Path, errors: Errors): void {
  const unknown = `unknown time zone ${timeZone}`;
  if (timeZone === '') errors.push(invalid(path, timeZone, 'timeZone must be nil or non-empty string'));
  else if (timeZone.split('/').some((part) => part === '.' || part === '..' || part.startsWith('-') || !timeZonePart.test(part))) {
    errors.push(invalid(path, timeZone, unknown));
  } else {
    const isLocal = timeZone.toLowerCase() === 'local';
    if (isLocal) {
      errors.push(invalid(path, timeZone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'));
    }
    if (timeZone !== 'Local' && !isTimeZone(timeZone)) errors.push(invalid(path, timeZone, unknown));
  }
}

/** Whether a zone is known by this name, in these letters: to Go, zones are files. */
function isTimeZone(name: string): boolean {
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    // Offsets are no zones. A name that leads to another zone is taken as it is written.
    return !/^[+-]/.test(name) && (known === name || known.toLowerCase() !== name.toLowerCase());
  } catch {
    return false;
  }
}
