import { jsonEqual } from '../../api/equality.ts';
import type { Node, Pod, Taint } from '../../api/generated/types/core/v1.ts';
import { isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { keyOf, nameOf, namespaceOf, splitKey, uidOf } from '../../client/object-key.ts';
import { nodes, pods } from '../../client/resources.ts';
import { formatTime } from '../../simulation/clock.ts';
import { type Controller, type ControllerContext, queueFor, recorderFor } from '../common/context.ts';
import { withPodCondition } from '../common/pods.ts';
import { tolerates } from '../common/taints.ts';

const name = 'taint-eviction-controller';

/** Deletes pods that do not, or no longer, tolerate the NoExecute taints of their node; after `pkg/controller/tainteviction` of Kubernetes. */
export function createTaintEvictionController(context: ControllerContext): Controller {
  const { client, informers, clock, log } = context;
  const nodeInformer = informers.for(nodes);
  const podInformer = informers.for(pods);
  podInformer.addIndex('node', (pod) => (pod.spec?.nodeName === undefined ? [] : [pod.spec.nodeName]));
  const recorder = recorderFor(context, name);
  const resource = client.resource(pods);
  const queue = queueFor(context, 'noexec_taint_pod');
  /** Since when a pod has been under taints that it tolerates for a time, and until when, in milliseconds. */
  const marked = new Map<string, { readonly uid: string; readonly since: number; readonly until: number }>();

  const nodeChanged = (node: Node) => {
    for (const pod of podInformer.lister.byIndex('node', nameOf(node))) queue.add(keyOf(pod));
  };
  nodeInformer.on({
    added: nodeChanged,
    updated(node, previous) {
      if (!jsonEqual(executeTaintsOf(node), executeTaintsOf(previous))) nodeChanged(node);
    },
  });
  podInformer.on({
    added: (pod) => queue.add(keyOf(pod)),
    updated(pod, previous) {
      if (pod.spec?.nodeName !== previous.spec?.nodeName || !jsonEqual(pod.spec?.tolerations, previous.spec?.tolerations))
        queue.add(keyOf(pod));
    },
    deleted: (pod) => void marked.delete(keyOf(pod)),
  });

  const cancel = (key: string, pod: Pod) => {
    if (!marked.delete(key)) return;
    recorder.event(pod, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`);
  };

  const reconcile = async (key: string) => {
    const { namespace, name: podName } = splitKey(key);
    const pod = podInformer.lister.get(namespace, podName);
    if (pod === undefined || pod.metadata?.deletionTimestamp !== undefined) return;
    const node = nodeInformer.lister.get('', pod.spec?.nodeName ?? '');
    const taints = node === undefined ? [] : executeTaintsOf(node);
    if (taints.length === 0) {
      cancel(key, pod);
      return;
    }
    const tolerance = toleranceOf(pod, taints);
    if (tolerance === Number.POSITIVE_INFINITY) {
      cancel(key, pod);
      return;
    }
    const now = clock.now();
    const mark = marked.get(key);
    const since = mark?.uid === uidOf(pod) ? mark.since : now;
    const until = since + tolerance;
    if (until > now) {
      marked.set(key, { uid: uidOf(pod), since, until });
      queue.addAfter(key, until - now);
      return;
    }
    await evict(pod);
    marked.delete(key);
  };

  const evict = async (pod: Pod) => {
    recorder.event(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${keyOf(pod)}`);
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
    };
    try {
      await resource.update(withPodCondition(pod, condition, formatTime(clock.now())), 'status');
      await resource.delete(nameOf(pod), namespaceOf(pod), { preconditions: { uid: uidOf(pod) } });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  };

  return {
    name,
    async run(signal) {
      await Promise.all([nodeInformer.synced(), podInformer.synced()]);
      await runController({ name, queue, workers: 8, reconcile, signal, log });
    },
  };
}

function executeTaintsOf(node: Node): Taint[] {
  return (node.spec?.taints ?? []).filter((taint) => taint.effect === 'NoExecute');
}

/** How long a pod may stay under taints, in milliseconds: the shortest of the times its tolerations give, none for a taint it does not tolerate. */
function toleranceOf(pod: Pod, taints: readonly Taint[]): number {
  const used = new Set(taints.map((taint) => pod.spec?.tolerations?.find((toleration) => tolerates(toleration, taint))));
  let shortest = Number.POSITIVE_INFINITY;
  for (const toleration of used) {
    if (toleration === undefined) return 0;
    const seconds = toleration.tolerationSeconds;
    if (seconds !== undefined) shortest = Math.min(shortest, Math.max(0, seconds) * 1000);
  }
  return shortest;
}
