import type { Range } from 'vscode-languageserver';
import type { Field } from '../documents/field.ts';
import type { Positions } from '../documents/lines.ts';
import type { Span } from '../documents/span.ts';
import type { Labels, Occurrence } from './facts.ts';
import { symbols } from './symbol.ts';

/** Writes down where one object says which names. */
export class Recorder {
  /** The namespace that names are looked up in. */
  readonly namespace: string;
  readonly occurrences: Occurrence[] = [];
  readonly #owner: string;
  readonly #positions: Positions;

  constructor(positions: Positions, namespace: string, owner: string) {
    this.#positions = positions;
    this.namespace = namespace;
    this.#owner = owner;
  }

  range({ start, end }: Span): Range {
    return { start: this.#positions.positionAt(start), end: this.#positions.positionAt(end) };
  }

  add(field: Field, symbol: string, role: Occurrence['role'], more?: Partial<Occurrence>): void {
    const { span, path, quoted } = field;
    const occurrence = { symbol, role, range: this.range(span), path, quoted };
    this.occurrences.push(more ? { ...occurrence, ...more } : occurrence);
  }

  /** A reference to an object by its name. */
  object(kind: string, field: Field, namespace = this.namespace, optional = false): void {
    if (field.text !== undefined)
      this.add(field, symbols.object(kind, namespace, field.text), 'reference', optional ? { optional } : undefined);
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
    const quoted = field.keyQuoted;
    this.occurrences.push({ symbol: symbols.key(kind, this.namespace, owner, key), role: 'declaration', range, path: field.path, quoted });
  }

  /** A container's name, of this object or of another one. */
  container(field: Field, role: Occurrence['role'], owner = this.#owner): void {
    if (field.text !== undefined) this.add(field, symbols.container(owner, field.text), role);
  }

  volume(field: Field, role: Occurrence['role']): void {
    if (field.text !== undefined) this.add(field, symbols.volume(this.#owner, field.text), role);
  }

  /** Labels that something carries or that a selector asks for. */
  labels(field: Field, role: Occurrence['role']): Labels {
    const labels: Record<string, string> = {};
    for (const [name, value] of field.entries()) {
      this.occurrences.push({
        symbol: symbols.labelName(this.namespace, name),
        role,
        range: this.range(value.keySpan),
        path: value.path,
        quoted: value.keyQuoted,
      });
      if (value.text === undefined) continue;
      labels[name] = value.text;
      this.add(value, symbols.label(this.namespace, name, value.text), role);
    }
    return labels;
  }

  /** What a label selector asks for; the labels of `matchLabels` are given back. */
  selector(selector: Field): Labels {
    const labels = this.labels(selector.get('matchLabels'), 'reference');
    for (const expression of selector.get('matchExpressions').items()) {
      const name = expression.get('key');
      if (name.text === undefined) continue;
      this.add(name, symbols.labelName(this.namespace, name.text), 'reference');
      for (const value of expression.get('values').items()) {
        if (value.text !== undefined) this.add(value, symbols.label(this.namespace, name.text, value.text), 'reference');
      }
    }
    return labels;
  }
}
