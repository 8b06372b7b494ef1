import type { CronJob, CronJobSpec, Job, JobSpec } from '../generated/types/batch/v1.ts';
import type { DefaultsByKind } from './defaults.ts';
import { defaultPodTemplate } from './pods.ts';

const unlimited = 2 ** 31 - 1;

/** `pkg/apis/batch/v1` */
export const batchDefaults: DefaultsByKind = {
  'batch/v1/CronJob': defaultCronJob,
  'batch/v1/Job': defaultJob,
};

function defaultJob(job: Job): void {
  job.spec ??= {} as JobSpec;
  const spec: Partial<JobSpec> = job.spec;
  spec.template = defaultPodTemplate(spec.template);
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : unlimited;
  const labels = spec.template?.metadata?.labels;
  if (labels !== undefined && Object.keys(job.metadata?.labels ?? {}).length === 0)
    // The very same labels: those that the server gives the template are the job's as well.
    job.metadata = { ...job.metadata, labels };
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  defaultPatterns(spec);
  spec.podReplacementPolicy ??= spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed';
  spec.manualSelector ??= false;
}

function defaultPatterns(spec: Partial<JobSpec>): void {
  for (const rule of spec.podFailurePolicy?.rules ?? []) {
    for (const pattern of rule.onPodConditions ?? []) pattern.status ||= 'True';
  }
}

/** The jobs of a CronJob get their own defaults when they are made. */
function defaultCronJob(job: CronJob): void {
  job.spec ??= {} as CronJobSpec;
  const spec: Partial<CronJobSpec> = job.spec;
  spec.jobTemplate ??= {};
  spec.jobTemplate.metadata ??= {};
  spec.jobTemplate.spec ??= {} as JobSpec;
  const template: Partial<JobSpec> = spec.jobTemplate.spec;
  template.template = defaultPodTemplate(template.template);
  defaultPatterns(template);
  spec.concurrencyPolicy ||= 'Allow';
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
}
