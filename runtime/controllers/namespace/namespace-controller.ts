import { jsonEqual } from '../../api/equality.ts';
import type { Namespace } from '../../api/generated/types/core/v1.ts';
import { isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { answer, clusterUrl } from '../../client/http-client.ts';
import { nameOf, namespaceOf, uidOf } from '../../client/object-key.ts';
import { namespaces, pods } from '../../client/resources.ts';
import { formatTime } from '../../simulation/clock.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';
import { deletionConditions } from './conditions.ts';
import { deleteContent } from './namespace-content.ts';

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

  const finalize = async (namespace: Namespace) => {
    const finalizers = (namespace.spec?.finalizers ?? []).filter((other) => other !== finalizer);
    const body = JSON.stringify({ ...namespace, apiVersion: 'v1', kind: 'Namespace', spec: { ...namespace.spec, finalizers } });
    const url = `${clusterUrl}/api/v1/namespaces/${nameOf(namespace)}/finalize`;
    await answer(await client.transport(new Request(url, { method: 'PUT', body, headers: { 'content-type': 'application/json' } })));
  };

  const reconcile = async (key: string) => {
    const cached = informer.lister.get('', key);
    if (cached === undefined || !isDeleting(cached)) return;
    try {
      let namespace = await resource.get(key);
      if (uidOf(namespace) !== uidOf(cached) || !namespace.spec?.finalizers?.includes(finalizer)) return;
      const report = await deleteContent(client, key);
      const conditions = deletionConditions(namespace.status?.conditions ?? [], report, formatTime(clock.now()));
      if (namespace.status?.phase !== 'Terminating' || !jsonEqual(conditions, namespace.status.conditions)) {
        namespace = await resource.update({ ...namespace, status: { ...namespace.status, phase: 'Terminating', conditions } }, 'status');
      }
      const failures = [...report.deletionFailures, ...(report.discoveryFailure === undefined ? [] : [report.discoveryFailure])];
      if (failures.length > 0) throw new Error(failures.join(', '));
      if (report.remaining.size === 0) await finalize(namespace);
      else if (report.estimate > 0) queue.addAfter(key, (report.estimate / 2 + 1) * 1000);
      else throw new Error(`content remains: ${[...report.remaining.keys()].join(', ')}`);
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
