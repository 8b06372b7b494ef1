import { t } from '@vscode/l10n';
import type { KubeObject } from '../../runtime/api/object.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { ApiFailure } from '../cluster/failure.ts';
import { keyOf, type WatchedPlural, watchedResources } from '../cluster/object-cache.ts';
import { objectPath } from '../cluster/resource-path.ts';
import { formatDuration } from '../cluster/state/amount.ts';
import { restartCount } from '../cluster/state/counts.ts';
import { nodeState } from '../cluster/state/node-state.ts';
import { podConditions } from '../cluster/state/pod-condition.ts';
import { restarts } from '../cluster/state/pod-state.ts';
import { stateName } from '../cluster/state/state-names.ts';
import {
  daemonSetState,
  deploymentState,
  describeWorkload,
  jobState,
  replicaSetState,
  statefulSetState,
} from '../cluster/state/workload-state.ts';

/** An object as the language server asks for it in `kubeside/liveState`. */
export interface ObjectName {
  readonly kind: string;
  /** Empty for kinds that belong to none. */
  readonly namespace: string;
  readonly name: string;
}

/**
 * How an object is in the cluster, in a line of Markdown: `In **kubeside**: 3 of 3, 5m old`.
 * @param now milliseconds since the epoch
 * @returns undefined when the cluster has no such kind, or is not there to be asked
 */
export async function liveState(cluster: Cluster, wanted: ObjectName, now: number): Promise<string | undefined> {
  if (cluster.state.phase !== 'running') return undefined;
  const where = t('In **{0}**', cluster.name);
  const watched = watchedResources.find(({ kind }) => kind === wanted.kind);
  const object = watched ? cluster.objects.get(watched.plural, keyOf(metadataOf(wanted))) : await read(cluster, wanted);
  if (object === 'unknown') return undefined;
  if (object === undefined) return `${where}: ${t('not there')}`;
  const since = Date.parse(object.metadata?.creationTimestamp ?? '');
  const facts = [
    object.metadata?.deletionTimestamp === undefined ? undefined : t('terminating'),
    watched && stateOf(cluster, watched.plural, keyOf(object)),
    Number.isNaN(since) ? undefined : t('{0} old', formatDuration(now - since)),
  ];
  return `${where}: ${facts.filter((fact) => fact !== undefined).join(', ')}`;
}

function metadataOf({ namespace, name }: ObjectName): KubeObject {
  return { metadata: namespace === '' ? { name } : { namespace, name } };
}

/** An object of a kind that is not watched; `unknown` when the cluster does not serve the kind. */
async function read(cluster: Cluster, { kind, namespace, name }: ObjectName): Promise<KubeObject | 'unknown' | undefined> {
  try {
    const resource = (await cluster.kinds()).find((candidate) => candidate.kind === kind && candidate.verbs.includes('get'));
    if (!resource) return 'unknown';
    return (await cluster.request<KubeObject>('GET', objectPath(resource, name, resource.namespaced ? namespace : undefined))).body;
  } catch (error) {
    return error instanceof ApiFailure && error.code === 404 ? undefined : 'unknown';
  }
}

/** How it is, in a few words; undefined of what only is there or not. */
function stateOf({ objects }: Cluster, plural: WatchedPlural, key: string): string | undefined {
  const workload = <P extends WatchedPlural>(
    of: P,
    state: (object: NonNullable<ReturnType<typeof objects.get<P>>>) => Parameters<typeof describeWorkload>[0],
  ) => {
    const object = objects.get(of, key);
    return object && describeWorkload(state(object), watchedResources.find((resource) => resource.plural === of)?.kind ?? '');
  };
  switch (plural) {
    case 'deployments':
      return workload('deployments', deploymentState);
    case 'statefulsets':
      return workload('statefulsets', statefulSetState);
    case 'daemonsets':
      return workload('daemonsets', daemonSetState);
    case 'replicasets':
      return workload('replicasets', replicaSetState);
    case 'jobs':
      return workload('jobs', jobState);
    case 'pods': {
      const pod = objects.get('pods', key);
      if (!pod) return undefined;
      const { state, reason, message } = podConditions(objects)(pod);
      const times = restarts(pod);
      return [reason ?? stateName(state).toLowerCase(), message, times > 0 ? restartCount(times) : undefined]
        .filter((part) => part !== undefined)
        .join(', ');
    }
    case 'nodes': {
      const node = objects.get('nodes', key);
      const { state, reason } = node ? nodeState(node) : {};
      return reason ?? (state && stateName(state).toLowerCase());
    }
    case 'configmaps':
    case 'secrets': {
      const keys = objects.get(plural, key)?.keys ?? [];
      return keys.length === 0 ? t('no keys') : t('keys {0}', keys.map((name) => `\`${name}\``).join(', '));
    }
    default:
      return undefined;
  }
}
