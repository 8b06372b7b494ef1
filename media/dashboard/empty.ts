import type { ClusterModel, PageCommand } from '../../client/dashboard/model.ts';
import { button, link, progressRing } from './controls.ts';
import { h, icon, mark } from './dom.ts';
import { clockTime } from './words.ts';

type Ask = (command: PageCommand) => void;

/** The whole page when there is no cluster to show; nothing when there is one. */
export function drawNoCluster(model: ClusterModel, ask: Ask): HTMLElement | undefined {
  switch (model.phase) {
    case 'stopped':
    case 'stopping':
      return middle(
        mark('big'),
        model.kept ? 'Stopped' : 'No cluster yet',
        model.kept ? 'Its objects are kept.' : 'Start one inside VS Code. It needs no Docker and starts in seconds.',
        button({ label: model.kept ? 'Start the cluster' : 'Start a simulated cluster', icon: 'play', press: () => ask('start') }),
        link('Open a sample manifest', () => ask('openSamples')),
      );
    case 'failed':
      return middle(
        icon('error', 'big c'),
        'The cluster could not start',
        model.message ?? '',
        button({ label: 'Try again', icon: 'debug-restart', press: () => ask('start') }),
        link('Show the log', () => ask('showLog')),
      );
    default:
      return undefined;
  }
}

/** The final layout in grey while the first lists are on their way. */
export function drawSkeleton(model: ClusterModel): HTMLElement {
  const bone = (extra: string) => h('div', { class: `sk ${extra}` });
  return h(
    'div',
    { class: 'skeleton', attrs: { 'aria-busy': 'true' } },
    h('span', { class: 'row dim' }, progressRing(), model.phase === 'starting' ? `Starting ${model.name}` : 'Reading nodes and pods'),
    bone('line'),
    h('div', { class: 'skg' }, ...Array.from({ length: 3 }, () => h('div', { class: 'skn' }, bone('a'), bone('b'), bone('c')))),
  );
}

/** The bar over the last known state of a cluster that is gone. */
export function drawLost(model: ClusterModel, asOf: number, ask: Ask): HTMLElement {
  return h(
    'div',
    { class: 'banner', attrs: { 'data-s': 'pending', role: 'alert' } },
    icon('debug-disconnect', 'c'),
    h(
      'div',
      { class: 'grow' },
      h('b', {}, model.message ?? `${model.name} does not answer.`),
      ` You see it as of ${clockTime(asOf)}. Its objects are kept. `,
      h(
        'span',
        { class: 'acts' },
        link('Restart', () => ask('restart')),
        link('Show the log', () => ask('showLog')),
      ),
    ),
  );
}

/** The bar over what was known before, while the cluster starts again. */
export function drawStarting(model: ClusterModel): HTMLElement {
  return h(
    'div',
    { class: 'banner', attrs: { 'data-s': 'creating', role: 'status' } },
    progressRing(),
    h('div', { class: 'grow' }, h('b', {}, `Starting ${model.name}.`), ' You see it as it was before.'),
  );
}

/** The next step under boards that hold no pods. */
export function drawNoPods(nodes: string, ask: Ask): HTMLElement {
  return middle(
    undefined,
    `${nodes} ready. No pods yet.`,
    'Open a manifest and choose Apply, or look at a sample.',
    button({ label: 'Open a sample manifest', press: () => ask('openSamples') }),
  );
}

function middle(picture: HTMLElement | undefined, title: string, text: string, ...actions: HTMLElement[]): HTMLElement {
  return h(
    'div',
    { class: 'mid', attrs: { 'data-s': 'failing' } },
    picture,
    h('div', {}, h('b', { class: 'strong' }, title), h('p', { class: 'dim' }, text)),
    ...actions,
  );
}
