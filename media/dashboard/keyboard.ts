/** What the keys of the page do. */
export interface KeyActions {
  readonly filter: () => void;
  readonly group: (letter: 'z' | 'n' | 'w' | 's') => void;
  readonly problemsFirst: () => void;
  /** Closes what is open; false when nothing was. */
  readonly escape: () => boolean;
  readonly enterCard: () => void;
  readonly act: (verb: 'yaml' | 'reveal' | 'delete', uid: string) => void;
}

/** Makes the whole page reachable by keys: one tab stop for the boards, arrows inside. */
export function listenToKeys(root: HTMLElement, actions: KeyActions): void {
  let chord = false;
  document.addEventListener('keydown', (event) => {
    const typing = event.composedPath().some((target) => target instanceof HTMLInputElement);
    if (event.key === 'Escape') {
      if (actions.escape()) event.preventDefault();
      return;
    }
    if (event.key === 'F6') {
      event.preventDefault();
      nextRegion(root, event.shiftKey);
      return;
    }
    if (typing) return;
    const brick = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('.pod[data-uid]') : null;
    if (brick !== null && onBrick(event, brick, root, actions)) {
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (chord && /^[znws]$/.test(key)) actions.group(key as 'z' | 'n' | 'w' | 's');
    chord = key === 'g';
    if (key === '/') {
      event.preventDefault();
      actions.filter();
    } else if (key === 'p') actions.problemsFirst();
  });
}

/** Keeps exactly one brick in the order of the tab key. */
export function keepTabStop(root: HTMLElement): void {
  const bricks = bricksIn(root);
  const current = bricks.find((brick) => brick === document.activeElement) ?? bricks[0];
  for (const brick of bricks) brick.tabIndex = brick === current ? 0 : -1;
}

function bricksIn(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('.map .pod[data-uid]')];
}

function onBrick(event: KeyboardEvent, brick: HTMLElement, root: HTMLElement, actions: KeyActions): boolean {
  const uid = brick.dataset.uid ?? '';
  const arrow = arrows[event.key];
  if (arrow !== undefined) return focus(event.ctrlKey ? nextNode(root, brick, arrow) : nearest(bricksIn(root), brick, arrow), root);
  const own = [...(brick.closest('.node, .lane')?.querySelectorAll<HTMLElement>('.pod[data-uid]') ?? [])];
  switch (event.key) {
    case 'Home':
      return focus(own[0], root);
    case 'End':
      return focus(own.at(-1), root);
    case 'Enter':
    case 'y':
      actions.act('yaml', uid);
      return true;
    case 't':
      actions.act('reveal', uid);
      return true;
    case 'Delete':
      actions.act('delete', uid);
      return true;
    case 'i':
      if (!event.ctrlKey) return false;
      actions.enterCard();
      return true;
    default:
      return false;
  }
}

const arrows: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function focus(brick: HTMLElement | undefined, root: HTMLElement): boolean {
  brick?.focus();
  brick?.scrollIntoView({ block: 'nearest' });
  keepTabStop(root);
  return true;
}

/** The brick that lies next in a direction: near counts, and straight ahead counts more. */
function nearest(bricks: readonly HTMLElement[], from: HTMLElement, [dx, dy]: readonly [number, number]): HTMLElement | undefined {
  const start = center(from);
  let best: HTMLElement | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const brick of bricks) {
    const { x, y } = center(brick);
    const ahead = (x - start.x) * dx + (y - start.y) * dy;
    if (brick === from || ahead < 3) continue;
    const distance = ahead + 3 * Math.abs((x - start.x) * dy + (y - start.y) * dx);
    if (distance < least) {
      least = distance;
      best = brick;
    }
  }
  return best;
}

function nextNode(root: HTMLElement, brick: HTMLElement, [dx, dy]: readonly [number, number]): HTMLElement | undefined {
  const nodes = [...root.querySelectorAll<HTMLElement>('.map .node')].filter((node) => node.querySelector('.pod[data-uid]') !== null);
  const own = brick.closest<HTMLElement>('.node');
  const next = own === null ? nodes[0] : nodes[nodes.indexOf(own) + (dx + dy)];
  return next?.querySelector<HTMLElement>('.pod[data-uid]') ?? undefined;
}

function center(element: HTMLElement): { readonly x: number; readonly y: number } {
  const box = element.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

function nextRegion(root: HTMLElement, back: boolean): void {
  const regions = [...root.querySelectorAll<HTMLElement>('[data-region]')].filter((region) => region.offsetParent !== null);
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + (back ? -1 : 1) + regions.length) % regions.length];
  const target = next?.querySelector<HTMLElement>('[tabindex="0"], vscode-text-field, vscode-button, button:not([tabindex="-1"])');
  target?.focus();
}
