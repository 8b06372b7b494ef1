import { t } from '@vscode/l10n';
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../../../runtime/api/generated/types/apps/v1.ts';
import type { Job } from '../../../runtime/api/generated/types/batch/v1.ts';
import type { Condition } from './states.ts';

/** How a workload is, and how many of its pods are. */
export interface WorkloadCondition extends Condition {
  readonly want: number;
  readonly ready: number;
  /** Pods of the newest revision while an older one is still being replaced. */
  readonly updated?: number;
}

/** How a Deployment is; creating while a rollout is on its way. */
export function deploymentState(deployment: Deployment): WorkloadCondition {
  const status = deployment.status ?? {};
  const want = deployment.spec?.replicas ?? 1;
  const counts = { want, ready: status.readyReplicas ?? 0 };
  const condition = (type: string) => status.conditions?.find((candidate) => candidate.type === type);
  const refused = condition('ReplicaFailure');
  if (refused?.status === 'True') return { state: 'failing', ...counts, ...words(refused.reason, refused.message) };
  const progressing = condition('Progressing');
  if (progressing?.status === 'False') return { state: 'failing', ...counts, ...words(progressing.reason, progressing.message) };
  const updated = status.updatedReplicas ?? 0;
  const seen = (status.observedGeneration ?? 0) >= (deployment.metadata?.generation ?? 0);
  if (!seen || updated < want || (status.replicas ?? 0) > updated) return { state: 'creating', ...counts, updated };
  // The controller calls the new ReplicaSet available when the rollout is through; less than wanted after that is a loss.
  const through = progressing === undefined || progressing.reason === 'NewReplicaSetAvailable';
  return through || counts.ready >= want ? settled(counts) : { state: 'creating', ...counts, updated };
}

/** How a StatefulSet is. */
export function statefulSetState(set: StatefulSet): WorkloadCondition {
  const want = set.spec?.replicas ?? 1;
  const counts = { want, ready: set.status?.readyReplicas ?? 0 };
  const rolling = set.status?.updateRevision !== undefined && set.status.updateRevision !== set.status.currentRevision;
  return rolling ? { state: 'creating', ...counts, updated: set.status?.updatedReplicas ?? 0 } : settled(counts);
}

/** How a DaemonSet is: it wants a pod on every node it fits. */
export function daemonSetState(set: DaemonSet): WorkloadCondition {
  const want = set.status?.desiredNumberScheduled ?? 0;
  const counts = { want, ready: set.status?.numberReady ?? 0 };
  const updated = set.status?.updatedNumberScheduled ?? 0;
  return updated < want ? { state: 'creating', ...counts, updated } : settled(counts);
}

/** How a ReplicaSet is. */
export function replicaSetState(set: ReplicaSet): WorkloadCondition {
  const counts = { want: set.spec?.replicas ?? 1, ready: set.status?.readyReplicas ?? 0 };
  const refused = set.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  if (refused?.status === 'True') return { state: 'failing', ...counts, ...words(refused.reason, refused.message) };
  return settled(counts);
}

/** How a Job is; `ready` counts its completions. */
export function jobState(job: Job): WorkloadCondition {
  const counts = { want: job.spec?.completions ?? 1, ready: job.status?.succeeded ?? 0 };
  const done = job.status?.conditions?.find(({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'));
  if (done?.type === 'Complete') return { state: 'succeeded', ...counts };
  if (done !== undefined) return { state: 'failing', ...counts, ...words(done.reason, done.message) };
  return { state: (job.status?.active ?? 0) > 0 ? 'running' : 'creating', ...counts };
}

/** How a workload is, in a few words. */
export function describeWorkload({ state, ready, want, updated, reason }: WorkloadCondition, kind: string): string {
  if (kind === 'Job') return state === 'succeeded' ? t('completed') : (reason ?? t('{0} of {1} completed', ready, want));
  if (want === 0) return kind === 'DaemonSet' ? t('no node needs it') : t('scaled to 0');
  const counts = t('{0} of {1}', ready, want);
  if (reason !== undefined) return `${counts}, ${reason}`;
  return updated === undefined || updated >= want ? counts : t('{0}, rollout {1}/{2}', counts, updated, want);
}

function settled(counts: { readonly want: number; readonly ready: number }): WorkloadCondition {
  if (counts.want === 0) return { state: 'succeeded', ...counts };
  return { state: counts.ready >= counts.want ? 'ready' : 'running', ...counts };
}

function words(reason: string | undefined, message: string | undefined): Pick<Condition, 'reason' | 'message'> {
  return { ...(reason ? { reason } : {}), ...(message ? { message } : {}) };
}
