import { t } from '@vscode/l10n';
import { podCount } from '../../client/cluster/state/counts.ts';
import type { Problem } from '../../client/cluster/state/problems.ts';
import type { ClusterModel, PageMessage, PodModel } from '../../client/dashboard/model.ts';
import { type Measure, type Section, sections } from './boards.ts';
import { HoverCard } from './card.ts';
import { FilterField, Segmented, toggle } from './controls.ts';
import { DenseMap, type NodePods } from './dense-map.ts';
import { h, reconcile } from './dom.ts';
import { drawLost, drawNoCluster, drawNoPods, drawSkeleton, drawStarting } from './empty.ts';
import { parseFilter } from './filter.ts';
import { keepTabStop, listenToKeys } from './keyboard.ts';
import { drawEvents, drawProblems, drawRollouts } from './side.ts';
import { drawHeader, drawHealth, drawLane, drawLegend } from './summary.ts';
import type { Group, Resource, ViewState } from './view-state.ts';

/** Milliseconds without a skeleton: what is fast needs none. */
const skeletonDelay = 300;

/** The Cluster page: draws a model, and only those parts of it that changed. */
export class Page {
  readonly element: HTMLElement;
  /** Told whenever the person chose something that should be kept. */
  onView: (view: ViewState) => void = () => undefined;
  readonly #send: (message: PageMessage) => void;
  readonly #parts = new Map<HTMLElement, string>();
  readonly #head = h('header', { class: 'head', attrs: { 'data-region': 'head' } });
  readonly #health = h('section', { class: 'health', attrs: { 'aria-label': t('Health'), 'data-region': 'health' } });
  readonly #banner = h('div', { class: 'over' });
  readonly #lane = h('section', { class: 'lane', attrs: { 'aria-label': t('Pending pods') } });
  readonly #map = h('div', { class: 'map', attrs: { role: 'grid', 'aria-label': t('Nodes and pods'), 'data-region': 'map' } });
  readonly #next = h('div');
  readonly #problems = h('section', { attrs: { 'data-region': 'problems' } });
  readonly #rollouts = h('section');
  readonly #events = h('section', { class: 'events' });
  readonly #legend = h('footer', { class: 'legend', attrs: { 'aria-label': t('Legend') } });
  readonly #live = h('div', { class: 'vh', attrs: { 'aria-live': 'polite' } });
  readonly #main: HTMLElement;
  readonly #blank = h('div', { class: 'blank' });
  readonly #filter: FilterField;
  readonly #group: Segmented<Group>;
  readonly #resource: Segmented<Resource>;
  readonly #problemsFirst: HTMLButtonElement;
  readonly #card: HoverCard;
  readonly #dense = new WeakMap<HTMLElement, DenseMap>();
  #view: ViewState;
  #model: ClusterModel | undefined;
  #asOf = 0;
  #width = 0;
  #spokenAt = 0;

  constructor(view: ViewState, send: (message: PageMessage) => void) {
    this.#view = view;
    this.#send = send;
    this.#filter = new FilterField(t('Filter pods'), t('Filter: name, ns:shop, state:failing, node:node-2'), (filter) =>
      this.#choose({ filter }),
    );
    this.#filter.value = view.filter;
    this.#group = new Segmented<Group>(
      t('Group by'),
      [
        ['zone', t('Zone')],
        ['node', t('Node')],
        ['workload', t('Workload')],
        ['namespace', t('Namespace')],
      ],
      view.group,
      (group) => this.#choose({ group }),
    );
    this.#resource = new Segmented<Resource>(
      t('Brick size shows'),
      [
        ['cpu', 'CPU'],
        ['memory', t('Memory')],
      ],
      view.resource,
      (resource) => this.#choose({ resource }),
    );
    this.#group.element.classList.add('groups');
    this.#problemsFirst = toggle('sort-precedence', t('Problems first (P)'), view.problemsFirst, (problemsFirst) =>
      this.#choose({ problemsFirst }),
    );
    const tools = h(
      'div',
      { class: 'tools', attrs: { role: 'toolbar', 'aria-label': t('View'), 'data-region': 'tools' } },
      this.#filter.element,
      this.#group.element,
      this.#resource.element,
      this.#problemsFirst,
    );
    const body = h(
      'div',
      { class: 'body' },
      h('div', { class: 'mapcol' }, this.#lane, this.#map, this.#next),
      h('aside', { class: 'side' }, this.#problems, this.#rollouts, this.#events),
    );
    this.#main = h('div', { class: 'cluster' }, this.#health, tools, this.#banner, body, this.#legend);
    this.element = h('div', { class: 'page' }, this.#head, this.#blank, this.#main, this.#live);
    this.#main.hidden = true;
    this.#card = new HoverCard(
      (uid) => this.#pod(uid),
      (verb, pod) => this.#object(verb, pod),
    );
    this.#listen();
  }

  /** Draws a new model. */
  update(model: ClusterModel): void {
    this.#model = model;
    if (model.phase === 'running') this.#asOf = model.at;
    this.#draw();
    this.#speak(model);
  }

  #listen(): void {
    new ResizeObserver(([entry]) => {
      const width = entry?.contentRect.width ?? 0;
      if (width === this.#width) return;
      this.#width = width;
      this.#draw();
    }).observe(this.element);
    listenToKeys(this.element, {
      filter: () => this.#filter.focus(),
      group: (letter) => {
        const group = ({ z: 'zone', n: 'node', w: 'workload', s: 'namespace' } as const)[letter];
        this.#group.value = group;
        this.#choose({ group });
      },
      problemsFirst: () => this.#problemsFirst.click(),
      escape: () => {
        if (this.#card.visible) this.#card.hide();
        else if (this.#view.filter !== '') this.#setFilter('');
        else return false;
        return true;
      },
      enterCard: () => this.#card.enter(),
      act: (verb, uid) => {
        const pod = this.#pod(uid);
        if (pod !== undefined) this.#object(verb, pod);
      },
    });
    this.#map.addEventListener('dblclick', ({ target }) => {
      const uid = target instanceof Element ? target.closest<HTMLElement>('.pod')?.dataset.uid : undefined;
      const pod = uid === undefined ? undefined : this.#pod(uid);
      if (pod !== undefined) this.#object('yaml', pod);
    });
    // Canvases do not follow the theme by themselves.
    new MutationObserver(() => this.#draw()).observe(document.body, { attributes: true, attributeFilter: ['class'] });
    addEventListener('scrollend', () => this.#keep({ scroll: scrollY }));
  }

  #choose(change: Partial<ViewState>): void {
    this.#keep(change);
    this.#draw();
  }

  #keep(change: Partial<ViewState>): void {
    this.#view = { ...this.#view, ...change };
    this.onView(this.#view);
  }

  #setFilter(filter: string): void {
    this.#filter.value = filter;
    this.#choose({ filter });
  }

  #pod(uid: string): PodModel | undefined {
    return this.#model?.pods.find((pod) => pod.uid === uid);
  }

  #object(verb: 'yaml' | 'reveal' | 'delete', { namespace, name }: Pick<PodModel, 'namespace' | 'name'>): void {
    this.#send({ type: 'object', verb, kind: 'Pod', namespace, name });
  }

  #draw(): void {
    const model = this.#model;
    if (model === undefined) return;
    const ask = (command: Extract<PageMessage, { type: 'command' }>['command']) => this.#send({ type: 'command', command });
    this.#part(this.#head, [model.name, model.version, model.loaded, model.nodes.length, model.pods.length], () => drawHeader(model));

    const none = drawNoCluster(model, ask);
    const loading = none === undefined && model.phase !== 'lost' && !model.loaded;
    this.#main.hidden = none !== undefined || loading;
    this.#blank.hidden = !this.#main.hidden;
    this.#part(this.#blank, [model.phase, model.message, loading], () => (none === undefined ? [delayed(drawSkeleton(model))] : [none]));
    if (this.#main.hidden) return;

    const narrow = this.#width <= 560;
    const few = model.nodes.length < 5 && !narrow;
    const zones = new Set(model.nodes.map(({ zone }) => zone)).size > 1;
    this.#group.show('zone', zones);
    const view: ViewState = { ...this.#view, group: this.#view.group === 'zone' && !zones ? 'node' : this.#view.group };
    this.#group.value = view.group;
    const picked = /^state:(\w+)$/.exec(view.filter.trim())?.[1];
    this.#part(
      this.#health,
      [model.pods.map(({ state, cpu, memory, node }) => [state, cpu, memory, node !== undefined]), model.nodes, picked],
      () => drawHealth(model, picked, (state) => this.#setFilter(picked === state ? '' : `state:${state}`)),
    );
    const lost = model.phase === 'lost';
    const starting = model.phase === 'starting';
    this.#main.classList.toggle('stale', lost || starting);
    this.#part(this.#banner, [lost, starting, model.message], () =>
      lost ? [drawLost(model, this.#asOf, ask)] : starting ? [drawStarting(model)] : [],
    );

    const pending = model.pods.filter(({ state, node }) => state === 'pending' && node === undefined);
    this.#lane.hidden = pending.length === 0;
    this.#part(
      this.#lane,
      pending.map(({ uid, reason, message }) => [uid, reason, message]),
      () => drawLane(pending),
    );

    const dense = model.nodes.length > 60 || model.pods.length > 1_500;
    const measure: Measure = {
      dense,
      columns: narrow ? 16 : 8,
      labelFrom: few ? 1 : 4,
    };
    this.#map.classList.toggle('few', few);
    this.#drawSections(sections(model, view, measure));
    const empty = model.pods.every(({ namespace }) => namespace.startsWith('kube-'));
    const ready = model.nodes.filter(({ state }) => state === 'ready').length;
    this.#part(this.#next, [empty, ready], () => (empty && model.nodes.length > 0 ? [drawNoPods(ready, ask)] : []));

    this.#part(this.#problems, model.problems, () =>
      drawProblems(model.problems, {
        show: (problem) => this.#show(problem),
        yaml: ({ kind, namespace, names }) =>
          this.#send({ type: 'object', verb: 'yaml', kind, name: names[0] ?? '', ...(namespace === undefined ? {} : { namespace }) }),
      }),
    );
    this.#rollouts.hidden = model.rollouts.length === 0;
    this.#part(this.#rollouts, model.rollouts, () => drawRollouts(model.rollouts));
    this.#part(this.#events, model.events, () => drawEvents(model.events));
    const cells = dense && (view.group === 'node' || view.group === 'zone');
    this.#part(this.#legend, cells, () => drawLegend(cells));
    this.#mute();
    keepTabStop(this.element);
    this.#card.refresh();
  }

  /** Draws one part again when what it is drawn from changed, and keeps the focus in it. */
  #part(element: HTMLElement, data: unknown, draw: () => HTMLElement[]): void {
    const face = JSON.stringify(data);
    if (this.#parts.get(element) === face) return;
    this.#parts.set(element, face);
    const focused = element.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset.uid : undefined;
    element.replaceChildren(...draw());
    if (focused !== undefined) element.querySelector<HTMLElement>(`[data-uid="${CSS.escape(focused)}"]`)?.focus();
  }

  #drawSections(list: readonly Section[]): void {
    this.#map.classList.toggle('zones', list.length > 1 || list[0]?.title !== undefined);
    reconcile(
      this.#map,
      list.map(({ key, title, workloads, dense }) => ({
        key,
        face: JSON.stringify([title, workloads, dense !== undefined]),
        make: () =>
          h(
            'section',
            { class: 'zone', attrs: { role: 'rowgroup', 'aria-label': title } },
            title !== undefined && h('h3', {}, title, h('span', { class: 'dim' })),
            h('div', { class: workloads ? 'nodes wl' : 'nodes' }),
          ),
      })),
    );
    list.forEach(({ boxes, dense, meta }, index) => {
      const grid = this.#map.children[index]?.querySelector<HTMLElement>('.nodes');
      if (!grid) return;
      if (dense === undefined) reconcile(grid, boxes);
      else this.#drawDense(grid, dense);
      const told = this.#map.children[index]?.querySelector('h3 .dim');
      if (told) told.textContent = meta ?? '';
    });
    // Boxes of different heights lie close: rows of 2 px, and each box spans as many as it is high.
    const boxes = [...this.#map.querySelectorAll<HTMLElement>('.node')];
    const heights = boxes.map((box) => box.offsetHeight);
    boxes.forEach((box, index) => {
      box.style.setProperty('grid-row-end', `span ${Math.ceil(((heights[index] ?? 0) + 10) / 2)}`);
    });
  }

  #drawDense(grid: HTMLElement, nodes: readonly NodePods[]): void {
    const map = this.#dense.get(grid) ?? new DenseMap();
    if (!this.#dense.has(grid)) {
      this.#dense.set(grid, map);
      grid.classList.add('canvas');
      grid.append(map.element);
    }
    map.draw(nodes, parseFilter(this.#view.filter));
  }

  /** Fades the bricks that the filter does not match. */
  #mute(): void {
    const { filter } = this.#view;
    const matches = parseFilter(filter);
    const active = filter.trim() !== '';
    const shown = new Set(active ? this.#model?.pods.filter(matches).map(({ uid }) => uid) : []);
    for (const brick of this.element.querySelectorAll<HTMLElement>('.pod[data-uid]'))
      brick.classList.toggle('mute', active && !shown.has(brick.dataset.uid ?? ''));
    for (const box of this.element.querySelectorAll<HTMLElement>('.node'))
      box.classList.toggle('apart', active && box.querySelector('.pod:not(.mute)') === null);
    this.#filter.hint = active ? t('{0} of {1}', shown.size, this.#model?.pods.length ?? 0) : '';
  }

  #show({ kind, namespace, names }: Problem): void {
    const name = names[0] ?? '';
    if (kind === 'Node') this.#setFilter(`node:${name}`);
    this.#send({ type: 'object', verb: 'reveal', kind, name, ...(namespace === undefined ? {} : { namespace }) });
    const pod = this.#model?.pods.find((candidate) => candidate.name === name && candidate.namespace === namespace);
    const brick = pod && this.element.querySelector<HTMLElement>(`.pod[data-uid="${CSS.escape(pod.uid)}"]`);
    brick?.scrollIntoView({ block: 'center' });
    brick?.focus();
  }

  /** One sentence for screen readers, at most every five seconds. */
  #speak(model: ClusterModel): void {
    const ready = model.pods.filter(({ state }) => state === 'ready').length;
    const { length } = model.problems;
    const text = [
      t('{0} of {1} ready', ready, podCount(model.pods.length)),
      length === 0 ? t('nothing needs attention') : t('{0} need attention', length),
    ].join(', ');
    if (this.#live.textContent === text || model.at - this.#spokenAt < 5_000) return;
    this.#spokenAt = model.at;
    this.#live.textContent = text;
  }
}

/** Shows an element only when it is still wanted after a moment. */
function delayed(element: HTMLElement): HTMLElement {
  element.classList.add('waiting');
  setTimeout(() => element.classList.remove('waiting'), skeletonDelay);
  return element;
}
