import { t } from '@vscode/l10n';
import { stateName } from '../../client/cluster/state/state-names.ts';
import { compareStates, type State } from '../../client/cluster/state/states.ts';
import type { NodeModel, PodModel } from '../../client/dashboard/model.ts';
import { h } from './dom.ts';
import { stateOrder } from './words.ts';

/** A node and the pods on it. */
export interface NodePods {
  readonly node: NodeModel;
  readonly pods: readonly PodModel[];
}

/** Edge of a cell with its gap, in CSS pixels. */
const pitch = 8;
const cell = 7;
const gap = 6;
const narrowest = 96;
const rows = 4;
const title = 16;
const height = title + rows * pitch + 6;

interface Place {
  readonly pod: PodModel;
  readonly x: number;
  readonly y: number;
}

/** Many nodes on one canvas: a cell is a pod, problems first in each node. One element over it takes the mouse, the focus and the card. */
export class DenseMap {
  readonly element: HTMLElement;
  readonly #canvas = h('canvas', { attrs: { 'aria-hidden': 'true' } });
  readonly #cursor = h('button', { class: 'pod cursor', attrs: { type: 'button', role: 'gridcell', tabindex: '0' } });
  #places: Place[] = [];
  #at = 0;

  constructor() {
    this.element = h('div', { class: 'dense' }, this.#canvas, this.#cursor);
    this.element.addEventListener('mousemove', ({ clientX, clientY }) => {
      const box = this.element.getBoundingClientRect();
      const index = this.#indexAt(clientX - box.left, clientY - box.top);
      if (index >= 0) this.#move(index);
    });
    this.#cursor.addEventListener('keydown', (event) => {
      const next = this.#next(event.key);
      if (next === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.#move(next);
      // A new place is a new focus: the card follows.
      this.#cursor.blur();
      this.#cursor.focus();
    });
  }

  /** Draws the nodes in the width there is; pods that do not match are faded. */
  draw(nodes: readonly NodePods[], matches: (pod: PodModel) => boolean): void {
    const width = this.element.clientWidth;
    const columns = Math.max(1, Math.floor((width + gap) / (narrowest + gap)));
    const tile = (width - (columns - 1) * gap) / columns;
    const across = Math.max(1, Math.floor((tile - 8) / pitch));
    const total = Math.ceil(nodes.length / columns) * (height + gap) - gap;
    const ratio = Math.max(devicePixelRatio, 1);
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(total * ratio);
    this.#canvas.style.setProperty('height', `${total}px`);
    const context = this.#canvas.getContext('2d');
    if (context === null || width === 0) return;
    context.scale(ratio, ratio);
    context.textBaseline = 'middle';
    const ink = readInk(this.element);
    this.#places = [];
    nodes.forEach(({ node, pods }, index) => {
      const x = (index % columns) * (tile + gap);
      const y = Math.floor(index / columns) * (height + gap);
      drawTile(context, ink, node, pods, x, y, tile);
      const left = x + (tile - across * pitch + 1) / 2;
      const sorted = [...pods].sort((a, b) => compareStates(a.state, b.state) || (a.uid < b.uid ? -1 : 1));
      const shown = sorted.slice(0, across * rows);
      for (let slot = 0; slot < across * rows; slot++) {
        const px = left + (slot % across) * pitch;
        const py = y + title + 1 + Math.floor(slot / across) * pitch;
        const pod = shown[slot];
        context.globalAlpha = 1;
        if (pod === undefined) {
          context.fillStyle = ink.slot;
          const inset = node.cordoned || node.taints.length > 0 ? 2 : 0;
          context.fillRect(px + inset, py + inset, cell - 2 * inset, cell - 2 * inset);
        } else {
          context.globalAlpha = matches(pod) ? 1 : 0.16;
          drawCell(context, ink, pod.state, px, py);
          this.#places.push({ pod, x: px, y: py });
        }
      }
    });
    this.#move(Math.min(this.#at, Math.max(0, this.#places.length - 1)));
  }

  #indexAt(x: number, y: number): number {
    return this.#places.findIndex((place) => x >= place.x && x < place.x + pitch && y >= place.y && y < place.y + pitch);
  }

  #move(index: number): void {
    const place = this.#places[index];
    this.#cursor.hidden = place === undefined;
    if (place === undefined) return;
    this.#at = index;
    const { pod, x, y } = place;
    this.#cursor.dataset.uid = pod.uid;
    this.#cursor.setAttribute('aria-label', [pod.name, stateName(pod.state), pod.reason, pod.node].filter(Boolean).join(', '));
    this.#cursor.style.setProperty('left', `${x - 1}px`);
    this.#cursor.style.setProperty('top', `${y - 1}px`);
  }

  #next(key: string): number | undefined {
    const from = this.#places[this.#at];
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    if (from === undefined || direction === undefined) return undefined;
    const [dx = 0, dy = 0] = direction;
    let best: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    this.#places.forEach(({ x, y }, index) => {
      const ahead = (x - from.x) * dx + (y - from.y) * dy;
      const distance = ahead + 3 * Math.abs((x - from.x) * dy + (y - from.y) * dx);
      if (ahead >= 1 && distance < least) {
        least = distance;
        best = index;
      }
    });
    return best;
  }
}

interface Ink {
  readonly states: Readonly<Record<State, string>>;
  readonly background: string;
  readonly tile: string;
  readonly slot: string;
  readonly box: string;
  readonly text: string;
  readonly dim: string;
  readonly font: string;
  readonly contrast: boolean;
}

/** The theme's colours as a canvas takes them. */
function readInk(near: HTMLElement): Ink {
  const probe = h('i');
  near.append(probe);
  const color = (name: string) => {
    probe.style.setProperty('color', `var(${name})`);
    return getComputedStyle(probe).color;
  };
  const ink: Ink = {
    states: Object.fromEntries(stateOrder.map((state) => [state, color(`--ks-${state}`)])) as Record<State, string>,
    background: color('--ks-bg'),
    tile: color('--ks-raise'),
    slot: color('--ks-slot'),
    box: color('--ks-box'),
    text: color('--ks-fg'),
    dim: color('--ks-dim'),
    font: `10px ${getComputedStyle(near).fontFamily}`,
    contrast: document.body.classList.contains('vscode-high-contrast'),
  };
  probe.remove();
  return ink;
}

function drawTile(
  context: CanvasRenderingContext2D,
  ink: Ink,
  node: NodeModel,
  pods: readonly PodModel[],
  x: number,
  y: number,
  width: number,
): void {
  const failing = pods.filter(({ state }) => state === 'failing').length;
  const down = node.state === 'failing';
  const loud = down || failing > 2;
  context.globalAlpha = 1;
  context.fillStyle = ink.tile;
  context.strokeStyle = loud ? ink.states.failing : ink.box;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(x + 0.5, y + 0.5, width - 1, height - 1, 4);
  context.fill();
  context.setLineDash(down ? [3, 2] : []);
  context.stroke();
  context.setLineDash([]);
  context.font = ink.font;
  context.fillStyle = loud ? ink.text : ink.dim;
  context.fillText(node.name, x + 5, y + 9, width / 2);
  const mark = down
    ? (node.reason ?? 'NotReady')
    : failing > 2
      ? t('{0} failing', failing)
      : node.cordoned
        ? t('cordoned')
        : node.taints.length > 0
          ? t('tainted')
          : undefined;
  if (mark !== undefined) {
    context.textAlign = 'right';
    context.fillStyle = loud ? ink.states.failing : ink.dim;
    context.fillText(mark, x + width - 5, y + 9, width / 2);
    context.textAlign = 'left';
    return;
  }
  const asked = pods.reduce((sum, { cpu, holds }) => sum + (holds ? cpu : 0), 0);
  context.fillStyle = ink.slot;
  context.fillRect(x + width - 31, y + 7, 26, 4);
  context.fillStyle = ink.dim;
  context.fillRect(x + width - 31, y + 7, node.cpu > 0 ? 26 * Math.min(1, asked / node.cpu) : 0, 4);
}

/** One pod, in the shape of its state. */
function drawCell(context: CanvasRenderingContext2D, ink: Ink, state: State, x: number, y: number): void {
  const alpha = context.globalAlpha;
  const line = (x1: number, y1: number, x2: number, y2: number) => {
    context.beginPath();
    context.moveTo(x + x1, y + y1);
    context.lineTo(x + x2, y + y2);
    context.stroke();
  };
  const outline = () => context.strokeRect(x + 0.5, y + 0.5, cell - 1, cell - 1);
  context.lineWidth = 1;
  context.fillStyle = ink.states[state];
  context.strokeStyle = ink.states[state];
  switch (state) {
    case 'ready':
      if (ink.contrast) outline();
      context.globalAlpha = alpha * (ink.contrast ? 1 : 0.6);
      context.fillRect(x, ink.contrast ? y + 4 : y, cell, ink.contrast ? 3 : cell);
      break;
    case 'failing':
      context.fillRect(x - 0.5, y - 0.5, cell + 1, cell + 1);
      context.strokeStyle = ink.background;
      line(2, 2, cell - 2, cell - 2);
      line(cell - 2, 2, 2, cell - 2);
      break;
    case 'creating':
      context.fillRect(x, y, cell, cell);
      context.strokeStyle = ink.background;
      line(0, cell - 1, cell - 1, 0);
      break;
    case 'running':
      context.fillRect(x, y, cell / 2, cell);
      outline();
      break;
    case 'terminating':
      outline();
      line(0, cell, cell, 0);
      break;
    case 'unknown':
    case 'pending':
      context.setLineDash([1.5, 1.5]);
      outline();
      context.setLineDash([]);
      break;
    case 'succeeded':
      context.globalAlpha = alpha * 0.55;
      outline();
      break;
  }
  context.globalAlpha = alpha;
}
