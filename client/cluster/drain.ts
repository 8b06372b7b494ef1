import type { Pod } from '../../runtime/api/generated/types/core/v1.ts';
import type { Cluster } from './cluster.ts';
import { ApiFailure } from './failure.ts';
import { controllerOf } from './state/owner.ts';

type Server = Pick<Cluster, 'request'>;

/** What a drain of a node would do to the pods on it. */
export interface DrainPlan {
  /** Pods to be evicted. */
  readonly evict: readonly Pod[];
  /** Those among them that nothing makes again. */
  readonly lost: readonly Pod[];
  /** Pods that stay: a DaemonSet's, and static ones. */
  readonly stay: readonly Pod[];
}

/** Sorts the pods on a node as `kubectl drain` does. */
export function planDrain(node: string, pods: readonly Pod[]): DrainPlan {
  const here = pods.filter(({ spec }) => spec?.nodeName === node);
  const stays = (pod: Pod) =>
    controllerOf(pod)?.kind === 'DaemonSet' || pod.metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined;
  const evict = here.filter((pod) => !stays(pod));
  const finished = ({ status }: Pod) => status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return { evict, lost: evict.filter((pod) => controllerOf(pod) === undefined && !finished(pod)), stay: here.filter(stays) };
}

/** Marks a node so that no new pods are placed on it, or takes the mark away. */
export async function setSchedulable(server: Server, node: string, schedulable: boolean): Promise<void> {
  await server.request('PATCH', `/api/v1/nodes/${encodeURIComponent(node)}`, {
    body: { spec: { unschedulable: schedulable ? null : true } },
    contentType: 'application/merge-patch+json',
  });
}

/**
 * Evicts pods one after the other. A disruption budget may say not now: then it is asked again after `pause`, until
 * `signal` aborts. Tells each pod that is on its way.
 */
export async function evictPods(
  server: Server,
  pods: readonly Pod[],
  options: { readonly signal: AbortSignal; readonly pause: () => Promise<void>; readonly told: (name: string, waits: boolean) => void },
): Promise<void> {
  for (const { metadata } of pods) {
    const { namespace = '', name = '' } = metadata ?? {};
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/eviction`;
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    while (!options.signal.aborted) {
      try {
        await server.request('POST', path, { body });
        options.told(name, false);
        break;
      } catch (error) {
        if (error instanceof ApiFailure && error.code === 404) break;
        if (!(error instanceof ApiFailure && error.code === 429)) throw error;
        options.told(name, true);
        await options.pause();
      }
    }
  }
}
