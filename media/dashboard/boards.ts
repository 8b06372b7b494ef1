import { t } from '@vscode/l10n';
import { formatBytes, formatCpu } from '../../client/cluster/state/amount.ts';
import { nodeCount, podCount } from '../../client/cluster/state/counts.ts';
import { compareStates } from '../../client/cluster/state/states.ts';
import type { ClusterModel, IdleModel, NodeModel, PodModel } from '../../client/dashboard/model.ts';
import { type Board, layOut, shapeOf } from './board.ts';
import { brick, tag } from './bricks.ts';
import type { NodePods } from './dense-map.ts';
import { h, icon, type KeyedItem } from './dom.ts';
import type { Resource, ViewState } from './view-state.ts';
import { percent } from './words.ts';

/** Thousandths of a core in one slot. */
const slotCpu = 125;
/** Bytes in one slot where no node gives the measure. */
const slotMemory = 512 * 2 ** 20;

/** One group of boxes under a heading. */
export interface Section {
  readonly key: string;
  readonly title?: string;
  readonly meta?: string;
  readonly boxes: readonly KeyedItem[];
  /** Instead of boxes when there are too many of them: what is drawn on one canvas. */
  readonly dense?: readonly NodePods[];
  /** The boxes are workloads, not nodes. */
  readonly workloads: boolean;
}

/** What the width of the page decides. */
export interface Measure {
  /** There are too many nodes or pods for boards. */
  readonly dense: boolean;
  /** Slots side by side on a board. */
  readonly columns: 8 | 16;
  /** A brick carries a name from this many slots of width on. */
  readonly labelFrom: number;
}

/** The boxes of the page by the chosen grouping. */
export function sections(model: ClusterModel, view: ViewState, measure: Measure): Section[] {
  const placed = model.pods.filter(({ node }) => node !== undefined);
  const onNode = groupBy(placed, ({ node }) => node ?? '');
  const box = (node: NodeModel) => nodeBox(node, onNode.get(node.name) ?? [], view.resource, measure);
  const drawn = (nodes: readonly NodeModel[]) => {
    const list = ordered(nodes, onNode, view);
    return measure.dense
      ? { boxes: [], dense: list.map((node) => ({ node, pods: onNode.get(node.name) ?? [] })) }
      : { boxes: list.map(box) };
  };
  switch (view.group) {
    case 'node':
      return [{ key: 'nodes', workloads: false, ...drawn(model.nodes) }];
    case 'zone':
      return [...groupBy(model.nodes, ({ zone }) => zone ?? t('no zone'))].map(([zone, nodes]) => {
        const pods = nodes.flatMap(({ name }) => onNode.get(name) ?? []);
        const asked = percent(
          sum(pods.filter(holds), ({ cpu }) => cpu),
          sum(nodes, ({ cpu }) => cpu),
        );
        return {
          key: zone,
          title: zone,
          meta: [nodeCount(nodes.length), podCount(pods.length), t('{0} CPU requested', asked)].join(' · '),
          workloads: false,
          ...drawn(nodes),
        };
      });
    case 'workload':
      return [{ key: 'workloads', workloads: true, boxes: workloadBoxes(model.pods, model.idle, view) }];
    case 'namespace':
      return [...groupBy([...model.pods, ...model.idle], ({ namespace }) => namespace).keys()]
        .map((namespace) => [namespace, model.pods.filter((pod) => pod.namespace === namespace)] as const)
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([namespace, pods]) => ({
          key: namespace,
          title: namespace,
          meta: [
            podCount(pods.length),
            `${formatCpu(sum(pods.filter(holds), ({ cpu }) => cpu))} CPU`,
            t('{0} requested', formatBytes(sum(pods.filter(holds), ({ memory }) => memory))),
          ].join(' · '),
          workloads: true,
          boxes: workloadBoxes(
            pods,
            model.idle.filter((each) => each.namespace === namespace),
            view,
          ),
        }));
  }
}

/** Up to a screen of nodes stays in its order, so that boards do not jump; beyond that problems come first. */
function ordered(nodes: readonly NodeModel[], onNode: ReadonlyMap<string, readonly PodModel[]>, view: ViewState): readonly NodeModel[] {
  if (!view.problemsFirst || nodes.length <= 12) return nodes;
  const trouble = (node: NodeModel) =>
    (node.state === 'failing' ? 1000 : 0) + (onNode.get(node.name) ?? []).filter(({ state }) => state === 'failing').length;
  return [...nodes].sort((a, b) => trouble(b) - trouble(a));
}

function nodeBox(node: NodeModel, pods: readonly PodModel[], resource: Resource, measure: Measure): KeyedItem {
  return {
    key: node.name,
    face: JSON.stringify([node, resource, measure, pods.map(({ uid, state, reason, cpu, memory }) => [uid, state, reason, cpu, memory])]),
    make: () => drawNode(node, pods, resource, measure),
  };
}

function drawNode(node: NodeModel, pods: readonly PodModel[], resource: Resource, { columns, labelFrom }: Measure): HTMLElement {
  const slots = Math.max(8, Math.ceil(node.cpu / slotCpu));
  const rows = Math.max(1, Math.ceil(slots / columns));
  const slot = resource === 'cpu' ? slotCpu : node.memory / slots || slotMemory;
  const active = pods.filter(holds);
  const board = layOut(
    pods,
    (pod) => (pod.holds ? pod[resource] : 0),
    ({ name }) => name,
    columns,
    rows,
    slot,
  );
  const failing = pods.filter(({ state }) => state === 'failing').length;
  const cpu = sum(active, (pod) => pod.cpu);
  const memory = sum(active, (pod) => pod.memory);
  const down = node.state === 'failing';
  return h(
    'section',
    {
      class: `node${node.cordoned ? ' cordon' : ''}${node.taints.length > 0 ? ' taint' : ''}${down ? ' down' : ''}`,
      attrs: {
        role: 'row',
        'data-vscode-context': JSON.stringify({
          webviewSection: node.cordoned ? 'cordonedNode' : 'node',
          preventDefaultContextMenuItems: true,
          object: { group: '', version: 'v1', plural: 'nodes', kind: 'Node', name: node.name },
        }),
        'aria-label': [t('Node {0}', node.name), ...(node.reason === undefined ? [] : [node.reason]), podCount(pods.length)].join(', '),
      },
    },
    h(
      'header',
      {},
      icon('vm', 's14'),
      h('b', { class: 'ell', attrs: { title: node.name } }, node.name),
      failing > 0 && tag(String(failing), { state: 'failing', dot: 'failing', title: t('{0} failing', podCount(failing)) }),
      h(
        'span',
        { class: 'marks' },
        node.cordoned && tag(t('Cordoned'), { icon: 'circle-slash', title: t('No new pods are placed here') }),
        down && tag(node.reason ?? 'NotReady', { state: 'failing', icon: 'error' }),
        node.state === 'creating' && tag(node.reason ?? t('Joining'), { state: 'creating', icon: 'sync' }),
        ...node.taints.map((taint) =>
          tag(taint.split(/[=:]/)[0]?.split('/').at(-1) ?? taint, { icon: 'shield', title: t('Taint {0}', taint) }),
        ),
      ),
    ),
    h(
      'div',
      { class: 'gauges' },
      gauge('CPU', `${formatCpu(cpu)}/${formatCpu(node.cpu)}`, cpu, node.cpu),
      gauge(t('Mem'), `${formatBytes(memory)}/${formatBytes(node.memory)}`, memory, node.memory),
    ),
    drawBoard(board, labelFrom),
    board.dots.length > 0 && drawDots(board.dots),
  );
}

function drawBoard(board: Board<PodModel>, labelFrom: number): HTMLElement {
  const place = (x: number, y: number, width = 1, height = 1) => ({ 'grid-area': `${y + 1} / ${x + 1} / span ${height} / span ${width}` });
  const element = h('div', { class: 'board' });
  for (const [x, y] of board.free) element.append(h('i', { class: 'slot', style: place(x, y) }));
  for (const { item, x, y, width, height } of board.bricks) {
    const made = brick(item, width >= labelFrom);
    for (const [name, value] of Object.entries(place(x, y, width, height))) made.style.setProperty(name, value);
    element.append(made);
  }
  return element;
}

/** What asks for nothing takes no slot. What needs a look comes first and is bigger. */
function drawDots(pods: readonly PodModel[]): HTMLElement {
  const sorted = [...pods].sort((a, b) => compareStates(a.state, b.state) || a.name.localeCompare(b.name));
  return h(
    'div',
    { class: 'dots' },
    ...sorted.map((pod) => brick(pod, false, pod.state === 'failing' || pod.state === 'unknown' ? 'tiny loud' : 'tiny')),
  );
}

function gauge(label: string, text: string, part: number, whole: number): HTMLElement {
  return h(
    'div',
    {},
    h('span', {}, label),
    h('span', { class: 'num' }, text),
    h(
      'div',
      { class: 'bar', attrs: { role: 'img', 'aria-label': t('{0} {1} requested', label, percent(part, whole)) } },
      h('i', { style: { '--r': percent(part, whole).replace('–', '0') } }),
    ),
  );
}

const workloadIcons: Readonly<Record<string, string>> = {
  Deployment: 'layers',
  ReplicaSet: 'copy',
  StatefulSet: 'database',
  DaemonSet: 'broadcast',
  Job: 'tasklist',
  CronJob: 'watch',
  Pod: 'package',
};

function workloadBoxes(pods: readonly PodModel[], idle: readonly IdleModel[], view: ViewState): KeyedItem[] {
  const groups = [...groupBy(pods, ({ namespace, ownerKind, app }) => `${namespace}/${ownerKind}/${app}`)];
  const failing = (list: readonly PodModel[]) => Number(list.some(({ state }) => state === 'failing' || state === 'pending'));
  groups.sort(([a, x], [b, y]) => (view.problemsFirst ? failing(y) - failing(x) : 0) || y.length - x.length || a.localeCompare(b));
  return [
    ...groups.map(([key, list]) => ({
      key,
      face: JSON.stringify([view.resource, list.map(({ uid, state, reason, cpu, memory }) => [uid, state, reason, cpu, memory])]),
      make: () => drawWorkload(list, view.resource),
    })),
    ...idle.map((each) => ({
      key: `${each.namespace}/${each.kind}/${each.name}`,
      face: each.note,
      make: () => workloadBox({ name: each.name, kind: each.kind, namespace: each.namespace, said: each.note }),
    })),
  ];
}

function drawWorkload(pods: readonly PodModel[], resource: Resource): HTMLElement {
  const [{ app, ownerKind, namespace }] = pods as readonly [PodModel, ...PodModel[]];
  const ready = pods.filter(({ state }) => state === 'ready').length;
  // What has done its work is not waited for.
  const wanted = pods.filter(({ state }) => state !== 'succeeded').length;
  const flow = h('div', { class: 'flow' });
  for (const pod of [...pods].sort((a, b) => b[resource] - a[resource] || a.name.localeCompare(b.name))) {
    const [width, height] = shapeOf(pod[resource], resource === 'cpu' ? slotCpu : slotMemory);
    // The box carries the name.
    const made = brick(pod, false);
    made.style.setProperty('grid-column', `span ${Math.min(width, 8)}`);
    made.style.setProperty('grid-row', `span ${height}`);
    flow.append(made);
  }
  const said = wanted === 0 ? t('{0} completed', pods.length) : t('{0}/{1} ready', ready, wanted);
  return workloadBox({ name: app, kind: ownerKind, namespace, said, ...(ready < wanted ? { state: 'pending' } : {}), flow });
}

function workloadBox(box: {
  readonly name: string;
  readonly kind: string;
  readonly namespace: string;
  readonly said: string;
  readonly state?: string;
  readonly flow?: HTMLElement;
}): HTMLElement {
  const { name, kind, namespace, said, state, flow } = box;
  return h(
    'section',
    { class: 'node', attrs: { role: 'row', 'aria-label': `${kind} ${name}, ${said}` } },
    h(
      'header',
      {},
      icon(workloadIcons[kind] ?? 'layers', 's14'),
      h('b', { class: 'ell', attrs: { title: name } }, name),
      h('span', { class: `num small nowrap ${state === undefined ? 'dim' : 'ct'}`, attrs: { 'data-s': state } }, said),
    ),
    h('div', { class: 'small dim owner' }, `${kind} · ${namespace}`),
    flow,
  );
}

function holds(pod: PodModel): boolean {
  return pod.holds;
}

/** The sum of one number over a list. */
export function sum<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0);
}

/** The items of a list by a key, in the order the keys first appear. */
export function groupBy<T>(list: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
