import { isSeq } from 'yaml';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import type { Json } from '../../runtime/api/object.ts';
import { getKey, isMap } from '../../runtime/api/patches/json-tree.ts';
import type { Manifest } from '../documents/manifest.ts';
import type { Tree } from '../documents/tree.ts';
import { jsonOf, Reading, type WorkspaceDocuments } from '../documents/workspace-documents.ts';
import type { Applied } from './apply-patches.ts';
import { type Built, build } from './build.ts';
import { type Clash, generatorKinds } from './generators.ts';
import type { Kustomizations } from './kustomizations.ts';
import { patchEntries } from './patch-entries.ts';
import { isKustomizationFile, targetOf } from './paths.ts';
import { listAt } from './resource.ts';
import type { Unmatched } from './strategic-patches.ts';
import { targetIn } from './target.ts';
import type { UnusedEntries } from './unused-entries.ts';

/** What the JSON patches of a kustomization meet, by list and place: `patches/0`. */
export type AppliedByEntry = ReadonlyMap<string, Applied>;

/** What the JSON patches of a document meet: those in or behind a kustomization, or the document itself when it is a patch. */
export interface Met {
  readonly entries: AppliedByEntry;
  /** The strategic merge patches in it that are for nothing there, by list and place. */
  readonly unmatched: ReadonlyMap<string, Unmatched>;
  /** The entries of `replicas` and `images` that are for nothing there, likewise. */
  readonly unused: UnusedEntries;
  /** The generators that kustomize refuses, likewise. */
  readonly clashes: ReadonlyMap<string, Clash>;
  /** The patches in files that no editor shows with their problems, JSON files, as texts. */
  readonly texts: ReadonlyMap<string, string>;
  readonly file: readonly Applied[];
}

/** A patch where it stands in a document. */
export interface PatchAt {
  readonly tree: Tree;
  /** Where it begins in the document. */
  readonly start: number;
  readonly applied: readonly Applied[];
}

/** So many kustomizations are looked into for one of them. */
const visitLimit = 500;

/** The lists of a kustomization whose entries are compared with what it takes in. */
const askedLists = ['patches', 'patchesJson6902', 'patchesStrategicMerge', 'replicas', 'images', ...Object.keys(generatorKinds)];

/** What there is to know of most documents. */
export const nothingMet: Met = {
  entries: new Map(),
  unmatched: new Map(),
  unused: new Map(),
  clashes: new Map(),
  texts: new Map(),
  file: [],
};

/** Finds out what JSON patches are applied to. */
export class Patches {
  readonly #kustomizations: Kustomizations;
  readonly #documents: WorkspaceDocuments;
  readonly #definitions: () => Promise<Definitions>;

  constructor(kustomizations: Kustomizations, documents: WorkspaceDocuments, definitions: () => Promise<Definitions>) {
    this.#kustomizations = kustomizations;
    this.#documents = documents;
    this.#definitions = definitions;
  }

  /** Goes up whenever a file changes that something was compared with. */
  get generation(): number {
    return this.#documents.generation;
  }

  /** Notes what is read to answer one question. */
  reading(): Reading {
    return new Reading(this.#documents);
  }

  /** Whether a document may hold JSON patches or be one, so that something of it is to be asked here. */
  concerns(uri: string, { template, tooLong }: Manifest): boolean {
    return !template && !tooLong && (isKustomizationFile(uri) || this.#kustomizations.isPatch(uri));
  }

  /** What the JSON patches of a document meet. */
  async met(uri: string, { tree }: Manifest, reading: Reading): Promise<Met> {
    if (!tree.sound) return nothingMet;
    if (!isKustomizationFile(uri)) return isSeq(tree.root) ? { ...nothingMet, file: await this.ofFile(uri, reading) } : nothingMet;
    const root = jsonOf(tree);
    const { applied: entries, unmatched, unused, clashes } = await this.#built(uri, root, reading);
    const texts = new Map<string, string>();
    for (const key of entries.keys()) {
      const [list = '', index] = key.split('/');
      const entry = isMap(root) ? listAt(root, list)[Number(index)] : undefined;
      const path = isMap(entry) ? getKey(entry, 'path') : undefined;
      if (typeof path !== 'string' || !path.endsWith('.json')) continue;
      const there = targetOf(path, uri);
      const file = there === undefined ? undefined : await reading.read(there);
      if (file?.text !== undefined) texts.set(key, file.text);
    }
    return { ...nothingMet, entries, unmatched, unused, clashes, texts };
  }

  /** The JSON patch, or what may become one, around an offset of a document, and what it meets. */
  async at(uri: string, { tree }: Manifest, offset: number): Promise<PatchAt | undefined> {
    const reading = this.reading();
    if (!isKustomizationFile(uri)) return { tree, start: 0, applied: await this.ofFile(uri, reading) };
    for (const { key, field, embedded } of patchEntries(tree)) {
      if (embedded?.start === undefined || offset < embedded.start || offset > embedded.whole.end) continue;
      const { start } = embedded;
      const met = (await this.ofKustomization(uri, jsonOf(tree), reading)).get(key);
      const entry = field.value() as Json;
      const target = isMap(entry) ? targetIn(entry) : undefined;
      return { tree: embedded.tree, start, applied: [met ?? { target, resources: [], failures: [] }] };
    }
    return undefined;
  }

  /** What the patches of a kustomization meet. */
  async ofKustomization(uri: string, root: Json | undefined, reading: Reading): Promise<AppliedByEntry> {
    return (await this.#built(uri, root, reading)).applied;
  }

  async #built(
    uri: string,
    root: Json | undefined,
    reading: Reading,
  ): Promise<Pick<Built, 'applied' | 'unmatched' | 'unused' | 'clashes'>> {
    // Of most kustomizations nothing is asked, and what they take in need not be read.
    const isAsked = isMap(root) && askedLists.some((list) => listAt(root, list).length > 0);
    if (!isAsked) return { applied: new Map(), unmatched: new Map(), unused: new Map(), clashes: new Map() };
    const definitions = await this.#definitions();
    const parts = { kustomizations: this.#kustomizations, reading, definitions, visits: { left: visitLimit } };
    return build(uri, root, parts);
  }

  /** What a file meets that kustomizations name as a patch: once for each entry that names it. */
  async ofFile(uri: string, reading: Reading): Promise<readonly Applied[]> {
    const found: Applied[] = [];
    for (const kustomization of this.#kustomizations.patchedBy(uri)) {
      const [root] = (await reading.read(kustomization))?.documents ?? [];
      if (!isMap(root)) continue;
      const applied = await this.ofKustomization(kustomization, root, reading);
      for (const list of ['patches', 'patchesJson6902']) {
        for (const [index, entry] of listAt(root, list).entries()) {
          const path = isMap(entry) ? entry.path : undefined;
          const met = applied.get(`${list}/${index}`);
          if (met && typeof path === 'string' && targetOf(path, kustomization) === uri) found.push(met);
        }
      }
    }
    return found;
  }
}
