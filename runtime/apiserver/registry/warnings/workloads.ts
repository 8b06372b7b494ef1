import type { StatefulSet } from '../../../api/generated/types/apps/v1.ts';
import type { CronJob, Job, JobSpec } from '../../../api/generated/types/batch/v1.ts';
import type { PodTemplate, PodTemplateSpec } from '../../../api/generated/types/core/v1.ts';
import type { ObjectMeta } from '../../../api/generated/types/meta/v1.ts';
import { Path } from '../../../api/validation/path.ts';
import { claimWarnings } from './pod-volumes.ts';
import { podTemplateWarnings, podWarnings, workloadNameWarnings } from './pods.ts';
import type { Warn } from './warn.ts';

/** What is odd about a workload, though allowed. Follows the `WarningsOnCreate` and `WarningsOnUpdate` of `pkg/registry`. */

interface Workload {
  readonly metadata?: ObjectMeta;
  readonly spec?: { readonly template?: PodTemplateSpec };
}

const specPath = Path.of('spec');
const templatePath = specPath.child('template');

/** Only a change of the specification is looked at again. */
function isSame(object: { readonly metadata?: ObjectMeta }, old: { readonly metadata?: ObjectMeta } | undefined): boolean {
  return old !== undefined && object.metadata?.generation === old.metadata?.generation;
}

/** Of a Deployment, a ReplicaSet or a ReplicationController. */
function namedWorkloadWarnings(workload: Workload, old: Workload | undefined): string[] {
  if (isSame(workload, old)) return [];
  const ofName = old === undefined ? workloadNameWarnings(workload.metadata?.name ?? '') : [];
  return [...ofName, ...podTemplateWarnings(workload.spec?.template, templatePath)];
}

/** Of a DaemonSet, whose name its pods do not make a hostname of. */
function daemonSetWarnings(workload: Workload, old: Workload | undefined): string[] {
  return isSame(workload, old) ? [] : podTemplateWarnings(workload.spec?.template, templatePath);
}

function statefulSetWarnings(set: StatefulSet, old: StatefulSet | undefined): string[] {
  const { volumeClaimTemplates = [], revisionHistoryLimit = 0 } = set.spec ?? {};
  const claims = volumeClaimTemplates.flatMap(({ spec }, index) => {
    const at = specPath.child('volumeClaimTemplates').index(index);
    // The letters of the path are upstream's.
    return claimWarnings(spec, old === undefined ? at : at.child('Spec'));
  });
  const limit = 'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended';
  return [...daemonSetWarnings(set, old), ...claims, ...(revisionHistoryLimit < 0 ? [limit] : [])];
}

function podTemplateObjectWarnings(object: PodTemplate, old: PodTemplate | undefined): string[] {
  return isSame(object, old) ? [] : podTemplateWarnings(object.template, Path.of('template'));
}

const manyCompletions = 100_000;
const manyAtATime = 10_000;

function jobSpecWarnings(spec: Partial<JobSpec>, path: Path): string[] {
  const { completionMode, completions = 0, parallelism = 0, template } = spec;
  const warnings: string[] = [];
  if (completionMode === 'Indexed' && completions > manyCompletions && parallelism > manyAtATime) {
    warnings.push(
      `${path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`,
    );
  }
  return [...warnings, ...podTemplateWarnings(template, path.child('template'))];
}

function jobWarnings(job: Job, old: Job | undefined): string[] {
  if (isSame(job, old)) return [];
  return [...(old === undefined ? workloadNameWarnings(job.metadata?.name ?? '') : []), ...jobSpecWarnings(job.spec ?? {}, specPath)];
}

function cronJobWarnings(job: CronJob, old: CronJob | undefined): string[] {
  const warnings = isSame(job, old) ? [] : jobSpecWarnings(job.spec?.jobTemplate?.spec ?? {}, specPath.child('jobTemplate', 'spec'));
  if (old === undefined) return [...workloadNameWarnings(job.metadata?.name ?? ''), ...warnings];
  // The path, the word twice in it, is upstream's.
  if (job.spec?.schedule.includes('TZ') === true) {
    warnings.push(
      'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
    );
  }
  return warnings;
}

export const workloadWarnings: Readonly<Record<string, Warn>> = {
  // Few look at what a change of a pod answers.
  '/pods': (pod, old) => (old === undefined ? podWarnings(pod) : []),
  '/podtemplates': podTemplateObjectWarnings,
  '/replicationcontrollers': namedWorkloadWarnings,
  'apps/deployments': namedWorkloadWarnings,
  'apps/replicasets': namedWorkloadWarnings,
  'apps/daemonsets': daemonSetWarnings,
  'apps/statefulsets': statefulSetWarnings,
  'batch/jobs': jobWarnings,
  'batch/cronjobs': cronJobWarnings,
};
