import type { CompletionItem, TextEdit } from 'vscode-languageserver';
import { type Editor, positionIn } from './editor.ts';

/** Writes a file with completion, as somebody at an editor does. */
export class Typist {
  readonly #editor: Editor;
  text = '';
  #at = 0;

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  type(text: string): this {
    this.text = this.text.slice(0, this.#at) + text + this.text.slice(this.#at);
    this.#at += text.length;
    return this;
  }

  /** Goes to the end of the file and begins a line with so many spaces. */
  enter(column: number): this {
    this.text = `${this.text.trimEnd()}\n`;
    this.#at = this.text.length;
    return this.type(' '.repeat(column));
  }

  /** Begins a line with so many spaces below the last one that holds a text. */
  below(text: string, column: number): this {
    this.goto(text);
    const end = this.text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.text.length : end;
    return this.type(`\n${' '.repeat(column)}`);
  }

  /** Goes behind the last occurrence of a text. */
  goto(text: string): this {
    const at = this.text.lastIndexOf(text);
    if (at < 0) throw new Error(`${JSON.stringify(text)} is not in\n${this.text}`);
    this.#at = at + text.length;
    return this;
  }

  /** Changes the last occurrence of a text by hand. */
  replace(text: string, by: string): this {
    const at = this.text.lastIndexOf(text);
    if (at < 0) return this;
    this.text = this.text.slice(0, at) + by + this.text.slice(at + text.length);
    this.#at = this.text.length;
    return this;
  }

  /** Takes a proposal; `fill` says what to write at stops, by their defaults. The cursor goes to the first empty stop, or behind the text. */
  async pick(label: string, fill: Readonly<Record<string, string>> = {}, description?: string): Promise<void> {
    const uri = await this.#editor.open(this.text, 'file:///workspace/typed.yaml');
    const items = await this.#editor.completeAt(uri, positionIn(this.text, this.#at));
    const sorted = items.toSorted((left, right) => ((left.sortText ?? left.label) < (right.sortText ?? right.label) ? -1 : 1));
    const item = sorted.find(
      (candidate) =>
        candidate.label === label && (description ?? candidate.labelDetails?.description) === candidate.labelDetails?.description,
    );
    if (!item)
      throw new Error(`no ${label} among ${sorted.map((candidate) => candidate.label).join(', ')}\n${this.text.slice(0, this.#at)}█`);
    this.#take(item, fill);
  }

  #take(item: CompletionItem, fill: Readonly<Record<string, string>>): void {
    const edit = item.textEdit;
    if (!edit || !('range' in edit)) throw new Error(`${item.label} has no edit`);
    const { text, stop } = expand(edit.newText, fill);
    const start = offsetIn(this.text, edit.range.start);
    let at = start + (stop ?? text.length);
    let result = this.text.slice(0, start) + text + this.text.slice(offsetIn(this.text, edit.range.end));
    for (const more of item.additionalTextEdits ?? []) {
      const from = offsetIn(this.text, more.range.start);
      if (from < start) at += more.newText.length - (offsetIn(this.text, more.range.end) - from);
      result = apply(result, more);
    }
    this.text = result;
    this.#at = at;
  }
}

function apply(text: string, { range, newText }: TextEdit): string {
  return text.slice(0, offsetIn(text, range.start)) + newText + text.slice(offsetIn(text, range.end));
}

/** A snippet's text with its stops filled, and where the first empty one is. */
function expand(snippet: string, fill: Readonly<Record<string, string>>): { text: string; stop: number | undefined } {
  let text = '';
  let stop: number | undefined;
  const token = /\\([\\$}])|\$\{\d+\|([^|]*)\|\}|\$\{\d+:((?:[^\\}]|\\.)*)\}|\$(\d+)|[\s\S]/g;
  for (const [all, escaped, choice, fallback, empty] of snippet.matchAll(token)) {
    if (escaped !== undefined) text += escaped;
    else if (choice !== undefined) text += choice.split(',')[0];
    else if (fallback !== undefined) {
      const plain = fallback.replace(/\\(.)/g, '$1');
      const filled = fill[plain] ?? plain;
      text += filled;
      if (filled === '') stop ??= text.length;
    } else if (empty !== undefined) stop ??= text.length;
    else text += all;
  }
  return { text, stop };
}

function offsetIn(text: string, { line, character }: { line: number; character: number }): number {
  let at = 0;
  for (let passed = 0; passed < line; passed++) at = text.indexOf('\n', at) + 1;
  return at + character;
}
