import { vi } from 'vitest';

/** An element that only keeps what is written into it. */
class Paper {
  readonly dataset: Record<string, string> = {};
  readonly style = { setProperty: () => undefined };
  readonly classList = { add: () => undefined, toggle: () => undefined };
  readonly #said: (string | Paper)[] = [];

  setAttribute(name: string, value: string): void {
    if (name === 'aria-label' || name === 'title' || name === 'placeholder') this.#said.push(value);
  }

  removeAttribute(): void {}

  addEventListener(): void {}

  append(...children: (string | Paper)[]): void {
    this.#said.push(...children);
  }

  /** All that a person reads or hears of it. */
  get texts(): string[] {
    return this.#said.flatMap((child) => (typeof child === 'string' ? [child] : child.texts));
  }
}

/** Puts a page that nobody draws in the place of the browser's, until globals are put back. */
export function stubDocument(): void {
  vi.stubGlobal('document', { createElement: () => new Paper() });
}

/** What is written on elements that were made since. */
export function textsOf(elements: readonly HTMLElement[]): string[] {
  return elements.flatMap((element) => (element as unknown as Paper).texts);
}
