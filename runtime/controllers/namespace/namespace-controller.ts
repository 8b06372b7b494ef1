import { aggregate } from '../../api/aggregate.ts';
import { jsonEqual } from '../../api/equality.ts';
import type { Namespace } from '../../api/generated/types/core/v1.ts';
import { ApiError, isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { answer, clusterUrl } from '../../client/http-client.ts';
import { nameOf, namespaceOf, uidOf } from '../../client/object-key.ts';
import { namespaces, pods } from '../../client/resources.ts';
import { formatTime } from '../../simulation/clock.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';
import { deletionConditions } from './conditions.ts';
import { type ContentReport, deleteContent } from './namespace-content.ts';

const name = 'namespace-controller';
/** How long deletions of pods are gathered before a namespace that waits for them is looked at again, in milliseconds. */
const gatherTime = 500;
/** The finalizer of `spec.finalizers` that stands for a namespace's content. */
const finalizer = 'kubernetes';

/** Empties namespaces that are being deleted and lets them go, after `pkg/controller/namespace` of Kubernetes. */
export function createNamespaceController(context: ControllerContext): Controller {
  const { client, informers, clock, log } = context;
  const informer = informers.for(namespaces);
  const podInformer = informers.for(pods);
  const resource = client.resource(namespaces);
  const queue = queueFor(context, 'namespace', { baseDelay: 5, maxDelay: 60_000 });

  const changed = (namespace: Namespace) => {
    if (isDeleting(namespace)) queue.add(nameOf(namespace));
  };
  informer.on({ added: changed, updated: changed });
  podInformer.on({
    deleted(pod) {
      const namespace = informer.lister.get('', namespaceOf(pod));
      if (namespace !== undefined && isDeleting(namespace)) queue.addAfter(nameOf(namespace), gatherTime);
    },
  });

  /** Updates a namespace, and once more its newest form as long as others come first. Upstream: `retryOnConflictError`. */
  const retried = async (namespace: Namespace, update: (latest: Namespace) => Promise<Namespace>): Promise<Namespace> => {
    for (let latest = namespace; ; ) {
      try {
        return await update(latest);
      } catch (error) {
        if (!isReason(error, 'Conflict')) throw error;
        latest = await resource.get(nameOf(namespace));
        if (uidOf(latest) !== uidOf(namespace)) throw new Error('namespace uid has changed across retries');
      }
    }
  };
  const terminate = async (namespace: Namespace): Promise<Namespace> => {
    if (!isDeleting(namespace) || namespace.status?.phase === 'Terminating') return namespace;
    return resource.update({ ...namespace, status: { ...namespace.status, phase: 'Terminating' } }, 'status');
  };
  const finalize = async ({ metadata, spec }: Namespace): Promise<Namespace> => {
    const finalizers = [...new Set((spec?.finalizers ?? []).filter((other) => other !== finalizer))].sort();
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata, spec: { ...spec, finalizers } });
    const url = `${clusterUrl}/api/v1/namespaces/${metadata?.name ?? ''}/finalize`;
    return answer(await client.transport(new Request(url, { method: 'PUT', body, headers: { 'content-type': 'application/json' } })));
  };
  const tell = async (namespace: Namespace, report: ContentReport) => {
    const conditions = deletionConditions(namespace.status?.conditions ?? [], report, formatTime(clock.now()));
    if (jsonEqual(conditions, namespace.status?.conditions)) return;
    try {
      await resource.update({ ...namespace, status: { ...namespace.status, conditions } }, 'status');
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      log.debug(`the conditions of namespace ${nameOf(namespace)} were not written: ${error.message}`);
    }
  };

  const reconcile = async (key: string) => {
    const cached = informer.lister.get('', key);
    if (cached === undefined || !isDeleting(cached)) return;
    try {
      const namespace = await retried(await resource.get(key), terminate);
      const { deletionTimestamp } = namespace.metadata ?? {};
      if (deletionTimestamp === undefined || (namespace.spec?.finalizers ?? []).length === 0) return;
      const report = await deleteContent(client, key, (clock.now() - Date.parse(deletionTimestamp)) / 1000);
      await tell(namespace, report);
      if (report.errors.length > 0) throw new Error(aggregate(report.errors));
      if (report.estimate > 0) queue.addAfter(key, (Math.floor(report.estimate / 2) + 1) * 1000);
      else await retried(namespace, finalize);
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  };

  return {
    name,
    async run(signal) {
      await Promise.all([informer.synced(), podInformer.synced()]);
      await runController({ name, queue, workers: 10, reconcile, signal, log });
    },
  };
}

function isDeleting(namespace: Namespace): boolean {
  return namespace.metadata?.deletionTimestamp !== undefined;
}
