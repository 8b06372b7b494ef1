import { t } from '@vscode/l10n';
import type { Event } from '../../runtime/api/generated/types/core/v1.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { amount, millicores } from '../cluster/state/amount.ts';
import { nodeState, taintsOf, zoneOf } from '../cluster/state/node-state.ts';
import { type Objects, workloadOf } from '../cluster/state/owner.ts';
import { podConditions, timeOf } from '../cluster/state/pod-condition.ts';
import { podRequests, restarts } from '../cluster/state/pod-state.ts';
import { findProblems } from '../cluster/state/problems.ts';
import type { State } from '../cluster/state/states.ts';
import {
  daemonSetState,
  deploymentState,
  describeWorkload,
  statefulSetState,
  type WorkloadCondition,
} from '../cluster/state/workload-state.ts';
import type { ClusterModel, EventModel, IdleModel, NodeModel, PodModel, RolloutModel } from './model.ts';

/** How many events the page shows. */
const latestEvents = 30;
/** Milliseconds within which equal events of one workload are shown as one. */
const together = 5_000;

type Source = Pick<Cluster, 'name' | 'capabilities' | 'state' | 'version' | 'kept'> & {
  readonly objects: Objects & { readonly ready: boolean };
};

/** The Cluster page's data out of the watched objects. `now`: milliseconds since the epoch. */
export function projectCluster(cluster: Source, now: number): ClusterModel {
  const { objects, state } = cluster;
  return {
    name: cluster.name,
    simulated: cluster.capabilities.simulated,
    phase: state.phase,
    kept: cluster.kept,
    ...(state.message === undefined ? {} : { message: state.message }),
    ...(cluster.version === undefined ? {} : { version: cluster.version }),
    loaded: objects.ready,
    at: now,
    nodes: projectNodes(objects),
    pods: projectPods(objects),
    problems: findProblems(objects, now),
    idle: projectIdle(objects),
    rollouts: projectRollouts(objects),
    events: projectEvents(objects.list('events')),
  };
}

function projectNodes(objects: Objects): NodeModel[] {
  return objects
    .list('nodes')
    .map((node): NodeModel => {
      const { state, reason } = nodeState(node);
      const zone = zoneOf(node);
      const room = node.status?.allocatable ?? node.status?.capacity;
      return {
        name: node.metadata?.name ?? '',
        ...(zone === undefined ? {} : { zone }),
        state,
        ...(reason === undefined ? {} : { reason }),
        cordoned: node.spec?.unschedulable ?? false,
        taints: taintsOf(node),
        cpu: millicores(room?.cpu),
        memory: amount(room?.memory),
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function projectPods(objects: Objects): PodModel[] {
  const conditionOf = podConditions(objects);
  return objects.list('pods').map((pod): PodModel => {
    const { namespace = '', name = '', uid = '', creationTimestamp = '' } = pod.metadata ?? {};
    const node = pod.spec?.nodeName;
    const { state, reason, message } = conditionOf(pod);
    const owner = workloadOf(pod, objects);
    return {
      uid,
      namespace,
      name,
      app: owner?.name ?? name,
      ownerKind: owner?.kind ?? 'Pod',
      ...(node ? { node } : {}),
      state,
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
      ...podRequests(pod),
      holds: Boolean(node) && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed',
      restarts: restarts(pod),
      created: Date.parse(creationTimestamp),
    };
  });
}

/** The workloads that have no pod now, which the pods alone would not show. */
function projectIdle(objects: Objects): IdleModel[] {
  const nameOf = (kind: string, { namespace = '', name = '' }: { readonly namespace?: string; readonly name?: string }) =>
    `${kind}/${namespace}/${name}`;
  const busy = new Set(
    objects.list('pods').map((pod) => {
      const owner = workloadOf(pod, objects);
      return nameOf(owner?.kind ?? 'Pod', { ...pod.metadata, name: owner?.name ?? '' });
    }),
  );
  const idle = (kind: string, { metadata = {} }: KubeObject, note: string): IdleModel[] => {
    const { namespace = '', name = '' } = metadata;
    return busy.has(nameOf(kind, { namespace, name })) ? [] : [{ kind, namespace, name, note }];
  };
  const counted = (kind: string, object: KubeObject, condition: WorkloadCondition) => idle(kind, object, describeWorkload(condition, kind));
  return [
    ...objects.list('deployments').flatMap((each) => counted('Deployment', each, deploymentState(each))),
    ...objects.list('statefulsets').flatMap((each) => counted('StatefulSet', each, statefulSetState(each))),
    ...objects.list('daemonsets').flatMap((each) => counted('DaemonSet', each, daemonSetState(each))),
    ...objects.list('cronjobs').flatMap((each) => idle('CronJob', each, each.spec?.schedule ?? '')),
  ];
}

function projectRollouts(objects: Objects): RolloutModel[] {
  return objects.list('deployments').flatMap((deployment): RolloutModel[] => {
    const { state, want, ready, updated } = deploymentState(deployment);
    if (updated === undefined && !(state === 'running' || state === 'failing')) return [];
    const { namespace = '', name = '' } = deployment.metadata ?? {};
    const made = deployment.status?.updatedReplicas ?? 0;
    return [{ namespace, name, want, ready, updated: made, old: Math.max(0, (deployment.status?.replicas ?? 0) - made) }];
  });
}

/** The newest events first, each as a subject and what happened to it. */
export function projectEvents(events: readonly Event[]): EventModel[] {
  const sorted = events
    .map((event) => ({ event, at: timeOf(event) }))
    .sort((a, b) => b.at - a.at || (b.event.metadata?.name ?? '').localeCompare(a.event.metadata?.name ?? ''));
  const shown: EventModel[] = [];
  const latest = new Map<string, number>();
  for (const { event, at } of sorted) {
    const subject = subjectOf(event);
    const text = shorten(event.message ?? event.reason ?? '');
    // The pods of a workload tell the same within seconds: that is one thing that happened.
    const key = `${subject}/${text}`;
    const place = latest.get(key) ?? -1;
    const same = shown[place];
    if (same !== undefined && same.at - at < together) {
      shown[place] = { ...same, times: same.times + 1 };
      continue;
    }
    if (shown.length === latestEvents) break;
    const id = `${event.metadata?.uid ?? event.metadata?.name ?? ''}/${event.count ?? event.series?.count ?? 1}`;
    latest.set(key, shown.push({ id, at, ...look(event), subject, text, times: 1 }) - 1);
  }
  return shown;
}

/** A pod goes by its workload's name here: the generated ends say nothing in a list of what happened. */
function subjectOf({ involvedObject: { kind, name = '' } }: Event): string {
  if (kind === 'Pod') return name.replace(/-[a-z0-9]{6,10}-[a-z0-9]{5}$/, '');
  return kind === 'ReplicaSet' ? name.replace(/-[a-z0-9]{6,10}$/, '') : name;
}

const shorter: readonly (readonly [pattern: RegExp, short: (...groups: string[]) => string])[] = [
  [/^Successfully assigned \S+ to (\S+)$/, (node = '') => t('placed on {0}', node)],
  [/^Pulling image "([^"]+)"$/, (image = '') => t('pulling {0}', image)],
  [/^Successfully pulled image "([^"]+)".*$/s, (image = '') => t('pulled {0}', image)],
  [/^Created pod: \S+-(\S+)$/, (pod = '') => t('created pod {0}', pod)],
  [/^Deleted pod: \S+-(\S+)$/, (pod = '') => t('deleted pod {0}', pod)],
  [/^Scaled up replica set \S+ from (\d+) to (\d+)$/, (from = '', to = '') => t('scaled up from {0} to {1}', from, to)],
  [/^Scaled down replica set \S+ from (\d+) to (\d+)$/, (from = '', to = '') => t('scaled down from {0} to {1}', from, to)],
  [/^Node \S+ event: Registered Node .*$/, () => t('joined')],
  [/^Node \S+ event: Removing Node .*$/, () => t('removed')],
  [/^Node \S+ status is now: (?:Node)?(\S+)$/, (state = '') => t('is {0}', state)],
  [/^(?:Container created|Created container\b.*)$/, () => t('container created')],
  [/^(?:Container started|Started container\b.*)$/, () => t('container started')],
  [/^Stopping container (\S+)$/, (container = '') => t('stopping container {0}', container)],
  [/^Back-off restarting failed container (\S+).*$/, (container = '') => t('waits before it restarts {0}', container)],
  [/^Starting kubelet\.$/, () => t('starting kubelet')],
  [/^Updated Node Allocatable limit across pods$/, () => t('told its resources')],
  [/^Container image "([^"]+)" already present on machine.*$/s, (image = '') => t('{0} is there', image)],
];

function shorten(message: string): string {
  const text = message.trim();
  for (const [pattern, short] of shorter) {
    const found = pattern.exec(text);
    if (found !== null) return short(...found.slice(1));
  }
  return text;
}

const looks: readonly [RegExp, State, string][] = [
  [/^(Killing|SuccessfulDelete|Preempt|Evict|Drain)/, 'terminating', 'trash'],
  [/^NodeNotSchedulable/, 'pending', 'circle-slash'],
  [/^(Scaling|ScalingReplicaSet|SuccessfulRescale)/, 'creating', 'arrow-both'],
  [/^(Scheduled|Pulling|SuccessfulCreate|Created|Starting|RegisteredNode|Provisioning)/, 'creating', 'sync'],
  [/^(Started|Pulled|Completed|NodeReady|NodeSchedulable|Ready)/, 'ready', 'pass'],
];

function look(event: Event): { readonly state: State; readonly icon: string } {
  const reason = event.reason ?? '';
  if (event.type === 'Warning') {
    return reason === 'FailedScheduling' || reason === 'Unhealthy'
      ? { state: 'pending', icon: 'warning' }
      : { state: 'failing', icon: 'error' };
  }
  const found = looks.find(([pattern]) => pattern.test(reason));
  return found === undefined ? { state: 'unknown', icon: 'circle-small-filled' } : { state: found[1], icon: found[2] };
}
