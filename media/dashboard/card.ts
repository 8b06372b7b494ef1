import { t } from '@vscode/l10n';
import { formatBytes, formatCpu, formatDuration } from '../../client/cluster/state/amount.ts';
import { stateName } from '../../client/cluster/state/state-names.ts';
import type { PodModel } from '../../client/dashboard/model.ts';
import { tag } from './bricks.ts';
import { h, icon } from './dom.ts';

export type CardVerb = 'yaml' | 'reveal' | 'delete';

/** Milliseconds the mouse rests on a brick before its card shows. */
const hoverDelay = 300;

/** The card that tells about the pod under the mouse or the focus. */
export class HoverCard {
  readonly #find: (uid: string) => PodModel | undefined;
  readonly #act: (verb: CardVerb, pod: PodModel) => void;
  readonly #element = h('div', { class: 'card', attrs: { id: 'card', role: 'tooltip' } });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shown: { readonly brick: HTMLElement; readonly uid: string } | undefined;

  constructor(find: (uid: string) => PodModel | undefined, act: (verb: CardVerb, pod: PodModel) => void) {
    this.#find = find;
    this.#act = act;
    this.#element.hidden = true;
    document.body.append(this.#element);
    document.addEventListener('mouseover', (event) => this.#over(event.target));
    document.addEventListener('focusin', ({ target }) => {
      const brick = brickOf(target);
      if (brick !== undefined) this.#show(brick);
      else if (!this.#element.contains(target as Node)) this.hide();
    });
    document.documentElement.addEventListener('mouseleave', () => {
      if (brickOf(document.activeElement) === undefined) this.hide();
    });
    document.addEventListener('scroll', () => this.hide(), { passive: true });
  }

  get visible(): boolean {
    return !this.#element.hidden;
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#element.hidden = true;
    this.#shown = undefined;
  }

  /** Moves the focus into the card. */
  enter(): void {
    this.#element.querySelector<HTMLElement>('button')?.focus();
  }

  /** The data changed: the card tells the new, or goes with its pod. */
  refresh(): void {
    if (this.#shown === undefined || this.#element.contains(document.activeElement)) return;
    const brick = document.querySelector<HTMLElement>(`.pod[data-uid="${CSS.escape(this.#shown.uid)}"]`);
    if (brick === null) this.hide();
    else this.#show(brick);
  }

  #over(target: EventTarget | null): void {
    const brick = brickOf(target);
    if (brick !== undefined) {
      clearTimeout(this.#timer);
      if (brick === this.#shown?.brick) return;
      this.#timer = setTimeout(() => this.#show(brick), this.visible ? 60 : hoverDelay);
    } else if (target instanceof Node && !this.#element.contains(target)) {
      clearTimeout(this.#timer);
      if (this.visible && brickOf(document.activeElement) === undefined) this.#timer = setTimeout(() => this.hide(), 150);
    } else {
      clearTimeout(this.#timer);
    }
  }

  #show(brick: HTMLElement): void {
    const uid = brick.dataset.uid ?? '';
    const pod = this.#find(uid);
    if (pod === undefined) return;
    clearTimeout(this.#timer);
    this.#shown = { brick, uid };
    this.#element.replaceChildren(...drawCard(pod, Date.now(), (verb) => this.#act(verb, pod)));
    this.#element.hidden = false;
    this.#place(brick);
  }

  #place(brick: HTMLElement): void {
    const box = brick.getBoundingClientRect();
    const width = Math.min(300, innerWidth - 16);
    const height = this.#element.offsetHeight;
    const below = box.bottom + height + 8 < innerHeight;
    const { style } = this.#element;
    style.setProperty('width', `${width}px`);
    style.setProperty('left', `${Math.max(8, Math.min(innerWidth - width - 8, box.left - 12)) + scrollX}px`);
    style.setProperty('top', `${(below ? box.bottom + 6 : Math.max(4, box.top - height - 6)) + scrollY}px`);
  }
}

function brickOf(target: EventTarget | null): HTMLElement | undefined {
  return target instanceof Element ? (target.closest<HTMLElement>('.pod[data-uid]') ?? undefined) : undefined;
}

function drawCard(pod: PodModel, now: number, act: (verb: CardVerb) => void): HTMLElement[] {
  const loud = pod.state === 'failing' || pod.state === 'pending';
  const fact = (name: string, ...value: (string | HTMLElement)[]) => [h('span', {}, name), h('span', {}, ...value)];
  const action = (label: string, key: string, verb: CardVerb) =>
    h(
      'span',
      { class: 'nowrap' },
      h('button', { class: 'link', attrs: { type: 'button' }, on: { click: () => act(verb) } }, label),
      ' ',
      h('kbd', {}, key),
    );
  return [
    h(
      'div',
      { class: 'row' },
      icon('package', 's14'),
      h('b', { class: 'grow name' }, pod.name),
      tag(loud ? (pod.reason ?? stateName(pod.state)) : stateName(pod.state), { state: pod.state, dot: pod.state }),
    ),
    ...(pod.message === undefined ? [] : [h('div', { class: 'message', attrs: { 'data-s': pod.state } }, pod.message)]),
    h(
      'div',
      { class: 'kv' },
      ...(pod.ownerKind === 'Pod' ? [] : fact(t('Owner'), `${pod.ownerKind} ${pod.app}`)),
      ...fact(t('Place'), `${pod.namespace} · ${pod.node ?? t('no node yet')}`),
      ...fact(t('Restarts'), t('{0} · age {1}', pod.restarts, formatDuration(now - pod.created))),
      ...fact(t('Asks for'), asks(pod)),
    ),
    h(
      'div',
      { class: 'acts' },
      action('YAML', 'Enter', 'yaml'),
      action(t('Show in tree'), 'T', 'reveal'),
      action(t('Delete'), 'Del', 'delete'),
    ),
  ];
}

function asks({ cpu, memory }: PodModel): string {
  const parts = [...(cpu > 0 ? [`${formatCpu(cpu)} CPU`] : []), ...(memory > 0 ? [t('{0} memory', formatBytes(memory))] : [])];
  return parts.length === 0 ? t('nothing') : parts.join(', ');
}
