import { Field } from '../documents/field.ts';
import { Tree } from '../documents/tree.ts';
import { isKustomizationFile, type NamedPath, namedPaths, targetOf } from './paths.ts';

/** What one kustomization says of other files. */
interface Named {
  readonly patches: readonly string[];
  /** The files and folders that it takes in. */
  readonly taken: readonly string[];
  /** Whether it may change what it takes in. */
  readonly changing: boolean;
  /** The files and folders of generators, transformers and validators. */
  readonly plugins: readonly string[];
  /** The files of variables that its generators name. */
  readonly variables: readonly string[];
  /** All files that it names, of whatever sort. */
  readonly files: readonly string[];
}

/** Fields of a kustomization that change nothing of what it takes in. */
const unchanging: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'resources',
  'bases',
  'crds',
  'configMapGenerator',
  'secretGenerator',
  'generatorOptions',
  'sortOptions',
  'openapi',
  'validators',
]);

/** Beyond so many files the list is not taken for complete. */
const fileLimit = 5000;
/** Folders that nobody lists: what lies there is not known to be missing. */
const passedOver = /\/(\.[^/]*|node_modules|dist|out|vendor)\//;

/** The YAML files of the workspace, and which of them kustomizations use as patches. */
export class Kustomizations {
  readonly #files = new Set<string>();
  /** What each kustomization says: on disk, and as an editor has it, which goes before. */
  readonly #saved = new Map<string, Named>();
  readonly #open = new Map<string, Named>();
  #generation = 0;

  /** Goes up whenever a file comes or goes, or is named by a kustomization or no longer. */
  get generation(): number {
    return this.#generation;
  }

  /** Takes in a file on disk, or that it is gone. */
  save(uri: string, text: string | undefined): void {
    const known = this.#files.has(uri);
    if (text === undefined) this.#files.delete(uri);
    else this.#files.add(uri);
    if (known !== (text !== undefined)) this.#generation++;
    this.#read(this.#saved, uri, text);
  }

  /** Takes in what an open kustomization says; undefined when it is closed. Other files are passed over. */
  open(uri: string, text: string | undefined): void {
    if (text !== undefined) this.#read(this.#open, uri, text);
    else if (this.#open.delete(uri)) this.#generation++;
  }

  #read(files: Map<string, Named>, uri: string, text: string | undefined): void {
    if (!isKustomizationFile(uri)) return;
    const tree = text === undefined ? undefined : new Tree(text);
    // While it is broken, what it said before is likelier than nothing.
    if (tree && !tree.sound) return;
    const named = namedBy(tree && new Field(tree, tree.root), uri);
    if (JSON.stringify(named) === JSON.stringify(files.get(uri) ?? null)) return;
    files.set(uri, named);
    this.#generation++;
  }

  /** Whether some kustomization names a file as a patch, or leaves out one that lies near it and is called so. */
  isPatch(uri: string): boolean {
    return this.patchedBy(uri).length > 0 || this.#isUnusedPatch(uri);
  }

  /** Scaffolds bring patches that their kustomizations name in comments. */
  #isUnusedPatch(uri: string): boolean {
    if (!/\/patches\/[^/]+$|[-_./]patch(?:[-_.][^/]*)?\.ya?ml$/i.test(uri)) return false;
    const folder = uri.slice(0, uri.lastIndexOf('/'));
    const above = folder.slice(0, folder.lastIndexOf('/'));
    if (this.inFolder(folder) === undefined && this.inFolder(above) === undefined) return false;
    return ![...this.#kustomizations()].some(([, { taken }]) => taken.includes(uri));
  }

  /** The kustomizations that name a file as a patch. */
  patchedBy(uri: string): string[] {
    return [...this.#kustomizations()].filter(([, { patches }]) => patches.includes(uri)).map(([file]) => file);
  }

  /** Whether a file tells generators, transformers or validators what to do: a kustomization names it so, or the folder that takes it in. */
  isPlugin(uri: string): boolean {
    const places = new Set([uri]);
    for (const place of places) {
      for (const [file, { taken, plugins }] of this.#kustomizations()) {
        if (plugins.includes(place)) return true;
        if (taken.includes(place)) places.add(file.slice(0, file.lastIndexOf('/')));
      }
    }
    return false;
  }

  /** Whether a kustomization, or one that takes that in, may make something else of a file or folder than what stands there. */
  changes(uri: string): boolean {
    const places = new Set([uri]);
    // What is added on the way is looked at, too.
    for (const place of places) {
      for (const [file, { taken, changing }] of this.#kustomizations()) {
        if (!taken.includes(place)) continue;
        if (changing) return true;
        places.add(file.slice(0, file.lastIndexOf('/')));
      }
    }
    return false;
  }

  /** The files that kustomizations name for whatever purpose; folders are none. */
  namedFiles(): ReadonlySet<string> {
    return new Set([...this.#kustomizations()].flatMap(([, { files }]) => files));
  }

  /** The files of variables that generators name, whatever they are called. */
  variableFiles(): ReadonlySet<string> {
    return new Set([...this.#kustomizations()].flatMap(([, { variables }]) => variables));
  }

  /** Those of them that one kustomization names. */
  variablesOf(uri: string): readonly string[] {
    return (this.#open.get(uri) ?? this.#saved.get(uri))?.variables ?? [];
  }

  *#kustomizations(): Iterable<readonly [string, Named]> {
    yield* this.#open;
    for (const entry of this.#saved) if (!this.#open.has(entry[0])) yield entry;
  }

  /** The kustomization of a folder, whose URI has no slash at its end. */
  inFolder(folder: string): string | undefined {
    return ['kustomization.yaml', 'kustomization.yml'].map((name) => `${folder}/${name}`).find((uri) => this.#files.has(uri));
  }

  /** Whether a YAML file, or a folder with a kustomization, is certainly not there. */
  isMissing(target: string, folder: boolean): boolean {
    if (this.#files.size === 0 || this.#files.size >= fileLimit || passedOver.test(`${target}/`)) return false;
    if (this.#files.has(target)) return false;
    return /\.ya?ml$/.test(target) || (folder && this.inFolder(target) === undefined && !/\.[A-Za-z0-9]+$/.test(target));
  }

  /** What a kustomization may take in, as paths from its folder: files there or below, and folders with a kustomization. */
  near(uri: string): string[] {
    const folder = uri.slice(0, uri.lastIndexOf('/') + 1);
    const found = new Set<string>();
    const elsewhere = new Set<string>();
    for (const file of this.#files) {
      const isKustomization = isKustomizationFile(file);
      const target = isKustomization ? file.slice(0, file.lastIndexOf('/')) : file;
      if (file.startsWith(folder)) {
        if (file !== uri) found.add(decodeURIComponent(target.slice(folder.length)));
      } else if (isKustomization && !folder.startsWith(`${target}/`)) elsewhere.add(decodeURIComponent(relative(folder, target)));
    }
    return [...[...found].sort(), ...[...elsewhere].sort()];
  }
}

/** The way from a folder, whose URI ends in a slash, to another one that is not in it. */
function relative(folder: string, target: string): string {
  const from = folder.split('/').slice(0, -1);
  const to = target.split('/');
  const shared = from.findIndex((name, index) => name !== to[index]);
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
}

/** What a kustomization says of other files; nothing when it is gone. */
function namedBy(root: Field | undefined, uri: string): Named {
  const paths = root ? namedPaths(root) : [];
  const targets = (wanted: (path: NamedPath) => boolean) => paths.filter(wanted).flatMap(({ path }) => targetOf(path, uri) ?? []);
  return {
    patches: targets(({ patch }) => patch),
    taken: targets(({ folder }) => folder),
    plugins: targets(({ plugin }) => plugin),
    variables: targets(({ variables }) => variables),
    files: targets(({ folder, path }) => !folder || /\.[A-Za-z0-9]+$/.test(path)),
    changing: (root?.entries() ?? []).some(([name]) => !unchanging.has(name)),
  };
}
