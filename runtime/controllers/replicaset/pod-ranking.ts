import type { Pod } from '../../api/generated/types/core/v1.ts';
import { isPodReady, readySince } from '../common/pods.ts';

const deletionCostAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
const phaseOrder: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * The `count` pods whose loss hurts least, in upstream's order: unassigned before assigned, pending before running, not ready before
 * ready, lower deletion cost, more siblings on the same node, ready for a shorter time, more restarts, younger.
 * @param related the pods whose spread over nodes counts, those of sibling controllers included
 * @param now milliseconds since the epoch
 */
export function podsToDelete(candidates: readonly Pod[], related: readonly Pod[], count: number, now: number): Pod[] {
  if (count >= candidates.length) return [...candidates];
  const onNode = new Map<string, number>();
  for (const { spec } of related) if (spec?.nodeName !== undefined) onNode.set(spec.nodeName, (onNode.get(spec.nodeName) ?? 0) + 1);
  return candidates
    .map((pod) => rank(pod, onNode.get(pod.spec?.nodeName ?? '') ?? 0, now))
    .sort(compare)
    .slice(0, count)
    .map(({ pod }) => pod);
}

interface Rank {
  readonly pod: Pod;
  /** What is compared number by number, the smaller deleted first. */
  readonly numbers: readonly number[];
  /** Since when it is ready; 0 when it is not. */
  readonly ready: number;
  readonly created: number;
  readonly restarts: number;
  readonly sidecarRestarts: number;
  readonly readyAge: number;
  readonly age: number;
}

function rank(pod: Pod, siblings: number, now: number): Rank {
  const ready = readySince(pod) ?? 0;
  const created = Date.parse(pod.metadata?.creationTimestamp ?? '') || 0;
  const sidecars = new Set(pod.spec?.initContainers?.filter((container) => container.restartPolicy === 'Always').map(({ name }) => name));
  const most = (counts: number[] = []) => Math.max(0, ...counts);
  return {
    pod,
    numbers: [
      (pod.spec?.nodeName ?? '') === '' ? 0 : 1,
      phaseOrder[pod.status?.phase ?? ''] ?? 0,
      isPodReady(pod) ? 1 : 0,
      Number(pod.metadata?.annotations?.[deletionCostAnnotation] ?? 0) || 0,
      -siblings,
    ],
    ready,
    created,
    restarts: most(pod.status?.containerStatuses?.map((status) => status.restartCount)),
    sidecarRestarts: most(pod.status?.initContainerStatuses?.filter(({ name }) => sidecars.has(name)).map((status) => status.restartCount)),
    readyAge: magnitude(now - ready),
    age: magnitude(now - created),
  };
}

/** Ages of the same order of magnitude count as equal, so that not always the youngest have to go. */
function magnitude(ms: number): number {
  return ms > 0 ? Math.floor(Math.log2(ms * 1e6)) : -1;
}

function compare(left: Rank, right: Rank): number {
  for (const [index, number] of left.numbers.entries()) {
    const difference = number - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.ready !== 0 && right.ready !== 0 && left.ready !== right.ready) return left.readyAge - right.readyAge || byUid(left, right);
  if (left.restarts !== right.restarts) return right.restarts - left.restarts;
  if (left.sidecarRestarts !== right.sidecarRestarts) return right.sidecarRestarts - left.sidecarRestarts;
  if (left.created !== right.created) return left.age - right.age || byUid(left, right);
  return 0;
}

function byUid(left: Rank, right: Rank): number {
  return (left.pod.metadata?.uid ?? '') < (right.pod.metadata?.uid ?? '') ? -1 : 1;
}
