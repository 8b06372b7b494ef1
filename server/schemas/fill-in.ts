import type { ObjectMeta } from '../../runtime/api/generated/types/meta/v1.ts';
import type { KubeObject } from '../../runtime/api/object.ts';

/** What stands for an identity that only a cluster gives. */
const uid = '00000000-0000-0000-0000-000000000000';

/** What stands for a port that only a cluster gives. */
const anyNodePort = 30000;

interface JobLike {
  metadata?: ObjectMeta;
  spec?: { manualSelector?: boolean; selector?: unknown; template?: { metadata?: ObjectMeta } };
}

interface ServiceLike {
  metadata?: ObjectMeta;
  spec?: { type?: string; clusterIP?: string; clusterIPs?: string[]; externalTrafficPolicy?: string; healthCheckNodePort?: number };
}

interface PodLike {
  metadata?: ObjectMeta;
  spec?: { serviceAccountName?: string; serviceAccount?: string };
}

interface DefinitionLike {
  spec?: { versions?: readonly { name?: string; storage?: boolean }[] };
  status?: unknown;
}

/**
 * Gives an object what the API server gives it between decoding and validation, so that its absence is not held against the manifest:
 * a name made from `generateName`, a namespace, a uid, no status but a definition's stored version, a Job's own selector, the account of a
 * Pod, and for a Service the port of its health check and the second writing of its address.
 */
export function fillIn(
  object: KubeObject & { status?: unknown },
  kind: { readonly group: string; readonly kind: string },
  namespaced: boolean,
): void {
  const metadata: ObjectMeta = object.metadata ?? {};
  object.metadata = metadata;
  metadata.name ||= metadata.generateName ? `${metadata.generateName}00000` : 'name';
  metadata.uid = uid;
  if (namespaced) metadata.namespace ||= 'default';
  else delete metadata.namespace;
  delete object.status;
  if (kind.group === 'batch' && kind.kind === 'Job') selectOwnPods(object);
  if (kind.group === '' && kind.kind === 'Service') allocate(object);
  if (kind.group === '' && kind.kind === 'Pod') giveAccount(object);
  if (kind.kind === 'CustomResourceDefinition') rememberStorage(object);
}

/** The version that a new definition stores its objects in is the one it has stored. */
function rememberStorage(object: DefinitionLike): void {
  const stored = object.spec?.versions?.find(({ storage }) => storage)?.name;
  object.status = { storedVersions: stored === undefined ? [] : [stored] };
}

/** `clusterIPs` says again what `clusterIP` says, and a port is taken for the health check of a load balancer that keeps to its nodes. */
function allocate({ spec }: ServiceLike): void {
  if (!spec) return;
  if (spec.clusterIP) spec.clusterIPs ??= [spec.clusterIP];
  if (spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local') spec.healthCheckNodePort ||= anyNodePort;
}

/** Pods without an account get the one that every namespace has. */
function giveAccount({ spec }: PodLike): void {
  if (spec) spec.serviceAccountName ||= spec.serviceAccount || 'default';
}

/** A Job selects its pods by its uid, unless it says that it knows better. */
function selectOwnPods(job: JobLike): void {
  job.spec ??= {};
  const { metadata, spec } = job;
  if (spec.manualSelector === true) return;
  const labels = { 'batch.kubernetes.io/controller-uid': uid, 'controller-uid': uid };
  const names = { 'batch.kubernetes.io/job-name': metadata?.name ?? '', 'job-name': metadata?.name ?? '' };
  spec.selector ??= { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
  spec.template ??= {};
  spec.template.metadata = { ...spec.template.metadata, labels: { ...spec.template.metadata?.labels, ...labels, ...names } };
}
