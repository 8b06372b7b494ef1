import { t } from '@vscode/l10n';
import type { Problem } from '../../client/cluster/state/problems.ts';
import type { EventModel, RolloutModel } from '../../client/dashboard/model.ts';
import { link } from './controls.ts';
import { h, icon } from './dom.ts';
import { clockTime } from './words.ts';

/** What can be done about an object from the side column. */
export interface SideActions {
  readonly show: (problem: Problem) => void;
  readonly yaml: (problem: Problem) => void;
}

/** Problems that a narrow page shows at first. */
const fewProblems = 3;

/** The list of what needs attention, or that nothing does. */
export function drawProblems(problems: readonly Problem[], actions: SideActions): HTMLElement[] {
  const shown = problems.slice(0, 12);
  const list = h('ul', { class: 'att' });
  // A narrow page shows the first three until it is asked for more.
  const more =
    problems.length > fewProblems &&
    h(
      'li',
      { class: 'more' },
      h('span'),
      link(t('Show all {0}', problems.length), () => list.classList.add('all')),
    );
  const children = [
    ...shown.map((problem) =>
      h(
        'li',
        { attrs: { 'data-s': problem.state } },
        icon(problem.state === 'failing' ? 'error' : 'warning', 'c'),
        h('span', { class: 'title' }, problem.title),
        problem.detail !== undefined && h('span', { class: 'dim detail', attrs: { title: problem.detail } }, problem.detail),
        h(
          'span',
          { class: 'acts' },
          link(t('Show'), () => actions.show(problem)),
          problem.names.length === 1 && link('YAML', () => actions.yaml(problem)),
        ),
      ),
    ),
    more,
    problems.length > shown.length && h('li', { class: 'dim' }, h('span'), t('and {0} more', problems.length - shown.length)),
    problems.length === 0 &&
      h(
        'li',
        { class: 'quiet', attrs: { 'data-s': 'ready' } },
        icon('pass', 'c'),
        h('span', { class: 'title' }, t('All good')),
        h('span', { class: 'dim detail' }, t('Nothing needs attention.')),
      ),
  ];
  list.append(...children.filter((child) => child !== false));
  return [h('h2', {}, t('Needs attention'), problems.length > 0 && h('span', { class: 'badge num' }, String(problems.length))), list];
}

/** The Deployments that are on their way, each as one bar: new and ready, new, old. */
export function drawRollouts(rollouts: readonly RolloutModel[]): HTMLElement[] {
  return [
    h('h2', {}, t('Rollouts'), h('span', { class: 'badge num' }, String(rollouts.length))),
    h(
      'ul',
      { class: 'roll' },
      ...rollouts.map(({ name, namespace, want, updated, ready, old }) => {
        const done = Math.min(ready, updated);
        const said = [t('{0} of {1} updated', updated, want), t('{0} ready', ready), ...(old > 0 ? [t('{0} outdated', old)] : [])].join(
          ', ',
        );
        const bar = (state: string, n: number) => n > 0 && h('i', { attrs: { 'data-s': state }, style: { flex: String(n) } });
        return h(
          'li',
          { attrs: { title: `${namespace}/${name}` } },
          h(
            'div',
            { class: 'lbl' },
            h('span', { class: 'ell title' }, name),
            h('span', { class: 'dim num nowrap' }, t('{0} of {1}', ready, want)),
          ),
          h(
            'div',
            { class: 'stack', attrs: { role: 'img', 'aria-label': said } },
            bar('ready', done),
            bar('creating', updated - done),
            bar('succeeded', old),
            h('i', { class: 'rest', style: { flex: String(Math.max(0, want - updated - old)) } }),
          ),
          h('div', { class: 'dim small' }, said),
        );
      }),
    ),
  ];
}

/** The newest events. */
export function drawEvents(events: readonly EventModel[]): HTMLElement[] {
  return [
    h('h2', {}, t('Latest events')),
    events.length === 0
      ? h('p', { class: 'dim none' }, t('No events yet.'))
      : h(
          'ul',
          { class: 'ev' },
          ...events.map(({ at, state, icon: name, subject, text, times }) =>
            h(
              'li',
              { attrs: { 'data-s': state, title: `${subject}: ${text}` } },
              h('time', {}, at > 0 ? clockTime(at) : '–'),
              icon(name, 'c s12'),
              h(
                'span',
                { class: 'ell' },
                h('span', {}, `${subject}:`),
                h('span', { class: 'dim' }, ` ${lower(text)}${times > 1 ? ` ×${times}` : ''}`),
              ),
            ),
          ),
        ),
  ];
}

function lower(text: string): string {
  return /^[A-Z][a-z]+(?:\s|$)/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
