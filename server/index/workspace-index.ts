import type { Range } from 'vscode-languageserver';
import type { Placed } from '../documents/file.ts';
import { Manifest } from '../documents/manifest.ts';
import { splitDocuments } from '../documents/split.ts';
import { Changes } from './changes.ts';
import { type DocumentFacts, type Labels, type ObjectFacts, type Occurrence, selects } from './facts.ts';
import type { Found } from './found.ts';
import { sameMonitored } from './monitored.ts';
import { keyOfLabels, keys, keysOf, ObjectLists } from './object-lists.ts';
import { headFacts, readFacts } from './read-facts.ts';
import { type SharedName, sortOf } from './symbol.ts';
import { VariableFiles } from './variable-files.ts';

/** Longer files are not looked into: no hand-written manifest is this long. */
const fileLimit = 1024 * 1024;
/** Beyond so many characters of saved manifests no more files are taken in, so that memory stays bounded. */
const totalLimit = 64 * 1024 * 1024;

/** The facts of a document where it stands. Kept as it is for as long as neither changes. */
interface PlacedFacts {
  readonly uri: string;
  readonly facts: DocumentFacts;
  readonly line: number;
  readonly objects: readonly Found<ObjectFacts>[];
}

interface FileFacts {
  readonly documents: readonly PlacedFacts[];
  readonly length: number;
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
  /** The documents that a symbol stands in. */
  readonly #symbols = new Map<SharedName, Set<PlacedFacts>>();
  readonly #objects = new ObjectLists();
  readonly #changes = new Changes();
  readonly #variables = new VariableFiles();
  #total = 0;

  /** Goes up whenever a fact changes that is more than a place. */
  get generation(): number {
    this.#refresh();
    return this.#changes.generation;
  }

  /** Whether what some keys lead to has changed since a generation; what is found has more to it than its place. */
  changedSince(generation: number, asked: ReadonlySet<string>): boolean {
    this.#refresh();
    return this.#changes.concern(asked, generation);
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
      this.#saved.set(uri, { documents: readText(uri, text), length: text.length });
      this.#total += text.length;
    }
    this.#replaced(uri, before);
  }

  /** Takes in what a file of variables says, which generators of kustomizations name; undefined when it cannot be read. */
  saveVariables(uri: string, variables: readonly string[] | undefined): void {
    this.#refresh();
    const concerned = this.#variables.save(uri, variables);
    if (concerned.length > 0) this.#changes.add(new Set(concerned.flatMap(({ what }) => [...keysOf(what)])));
  }

  /** Every place a symbol stands in. */
  find(symbol: SharedName): Found<Occurrence>[] {
    this.#refresh();
    const found: Found<Occurrence>[] = [];
    for (const { uri, facts, line } of this.#symbols.get(symbol) ?? []) {
      for (const what of facts.occurrences) if (what.symbol === symbol) found.push({ uri, range: moved(what.range, line), what });
    }
    return found;
  }

  /** Every place that means the same as this one: for a port's name, in the pods that are meant, and in monitors that ask for it. */
  same(occurrence: Occurrence): Found<Occurrence>[] {
    const monitored = sameMonitored(occurrence, {
      find: (symbol) => this.find(symbol),
      services: () => this.all().flatMap(({ what }) => (what.kind === 'Service' ? [what] : [])),
      namespaces: () => [...new Set(this.all().map(({ what }) => what.namespace))],
    });
    return occurrence.monitored ? [...monitored] : [...this.#sameNamed(occurrence), ...monitored];
  }

  #sameNamed(occurrence: Occurrence): Found<Occurrence>[] {
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
    return this.#facts(uri)?.documents.flatMap(occurrencesOf) ?? [];
  }

  /** The symbol at a place of a file. */
  at(uri: string, position: { line: number; character: number }): Found<Occurrence> | undefined {
    this.#refresh();
    const document = this.#facts(uri)?.documents.findLast(({ line }) => line <= position.line);
    return (document ? occurrencesOf(document) : []).find(({ range: { start, end } }) => {
      if (start.line !== position.line || end.line !== position.line) return false;
      return start.character <= position.character && position.character <= end.character;
    });
  }

  /** The objects of a kind in a namespace (empty for kinds that belong to none). */
  objects(kind: string, namespace: string): readonly Found<ObjectFacts>[] {
    this.#refresh();
    return this.#variables.withKeys(this.#objects.get(keys.kind(kind, namespace)));
  }

  /** The manifests of one object. */
  declared(kind: string, namespace: string, name: string): readonly Found<ObjectFacts>[] {
    this.#refresh();
    return this.#variables.withKeys(this.#objects.get(keys.name(kind, namespace, name)));
  }

  /** All objects of a namespace. */
  inNamespace(namespace: string): readonly Found<ObjectFacts>[] {
    this.#refresh();
    return this.#objects.get(keys.namespace(namespace));
  }

  /** The objects whose pods a selector chooses. */
  selectedBy(namespace: string, labels: Labels): readonly Found<ObjectFacts>[] {
    this.#refresh();
    const key = keyOfLabels(namespace, labels);
    return (key === undefined ? [] : this.#objects.get(key)).filter(({ what }) => what.pod && selects(labels, what.pod.labels));
  }

  all(): readonly Found<ObjectFacts>[] {
    this.#refresh();
    return this.#objects.get(keys.all);
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
    for (const { facts } of this.#symbols.get(occurrence.symbol) ?? []) if (facts.occurrences.includes(occurrence)) return facts;
    return undefined;
  }

  #facts(uri: string): FileFacts | undefined {
    return this.#open.get(uri) ?? this.#saved.get(uri);
  }

  #refresh(): void {
    for (const [uri, file] of this.#touched) {
      // Once: a file that cannot be read must not stop all that is asked later.
      this.#touched.delete(uri);
      const before = this.#facts(uri);
      this.#open.set(uri, { documents: file.tooLong ? [] : this.#read(file, before), length: 0 });
      this.#replaced(uri, before);
    }
  }

  /** While a document's YAML is broken, what it said before is kept: half-typed lines should not make others look wrong. */
  #read(file: OpenFile, before: FileFacts | undefined): PlacedFacts[] {
    return file.documents.map(({ manifest, index, start }) => {
      const facts = this.#known.get(manifest) ?? readFacts(manifest) ?? brokenFacts(manifest, before?.documents[index]?.facts);
      this.#known.set(manifest, facts);
      const { line } = file.positionAt(start);
      const known = before?.documents[index];
      return known?.facts === facts && known.line === line ? known : place(file.uri, facts, line);
    });
  }

  /** Takes what a file said no more out, and what is new in; documents that are as they were are passed over. */
  #replaced(uri: string, before: FileFacts | undefined): void {
    const now = this.#facts(uri);
    if (before === now) return;
    const kept = new Set(now?.documents);
    const gone = before?.documents.filter((document) => !kept.delete(document)) ?? [];
    const fresh = [...kept];
    for (const document of gone) {
      for (const found of document.objects) {
        this.#objects.remove(found);
        this.#variables.remove(found);
      }
      for (const { symbol } of document.facts.occurrences) {
        const documents = this.#symbols.get(symbol);
        documents?.delete(document);
        if (documents?.size === 0) this.#symbols.delete(symbol);
      }
    }
    for (const document of fresh) {
      for (const found of document.objects) {
        this.#objects.add(found);
        this.#variables.add(found);
      }
      for (const { symbol } of document.facts.occurrences) {
        const documents = this.#symbols.get(symbol);
        if (documents) documents.add(document);
        else this.#symbols.set(symbol, new Set([document]));
      }
    }
    // Documents that only moved change no name; what stands where is asked of the file itself.
    const cameOrWent = (before === undefined) !== (now === undefined);
    if (!cameOrWent && sayTheSame(gone, fresh)) return;
    const changed = changedKeys(gone, fresh);
    if (cameOrWent) changed.add(keys.file(uri));
    this.#changes.add(changed);
  }
}

/** What a broken document said before, unless its head names another object by now. */
function brokenFacts(manifest: Manifest, before: DocumentFacts | undefined): DocumentFacts {
  const head = headFacts(manifest);
  const [named] = head.occurrences;
  return before && (!named || before.occurrences.some(({ symbol }) => symbol === named.symbol)) ? before : head;
}

function place(uri: string, facts: DocumentFacts, line: number): PlacedFacts {
  return { uri, facts, line, objects: facts.objects.map((what) => ({ uri, range: moved(what.range, line), what })) };
}

/** What is said, wherever it stands. */
function said(what: DocumentFacts | ObjectFacts): string {
  return JSON.stringify(what, (key, value) => (key === 'range' ? undefined : value));
}

/** The keys of those objects that came, went or became others. */
function changedKeys(before: readonly PlacedFacts[], now: readonly PlacedFacts[]): Set<string> {
  const factsOf = (placed: readonly PlacedFacts[]) => placed.flatMap(({ facts }) => facts.objects);
  const gone = new Map(factsOf(before).map((facts) => [said(facts), facts]));
  const fresh = gone.size === 0 ? factsOf(now) : factsOf(now).filter((facts) => !gone.delete(said(facts)));
  return new Set([...gone.values(), ...fresh].flatMap((facts) => [...keysOf(facts)]));
}

/** Whether documents declare and refer to the same as before, wherever in their text: others need not be told of a comment or an indentation. */
function sayTheSame(before: readonly PlacedFacts[], now: readonly PlacedFacts[]): boolean {
  return (
    before.length === now.length &&
    before.every(({ facts }, index) => {
      const other = now[index]?.facts;
      return other !== undefined && (facts === other || said(facts) === said(other));
    })
  );
}

function occurrencesOf({ uri, facts, line }: PlacedFacts): Found<Occurrence>[] {
  return facts.occurrences.map((what) => ({ uri, range: moved(what.range, line), what }));
}

function readText(uri: string, text: string): PlacedFacts[] {
  let line = 0;
  return splitDocuments(text).map(({ start, end }) => {
    const part = text.slice(start, end);
    const manifest = new Manifest(part);
    const placed = place(uri, readFacts(manifest) ?? headFacts(manifest), line);
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
