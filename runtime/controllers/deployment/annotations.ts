import { jsonEqual } from '../../api/equality.ts';
import type { Deployment, ReplicaSet } from '../../api/generated/types/apps/v1.ts';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const revisionHistoryAnnotation = 'deployment.kubernetes.io/revision-history';
const desiredReplicasAnnotation = 'deployment.kubernetes.io/desired-replicas';
const maxReplicasAnnotation = 'deployment.kubernetes.io/max-replicas';

/** Longest history of revisions kept on a replica set, in characters. */
const revisionHistoryLength = 2000;

/** What a replica set does not take over from its deployment. */
const ownAnnotations = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  revisionHistoryAnnotation,
  desiredReplicasAnnotation,
  maxReplicasAnnotation,
  'deprecated.deployment.rollback.to',
]);

/** The number of a replica set's revision; 0 when it has none that can be read. */
export function revisionOf(set: ReplicaSet): number {
  const text = set.metadata?.annotations?.[revisionAnnotation] ?? '';
  return /^\d+$/.test(text) ? Number(text) : 0;
}

/** How many replicas the deployment wanted when the set was last scaled. */
export function desiredReplicasOf(set: ReplicaSet): number | undefined {
  return numberAnnotation(set, desiredReplicasAnnotation);
}

/** How many pods the deployment allowed in all when the set was last scaled. */
export function maxReplicasOf(set: ReplicaSet): number | undefined {
  return numberAnnotation(set, maxReplicasAnnotation);
}

function numberAnnotation(set: ReplicaSet, name: string): number | undefined {
  const text = set.metadata?.annotations?.[name];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The annotations of a set that was scaled for a deployment of this size. */
export function withReplicas(
  annotations: Readonly<Record<string, string>> | undefined,
  desired: number,
  max: number,
): Record<string, string> {
  return { ...annotations, [desiredReplicasAnnotation]: String(desired), [maxReplicasAnnotation]: String(max) };
}

/** The annotations of the set that carries a deployment's template as this revision; earlier revisions it stood for go into its history. */
export function withRevision(deployment: Deployment, set: ReplicaSet, revision: number): Record<string, string> {
  const annotations: Record<string, string> = { ...set.metadata?.annotations };
  for (const [name, value] of Object.entries(deployment.metadata?.annotations ?? {}))
    if (!ownAnnotations.has(name)) annotations[name] = value;
  const old = annotations[revisionAnnotation];
  if (revisionOf(set) >= revision) return annotations;
  annotations[revisionAnnotation] = String(revision);
  if (old === undefined) return annotations;
  const history = (annotations[revisionHistoryAnnotation] ?? '').split(',').filter((entry) => entry !== '');
  history.push(old);
  while (history.join(',').length > revisionHistoryLength) history.shift();
  annotations[revisionHistoryAnnotation] = history.join(',');
  return annotations;
}

export function sameAnnotations(set: ReplicaSet, annotations: Readonly<Record<string, string>>): boolean {
  return jsonEqual(set.metadata?.annotations ?? {}, annotations);
}
