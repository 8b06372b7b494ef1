import type { Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Field, Span } from '../documents/field.ts';
import type { Labels, Occurrence } from './facts.ts';
import { symbols } from './symbol.ts';

/** Writes down where one object says which names. */
export class Recorder {
  /** The namespace that names are looked up in. */
  readonly namespace: string;
  readonly occurrences: Occurrence[] = [];
  readonly #owner: string;
  readonly #document: TextDocument;

  constructor(document: TextDocument, namespace: string, owner: string) {
    this.#document = document;
    this.namespace = namespace;
    this.#owner = owner;
  }

  range({ start, end }: Span): Range {
    return { start: this.#document.positionAt(start), end: this.#document.positionAt(end) };
  }

  add(field: Field, symbol: string, role: Occurrence['role'], more: Partial<Occurrence> = {}): void {
    this.occurrences.push({ symbol, role, range: this.range(field.span), path: field.path, quoted: field.quoted, ...more });
  }

  /** A reference to an object by its name. */
  object(kind: string, field: Field, namespace = this.namespace, optional = false): void {
    if (field.text !== undefined) this.add(field, symbols.object(kind, namespace, field.text), 'reference', { optional });
  }

  /** A reference to a ConfigMap or Secret and, where they are named, to its keys. */
  keyed(kind: string, source: Field, nameField: string): void {
    const name = source.get(nameField);
    if (name.text === undefined) return;
    const optional = source.get('optional').isTrue;
    this.object(kind, name, this.namespace, optional);
    for (const key of [
      source.get('key'),
      ...source
        .get('items')
        .items()
        .map((item) => item.get('key')),
    ]) {
      if (key.text !== undefined) this.add(key, symbols.key(kind, this.namespace, name.text, key.text), 'reference', { optional });
    }
  }

  /** A declaration by the name of a field, not by its value. */
  declareKey(kind: string, owner: string, key: string, field: Field): void {
    const range = this.range(field.keySpan);
    this.occurrences.push({ symbol: symbols.key(kind, this.namespace, owner, key), role: 'declaration', range, path: field.path });
  }

  volume(field: Field, role: Occurrence['role']): void {
    if (field.text !== undefined) this.add(field, symbols.volume(this.#owner, field.text), role);
  }

  /** Labels that something carries or that a selector asks for. */
  labels(field: Field, role: Occurrence['role']): Labels {
    const labels: Record<string, string> = {};
    for (const [name, value] of field.entries()) {
      if (value.text === undefined) continue;
      labels[name] = value.text;
      this.add(value, symbols.label(this.namespace, name, value.text), role);
    }
    return labels;
  }
}
