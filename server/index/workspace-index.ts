import type { Range } from 'vscode-languageserver';
import type { Placed } from '../documents/file.ts';
import { Manifest } from '../documents/manifest.ts';
import { splitDocuments } from '../documents/split.ts';
import { type DocumentFacts, type Labels, type ObjectFacts, type Occurrence, selects } from './facts.ts';
import { readFacts } from './read-facts.ts';
import { type SharedName, sortOf } from './symbol.ts';

/** Longer files are not looked into: no hand-written manifest is this long. */
const fileLimit = 1024 * 1024;
/** Beyond so many characters of saved manifests no more files are taken in, so that memory stays bounded. */
const totalLimit = 64 * 1024 * 1024;

interface PlacedFacts {
  readonly facts: DocumentFacts;
  readonly line: number;
}

interface FileFacts {
  readonly documents: readonly PlacedFacts[];
  readonly length: number;
}

/** Something found in a file; ranges are the file's. */
export interface Found<T> {
  readonly uri: string;
  readonly range: Range;
  readonly what: T;
}

/** All objects: by namespace, by kind in it, one by one, and those with pods by each of the pods' labels. */
interface Objects {
  readonly namespaces: Map<string, Found<ObjectFacts>[]>;
  readonly kinds: Map<string, Found<ObjectFacts>[]>;
  readonly declared: Map<string, Found<ObjectFacts>[]>;
  readonly labelled: Map<string, Found<ObjectFacts>[]>;
}

/** What an open file is made of, as far as the index looks at it. */
export interface OpenFile {
  readonly uri: string;
  readonly documents: readonly Placed[];
  readonly tooLong: boolean;
  positionAt(offset: number): { line: number };
}

/**
 * All names of the workspace: which documents declare and which mention them. Of files that are not open only these facts are kept.
 * An edited file is read again when somebody asks next, and in it the documents whose text changed.
 */
export class WorkspaceIndex {
  readonly #saved = new Map<string, FileFacts>();
  readonly #open = new Map<string, FileFacts>();
  readonly #touched = new Map<string, OpenFile>();
  readonly #known = new WeakMap<Manifest, DocumentFacts>();
  /** The files that a symbol stands in. */
  readonly #files = new Map<SharedName, Set<string>>();
  readonly #objects: Objects = { namespaces: new Map(), kinds: new Map(), declared: new Map(), labelled: new Map() };
  #total = 0;
  #generation = 0;

  /** Goes up whenever a fact changes. */
  get generation(): number {
    this.#refresh();
    return this.#generation;
  }

  /** Notes that an open file was opened or edited. */
  touch(file: OpenFile): void {
    this.#touched.set(file.uri, file);
  }

  /** The file is no longer open: what is on disk counts again. */
  close(uri: string): void {
    this.#touched.delete(uri);
    const before = this.#facts(uri);
    this.#open.delete(uri);
    this.#replaced(uri, before);
  }

  /** Takes in a file's text as it is on disk; undefined when the file is gone. */
  save(uri: string, text: string | undefined): void {
    const before = this.#facts(uri);
    this.#total -= this.#saved.get(uri)?.length ?? 0;
    this.#saved.delete(uri);
    if (
      text !== undefined &&
      text.length <= fileLimit &&
      this.#total + text.length <= totalLimit &&
      (/\bkind\b/.test(text) || /\/kustomization\.ya?ml$/i.test(uri))
    ) {
      this.#saved.set(uri, { documents: readText(text), length: text.length });
      this.#total += text.length;
    }
    this.#replaced(uri, before);
  }

  /** Every place a symbol stands in. */
  find(symbol: SharedName): Found<Occurrence>[] {
    this.#refresh();
    const found: Found<Occurrence>[] = [];
    for (const uri of this.#files.get(symbol) ?? []) {
      for (const { facts, line } of this.#facts(uri)?.documents ?? []) {
        for (const occurrence of facts.occurrences) {
          if (occurrence.symbol === symbol) found.push({ uri, range: moved(occurrence.range, line), what: occurrence });
        }
      }
    }
    return found;
  }

  /** Every place that means the same as this one: for a port's name, in the pods that are meant. */
  same(occurrence: Occurrence): Found<Occurrence>[] {
    const all = this.find(occurrence.symbol);
    if (sortOf(occurrence.symbol) === 'volume') {
      const own = this.#documentOf(occurrence);
      return own ? all.filter(({ what }) => own.occurrences.includes(what)) : all;
    }
    if (sortOf(occurrence.symbol) !== 'port') return all;
    return all.filter(({ what }) => what === occurrence || meansSamePods(what.pods, occurrence.pods));
  }

  /** Whether somebody declares a symbol. */
  declares(symbol: SharedName): boolean {
    return this.find(symbol).some(({ what }) => what.role === 'declaration');
  }

  /** Every place of a file that has a symbol. */
  inFile(uri: string): Found<Occurrence>[] {
    this.#refresh();
    const documents = this.#facts(uri)?.documents ?? [];
    return documents.flatMap(({ facts, line }) => facts.occurrences.map((what) => ({ uri, range: moved(what.range, line), what })));
  }

  /** The symbol at a place of a file. */
  at(uri: string, position: { line: number; character: number }): Found<Occurrence> | undefined {
    return this.inFile(uri).find(({ range: { start, end } }) => {
      if (start.line !== position.line || end.line !== position.line) return false;
      return start.character <= position.character && position.character <= end.character;
    });
  }

  /** The objects of a kind in a namespace (empty for kinds that belong to none). */
  objects(kind: string, namespace: string): readonly Found<ObjectFacts>[] {
    return this.#byName().kinds.get(kindKey({ kind, namespace })) ?? [];
  }

  /** The manifests of one object. */
  declared(kind: string, namespace: string, name: string): readonly Found<ObjectFacts>[] {
    return this.#byName().declared.get(keyOf({ kind, namespace, name })) ?? [];
  }

  /** All objects of a namespace. */
  inNamespace(namespace: string): readonly Found<ObjectFacts>[] {
    return this.#byName().namespaces.get(namespace) ?? [];
  }

  /** The objects whose pods a selector chooses. */
  selectedBy(namespace: string, labels: Labels): readonly Found<ObjectFacts>[] {
    const [first] = Object.entries(labels);
    const candidates = (first && this.#byName().labelled.get(labelKey(namespace, ...first))) ?? [];
    return candidates.filter(({ what }) => what.pod && selects(labels, what.pod.labels));
  }

  /** The autoscalers that set the replicas of a workload. */
  autoscalersOf({ kind, namespace, name }: ObjectFacts): readonly Found<ObjectFacts>[] {
    const all = ['HorizontalPodAutoscaler', 'ScaledObject'].flatMap((scaler) => this.objects(scaler, namespace));
    return all.filter(({ what }) => what.scales?.kind === kind && what.scales.name === name);
  }

  all(): readonly Found<ObjectFacts>[] {
    return [...this.#byName().namespaces.values()].flat();
  }

  /** Whether a file is known, of whatever it is made. */
  has(uri: string): boolean {
    return this.#facts(uri) !== undefined;
  }

  /** The facts of one document of an open file. */
  document(uri: string, index: number): DocumentFacts | undefined {
    this.#refresh();
    return this.#facts(uri)?.documents[index]?.facts;
  }

  #documentOf(occurrence: Occurrence): DocumentFacts | undefined {
    for (const uri of this.#files.get(occurrence.symbol) ?? []) {
      const found = this.#facts(uri)?.documents.find(({ facts }) => facts.occurrences.includes(occurrence));
      if (found) return found.facts;
    }
    return undefined;
  }

  #byName(): Objects {
    this.#refresh();
    return this.#objects;
  }

  /** Takes the objects of a file out of the lists, and those that it has now in. */
  #replaceObjects(uri: string, before: FileFacts | undefined, now: FileFacts | undefined): void {
    const { namespaces, kinds, declared, labelled } = this.#objects;
    const old = before?.documents.flatMap(({ facts }) => facts.objects) ?? [];
    for (const namespace of new Set(old.map((what) => what.namespace))) remove(namespaces, namespace, uri);
    for (const kind of new Set(old.map(kindKey))) remove(kinds, kind, uri);
    for (const label of new Set(old.flatMap(labelKeys))) remove(labelled, label, uri);
    for (const what of old) remove(declared, keyOf(what), uri);
    for (const { facts, line } of now?.documents ?? []) {
      for (const what of facts.objects) {
        const found = { uri, range: moved(what.range, line), what };
        append(namespaces, what.namespace, found);
        append(kinds, kindKey(what), found);
        append(declared, keyOf(what), found);
        for (const label of labelKeys(what)) append(labelled, label, found);
      }
    }
  }

  #facts(uri: string): FileFacts | undefined {
    return this.#open.get(uri) ?? this.#saved.get(uri);
  }

  #refresh(): void {
    for (const [uri, file] of this.#touched) {
      const before = this.#facts(uri);
      this.#open.set(uri, { documents: file.tooLong ? [] : this.#read(file, before), length: 0 });
      this.#replaced(uri, before);
    }
    this.#touched.clear();
  }

  /** While a document's YAML is broken, what it said before is kept: half-typed lines should not make others look wrong. */
  #read(file: OpenFile, before: FileFacts | undefined): PlacedFacts[] {
    return file.documents.map(({ manifest, index, start }) => {
      const facts = this.#known.get(manifest) ?? readFacts(manifest) ?? before?.documents[index]?.facts ?? { objects: [], occurrences: [] };
      this.#known.set(manifest, facts);
      return { facts, line: file.positionAt(start).line };
    });
  }

  #replaced(uri: string, before: FileFacts | undefined): void {
    const now = this.#facts(uri);
    if (before === now) return;
    // Documents that only moved change no name; what stands where is asked of the file itself.
    const old = before?.documents.map((document) => document.facts) ?? [];
    const fresh = now?.documents.map((document) => document.facts) ?? [];
    this.#replaceObjects(uri, before, now);
    if (old.length === fresh.length && old.every((facts, index) => facts === fresh[index])) return;
    this.#generation++;
    const kept = new Set(fresh.flatMap((facts) => facts.occurrences.map((occurrence) => occurrence.symbol)));
    for (const { symbol } of old.flatMap((facts) => facts.occurrences)) {
      if (kept.has(symbol)) continue;
      const files = this.#files.get(symbol);
      files?.delete(uri);
      if (files?.size === 0) this.#files.delete(symbol);
    }
    for (const symbol of kept) {
      const files = this.#files.get(symbol) ?? new Set();
      this.#files.set(symbol, files.add(uri));
    }
  }
}

function keyOf({ kind, namespace, name }: Pick<ObjectFacts, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace} ${name}`;
}

function kindKey({ kind, namespace }: Pick<ObjectFacts, 'kind' | 'namespace'>): string {
  return `${kind} ${namespace}`;
}

function labelKey(namespace: string, name: string, value: string): string {
  return `${namespace} ${name}=${value}`;
}

function labelKeys({ namespace, pod }: ObjectFacts): string[] {
  return Object.entries(pod?.labels ?? {}).map(([name, value]) => labelKey(namespace, name, value));
}

function remove(lists: Map<string, Found<ObjectFacts>[]>, key: string, uri: string): void {
  const rest = lists.get(key)?.filter((found) => found.uri !== uri) ?? [];
  if (rest.length > 0) lists.set(key, rest);
  else lists.delete(key);
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function readText(text: string): PlacedFacts[] {
  let line = 0;
  return splitDocuments(text).flatMap(({ start, end }) => {
    const part = text.slice(start, end);
    const facts = readFacts(new Manifest(part));
    const placed = facts && facts.objects.length > 0 ? [{ facts, line }] : [];
    for (let at = part.indexOf('\n'); at >= 0; at = part.indexOf('\n', at + 1)) line++;
    return placed;
  });
}

function moved(range: Range, line: number): Range {
  return {
    start: { line: range.start.line + line, character: range.start.character },
    end: { line: range.end.line + line, character: range.end.character },
  };
}

function meansSamePods(one: Occurrence['pods'], other: Occurrence['pods']): boolean {
  if (!one || !other) return false;
  if ('labels' in one && 'labels' in other) return JSON.stringify(one.labels) === JSON.stringify(other.labels);
  if ('selector' in one && 'selector' in other) return JSON.stringify(one.selector) === JSON.stringify(other.selector);
  return 'selector' in one ? 'labels' in other && selects(one.selector, other.labels) : meansSamePods(other, one);
}
