import type { Node, Pod, TopologySpreadConstraint } from '../../api/generated/types/core/v1.ts';
import { matchesNodeSelection } from '../../api/node-selection.ts';
import { type Requirement, type Selector, selectorFromLabels, selectorOf } from '../../api/selectors/index.ts';
import { readSelector, withRequirements } from '../framework/affinity-terms.ts';
import type { Listers } from '../framework/listers.ts';
import type { NodeInfo, PodMatcher } from '../framework/node-info.ts';
import { toleratesNode } from './taint-toleration.ts';

/** One constraint of a pod's spread, ready to be counted by. */
export interface SpreadConstraint {
  readonly whenUnsatisfiable: string;
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly minDomains: number;
  /** Whether the pod itself is one of those that are spread. */
  readonly selfMatch: boolean;
  /** The pods that are spread; those that are being deleted count no more. */
  readonly matcher: PodMatcher;
  readonly selector: Selector;
  /** Whether pods on the node count. */
  includes(node: Node): boolean;
}

export type WhenUnsatisfiable = 'DoNotSchedule' | 'ScheduleAnyway';

type OwnerListers = Pick<Listers, 'services' | 'replicaSets' | 'replicationControllers' | 'statefulSets'>;

/** How pods of one workload that say nothing about it are spread, if there is a choice. Upstream: `systemDefaultConstraints`. */
const systemDefaults: readonly TopologySpreadConstraint[] = [
  { topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 5 },
];

const cache = new WeakMap<Pod, readonly SpreadConstraint[]>();

/** The pod's own constraints of one kind, read once for each state of the pod. */
export function ownConstraints(pod: Pod, when: WhenUnsatisfiable): readonly SpreadConstraint[] {
  let constraints = cache.get(pod);
  if (!constraints) {
    constraints = (pod.spec?.topologySpreadConstraints ?? []).map((constraint) => {
      const labels = pod.metadata?.labels ?? {};
      const same: Requirement[] = [];
      for (const key of constraint.matchLabelKeys ?? []) {
        const value = labels[key];
        if (value !== undefined) same.push({ key, operator: 'in', values: [value] });
      }
      return read(pod, constraint, withRequirements(readSelector(constraint.labelSelector), same));
    });
    cache.set(pod, constraints);
  }
  return constraints.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === when);
}

/** The constraints that hold for a pod of a Service or a workload when it has none of its own. Upstream: `buildDefaultConstraints`. */
export function defaultConstraints(pod: Pod, listers: OwnerListers): readonly SpreadConstraint[] {
  if (pod.spec?.topologySpreadConstraints?.length) return [];
  const selector = workloadSelector(pod, listers);
  return selector.empty ? [] : systemDefaults.map((constraint) => read(pod, constraint, selector));
}

/** Whether the node has the label of every constraint. */
export function hasAllKeys(node: NodeInfo, constraints: readonly SpreadConstraint[]): boolean {
  return constraints.every(({ topologyKey }) => node.labels[topologyKey] !== undefined);
}

function read(pod: Pod, constraint: TopologySpreadConstraint, selector: Selector): SpreadConstraint {
  const namespace = pod.metadata?.namespace ?? '';
  const honorAffinity = (constraint.nodeAffinityPolicy ?? 'Honor') === 'Honor';
  const honorTaints = constraint.nodeTaintsPolicy === 'Honor';
  return {
    whenUnsatisfiable: constraint.whenUnsatisfiable,
    maxSkew: constraint.maxSkew,
    topologyKey: constraint.topologyKey,
    minDomains: constraint.minDomains ?? 1,
    selfMatch: selector.matches(pod.metadata?.labels),
    selector,
    matcher: {
      key: JSON.stringify(['spread', namespace, selector.empty, selector.requirements]),
      matches: ({ metadata }) =>
        metadata?.namespace === namespace && metadata.deletionTimestamp === undefined && selector.matches(metadata.labels),
    },
    includes: (node) => (!honorAffinity || matchesNodeSelection(pod, node)) && (!honorTaints || toleratesNode(pod, node)),
  };
}

/** What the Services that choose the pod and the workload that owns it select, all together. Upstream: `helper.DefaultSelector`. */
function workloadSelector(pod: Pod, listers: OwnerListers): Selector {
  const namespace = pod.metadata?.namespace ?? '';
  const labels: Record<string, string> = {};
  for (const { spec } of listers.services.list(namespace)) {
    const selector = spec?.selector;
    if (selector && Object.keys(selector).length > 0 && selectorFromLabels(selector).matches(pod.metadata?.labels))
      Object.assign(labels, selector);
  }
  const requirements: Requirement[] = [];
  const owner = pod.metadata?.ownerReferences?.find(({ controller }) => controller);
  if (owner?.kind === 'ReplicationController' && owner.apiVersion === 'v1') {
    Object.assign(labels, listers.replicationControllers.get(namespace, owner.name)?.spec?.selector);
  } else if (owner?.apiVersion === 'apps/v1') {
    const lister = owner.kind === 'ReplicaSet' ? listers.replicaSets : owner.kind === 'StatefulSet' ? listers.statefulSets : undefined;
    const selector = lister?.get(namespace, owner.name)?.spec?.selector;
    if (selector) requirements.push(...readSelector(selector).requirements);
  }
  return selectorOf([...selectorFromLabels(labels).requirements, ...requirements]);
}
