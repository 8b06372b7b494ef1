import { isMap, isScalar } from 'yaml';
import { isMasked, isTemplate, maskTemplate, unmask } from '../../runtime/api/yaml/template.ts';
import { type Header, type HeaderValue, readHeader } from './header.ts';
import type { Problem } from './problem.ts';
import { rangeOf, Tree } from './tree.ts';

/** A document longer than this is not looked into: an object may have 1.5 MiB in etcd, but nobody edits one by hand. */
export const documentLimit = 512 * 1024;

/** In characters. */
const shortDocument = 1024;

/** One document of a file. What is found out about it is kept as long as its text does not change, wherever it moves to. */
export class Manifest {
  /** As it is written. */
  readonly source: string;
  /** What is looked into: the source, or of a template the source with its actions masked. */
  readonly text: string;
  /** Whether it is a template of Helm or its like: what it lacks may come with rendering. */
  readonly template: boolean;
  #header: Header | undefined;
  /** Held weakly: what was found in it is kept, and few of thousands of open documents are looked into again. */
  #tree: WeakRef<Tree> | undefined;
  #checked: { generation: number; problems: readonly Problem[] } | undefined;

  constructor(source: string) {
    this.source = source;
    this.template = isTemplate(source);
    this.text = this.template ? maskTemplate(source) : source;
  }

  get tooLong(): boolean {
    return this.text.length > documentLimit;
  }

  get header(): Header {
    if (!this.#header) {
      const header = readHeader(this.text);
      const whole = header.flow && !this.tooLong ? flowHeader(header, this.#treeForHeader()) : header;
      this.#header = this.template ? unmaskedHeader(whole) : whole;
    }
    return this.#header;
  }

  /** A short document is read anew sooner than kept: of thousands in flow style, only the headers are asked for. */
  #treeForHeader(): Tree {
    return this.text.length < shortDocument ? new Tree(this.text) : this.tree;
  }

  get tree(): Tree {
    const known = this.#tree?.deref();
    if (known) return known;
    const tree = new Tree(this.tooLong ? '' : this.text);
    this.#tree = new WeakRef(tree);
    return tree;
  }

  /** Nothing in it but comments. */
  get empty(): boolean {
    return this.header.content < 0;
  }

  /** The problems found while the known kinds were those of `generation`. */
  problems(generation: number): readonly Problem[] | undefined {
    return this.#checked?.generation === generation ? this.#checked.problems : undefined;
  }

  keepProblems(generation: number, problems: readonly Problem[]): void {
    this.#checked = { generation, problems };
  }
}

/** What is known only after rendering is shown as such; a version that is not known is as if it were left out. */
function unmaskedHeader({ apiVersion, kind, name, namespace, ...rest }: Header): Header {
  const shown = (value: HeaderValue) => ({ ...value, text: unmask(value.text) });
  return {
    ...rest,
    ...(apiVersion && !isMasked(apiVersion.text) && { apiVersion }),
    ...(kind && !isMasked(kind.text) && { kind }),
    ...(name && { name: shown(name) }),
    ...(namespace && { namespace: shown(namespace) }),
  };
}

function flowHeader(header: Header, tree: Tree): Header {
  if (!isMap(tree.root)) return header;
  const value = (map: unknown, name: string): HeaderValue | undefined => {
    if (!isMap(map)) return undefined;
    const found = tree.find(map, name)?.value;
    return isScalar(found) && typeof found.value === 'string' ? { text: found.value, ...rangeOf(found) } : undefined;
  };
  const metadata = tree.resolve(tree.find(tree.root, 'metadata')?.value);
  const found = {
    apiVersion: value(tree.root, 'apiVersion'),
    kind: value(tree.root, 'kind'),
    name: value(metadata, 'name'),
    namespace: value(metadata, 'namespace'),
  };
  const known = Object.fromEntries(Object.entries(found).filter(([, item]) => item !== undefined));
  return { ...header, ...known };
}
