import type { Json } from '../../runtime/api/object.ts';
import { splitDocuments } from './split.ts';
import { Tree } from './tree.ts';

/** A file as it was read. */
export interface ReadFile {
  /** Its documents, broken and empty ones left out. */
  readonly documents: readonly Json[];
  /** Whether some of it could not be read. */
  readonly broken: boolean;
  /** The text itself, of files that are not kept. */
  readonly text?: string;
}

/** More files than this are not kept: they are read again. */
const kept = 500;

/** Of more files than this it is not known whether they have changed: those that were read longest ago are taken to have. */
const remembered = 5000;

/** Longer files are not looked into. */
const fileLimit = 1024 * 1024;

/** The contents of files that other files are checked against. They are kept until somebody says that they have changed. */
export class WorkspaceDocuments {
  readonly #readText: (uri: string) => Promise<string | undefined>;
  readonly #files = new Map<string, Promise<ReadFile | undefined>>();
  /** A number for what each file has been like since it changed last; of files that nobody has looked into since then, none. */
  readonly #versions = new Map<string, number>();
  #lastVersion = 0;
  /** Whether files were forgotten that somebody has looked into. */
  #hasForgotten = false;
  #generation = 0;

  constructor(readText: (uri: string) => Promise<string | undefined>) {
    this.#readText = readText;
  }

  /** Goes up whenever a file changes that somebody has looked into. */
  get generation(): number {
    return this.#generation;
  }

  /** A file was edited, closed, written or removed. */
  changed(uri: string): void {
    this.#files.delete(uri);
    if (this.#versions.delete(uri) || this.#hasForgotten) this.#generation++;
  }

  /** A number that no other state of a file has had; undefined when it has not been read since it changed, or not for long. */
  versionOf(uri: string): number | undefined {
    return this.#versions.get(uri);
  }

  /** Notes that a file is read now. */
  #remember(uri: string): void {
    const version = this.#versions.get(uri) ?? ++this.#lastVersion;
    // The one that was read last stands last.
    this.#versions.delete(uri);
    this.#versions.set(uri, version);
    const [oldest] = this.#versions.keys();
    if (this.#versions.size <= remembered || oldest === undefined) return;
    this.#versions.delete(oldest);
    this.#hasForgotten = true;
  }

  /** A file's contents; undefined when it cannot be read. */
  read(uri: string): Promise<ReadFile | undefined> {
    this.#remember(uri);
    const known = this.#files.get(uri);
    if (known) return known;
    // Nobody tells when other files change.
    const isKept = /\.ya?ml$/.test(uri);
    const file = this.#readText(uri).then((text) => {
      if (text === undefined || text.length > fileLimit) return undefined;
      return isKept ? contentsOf(text) : readLater(text);
    });
    if (!isKept) return file;
    this.#files.set(uri, file);
    file.catch(() => {
      if (this.#files.get(uri) === file) this.#files.delete(uri);
    });
    const [oldest] = this.#files.keys();
    if (this.#files.size > kept && oldest !== undefined) this.#files.delete(oldest);
    return file;
  }
}

/** Notes what is read for one purpose: as long as none of it has changed, nobody needs to read again. */
export class Reading {
  readonly #documents: WorkspaceDocuments;
  readonly #versions = new Map<string, number | undefined>();

  constructor(documents: WorkspaceDocuments) {
    this.#documents = documents;
  }

  get stale(): boolean {
    for (const [uri, version] of this.#versions) if (this.#documents.versionOf(uri) !== version) return true;
    return false;
  }

  read(uri: string): Promise<ReadFile | undefined> {
    const file = this.#documents.read(uri);
    if (!this.#versions.has(uri)) this.#versions.set(uri, this.#documents.versionOf(uri));
    return file;
  }
}

/** Most files that are no manifests are asked for their text alone, which may be long and no YAML. */
function readLater(text: string): ReadFile {
  let known: ReadFile | undefined;
  const contents = () => {
    known ??= contentsOf(text);
    return known;
  };
  return {
    text,
    get documents() {
      return contents().documents;
    },
    get broken() {
      return contents().broken;
    },
  };
}

function contentsOf(text: string): ReadFile {
  const trees = splitDocuments(text).map(({ start, end }) => new Tree(text.slice(start, end)));
  const documents = trees.map(jsonOf).filter((document) => document !== undefined);
  return { documents, broken: trees.some(({ sound }) => !sound) };
}

/** A document as JSON; undefined when it is broken or empty. */
export function jsonOf(tree: Tree): Json | undefined {
  return tree.sound && tree.root ? (tree.document.toJS({ maxAliasCount: -1 }) as Json) : undefined;
}
