import { t } from '@vscode/l10n';
import type { Pod, Service } from '../../runtime/api/generated/types/core/v1.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { WatchedPlural } from '../cluster/object-cache.ts';
import { amount, formatBytes, formatCpu, millicores } from '../cluster/state/amount.ts';
import { podCount, restartCount } from '../cluster/state/counts.ts';
import { nodeState, taintsOf, zoneOf } from '../cluster/state/node-state.ts';
import type { Objects } from '../cluster/state/owner.ts';
import { podRequests } from '../cluster/state/pod-state.ts';
import { findProblems } from '../cluster/state/problems.ts';
import { iconOf } from './kind-icons.ts';
import { shortName } from './names.ts';
import { badgeOf, compareRows, shortReason } from './pod-rows.ts';
import type { Row } from './row.ts';
import { byController, type NamespaceContents, refTo, workloadRows } from './workload-rows.ts';

type Source = Pick<Cluster, 'name' | 'state' | 'capabilities'> & { readonly objects: Objects };

/** The tree of a cluster; none when there is no cluster to show. `now`: milliseconds since the epoch. */
export function clusterRows(cluster: Source, now: number): Row[] {
  const { state, name } = cluster;
  if (state.phase === 'stopped' || state.phase === 'failed') return [];
  // What was known before it stopped stays in sight until the cluster answers.
  const known = cluster.objects.list('nodes').length > 0;
  if (state.phase === 'starting' && !known)
    return [{ id: `${name}/starting`, label: t('Starting {0}', name), icon: 'loading~spin', context: 'cluster;starting;sim' }];
  const kind = cluster.capabilities.simulated ? t('simulated') : t('real');
  const description = { starting: t('starting'), running: kind, stopping: t('stopping'), lost: t('stopped unexpectedly') }[state.phase];
  const rows = [...attentionRows(cluster.objects, now), nodesRow(cluster.objects), ...namespaceRows(cluster.objects, now)];
  return [
    {
      id: name,
      label: name,
      description,
      icon: state.phase === 'starting' ? 'loading~spin' : 'kubeside-cluster',
      ...(state.phase === 'lost' ? { state: 'unknown', badge: '!' } : {}),
      context: `cluster;${state.phase};sim`,
      open: true,
      children: state.phase === 'running' ? rows : rows.map(dimmed),
    },
  ];
}

/** A row of which nobody knows whether it is still so: no colour, no mark. */
function dimmed({ state: _state, badge: _badge, loud: _loud, children, ...row }: Row): Row {
  return { ...row, ...(children === undefined ? {} : { children: children.map(dimmed) }) };
}

function attentionRows(objects: Objects, now: number): Row[] {
  const problems = findProblems(objects, now);
  if (problems.length === 0) return [];
  return [
    {
      id: 'attention',
      label: t('Needs attention'),
      icon: 'warning',
      state: 'pending',
      context: 'attention',
      badge: String(Math.min(99, problems.length)),
      open: true,
      children: problems.map((problem): Row => {
        const badge = badgeOf(problem.state);
        const lone = problem.names.length === 1 ? problem.names[0] : undefined;
        const plural: WatchedPlural = problem.kind === 'Node' ? 'nodes' : problem.kind === 'Pod' ? 'pods' : 'deployments';
        return {
          id: `attention/${problem.id}`,
          label: shortName(problem.subject),
          description: `${shortReason(problem.reason)}${problem.restarts > 0 ? ` ×${problem.restarts}` : ''}`,
          icon: iconOf(problem.kind),
          state: problem.state,
          loud: true,
          context: `problem-${problem.kind.toLowerCase()};${problem.state};sim`,
          ...(badge === undefined ? {} : { badge }),
          tooltip: {
            title: problem.title,
            status: problem.restarts > 0 ? `${problem.reason}, ${restartCount(problem.restarts)}` : problem.reason,
            ...(problem.detail === undefined ? {} : { message: problem.detail }),
            facts: problem.namespace === undefined ? [] : [[t('Namespace'), problem.namespace]],
          },
          ...(lone === undefined
            ? {}
            : {
                object: refTo(
                  { metadata: { name: lone, ...(problem.namespace === undefined ? {} : { namespace: problem.namespace }) } },
                  plural,
                ),
              }),
        };
      }),
    },
  ];
}

function nodesRow(objects: Objects): Row {
  const podsOn = new Map<string, Pod[]>();
  for (const pod of objects.list('pods')) {
    const node = pod.spec?.nodeName ?? '';
    podsOn.set(node, [...(podsOn.get(node) ?? []), pod]);
  }
  const rows = objects
    .list('nodes')
    .map((node): Row => {
      const { state, reason, message } = nodeState(node);
      const name = node.metadata?.name ?? '';
      const pods = (podsOn.get(name) ?? []).filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
      const asked = pods
        .map(podRequests)
        .reduce((sum, { cpu, memory }) => ({ cpu: sum.cpu + cpu, memory: sum.memory + memory }), { cpu: 0, memory: 0 });
      const room = node.status?.allocatable;
      const marks = [...(reason === undefined ? [] : [reason]), ...(node.spec?.unschedulable ? [t('cordoned')] : []), ...taintsOf(node)];
      const zone = zoneOf(node);
      const badge = badgeOf(state);
      const cpu = t('{0} of {1} CPU', formatCpu(asked.cpu), formatCpu(millicores(room?.cpu)));
      const memory = t('{0} of {1}', formatBytes(asked.memory), formatBytes(amount(room?.memory)));
      return {
        id: `node/${name}`,
        label: name,
        description: [...marks, ...(zone === undefined ? [] : [zone]), podCount(pods.length), cpu].join(', '),
        icon: iconOf('Node'),
        state,
        ...(badge === undefined ? {} : { badge }),
        context: `node;${state};sim${node.spec?.unschedulable ? ';cordoned' : ''}`,
        tooltip: {
          title: name,
          status: reason ?? t('Ready'),
          ...(state === 'ready' || message === undefined ? {} : { message }),
          facts: [
            ['CPU', t('{0} asked', cpu)],
            [t('Memory'), t('{0} asked', memory)],
            [t('Pods'), t('{0} of {1}', pods.length, room?.pods ?? '–')],
            ['Kubelet', node.status?.nodeInfo?.kubeletVersion ?? '–'],
          ],
        },
        object: refTo(node, 'nodes'),
      };
    })
    .sort(compareRows);
  const ready = rows.filter(({ state }) => state === 'ready').length;
  return {
    id: 'nodes',
    label: t('Nodes'),
    description: t('{0} of {1} ready', ready, rows.length),
    icon: iconOf('Node'),
    context: 'nodes',
    ...(ready < rows.length && rows.some(({ badge }) => badge === '!') ? { badge: '!' } : {}),
    children: rows,
  };
}

/** Namespaces that hold the cluster's own parts come after a person's. */
function isSystem(name: string): boolean {
  return name.startsWith('kube-');
}

function namespaceRows(objects: Objects, now: number): Row[] {
  const spaces = objects.list('namespaces').map((namespace) => namespace.metadata?.name ?? '');
  spaces.sort((a, b) => Number(isSystem(a)) - Number(isSystem(b)) || a.localeCompare(b));
  const podsIn = groupByNamespace(objects.list('pods'));
  const setsIn = groupByNamespace(objects.list('replicasets'));
  const deployments = uids(objects, ['deployments']);
  const owners = uids(objects, ['replicasets', 'statefulsets', 'daemonsets', 'jobs']);
  return spaces.map((name): Row => {
    const pods = podsIn.get(name) ?? [];
    const contents: NamespaceContents = {
      namespace: name,
      objects,
      now,
      podsOf: byController(pods, owners),
      replicaSetsOf: byController(setsIn.get(name) ?? [], deployments),
    };
    const id = `namespace/${name}`;
    const groups = groupRows(contents, id);
    const badge = groups[0]?.id === `${id}/Workloads` ? worst(groups[0].children ?? []) : undefined;
    return {
      id,
      label: name,
      description: pods.length === 0 ? t('no pods') : podCount(pods.length),
      icon: iconOf('Namespace'),
      context: 'namespace;;sim',
      ...(badge === undefined ? {} : { badge }),
      object: refTo({ metadata: { name } }, 'namespaces'),
      open: name === 'default',
      children: groups,
    };
  });
}

function groupRows(contents: NamespaceContents, parent: string): Row[] {
  const { objects, namespace } = contents;
  const leaves = (plurals: readonly WatchedPlural[], describe: (object: KubeObject, plural: WatchedPlural) => string | undefined): Row[] =>
    plurals.flatMap((plural) =>
      objects
        .list(plural)
        .filter((object: KubeObject) => object.metadata?.namespace === namespace)
        .map((object: KubeObject): Row => {
          const ref = refTo(object, plural);
          const description = describe(object, plural);
          return {
            id: `${parent}/${plural}/${ref.name}`,
            label: shortName(ref.name, 36),
            ...(description === undefined ? {} : { description }),
            icon: iconOf(ref.kind),
            context: `${ref.kind.toLowerCase()};;sim`,
            object: ref,
          };
        })
        .sort(compareRows),
    );
  const group = (key: string, label: string, icon: string, children: Row[], description: string, open = false): Row[] =>
    children.length === 0 ? [] : [{ id: `${parent}/${key}`, label, description, icon, context: 'group', open, children }];
  const workloads = workloadRows(contents, `${parent}/Workloads`);
  const network = leaves(['services', 'ingresses', 'networkpolicies'], (object, plural) =>
    plural === 'services' ? describeService(object as Service) : undefined,
  );
  const config = leaves(['configmaps', 'secrets'], () => undefined);
  const storage = leaves(['persistentvolumeclaims'], (object) => (object as { status?: { phase?: string } }).status?.phase);
  const access = leaves(['serviceaccounts'], () => undefined);
  return [
    ...group('Workloads', t('Workloads'), 'layers', workloads, String(workloads.length), true),
    ...group('Network', t('Network'), 'globe', network, summary(network)),
    ...group('Config', t('Config'), 'settings', config, summary(config)),
    ...group('Storage', t('Storage'), 'archive', storage, summary(storage)),
    ...group('Access', t('Access'), 'account', access, summary(access)),
  ];
}

const counted: Readonly<Record<string, (n: number) => string>> = {
  Service: (n) => (n === 1 ? t('1 service') : t('{0} services', n)),
  Ingress: (n) => (n === 1 ? t('1 ingress') : t('{0} ingresses', n)),
  NetworkPolicy: (n) => (n === 1 ? t('1 policy') : t('{0} policies', n)),
  ConfigMap: (n) => (n === 1 ? t('1 map') : t('{0} maps', n)),
  Secret: (n) => (n === 1 ? t('1 secret') : t('{0} secrets', n)),
  PersistentVolumeClaim: (n) => (n === 1 ? t('1 claim') : t('{0} claims', n)),
  ServiceAccount: (n) => (n === 1 ? t('1 account') : t('{0} accounts', n)),
};

/** `3 services, 1 ingress` */
function summary(rows: readonly Row[]): string {
  const counts = new Map<string, number>();
  for (const { object } of rows) counts.set(object?.kind ?? '', (counts.get(object?.kind ?? '') ?? 0) + 1);
  return [...counts].map(([kind, n]) => counted[kind]?.(n) ?? `${n} ${kind}`).join(', ');
}

function describeService(service: Service): string {
  const { type = 'ClusterIP', clusterIP, ports = [] } = service.spec ?? {};
  const list = ports.map(({ port, protocol = 'TCP' }) => (protocol === 'TCP' ? String(port) : `${port}/${protocol}`)).join(', ');
  return [type === 'ClusterIP' ? (clusterIP ?? '') : type, list].filter(Boolean).join(' · ');
}

function worst(rows: readonly Row[]): string | undefined {
  const badges = rows.map(({ badge }) => badge);
  return ['!', '?', '~'].find((badge) => badges.includes(badge));
}

function uids(objects: Objects, plurals: readonly WatchedPlural[]): Set<string> {
  return new Set(plurals.flatMap((plural) => objects.list(plural).map((object: KubeObject) => object.metadata?.uid ?? '')));
}

function groupByNamespace<T extends KubeObject>(list: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const object of list) {
    const key = object.metadata?.namespace ?? '';
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [object]);
    else group.push(object);
  }
  return groups;
}
