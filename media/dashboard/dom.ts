export type Child = Node | string | undefined | false;

export interface Props {
  readonly class?: string;
  /** Custom properties and other styles, set through the object model: the content policy allows no style attributes. */
  readonly style?: Readonly<Record<string, string>>;
  /** Attributes; `undefined` leaves one out. */
  readonly attrs?: Readonly<Record<string, string | undefined>>;
  readonly on?: { readonly [E in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[E]) => void };
}

/** Makes an element. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props?: Props, ...children: Child[]): HTMLElementTagNameMap[K];
export function h(tag: string, props?: Props, ...children: Child[]): HTMLElement;
export function h(tag: string, props: Props = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  if (props.class) element.className = props.class;
  for (const [name, value] of Object.entries(props.attrs ?? {})) if (value !== undefined) element.setAttribute(name, value);
  for (const [name, value] of Object.entries(props.style ?? {})) element.style.setProperty(name, value);
  for (const [name, listener] of Object.entries(props.on ?? {})) element.addEventListener(name, listener as EventListener);
  element.append(...children.filter((child): child is Node | string => child !== undefined && child !== false));
  return element;
}

/** A codicon; decoration only, so hidden from screen readers. */
export function icon(name: string, extra = ''): HTMLElement {
  return h('i', { class: `codicon codicon-${name} ${extra}`.trim(), attrs: { 'aria-hidden': 'true' } });
}

/** Kubeside's own mark. */
export function mark(extra = ''): HTMLElement {
  return h('i', { class: `kmark ${extra}`.trim(), attrs: { 'aria-hidden': 'true' } });
}

/** The small shape that stands for a state. */
export function dot(state: string): HTMLElement {
  return h('span', { class: 'dot', attrs: { 'data-s': state, 'aria-hidden': 'true' } });
}

export interface KeyedItem {
  readonly key: string;
  /** All that the element is drawn from; another face is another element. */
  readonly face: string;
  readonly make: () => HTMLElement;
}

/** Brings the children of `parent` to these items, drawing only those whose face changed and keeping the focus where it was. */
export function reconcile(parent: HTMLElement, items: readonly KeyedItem[]): void {
  const existing = new Map([...parent.children].map((child) => [(child as HTMLElement).dataset.key ?? '', child as HTMLElement]));
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.uid : undefined;
  let next: Element | null = parent.firstElementChild;
  for (const { key, face, make } of items) {
    const old = existing.get(key);
    existing.delete(key);
    if (old !== undefined && faces.get(old) === face) {
      if (old === next) next = old.nextElementSibling;
      else parent.insertBefore(old, next);
      continue;
    }
    const made = make();
    made.dataset.key = key;
    faces.set(made, face);
    if (old === undefined) {
      parent.insertBefore(made, next);
      continue;
    }
    if (old === next) next = old.nextElementSibling;
    old.replaceWith(made);
    if (made.previousElementSibling !== null && next !== made.nextElementSibling) parent.insertBefore(made, next);
  }
  for (const gone of existing.values()) gone.remove();
  if (focused !== undefined && document.activeElement === document.body) {
    parent.querySelector<HTMLElement>(`[data-uid="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
}

const faces = new WeakMap<HTMLElement, string>();
