import { t } from '@vscode/l10n';
import {
  type Alias,
  Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { kubernetesYaml } from '../../runtime/api/yaml/dialect.ts';
import { readBlockStyle } from './block-reader.ts';
import type { Problem } from './problem.ts';
import { plainValueAt, quote } from './quoting.ts';
import type { Span } from './span.ts';
import { syntaxProblems } from './syntax.ts';

/** A field of a mapping, with merged ones (`<<`) already taken in. */
export interface Entry {
  readonly name: string;
  readonly key: Node;
  readonly value: Node | null;
}

const tooDeep = 'document is nested too deeply';

/** How many nodes a document may have once its aliases are written out; beyond that it is a bomb. */
const expandedLimit = 400_000;

/** What a document has that uses anchors, aliases or merge keys; most have none of it. */
const mayBeLinked = /[&*]|<</;

/** A parsed document: YAML 1.1 as the API server's own decoder reads it. */
export class Tree {
  readonly root: Node | null;
  readonly problems: readonly Problem[];
  /** Whether the document can be walked: no syntax errors, and no aliases that explode or bite their tail. */
  readonly sound: boolean;
  readonly #targets: ReadonlyMap<Alias, Node>;
  readonly #text: string;
  #document: Document | undefined;

  /** With comments, nodes know those that are written above and behind them: whoever writes nodes anew wants to keep them. */
  constructor(text: string, { comments = false } = {}) {
    this.#text = text;
    const problems: Problem[] = [];
    const read = comments ? undefined : readBlockStyle(text);
    this.#document = read ? undefined : parse(text, problems);
    this.root = read ?? (this.#document?.contents as Node | null);
    const aliases = new Aliases(text);
    if (!read && problems.length === 0 && mayBeLinked.test(text)) aliases.walk(this.root);
    problems.push(...aliases.problems, ...strayCharacters(text));
    this.#targets = aliases.targets;
    this.problems = problems;
    this.sound = problems.length === 0;
  }

  /** The document that the nodes belong to. */
  get document(): Document {
    this.#document ??= Object.assign(new Document(undefined, kubernetesYaml), { contents: this.root });
    return this.#document;
  }

  /** The white space that lines up with an offset, which begins a field in block style. */
  indentAt(offset: number): string {
    return ' '.repeat(offset - (this.#text.lastIndexOf('\n', offset - 1) + 1));
  }

  /** Where the line of an offset ends, before its line break. */
  lineEnd(offset: number): number {
    const newline = this.#text.indexOf('\n', offset);
    const end = newline < 0 ? this.#text.length : newline;
    return end > offset && this.#text[end - 1] === '\r' ? end - 1 : end;
  }

  /** What is written in a range. */
  textOf({ start, end }: Span): string {
    return this.#text.slice(start, end);
  }

  /** The node itself, or what it is an alias of. */
  resolve(node: Node | null | undefined): Node | null {
    return isAlias(node) ? (this.#targets.get(node) ?? null) : (node ?? null);
  }

  /** A node's value as a program knows it, with aliases and merged fields written out. Null where that cannot be done, as aliases of a broken document may lead nowhere. */
  valueOf(node: Node | null | undefined): unknown {
    try {
      return node?.toJS(this.document, { maxAliasCount: -1 }) ?? null;
    } catch {
      return null;
    }
  }

  /** The fields of a mapping as they are written, merge keys left out. A field that stands there twice comes twice. */
  own(map: YAMLMap): Entry[] {
    return map.items.flatMap((pair) => this.#entry(pair) ?? []);
  }

  /** The field of a name, the mapping's own before a merged one. */
  find(map: YAMLMap, name: string): Entry | undefined {
    let merges = false;
    for (const pair of map.items) {
      const entry = this.#entry(pair, name);
      if (entry) return entry;
      merges ||= isMergeKey(pair.key);
    }
    return merges ? this.entries(map).find((entry) => entry.name === name) : undefined;
  }

  #entry({ key, value }: Pair, wanted?: string): Entry | undefined {
    if (!isNodeLike(key) || isMergeKey(key)) return undefined;
    const name = keyName(this.resolve(key));
    return wanted === undefined || name === wanted ? { name, key, value: isNodeLike(value) ? value : null } : undefined;
  }

  /** The fields of a mapping, its own before merged ones. */
  entries(map: YAMLMap): Entry[] {
    const entries = this.own(map);
    for (const pair of map.items) {
      if (!isMergeKey(pair.key) || !isNodeLike(pair.value)) continue;
      const names = new Set(entries.map((entry) => entry.name));
      entries.push(...this.#merge(pair.value).filter((entry) => !names.has(entry.name)));
    }
    return entries;
  }

  #merge(value: Node | null): Entry[] {
    const source = this.resolve(value);
    if (isMap(source)) return this.entries(source);
    if (isSeq(source)) return source.items.flatMap((item) => (isNodeLike(item) ? this.#merge(item) : []));
    return [];
  }
}

function isMergeKey(key: unknown): key is Scalar {
  return isScalar(key) && key.source === '<<' && key.type === 'PLAIN';
}

function isNodeLike(value: unknown): value is Node {
  return isAlias(value) || isMap(value) || isSeq(value) || isScalar(value);
}

/** A field's name as JSON will have it: `on:` becomes `true`, as in the API server. */
export function keyName(key: Node | null): string {
  if (!isScalar(key)) return '';
  return typeof key.value === 'string' ? key.value : key.value === null ? 'null' : String(key.value);
}

/** Where a node stands; an absent one is an empty range. */
export function rangeOf(node: Node): Span {
  return { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? node.range?.[0] ?? 0 };
}

function parse(text: string, problems: Problem[]): Document {
  const report = (at: number, message: string) => problems.push({ start: at, end: at, severity: 'error', message, code: 'syntax' });
  try {
    const document = parseDocument(text, {
      ...kubernetesYaml,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    // The parser runs out of stack before it runs out of text, and says so of every level.
    const exhausted = document.errors.find((error) => error.message.includes('call stack'));
    if (exhausted) report(exhausted.pos[0], tooDeep);
    else problems.push(...syntaxProblems(text, document.errors));
    return document;
  } catch (error) {
    report(0, error instanceof RangeError ? tooDeep : String(error));
    return parseDocument('');
  }
}

/** Follows anchors and aliases and weighs what they would become when written out, without writing them out. */
class Aliases {
  readonly targets = new Map<Alias, Node>();
  readonly problems: Problem[] = [];
  readonly #anchors = new Map<string, Node>();
  readonly #weights = new Map<Node, number>();
  readonly #open = new Set<Node>();
  readonly #text: string;
  #total = 0;

  constructor(text: string) {
    this.#text = text;
  }

  walk(root: Node | null): void {
    if (root) this.#weigh(root);
  }

  #weigh(node: Node): number {
    if (isAlias(node)) return this.#weighAlias(node);
    if (node.anchor) this.#anchors.set(node.anchor, node);
    let weight = 1;
    this.#open.add(node);
    if (isMap(node)) {
      for (const pair of node.items) {
        if (isNodeLike(pair.key)) weight += this.#weigh(pair.key);
        if (isNodeLike(pair.value)) weight += this.#weigh(pair.value);
        if (isMergeKey(pair.key) && !this.#isMergeable(pair.value, isSeq(pair.value))) {
          this.#report(rangeOf(isNodeLike(pair.value) ? pair.value : pair.key), 'map merge requires map or sequence of maps as the value');
        }
      }
    } else if (isSeq(node)) {
      for (const item of node.items) if (isNodeLike(item)) weight += this.#weigh(item);
    }
    this.#open.delete(node);
    if (node.anchor) this.#weights.set(node, weight);
    return weight;
  }

  #weighAlias(alias: Alias): number {
    const target = this.#anchors.get(alias.source);
    if (!target) {
      const span = plainValueAt(this.#text, rangeOf(alias).start);
      const fix = quote(this.#text.slice(span.start, span.end));
      // An anchor ends with its document, and a wildcard such as `*.example.com` is no alias at all.
      const why = t('no &{0} stands above it in this document; a text must be put in quotes, {1}', alias.source, fix);
      this.#report(span, `unknown anchor "${alias.source}" referenced: ${why}`, fix);
      return 1;
    }
    if (this.#open.has(target)) {
      this.#report(rangeOf(alias), `anchor "${alias.source}" value contains itself`);
      return 1;
    }
    this.targets.set(alias, target);
    const weight = this.#weights.get(target) ?? 1;
    this.#total += weight;
    if (this.#total > expandedLimit) {
      this.#report(rangeOf(alias), 'document contains excessive aliasing');
      return 1;
    }
    return weight;
  }

  #isMergeable(value: unknown, inList: boolean): boolean {
    if (isSeq(value) && inList) return value.items.every((item) => this.#isMergeable(item, false));
    return isMap(isAlias(value) ? this.targets.get(value) : value);
  }

  #report(span: Span, message: string, fix?: string): void {
    if (this.problems.length === 0)
      this.problems.push({ ...span, severity: 'error', message, code: 'alias', ...(fix !== undefined && { fix }) });
  }
}

// Half a surrogate pair, or a control character that YAML does not allow.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const stray = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]/g;

// Most texts have nothing of the kind, nor whole pairs: that is found out in a fraction of the time.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unusual = /[\uD800-\uDFFF\x00-\x08\x0B\x0C\x0E-\x1F\x7F]/;

function strayCharacters(text: string): Problem[] {
  const problems: Problem[] = [];
  if (!unusual.test(text)) return problems;
  for (const match of text.matchAll(stray)) {
    const surrogate = match[0] >= '\uD800';
    const message = surrogate ? 'invalid Unicode character' : 'control characters are not allowed';
    problems.push({ start: match.index, end: match.index + 1, severity: 'error', message, code: 'syntax' });
    if (problems.length === 20) break;
  }
  return problems;
}
