import { t } from '@vscode/l10n';
import type { Deployment, ReplicaSet } from '../../runtime/api/generated/types/apps/v1.ts';
import type { Pod } from '../../runtime/api/generated/types/core/v1.ts';
import { apiVersionOf } from '../../runtime/api/kinds/kind.ts';
import { isUnattended } from '../../runtime/api/kinds/unattended.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import { type WatchedPlural, watchedResources } from '../cluster/object-cache.ts';
import { controllerOf, type Objects } from '../cluster/state/owner.ts';
import { compareStates, type State } from '../cluster/state/states.ts';
import {
  daemonSetState,
  deploymentState,
  describeWorkload,
  jobState,
  replicaSetState,
  statefulSetState,
  type WorkloadCondition,
} from '../cluster/state/workload-state.ts';
import { iconOf } from './kind-icons.ts';
import { shortName } from './names.ts';
import { badgeOf, compareRows, podRows } from './pod-rows.ts';
import type { ObjectRef, Row } from './row.ts';

/** What the rows of one namespace are made from, sorted by owner once. */
export interface NamespaceContents {
  readonly namespace: string;
  readonly objects: Objects;
  readonly now: number;
  /** Pods, ReplicaSets and Jobs by the uid of their controller; those without one stand under the empty key. */
  readonly podsOf: ReadonlyMap<string, readonly Pod[]>;
  readonly replicaSetsOf: ReadonlyMap<string, readonly ReplicaSet[]>;
}

/** The row of every workload of a namespace, and of every pod and ReplicaSet that belongs to none. */
export function workloadRows(contents: NamespaceContents, parent: string): Row[] {
  const { namespace, objects, podsOf, replicaSetsOf } = contents;
  const here = <T extends KubeObject>(list: readonly T[]) => list.filter((object) => object.metadata?.namespace === namespace);
  const rows = [
    ...here(objects.list('deployments')).map((deployment) => deploymentRow(deployment, contents, parent)),
    ...here(objects.list('statefulsets')).map((set) => plainRow(set, 'statefulsets', statefulSetState(set), contents, parent)),
    ...here(objects.list('daemonsets')).map((set) => plainRow(set, 'daemonsets', daemonSetState(set), contents, parent)),
    ...here(objects.list('jobs')).map((job) => plainRow(job, 'jobs', jobState(job), contents, parent)),
    ...here(objects.list('cronjobs')).map((job): Row => {
      const ref = refTo(job, 'cronjobs');
      const schedule = job.spec?.suspend ? t('{0}, suspended', job.spec.schedule) : (job.spec?.schedule ?? '');
      const description = isLeftAlone(ref, []) ? `${schedule}, ${leftAlone()}` : schedule;
      return {
        id: `${parent}/cronjob/${ref.name}`,
        label: shortName(ref.name),
        description,
        icon: iconOf('CronJob'),
        context: 'cronjob;;sim',
        object: ref,
      };
    }),
    ...(replicaSetsOf.get('') ?? []).map((set) => plainRow(set, 'replicasets', replicaSetState(set), contents, parent)),
  ].sort(compareRows);
  return [...rows, ...podRows(podsOf.get('') ?? [], objects, contents.now, parent, false)].sort(compareRows);
}

/** The identity of a watched object. */
export function refTo(object: KubeObject, plural: WatchedPlural): ObjectRef {
  const resource = watchedResources.find((candidate) => candidate.plural === plural);
  const { name = '', namespace } = object.metadata ?? {};
  return {
    group: resource?.group ?? '',
    version: resource?.version ?? 'v1',
    kind: resource?.kind ?? '',
    plural,
    name,
    ...(namespace === undefined ? {} : { namespace }),
  };
}

/** Whether its controller is missing, so that its state says nothing. Somebody may have made pods for it by hand. */
function isLeftAlone(ref: ObjectRef, pods: readonly Pod[]): boolean {
  return pods.length === 0 && isUnattended({ apiVersion: apiVersionOf(ref), kind: ref.kind });
}

const leftAlone = (): string => t('only stored: nothing acts on it yet');

function deploymentRow(deployment: Deployment, contents: NamespaceContents, parent: string): Row {
  const uid = deployment.metadata?.uid ?? '';
  const revisions = [...(contents.replicaSetsOf.get(uid) ?? [])].sort((a, b) => revisionOf(b) - revisionOf(a));
  const id = `${parent}/deployment/${uid}`;
  const pods = revisions.flatMap((set) => contents.podsOf.get(set.metadata?.uid ?? '') ?? []);
  return workloadRow(
    deployment,
    'deployments',
    deploymentState(deployment),
    id,
    pods,
    contents,
    revisions.map((set, index) => revisionRow(set, contents, id, index === 0)),
  );
}

function revisionRow(set: ReplicaSet, contents: NamespaceContents, parent: string, newest: boolean): Row {
  const { name = '', uid = name, labels } = set.metadata ?? {};
  const { want, ready } = replicaSetState(set);
  const pods = contents.podsOf.get(uid) ?? [];
  const id = `${parent}/replicaset/${uid}`;
  const hash = labels?.['pod-template-hash'] ?? name;
  return {
    id,
    label: t('revision {0}', revisionOf(set)),
    description: want === 0 && pods.length === 0 ? hash : `${hash}, ${t('{0} of {1}', ready, want)}`,
    icon: iconOf('ReplicaSet'),
    context: 'replicaset;;sim',
    object: refTo(set, 'replicasets'),
    open: newest,
    children: podRows(pods, contents.objects, contents.now, id, true),
  };
}

function plainRow(
  object: KubeObject,
  plural: 'statefulsets' | 'daemonsets' | 'jobs' | 'replicasets',
  condition: WorkloadCondition,
  contents: NamespaceContents,
  parent: string,
): Row {
  const uid = object.metadata?.uid ?? '';
  const id = `${parent}/${plural}/${uid}`;
  const pods = contents.podsOf.get(uid) ?? [];
  return workloadRow(object, plural, condition, id, pods, contents, podRows(pods, contents.objects, contents.now, id, true));
}

function workloadRow(
  object: KubeObject,
  plural: WatchedPlural,
  condition: WorkloadCondition,
  id: string,
  pods: readonly Pod[],
  contents: NamespaceContents,
  children: readonly Row[],
): Row {
  const ref = refTo(object, plural);
  const words = isLeftAlone(ref, pods) ? leftAlone() : describeWorkload(condition, ref.kind);
  const worst = worstBadge(podRows(pods, contents.objects, contents.now, id, true));
  const badge = worst ?? badgeOf(condition.state) ?? (condition.state === 'creating' ? '~' : undefined);
  return {
    id,
    label: shortName(ref.name),
    description: words,
    icon: iconOf(ref.kind),
    state: condition.state,
    context: `${ref.kind.toLowerCase()};${condition.updated === undefined ? condition.state : 'rollout'};sim`,
    ...(badge === undefined ? {} : { badge }),
    tooltip: {
      title: ref.name,
      status: condition.reason ?? words,
      ...(condition.message === undefined ? {} : { message: condition.message }),
      facts: [
        [t('Kind'), ref.kind],
        [t('Namespace'), ref.namespace ?? ''],
      ],
    },
    object: ref,
    children,
  };
}

function worstBadge(rows: readonly Row[]): string | undefined {
  const states = rows.flatMap(({ state }) => (state === undefined ? [] : [state])).sort(compareStates);
  const worst: State | undefined = states[0];
  return worst === undefined ? undefined : badgeOf(worst);
}

function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata?.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
}

/** The objects of a list by the uid of their controller, where that is one of `among`; all others under the empty key. */
export function byController<T extends KubeObject>(list: readonly T[], among: ReadonlySet<string>): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const object of list) {
    const uid = controllerOf(object)?.uid ?? '';
    const key = among.has(uid) ? uid : '';
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [object]);
    else group.push(object);
  }
  return groups;
}
