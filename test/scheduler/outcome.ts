import type { Pod } from '../../runtime/api/generated/types/core/v1.ts';
import type { PodDisruptionBudget } from '../../runtime/api/generated/types/policy/v1.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import { type Lister, ObjectCache } from '../../runtime/client/object-cache.ts';
import { describeMisfit } from '../../runtime/scheduler/framework/fit-error.ts';
import { Framework } from '../../runtime/scheduler/framework/framework.ts';
import type { Listers } from '../../runtime/scheduler/framework/listers.ts';
import type { NodeInfo } from '../../runtime/scheduler/framework/node-info.ts';
import { Nominator } from '../../runtime/scheduler/framework/nominator.ts';
import { defaultPlugins } from '../../runtime/scheduler/plugins/index.ts';
import { postFilter } from '../../runtime/scheduler/post-filter.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';

/** What the scheduler knows beside the nodes and the pods on them. */
export interface Surroundings extends Partial<Listers> {
  readonly budgets?: readonly PodDisruptionBudget[];
  readonly nominator?: Nominator;
}

/** A cache of these objects. */
export function lister<T extends KubeObject>(...objects: T[]): Lister<T> {
  const cache = new ObjectCache<T>();
  for (const object of objects) cache.set(object);
  return cache;
}

export function frameworkWith({ nominator = new Nominator(), ...listers }: Surroundings = {}): Framework {
  const plugins = defaultPlugins({
    namespaces: lister(),
    services: lister(),
    replicaSets: lister(),
    replicationControllers: lister(),
    statefulSets: lister(),
    claims: lister(),
    volumes: lister(),
    storageClasses: lister(),
    disruptionBudgets: lister(),
    ...listers,
  });
  return new Framework(plugins, createSeededRandom(1), nominator);
}

/** The nodes that fit, or which one without which pods, or what the event would say. */
export function outcome(subject: Pod, nodes: readonly NodeInfo[], surroundings: Surroundings = {}): string {
  const result = frameworkWith(surroundings).filter(subject, nodes);
  if (result.feasible.length > 0) return result.feasible.map((n) => n.name).join(' ');
  const preemption = postFilter(subject, result, nodes, surroundings.budgets ?? [], '2026-01-01T00:00:00Z');
  if ('victims' in preemption) {
    return `${preemption.victims.node} without ${preemption.victims.pods.map((p) => p.metadata?.name).join(' ')}`;
  }
  const { rejected, others, general } = result;
  const reasons = [...rejected.values(), ...(others ? Array(nodes.length - rejected.size).fill(others) : [])].flatMap((r) => r.reasons);
  return describeMisfit({
    nodes: nodes.length,
    reasons,
    ...(general && { general: general.reasons.join(', ') }),
    postFilter: preemption.message,
  });
}

/** Where the pod would go. */
export function winner(subject: Pod, nodes: readonly NodeInfo[], surroundings: Surroundings = {}): string | undefined {
  const framework = frameworkWith(surroundings);
  return framework.select(subject, framework.filter(subject, nodes).feasible, nodes)?.name;
}
