import { t } from '@vscode/l10n';
import { formatBytes, formatCpu } from '../../client/cluster/state/amount.ts';
import { nodeCount, podCount } from '../../client/cluster/state/counts.ts';
import { stateName } from '../../client/cluster/state/state-names.ts';
import type { State } from '../../client/cluster/state/states.ts';
import type { ClusterModel, PodModel } from '../../client/dashboard/model.ts';
import { groupBy, sum } from './boards.ts';
import { brick, tag } from './bricks.ts';
import { dot, h, mark } from './dom.ts';
import { countName, percent, stateOrder } from './words.ts';

/** The header's contents: the cluster's name, what it is and how big. */
export function drawHeader(model: ClusterModel): HTMLElement[] {
  const version = model.version?.replace(/^(v\d+\.\d+).*$/, '$1');
  const meta = [version, model.loaded && nodeCount(model.nodes.length), model.loaded && podCount(model.pods.length)];
  return [
    h('h1', {}, mark(), h('span', { class: 'ell' }, model.name)),
    ...(model.simulated ? [simulatedTag()] : []),
    h('span', { class: 'dim meta num' }, meta.filter(Boolean).join(' · ')),
  ];
}

function simulatedTag(): HTMLElement {
  const element = tag(t('Simulated'), { state: 'none', icon: 'beaker', title: t('Runs inside VS Code. Nothing outside is touched.') });
  element.classList.add('sim');
  element.removeAttribute('data-s');
  return element;
}

/** Pods by state, then CPU, then memory. `pick`: a state was chosen to filter by. */
export function drawHealth(model: ClusterModel, picked: string | undefined, pick: (state: State) => void): HTMLElement[] {
  const counts = new Map<State, number>();
  for (const { state } of model.pods) counts.set(state, (counts.get(state) ?? 0) + 1);
  const shown = stateOrder.filter((state) => counts.has(state));
  const counted = model.pods.length - (counts.get('succeeded') ?? 0);
  const label = shown.map((state) => `${counts.get(state)} ${countName(state)}`).join(', ');
  const pods = h(
    'div',
    {},
    h(
      'div',
      { class: 'lbl' },
      h('span', { class: 'strong' }, t('Pods')),
      h('span', { class: 'dim num' }, t('{0} ready', percent(counts.get('ready') ?? 0, counted))),
    ),
    h(
      'div',
      { class: 'stack', attrs: { role: 'img', 'aria-label': t('Pods by state: {0}', label || t('none')) } },
      ...shown.map((state) => h('i', { attrs: { 'data-s': state }, style: { flex: String(counts.get(state)) } })),
    ),
    h(
      'div',
      { class: 'counts', attrs: { role: 'group', 'aria-label': t('Filter by state') } },
      ...shown.map((state) =>
        h(
          'button',
          {
            attrs: { type: 'button', 'data-s': state, 'data-uid': `count-${state}`, 'aria-pressed': String(picked === state) },
            on: { click: () => pick(state) },
          },
          dot(state),
          h('span', { class: 'num strong' }, (counts.get(state) ?? 0).toLocaleString('en')),
          h('span', { class: 'dim' }, countName(state)),
        ),
      ),
      shown.length === 0 && h('span', { class: 'dim none' }, t('No pods')),
    ),
  );
  const placed = model.pods.filter(({ holds }) => holds);
  const cpu = { asked: sum(placed, (pod) => pod.cpu), room: sum(model.nodes, (node) => node.cpu) };
  const memory = { asked: sum(placed, (pod) => pod.memory), room: sum(model.nodes, (node) => node.memory) };
  return [
    pods,
    meter('CPU', 'creating', t('{0} of {1} cores', formatCpu(cpu.asked), formatCpu(cpu.room)), cpu.asked, cpu.room),
    meter(t('Memory'), 'running', t('{0} of {1}', formatBytes(memory.asked), formatBytes(memory.room)), memory.asked, memory.room),
  ];
}

function meter(label: string, state: State, text: string, asked: number, room: number): HTMLElement {
  const part = percent(asked, room);
  return h(
    'div',
    {},
    h('div', { class: 'lbl' }, h('span', { class: 'strong' }, label), h('span', { class: 'dim num opt' }, text)),
    h(
      'div',
      { class: 'bar bar2', attrs: { role: 'img', 'aria-label': t('{0} {1} requested', label, part), 'data-s': state } },
      h('i', { style: { '--r': part.replace('–', '0') } }),
    ),
    h('div', { class: 'said' }, h('span', {}, h('span', { class: 'num strong' }, part), ' ', h('span', { class: 'dim' }, t('requested')))),
  );
}

/** The pods that have no node yet, by the scheduler's reason. */
export function drawLane(pods: readonly PodModel[]): HTMLElement[] {
  const groups = [...groupBy(pods, ({ reason }) => reason ?? t('Waits for the scheduler'))].sort(([, a], [, b]) => b.length - a.length);
  return [
    h(
      'h2',
      { attrs: { 'data-s': 'pending' } },
      dot('pending'),
      stateName('pending'),
      h('span', { class: 'badge num' }, String(pods.length)),
    ),
    ...groups.map(([reason, list]) =>
      h(
        'div',
        { class: 'grp' },
        h(
          'span',
          { class: 'pods', attrs: { role: 'group', 'aria-label': `${podCount(list.length)}: ${reason}` } },
          ...list.slice(0, 12).map((pod) => {
            const made = brick(pod, false);
            made.removeAttribute('role');
            return made;
          }),
          list.length > 12 && h('span', { class: 'dim small' }, `+${list.length - 12}`),
        ),
        h('b', { class: 'ell who' }, names(list)),
        h('span', { class: 'ell', attrs: { title: list[0]?.message } }, reason),
      ),
    ),
  ];
}

/** `many ×12, huge` */
function names(pods: readonly PodModel[]): string {
  const apps = [...groupBy(pods, ({ app }) => app)].map(([app, list]) => (list.length > 1 ? `${app} ×${list.length}` : app));
  return apps.length > 3 ? t('{0} and {1} more', apps.slice(0, 3).join(', '), apps.length - 3) : apps.join(', ');
}

/** What the shapes and patterns mean. */
export function drawLegend(dense: boolean): HTMLElement[] {
  return [
    ...stateOrder.map((state) => h('span', {}, h('i', { class: 'pod', attrs: { 'data-s': state } }), stateName(state))),
    h('span', { class: 'grow' }),
    ...(dense
      ? [h('span', {}, t('One cell is one pod'))]
      : [
          h('span', {}, h('i', { class: 'slot' }), t('Free, ⅛ core')),
          h('span', {}, t('Size: request')),
          h('span', { attrs: { title: t('This cluster has no metrics server') } }, t('Use is not measured')),
        ]),
  ];
}
