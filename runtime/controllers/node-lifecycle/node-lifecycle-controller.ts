import { jsonEqual } from '../../api/equality.ts';
import type { Node, Pod, Taint } from '../../api/generated/types/core/v1.ts';
import { isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { nameOf } from '../../client/object-key.ts';
import { leases, nodes, pods } from '../../client/resources.ts';
import { formatTime } from '../../simulation/clock.ts';
import { type Controller, type ControllerContext, queueFor, recorderFor } from '../common/context.ts';
import { isPodReady, withPodCondition } from '../common/pods.ts';
import {
  conditionOf,
  evictionTaint,
  executeTaints,
  type Heartbeat,
  heard,
  isSilent,
  scheduleTaints,
  unknownConditions,
} from './node-health.ts';
import { evictionRates, zoneKey } from './zones.ts';

const name = 'node-lifecycle-controller';
const leaseNamespace = 'kube-node-lease';
/** How often nodes are looked at, in milliseconds. */
const monitorPeriod = 5_000;

/** Notices nodes that fall silent, says so in their conditions and taints and on their pods; after `pkg/controller/nodelifecycle` of Kubernetes. */
export function createNodeLifecycleController(context: ControllerContext): Controller {
  const { client, informers, clock, log } = context;
  const nodeInformer = informers.for(nodes);
  const leaseInformer = informers.for(leases);
  const podInformer = informers.for(pods);
  podInformer.addIndex('node', (pod) => (pod.spec?.nodeName === undefined ? [] : [pod.spec.nodeName]));
  const recorder = recorderFor(context, 'node-controller');
  const nodeResource = client.resource(nodes);
  const queue = queueFor(context, 'node_lifecycle_controller');
  const heartbeats = new Map<string, Heartbeat>();
  const known = new Map<string, Node>();
  /** Nodes whose pods have been told that they are not ready. */
  const told = new Set<string>();
  /** When the next node of a zone may be tainted. */
  const nextEviction = new Map<string, number>();
  let lastLook = clock.now();

  nodeInformer.on({
    added: (node) => queue.add(nameOf(node)),
    updated: (node) => queue.add(nameOf(node)),
  });
  podInformer.on({
    updated(pod, previous) {
      // A pod that is bound to a lost node, or reports ready from one, is told at the next look.
      if (pod.spec?.nodeName !== previous.spec?.nodeName || isPodReady(pod) !== isPodReady(previous)) told.delete(pod.spec?.nodeName ?? '');
    },
  });

  const setTaints = async (node: Node, taints: Taint[]) => {
    if (jsonEqual(node.spec?.taints ?? [], taints)) return;
    const body = {
      metadata: { resourceVersion: node.metadata?.resourceVersion ?? '' },
      spec: { taints: taints.length === 0 ? null : taints.map((taint) => ({ ...taint })) },
    };
    await nodeResource.patch(nameOf(node), undefined, { type: 'merge', body });
  };

  /** Keeps new pods away as soon as a node's conditions say so. */
  const reconcile = async (key: string) => {
    const node = nodeInformer.lister.get('', key);
    if (node === undefined) return;
    try {
      await setTaints(node, scheduleTaints(node, clock.now()));
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  };

  const nodeEvent = (node: Node, reason: string, message: string) =>
    recorder.event({ apiVersion: 'v1', kind: 'Node', metadata: node.metadata ?? {} }, 'Normal', reason, message);

  /** Greets nodes that have come and forgets those that have gone. */
  const roll = (present: readonly Node[]) => {
    const names = new Set(present.map(nameOf));
    for (const [nodeName, node] of known) {
      if (names.has(nodeName)) continue;
      nodeEvent(node, 'RemovingNode', `Node ${nodeName} event: Removing Node ${nodeName} from Controller`);
      known.delete(nodeName);
      heartbeats.delete(nodeName);
      told.delete(nodeName);
    }
    for (const node of present) {
      const nodeName = nameOf(node);
      if (!known.has(nodeName)) nodeEvent(node, 'RegisteredNode', `Node ${nodeName} event: Registered Node ${nodeName} in Controller`);
      known.set(nodeName, node);
    }
  };

  /** Looks whether a node is still heard of; gives it as it stands afterwards. */
  const check = async (node: Node): Promise<Node> => {
    const nodeName = nameOf(node);
    const now = clock.now();
    const heartbeat = heard(heartbeats.get(nodeName), node, leaseInformer.lister.get(leaseNamespace, nodeName), now);
    heartbeats.set(nodeName, heartbeat);
    if (!isSilent(node, heartbeat, now)) return node;
    const conditions = unknownConditions(node, now);
    if (jsonEqual(conditions, node.status?.conditions)) return node;
    const updated = await nodeResource.update({ ...node, status: { ...node.status, conditions } }, 'status');
    // What this controller writes is no sign of life.
    heartbeats.set(nodeName, { ...heard(undefined, updated, leaseInformer.lister.get(leaseNamespace, nodeName), now), at: heartbeat.at });
    return updated;
  };

  const tellPods = async (node: Node) => {
    const nodeName = nameOf(node);
    if (conditionOf(node, 'Ready')?.status === 'True') {
      told.delete(nodeName);
      return;
    }
    if (conditionOf(node, 'Ready') === undefined || told.has(nodeName)) return;
    told.add(nodeName);
    nodeEvent(node, 'NodeNotReady', `Node ${nodeName} status is now: NodeNotReady`);
    for (const pod of podInformer.lister.byIndex('node', nodeName)) {
      try {
        await markNotReady(pod);
      } catch (error) {
        told.delete(nodeName);
        throw error;
      }
    }
  };

  const markNotReady = async (pod: Pod) => {
    if (!isPodReady(pod)) return;
    const next = withPodCondition(pod, { ...conditionWithoutTime(pod), status: 'False' }, formatTime(clock.now()));
    try {
      await client.resource(pods).update(next, 'status');
    } catch (error) {
      if (isReason(error, 'NotFound')) return;
      throw error;
    }
    recorder.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
  };

  /** Drives pods off lost nodes, zone by zone at the rate allowed, and lets them be where a node is back. */
  const evict = async (all: readonly Node[]) => {
    const rates = evictionRates(all);
    const now = clock.now();
    for (const node of all) {
      const key = evictionTaint(node);
      const zone = zoneKey(node);
      const wanted = executeTaints(node, rates === undefined ? undefined : key, now);
      if (jsonEqual(wanted, node.spec?.taints ?? [])) continue;
      const adds = wanted.length > (node.spec?.taints ?? []).length;
      if (adds) {
        const rate = rates?.get(zone) ?? 0;
        if (rate === 0 || now < (nextEviction.get(zone) ?? 0)) continue;
        nextEviction.set(zone, now + 1000 / rate);
      }
      await quietly(node, () => setTaints(node, wanted));
    }
  };

  /** One node's trouble must not keep the others from being looked at. */
  const quietly = async (node: Node, run: () => Promise<void>) => {
    try {
      await run();
    } catch (error) {
      if (isReason(error, 'Conflict') || isReason(error, 'NotFound')) queue.add(nameOf(node));
      else log.warn(`${name}: ${nameOf(node)}`, error);
    }
  };

  /** While the machine slept, nodes could not be heard; that time is not held against them. */
  const forgiveSleep = () => {
    const now = clock.now();
    const slept = now - lastLook - monitorPeriod;
    lastLook = now;
    if (slept < monitorPeriod) return;
    for (const [nodeName, { at, signs }] of heartbeats) heartbeats.set(nodeName, { at: at + slept, signs });
  };

  const monitor = async () => {
    forgiveSleep();
    const present = nodeInformer.lister.list();
    roll(present);
    const checked: Node[] = [];
    for (const node of present) {
      let current = node;
      await quietly(node, async () => {
        current = await check(node);
        await tellPods(current);
      });
      checked.push(current);
    }
    await evict(checked);
  };

  return {
    name,
    async run(signal) {
      await Promise.all([nodeInformer.synced(), leaseInformer.synced(), podInformer.synced()]);
      const keepMonitoring = async () => {
        while (!signal.aborted) {
          await monitor();
          await clock.sleep(monitorPeriod, signal);
        }
      };
      await Promise.all([keepMonitoring(), runController({ name, queue, workers: 4, reconcile, signal, log })]);
    },
  };
}

function conditionWithoutTime(pod: Pod) {
  const { lastTransitionTime: _, ...condition } = pod.status?.conditions?.find(({ type }) => type === 'Ready') ?? {
    type: 'Ready',
    status: 'False',
  };
  return condition;
}
