import { t } from '@vscode/l10n';
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
        model.kept ? t('Stopped') : t('No cluster yet'),
        model.kept ? t('Its objects are kept.') : t('Start one inside VS Code. It needs no Docker and starts in seconds.'),
        button({ label: model.kept ? t('Start the cluster') : t('Start a simulated cluster'), icon: 'play', press: () => ask('start') }),
        link(t('Open a sample manifest'), () => ask('openSamples')),
      );
    case 'failed':
      return middle(
        icon('error', 'big c'),
        t('The cluster could not start'),
        model.message ?? '',
        button({ label: t('Try again'), icon: 'debug-restart', press: () => ask('start') }),
        link(t('Show the log'), () => ask('showLog')),
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
    h(
      'span',
      { class: 'row dim' },
      progressRing(),
      model.phase === 'starting' ? t('Starting {0}', model.name) : t('Reading nodes and pods'),
    ),
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
      h('b', {}, model.message ?? t('{0} does not answer.', model.name)),
      ` ${t('You see it as of {0}. Its objects are kept.', clockTime(asOf))} `,
      h(
        'span',
        { class: 'acts' },
        link(t('Restart'), () => ask('restart')),
        link(t('Show the log'), () => ask('showLog')),
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
    h('div', { class: 'grow' }, h('b', {}, t('Starting {0}.', model.name)), ` ${t('You see it as it was before.')}`),
  );
}

/** The next step under boards that hold no pods. */
export function drawNoPods(ready: number, ask: Ask): HTMLElement {
  return middle(
    undefined,
    ready === 1 ? t('1 node is ready. No pods yet.') : t('{0} nodes are ready. No pods yet.', ready),
    t('Open a manifest and choose Apply, or look at a sample.'),
    button({ label: t('Open a sample manifest'), press: () => ask('openSamples') }),
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
