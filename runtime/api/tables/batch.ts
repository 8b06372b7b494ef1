import type { CronJob, Job } from '../generated/types/batch/v1.ts';
import { booleanCell, conditionStatus, containerCells, containerColumns, selectorCell } from './cells.ts';
import { humanDuration, since } from './human-duration.ts';
import { ageColumn, ageOf, column, documented, nameColumn, nameOf, type Printers, printer, wide } from './printer.ts';

const selectorColumn = wide('Selector', documented('batch.v1.JobSpec', 'selector'));

function jobStatus(job: Job): string {
  const holds = (type: string) => conditionStatus(job.status?.conditions, type) === 'True';
  if (holds('Complete')) return 'Complete';
  if (holds('Failed')) return 'Failed';
  if (job.metadata?.deletionTimestamp !== undefined) return 'Terminating';
  if (holds('Suspended')) return 'Suspended';
  if (holds('FailureTarget')) return 'FailureTarget';
  return holds('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
}

function completions(job: Job): string {
  const succeeded = job.status?.succeeded ?? 0;
  if (job.spec?.completions !== undefined) return `${succeeded}/${job.spec.completions}`;
  const parallelism = job.spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: Job, now: number): string {
  const started = job.status?.startTime;
  if (started === undefined) return '';
  const ended = job.status?.completionTime;
  return humanDuration((ended === undefined ? now : Date.parse(ended)) - Date.parse(started));
}

export const batchPrinters: Printers = {
  Job: printer<Job>(
    [
      nameColumn,
      column('Status', 'Status of the job.'),
      column('Completions', documented('batch.v1.JobStatus', 'succeeded')),
      column('Duration', 'Time required to complete the job.'),
      ageColumn,
      ...containerColumns,
      selectorColumn,
    ],
    (job, now) => [
      nameOf(job),
      jobStatus(job),
      completions(job),
      jobDuration(job, now),
      ageOf(job, now),
      ...containerCells(job.spec?.template.spec?.containers),
      selectorCell(job.spec?.selector),
    ],
  ),
  CronJob: printer<CronJob>(
    [
      nameColumn,
      column('Schedule', documented('batch.v1.CronJobSpec', 'schedule')),
      column('Timezone', documented('batch.v1.CronJobSpec', 'timeZone')),
      column('Suspend', documented('batch.v1.CronJobSpec', 'suspend'), 'boolean'),
      column('Active', documented('batch.v1.CronJobStatus', 'active'), 'integer'),
      column('Last Schedule', documented('batch.v1.CronJobStatus', 'lastScheduleTime')),
      ageColumn,
      ...containerColumns,
      selectorColumn,
    ],
    (object, now) => {
      const last = object.status?.lastScheduleTime;
      return [
        nameOf(object),
        object.spec?.schedule ?? '',
        object.spec?.timeZone ?? '<none>',
        booleanCell(object.spec?.suspend),
        object.status?.active?.length ?? 0,
        last === undefined ? '<none>' : since(last, now),
        ageOf(object, now),
        ...containerCells(object.spec?.jobTemplate.spec?.template.spec?.containers),
        selectorCell(object.spec?.jobTemplate.spec?.selector),
      ];
    },
  ),
};
