import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import type { OutlineNode } from '../documents/outline-node.ts';
import { step } from './describe.ts';
import { isExcused } from './excused.ts';
import type { KnownKind } from './kinds.ts';
import { deref, refName, type StructuralSchema } from './structural.ts';
import { isWrittenEmpty, nameTemplate, templateOf } from './templates.ts';
import { valueRank } from './usage.ts';

/** Required fields this deep are written out; recursive types end here. */
const depthLimit = 8;

/** How a document is indented: fields below their parent, and dashes below the list's name. */
export interface Style {
  readonly field: number;
  readonly dash: number;
}

export const usualStyle: Style = { field: 2, dash: 2 };

/** Numbers the tab stops of a snippet; the same text is the same stop, but every choice is its own. */
class Stops {
  readonly #numbers = new Map<string, number>();
  #last = 0;

  /** A stop with a default, or with a choice (`a|b`). */
  stop(text: string): string {
    if (text === '') return `$${++this.#last}`;
    if (text.includes('|')) return `\${${++this.#last}|${text.replaceAll('|', ',')}|}`;
    const number = this.#numbers.get(text) ?? ++this.#last;
    this.#numbers.set(text, number);
    return `\${${number}:${escapeSnippet(text)}}`;
  }

  /** Makes stops of what stands in angle brackets. */
  fill(text: string): string {
    return text
      .split(/(<[^<>]*>)/)
      .map((part) => (/^<[^<>]*>$/.test(part) ? this.stop(part.slice(1, -1)) : escapeSnippet(part)))
      .join('');
  }
}

/** Text as a snippet has to say it. */
export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** A snippet's text with the defaults of its stops, and the first of each choice. */
export function withDefaults(snippet: string): string {
  return snippet
    .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replace(/\$\{\d+:((?:[^\\}]|\\.)*)\}/g, '$1')
    .replace(/(?<!\\)\$\d+/g, '')
    .replace(/\\([\\$}])/g, '$1');
}

/** Manifests by what they were made from. */
const manifests = new WeakMap<Definitions, WeakMap<StructuralSchema, Map<string, string>>>();

/** A whole manifest of a kind; made once. */
export function manifestSnippet(known: KnownKind, definitions: Definitions, style: Style): string {
  const ofDefinitions = manifests.get(definitions) ?? new WeakMap<StructuralSchema, Map<string, string>>();
  manifests.set(definitions, ofDefinitions);
  const ofSchema = ofDefinitions.get(known.schema) ?? new Map<string, string>();
  ofDefinitions.set(known.schema, ofSchema);
  const key = `${known.apiVersion} ${known.kind} ${style.field} ${style.dash}`;
  const made = ofSchema.get(key) ?? new Skeleton(definitions, style).manifest(known);
  ofSchema.set(key, made);
  return made;
}

/** Writes snippets in the style of a document. */
export class Skeleton {
  readonly #definitions: Definitions;
  readonly #style: Style;
  readonly #stops = new Stops();

  constructor(definitions: Definitions, style: Style = usualStyle) {
    this.#definitions = definitions;
    this.#style = style;
  }

  /** A whole manifest of a kind: its head, a name, and all that a useful one must have. */
  manifest(known: KnownKind): string {
    const root = deref(known.schema, this.#definitions);
    const definition = refName(known.schema);
    const body = templateOf(definition);
    const lines = [`apiVersion: ${known.apiVersion}`, `kind: ${known.kind}`];
    const metadata = body?.get('metadata');
    // A template for the object as a part of another one has a name of its own.
    if (metadata && !metadata.get('name')) lines.push(...this.#field(metadata, root, 0));
    else if (known.named) lines.push('metadata:', `${this.#indent}name: ${this.#stops.fill(nameTemplate(definition))}`);
    if (body) {
      for (const node of body.children) if (node.name !== 'metadata') lines.push(...this.#field(node, known.schema, 0));
      return `${lines.join('\n')}\n`;
    }
    const wanted = new Set((root.required ?? []).filter((name) => !isExcused(definition, name)));
    for (const name of ['apiVersion', 'kind', 'metadata']) wanted.delete(name);
    const { spec } = root.properties ?? {};
    if (spec && (deref(spec, this.#definitions).required || templateOf(refName(spec)) !== undefined)) wanted.add('spec');
    for (const name of wanted) {
      const field = root.properties?.[name];
      if (field) lines.push(...this.#named(name, field, 0));
    }
    if (wanted.size === 0 && spec && !known.builtIn) lines.push('spec:', `${this.#indent}${this.#stops.stop('')}`);
    return `${lines.join('\n')}\n`;
  }

  /** A field with what belongs below it; lines without the indentation of the field itself. */
  field(name: string, schema: StructuralSchema): string[] {
    return this.#named(name, schema, 0);
  }

  /** What stands behind the dash of an item, or below a name. */
  value(schema: StructuralSchema): string[] {
    return this.#written(schema, 0) ?? [this.#stops.stop('')];
  }

  get #indent(): string {
    return ' '.repeat(this.#style.field);
  }

  /** The lines below a name, or behind a dash; undefined when there is nothing to write. */
  #written(schema: StructuralSchema, depth: number): string[] | undefined {
    const target = deref(schema, this.#definitions);
    const definition = refName(schema);
    if (depth > depthLimit || target['x-kubernetes-preserve-unknown-fields']) return undefined;
    const template = templateOf(definition);
    if (template) return template.children.flatMap((node) => this.#field(node, schema, depth + 1));
    const required = (target.required ?? []).filter((name) => !isExcused(definition, name));
    const lines = required.flatMap((name) => {
      const property = target.properties?.[name];
      return property ? this.#named(name, property, depth + 1) : [];
    });
    return lines.length === 0 ? undefined : lines;
  }

  /** A field of a template. */
  #field(node: OutlineNode, parent: StructuralSchema, depth: number): string[] {
    const name = this.#stops.fill(String(node.name));
    const schema = step(parent, String(node.name), this.#definitions)?.schema;
    if (node.kind === 'empty' && schema) return this.#named(String(node.name), schema, depth);
    if (node.flow) return [`${name}: ${node.kind === 'list' ? '[]' : '{}'}`];
    if (node.kind === 'map')
      return [`${name}:`, ...this.#shift(node.children.flatMap((child) => this.#field(child, schema ?? {}, depth + 1)))];
    if (node.kind === 'list') {
      const items = schema ? (deref(schema, this.#definitions).items ?? {}) : {};
      return [`${name}:`, ...node.children.flatMap((child) => this.#dashed(this.#item(child, items, depth)))];
    }
    return [`${name}: ${this.#scalar(node)}`];
  }

  #item(node: OutlineNode, items: StructuralSchema, depth: number): string[] {
    return node.kind === 'map' ? node.children.flatMap((child) => this.#field(child, items, depth + 1)) : [this.#scalar(node)];
  }

  #scalar({ value }: OutlineNode): string {
    if (!value) return this.#stops.stop('');
    const filled = this.#stops.fill(value.text);
    return value.quoted ? (value.text.includes('"') ? `'${filled}'` : `"${filled}"`) : filled;
  }

  #named(name: string, schema: StructuralSchema, depth: number): string[] {
    const target = deref(schema, this.#definitions);
    if (target.type === 'array') {
      const items = target.items ? this.#written(target.items, depth) : undefined;
      const values = target.items ? this.#choice(target.items) : '';
      return [`${name}:`, ...this.#dashed(items ?? [this.#stops.stop(values)])];
    }
    if (target.type === 'object') {
      const below = this.#written(schema, depth);
      if (!below && (isEmpty(target) || isWrittenEmpty(refName(schema)))) return [`${name}: {}`];
      return [`${name}:`, ...this.#shift(below ?? [this.#stops.stop('')])];
    }
    const choice = this.#choice(schema);
    return [`${name}: ${this.#stops.stop(choice === '' && name === 'name' ? 'name' : choice)}`];
  }

  /** The values of an enumeration or a boolean, as far as a list to choose from is a help. */
  #choice(schema: StructuralSchema): string {
    const target = deref(schema, this.#definitions);
    const fallback = schema.default ?? target.default;
    if (target.type === 'boolean') return fallback === true ? 'false|true' : 'true|false';
    const values = (target.enum ?? []).map(String).filter((value) => /^[\w./-]+$/.test(value));
    // The first one is what stands there until another one is chosen.
    return values.toSorted((one, other) => valueRank(one) - valueRank(other)).join('|');
  }

  #shift(lines: readonly string[]): string[] {
    return lines.map((line) => this.#indent + line);
  }

  #dashed([first = '', ...rest]: readonly string[]): string[] {
    const dash = ' '.repeat(this.#style.dash);
    return [`${dash}- ${first}`, ...rest.map((line) => `${dash}  ${line}`)];
  }
}

/** Whether an object has no fields at all, so that `{}` is all there is to say. */
function isEmpty(schema: StructuralSchema): boolean {
  return schema.properties !== undefined && Object.keys(schema.properties).length === 0;
}
