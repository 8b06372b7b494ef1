import type { Lease } from '../../api/generated/types/coordination/v1.ts';
import type { Node, NodeCondition, Taint } from '../../api/generated/types/core/v1.ts';
import { formatTime } from '../../simulation/clock.ts';
import { notReadyTaint, unreachableTaint } from '../common/taints.ts';

/** How long a node may say nothing before it counts as lost, in milliseconds. */
export const gracePeriod = 50_000;
/** The same for a node that has never said anything. */
export const startupGracePeriod = 60_000;

/** When a node was last heard of, and by what it is known that it was. */
export interface Heartbeat {
  /** By this controller's own clock: nodes' clocks may be wrong. */
  readonly at: number;
  readonly signs: string;
}

/** Takes in the signs of life a node gives: its lease and the heartbeat of its Ready condition. */
export function heard(previous: Heartbeat | undefined, node: Node, lease: Lease | undefined, now: number): Heartbeat {
  const ready = conditionOf(node, 'Ready');
  const signs = JSON.stringify([ready?.lastHeartbeatTime, ready?.status, ready?.lastTransitionTime, lease?.spec?.renewTime]);
  if (previous !== undefined) return previous.signs === signs ? previous : { at: now, signs };
  // A node that has never reported has had its time since it was made.
  return { at: ready === undefined ? Date.parse(node.metadata?.creationTimestamp ?? '') || now : now, signs };
}

/** Whether a node has been silent for too long. */
export function isSilent(node: Node, heartbeat: Heartbeat, now: number): boolean {
  const grace = conditionOf(node, 'Ready') === undefined ? startupGracePeriod : gracePeriod;
  return now > heartbeat.at + grace;
}

export function conditionOf(node: Node, type: string): NodeCondition | undefined {
  return node.status?.conditions?.find((condition) => condition.type === type);
}

/** The conditions of a silent node: nothing is known of it any more. */
export function unknownConditions(node: Node, now: number): NodeCondition[] {
  const time = formatTime(now);
  const conditions = [...(node.status?.conditions ?? [])];
  for (const type of ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']) {
    const index = conditions.findIndex((condition) => condition.type === type);
    const current = conditions[index];
    if (current === undefined) {
      conditions.push({
        type,
        status: 'Unknown',
        reason: 'NodeStatusNeverUpdated',
        message: 'Kubelet never posted node status.',
        lastHeartbeatTime: node.metadata?.creationTimestamp ?? time,
        lastTransitionTime: time,
      });
    } else if (current.status !== 'Unknown') {
      conditions[index] = {
        ...current,
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastTransitionTime: time,
      };
    }
  }
  return conditions;
}

/** The taint that drives pods off a node, when its Ready condition asks for one. */
export function evictionTaint(node: Node): string | undefined {
  const status = conditionOf(node, 'Ready')?.status;
  return status === 'False' ? notReadyTaint : status === 'Unknown' ? unreachableTaint : undefined;
}

const pressureTaints: Readonly<Record<string, string>> = {
  MemoryPressure: 'node.kubernetes.io/memory-pressure',
  DiskPressure: 'node.kubernetes.io/disk-pressure',
  PIDPressure: 'node.kubernetes.io/pid-pressure',
  NetworkUnavailable: 'node.kubernetes.io/network-unavailable',
};
const unschedulableTaint = 'node.kubernetes.io/unschedulable';
const managed = new Set([...Object.values(pressureTaints), unschedulableTaint, notReadyTaint, unreachableTaint]);

/** A node's taints with those that keep new pods away brought in line with its conditions; what others put there stays. */
export function scheduleTaints(node: Node, now: number): Taint[] {
  const keys: string[] = [];
  for (const [type, key] of Object.entries(pressureTaints)) if (conditionOf(node, type)?.status === 'True') keys.push(key);
  const eviction = evictionTaint(node);
  if (eviction !== undefined) keys.push(eviction);
  if (node.spec?.unschedulable === true) keys.push(unschedulableTaint);
  const current = node.spec?.taints ?? [];
  const kept = current.filter((taint) => taint.effect !== 'NoSchedule' || !managed.has(taint.key) || keys.includes(taint.key));
  const missing = keys.filter((key) => !kept.some((taint) => taint.key === key && taint.effect === 'NoSchedule'));
  return [...kept, ...missing.map((key) => ({ key, effect: 'NoSchedule', timeAdded: formatTime(now) }))];
}

/** A node's taints with the one that drives pods off set to `key`, or taken away. */
export function executeTaints(node: Node, key: string | undefined, now: number): Taint[] {
  const kept = (node.spec?.taints ?? []).filter(
    (taint) => taint.effect !== 'NoExecute' || (taint.key !== notReadyTaint && taint.key !== unreachableTaint) || taint.key === key,
  );
  if (key === undefined || kept.some((taint) => taint.key === key && taint.effect === 'NoExecute')) return kept;
  return [...kept, { key, effect: 'NoExecute', timeAdded: formatTime(now) }];
}
