import { t } from '@vscode/l10n';
import type { Container, ContainerStatus, Pod } from '../../runtime/api/generated/types/core/v1.ts';
import { formatBytes, formatCpu, formatDuration } from '../cluster/state/amount.ts';
import { type Objects, workloadOf } from '../cluster/state/owner.ts';
import { podConditions } from '../cluster/state/pod-condition.ts';
import { containerCondition, podRequests, restarts } from '../cluster/state/pod-state.ts';
import { stateName } from '../cluster/state/state-names.ts';
import { type Condition, compareStates, type State } from '../cluster/state/states.ts';
import { iconOf } from './kind-icons.ts';
import { podSuffix, shortName } from './names.ts';
import type { Row } from './row.ts';

/** Ready pods shown before the rest is folded away. */
const readyShown = 25;

/** What the letter at the end of a row says. */
export function badgeOf(state: State): string | undefined {
  return state === 'failing' ? '!' : state === 'pending' || state === 'unknown' ? '?' : undefined;
}

/** The rows of an owner's pods: problems first, then by name, and ready ones beyond the first 25 folded into one row. */
export function podRows(pods: readonly Pod[], objects: Objects, now: number, parent: string, owned: boolean): Row[] {
  const conditionOf = podConditions(objects);
  const rows = pods.map((pod) => podRow(pod, conditionOf(pod), objects, now, parent, owned)).sort(compareRows);
  const ready = rows.filter(({ state }) => state === 'ready');
  const folded = ready.slice(readyShown);
  if (folded.length === 0) return rows;
  const hidden = new Set(folded);
  return [
    ...rows.filter((row) => !hidden.has(row)),
    { id: `${parent}/more`, label: t('{0} more ready', folded.length), icon: 'ellipsis', context: 'more', children: folded },
  ];
}

/** Sorts rows: failing, pending, then by name. */
export function compareRows(a: Row, b: Row): number {
  return compareStates(a.state ?? 'ready', b.state ?? 'ready') || a.label.localeCompare(b.label, 'en', { numeric: true });
}

function podRow(pod: Pod, condition: Condition, objects: Objects, now: number, parent: string, owned: boolean): Row {
  const { namespace = '', name = '', uid = name } = pod.metadata ?? {};
  const badge = badgeOf(condition.state);
  return {
    id: `${parent}/pod/${uid}`,
    label: owned ? podSuffix(name) : shortName(name),
    description: describe(pod, condition),
    icon: iconOf('Pod'),
    state: condition.state,
    context: `pod;${condition.state};sim`,
    ...(badge === undefined ? {} : { badge }),
    tooltip: tooltipOf(pod, condition, objects, now),
    object: { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespace, name },
    children: containerRows(pod, `${parent}/pod/${uid}`),
  };
}

function describe(pod: Pod, { state, reason }: Condition): string {
  const node = pod.spec?.nodeName;
  const times = restarts(pod);
  const place = node === undefined ? '' : `, ${node}`;
  switch (state) {
    case 'pending':
      return reason === undefined ? t('waits for the scheduler') : shortReason(reason);
    case 'creating':
      return `${reason !== undefined && /^(Init:|Failed)/.test(reason) ? reason : reason === t('Restarting') ? t('restarting') : t('creating')}${place}`;
    case 'running':
      return `${t('not ready')}${place}`;
    case 'failing':
      return `${shortReason(reason ?? 'Error')}${times > 0 ? ` ×${times}` : ''}`;
    case 'terminating':
      return `${t('terminating')}${place}`;
    case 'succeeded':
      return t('completed');
    case 'unknown':
      return reason ?? t('unknown');
    case 'ready':
      return times > 0 ? t('{0}, restarted ×{1}', node ?? '', times) : (node ?? '');
  }
}

const shorter: readonly (readonly [pattern: RegExp, short: () => string])[] = [
  [/^Didn't match Pod's node affinity\/selector$/, () => t('no node matches')],
  [/^Didn't satisfy existing pods anti-affinity rules$/, () => t('anti-affinity')],
  [/^Untolerated taint.*$/, () => t('untolerated taint')],
  [/(?<=^(?:Init:)?)CreateContainerConfigError$/, () => t('config error')],
];

/** A reason short enough for the width a side bar usually has; the tooltip tells it in full. */
export function shortReason(reason: string): string {
  return shorter.reduce((text, [pattern, short]) => text.replace(pattern, short), reason);
}

function tooltipOf(pod: Pod, condition: Condition, objects: Objects, now: number): NonNullable<Row['tooltip']> {
  const { namespace = '', name = '', creationTimestamp } = pod.metadata ?? {};
  const owner = workloadOf(pod, objects);
  const { cpu, memory } = podRequests(pod);
  const asks = [...(cpu > 0 ? [`${formatCpu(cpu)} CPU`] : []), ...(memory > 0 ? [t('{0} memory', formatBytes(memory))] : [])];
  const age = creationTimestamp === undefined ? '' : formatDuration(now - Date.parse(creationTimestamp));
  return {
    title: name,
    status:
      condition.state === 'failing' || condition.state === 'pending'
        ? (condition.reason ?? stateName(condition.state))
        : stateName(condition.state),
    ...(condition.message === undefined ? {} : { message: condition.message }),
    facts: [
      ...(owner === undefined ? [] : [[t('Owner'), `${owner.kind} ${owner.name}`] as const]),
      [t('Place'), `${namespace} · ${pod.spec?.nodeName ?? t('no node yet')}`],
      ...(pod.status?.podIP === undefined ? [] : [[t('Address'), pod.status.podIP] as const]),
      [t('Asks for'), asks.length === 0 ? t('nothing') : asks.join(', ')],
      [t('Restarts'), t('{0} · age {1}', restarts(pod), age)],
    ],
  };
}

function containerRows(pod: Pod, parent: string): Row[] {
  const row = (container: Container, statuses: readonly ContainerStatus[] | undefined, init: boolean): Row => {
    const status = statuses?.find(({ name }) => name === container.name);
    const condition = pod.spec?.nodeName === undefined ? { state: 'pending' as const } : containerCondition(status);
    const said =
      condition.state === 'ready' || condition.state === 'succeeded'
        ? ''
        : `, ${condition.reason ?? stateName(condition.state).toLowerCase()}`;
    return {
      id: `${parent}/${init ? 'init' : 'container'}/${container.name}`,
      label: container.name,
      description: `${init ? 'init, ' : ''}${container.image ?? t('no image')}${said}`,
      icon: iconOf('Container'),
      state: condition.state,
      context: `container;${condition.state};sim`,
    };
  };
  return [
    ...(pod.spec?.initContainers ?? []).map((container) => row(container, pod.status?.initContainerStatuses, true)),
    ...(pod.spec?.containers ?? []).map((container) => row(container, pod.status?.containerStatuses, false)),
  ];
}
