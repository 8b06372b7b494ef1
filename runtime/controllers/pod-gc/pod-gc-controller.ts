import type { Node, Pod, PodCondition } from '../../api/generated/types/core/v1.ts';
import { isReason } from '../../client/client.ts';
import { nameOf, namespaceOf, uidOf } from '../../client/object-key.ts';
import { nodes, pods } from '../../client/resources.ts';
import { formatTime } from '../../simulation/clock.ts';
import type { Controller, ControllerContext } from '../common/context.ts';
import { isPodTerminal, isPodTerminating, withPodCondition } from '../common/pods.ts';
import { hasTaint, outOfServiceTaint } from '../common/taints.ts';

const name = 'pod-garbage-collector-controller';
const period = 20_000;
/** How long a node must have been missing before its pods are given up, in milliseconds: the cache may be behind. */
const quarantine = 40_000;
/** More pods than this that have ended are deleted, the oldest first. */
const terminatedThreshold = 12_500;

/** Deletes pods that nobody else will: of nodes that are gone, of nodes out of service, never scheduled, or long ended; after `pkg/controller/podgc` of Kubernetes. */
export function createPodGarbageCollector(context: ControllerContext): Controller {
  const { client, informers, clock, log } = context;
  const podInformer = informers.for(pods);
  const nodeInformer = informers.for(nodes);
  const resource = client.resource(pods);
  const missingSince = new Map<string, number>();

  /** Marks a pod that had not ended as failed, says why, and deletes it without grace. */
  const giveUp = async (pod: Pod, reason?: Pick<PodCondition, 'reason' | 'message'>) => {
    try {
      let last = pod;
      if (!isPodTerminal(pod)) {
        const now = formatTime(clock.now());
        const disrupted = reason === undefined ? pod : withPodCondition(pod, { type: 'DisruptionTarget', status: 'True', ...reason }, now);
        const conditions = (disrupted.status?.conditions ?? []).map((condition) => ({ ...condition }));
        const body = { metadata: { uid: uidOf(pod) }, status: { phase: 'Failed', conditions } };
        last = await resource.patch(nameOf(pod), namespaceOf(pod), { type: 'strategic', body }, 'status');
      }
      await resource.delete(nameOf(last), namespaceOf(last), { gracePeriodSeconds: 0, preconditions: { uid: uidOf(pod) } });
    } catch (error) {
      if (!isReason(error, 'NotFound')) log.warn(`${name}: ${namespaceOf(pod)}/${nameOf(pod)}`, error);
    }
  };

  const collectTerminated = async (all: readonly Pod[]) => {
    const ended = all.filter(isPodTerminal);
    const excess = ended.length - terminatedThreshold;
    if (excess <= 0) return;
    const oldest = ended.sort((left, right) =>
      (left.metadata?.creationTimestamp ?? '') < (right.metadata?.creationTimestamp ?? '') ? -1 : 1,
    );
    for (const pod of oldest.slice(0, excess)) await giveUp(pod);
  };

  const collectOfMissingNodes = async (all: readonly Pod[]) => {
    const now = clock.now();
    const wanted = new Set(all.map((pod) => pod.spec?.nodeName ?? '').filter((nodeName) => nodeName !== ''));
    for (const nodeName of missingSince.keys()) {
      if (!wanted.has(nodeName) || nodeInformer.lister.get('', nodeName) !== undefined) missingSince.delete(nodeName);
    }
    for (const nodeName of wanted) {
      if (nodeInformer.lister.get('', nodeName) !== undefined) continue;
      const since = missingSince.get(nodeName) ?? now;
      missingSince.set(nodeName, since);
      if (now - since < quarantine || !(await isGone(nodeName))) continue;
      for (const pod of all) {
        if (pod.spec?.nodeName === nodeName) await giveUp(pod, { reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' });
      }
    }
  };

  const isGone = async (nodeName: string) => {
    try {
      await client.resource(nodes).get(nodeName);
      return false;
    } catch (error) {
      return isReason(error, 'NotFound');
    }
  };

  const collectTerminating = async (all: readonly Pod[]) => {
    for (const pod of all) {
      if (!isPodTerminating(pod)) continue;
      const nodeName = pod.spec?.nodeName ?? '';
      const node = nodeInformer.lister.get('', nodeName);
      if (nodeName === '') await giveUp(pod);
      else if (node !== undefined && isOutOfService(node)) await giveUp(pod);
    }
  };

  return {
    name,
    async run(signal) {
      await Promise.all([podInformer.synced(), nodeInformer.synced()]);
      while (!signal.aborted) {
        await clock.sleep(period, signal);
        if (signal.aborted) return;
        const all = podInformer.lister.list();
        await collectTerminated(all);
        await collectOfMissingNodes(all);
        await collectTerminating(all);
      }
    },
  };
}

/** Whether a person has declared a node that is not ready to be off for good. */
function isOutOfService(node: Node): boolean {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready')?.status === 'True';
  return !ready && (hasTaint(node, outOfServiceTaint, 'NoExecute') || hasTaint(node, outOfServiceTaint, 'NoSchedule'));
}
