import { provideVSCodeDesignSystem, vsCodeButton, vsCodeProgressRing, vsCodeTextField } from '@vscode/webview-ui-toolkit';
import { h, icon } from './dom.ts';

// The one place that knows the toolkit: with another library only this file changes.
provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeTextField(), vsCodeProgressRing());

export interface ButtonOptions {
  readonly label: string;
  readonly icon?: string;
  readonly secondary?: boolean;
  readonly press: () => void;
}

/** A button with a label. */
export function button({ label, icon: name, secondary, press }: ButtonOptions): HTMLElement {
  const start = name === undefined ? undefined : icon(name);
  start?.setAttribute('slot', 'start');
  return h('vscode-button', { attrs: { appearance: secondary ? 'secondary' : 'primary' }, on: { click: press } }, start, label);
}

/** Looks like a link, acts like a button. */
export function link(label: string, press: () => void): HTMLButtonElement {
  return h('button', { class: 'link', attrs: { type: 'button' }, on: { click: press } }, label);
}

/** A field to type a filter into, with a text at its end. */
export class FilterField {
  readonly element: HTMLElement;
  readonly #field: HTMLElement & { value: string };
  readonly #hint = h('small', { class: 'dim small nowrap', attrs: { slot: 'end' } });

  constructor(label: string, placeholder: string, change: (value: string) => void) {
    const start = icon('filter');
    start.setAttribute('slot', 'start');
    this.#field = h('vscode-text-field', { attrs: { placeholder, 'aria-label': label } }, start, this.#hint) as HTMLElement & {
      value: string;
    };
    this.#field.addEventListener('input', () => change(this.#field.value));
    this.element = this.#field;
  }

  get value(): string {
    return this.#field.value;
  }

  set value(value: string) {
    if (this.#field.value !== value) this.#field.value = value;
  }

  /** What stands at the end of the field: how many match. */
  set hint(text: string) {
    this.#hint.textContent = text;
  }

  focus(): void {
    this.#field.focus();
  }
}

/** A row of choices of which one is on. */
export class Segmented<V extends string> {
  readonly element: HTMLElement;
  readonly #buttons = new Map<V, HTMLButtonElement>();
  #value: V;

  constructor(label: string, choices: readonly (readonly [V, string])[], value: V, change: (value: V) => void) {
    this.#value = value;
    for (const [choice, text] of choices) {
      const choose = () => {
        this.value = choice;
        change(choice);
      };
      this.#buttons.set(choice, h('button', { attrs: { type: 'button', role: 'radio' }, on: { click: choose } }, text));
    }
    const move = (event: KeyboardEvent) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const shown = [...this.#buttons].filter(([, element]) => !element.hidden);
      const at = shown.findIndex(([choice]) => choice === this.#value);
      const next = shown[(at + step + shown.length) % shown.length]?.[1];
      next?.click();
      next?.focus();
    };
    this.element = h(
      'div',
      { class: 'seg', attrs: { role: 'radiogroup', 'aria-label': label }, on: { keydown: move } },
      ...this.#buttons.values(),
    );
    this.value = value;
  }

  set value(value: V) {
    this.#value = value;
    for (const [choice, element] of this.#buttons) {
      element.setAttribute('aria-checked', String(choice === value));
      element.tabIndex = choice === value ? 0 : -1;
    }
  }

  /** Shows or hides one of the choices. */
  show(choice: V, shown: boolean): void {
    const element = this.#buttons.get(choice);
    if (element !== undefined) element.hidden = !shown;
  }
}

/** A button with an icon that is on or off. */
export function toggle(name: string, label: string, on: boolean, change: (on: boolean) => void): HTMLButtonElement {
  const element = h(
    'button',
    {
      class: 'ib',
      attrs: { type: 'button', title: label, 'aria-label': label, 'aria-pressed': String(on) },
      on: {
        click: () => {
          const next = element.getAttribute('aria-pressed') !== 'true';
          element.setAttribute('aria-pressed', String(next));
          change(next);
        },
      },
    },
    icon(name),
  );
  return element;
}

/** Turns while something is on its way. */
export function progressRing(): HTMLElement {
  return h('vscode-progress-ring');
}
