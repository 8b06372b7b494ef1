import { stateName } from '../../client/cluster/state/state-names.ts';
import type { PodModel } from '../../client/dashboard/model.ts';
import { dot, h, icon } from './dom.ts';

/** One pod as a brick. `label`: it is large enough to carry a name. */
export function brick(pod: PodModel, label: boolean, extra = ''): HTMLButtonElement {
  const said = [pod.name, stateName(pod.state), pod.reason].filter(Boolean).join(', ');
  return h(
    'button',
    {
      class: `pod ${extra}`.trim(),
      attrs: {
        type: 'button',
        role: 'gridcell',
        tabindex: '-1',
        'aria-label': said,
        'data-s': pod.state,
        'data-uid': pod.uid,
        'data-vscode-context': JSON.stringify({
          webviewSection: 'pod',
          preventDefaultContextMenuItems: true,
          object: { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespace: pod.namespace, name: pod.name },
        }),
      },
    },
    label && h('b', {}, pod.app),
  );
}

/** A tag in the colour of a state, or a plain one. */
export function tag(
  text: string,
  options: { readonly state?: string; readonly icon?: string; readonly dot?: string; readonly title?: string } = {},
): HTMLElement {
  const { state, title } = options;
  return h(
    'span',
    { class: state === undefined ? 'tag plain' : 'tag', attrs: { 'data-s': state, title } },
    options.icon !== undefined && icon(options.icon),
    options.dot !== undefined && dot(options.dot),
    text,
  );
}
