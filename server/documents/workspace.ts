import type { CustomKind } from '../schemas/custom.ts';
import { customKinds } from '../schemas/custom.ts';
import type { CustomKinds } from '../schemas/kinds.ts';
import { Manifest } from './manifest.ts';
import { splitDocuments } from './split.ts';

/** Files are looked through for this word before anything else is done with them. */
const definitionKind = 'CustomResourceDefinition';
/** More is no hand-written manifest. Bundles of definitions do reach some MB. */
const fileLimit = 8 * 1024 * 1024;

/** A definition found somewhere; what it defines is read when somebody asks for its group. */
interface Definition {
  readonly manifest: Manifest;
  kinds: readonly CustomKind[] | undefined;
}

/** The CustomResourceDefinitions of the workspace, by the file they stand in. What an editor has open goes before what is on disk. */
export class Workspace implements CustomKinds {
  readonly #open = new Map<string, readonly Definition[]>();
  readonly #saved = new Map<string, readonly Definition[]>();
  #generation = 0;
  /** The definitions that count, by file in the order of their names. */
  #inOrder: (readonly Definition[])[] | undefined;

  get generation(): number {
    return this.#generation;
  }

  /** Takes in the documents of an open file. */
  open(uri: string, manifests: readonly Manifest[]): void {
    this.#set(this.#open, uri, manifests);
  }

  /** The file is no longer open: what is on disk counts again. */
  close(uri: string): void {
    this.#set(this.#open, uri, undefined);
  }

  /** Takes in a file's text as it is on disk; undefined when the file is gone. */
  save(uri: string, text: string | undefined): void {
    if (text === undefined || text.length > fileLimit || !text.includes(definitionKind)) {
      this.#set(this.#saved, uri, undefined);
      return;
    }
    this.#set(
      this.#saved,
      uri,
      splitDocuments(text).map((slice) => new Manifest(text.slice(slice.start, slice.end))),
    );
  }

  /** Of several definitions of a version the last one counts, as when all files are applied in the order of their names. */
  list(group?: string): readonly CustomKind[] {
    const found = new Map<string, CustomKind>();
    for (const definitions of this.#definitions()) {
      for (const definition of definitions) {
        if (group !== undefined && !definition.manifest.text.includes(group)) continue;
        definition.kinds ??= customKinds(definition.manifest);
        for (const kind of definition.kinds) {
          if (group === undefined || kind.group === group) found.set(`${kind.group}/${kind.version} ${kind.kind}`, kind);
        }
      }
    }
    return [...found.values()];
  }

  #definitions(): readonly (readonly Definition[])[] {
    this.#inOrder ??= [...new Map([...this.#saved, ...this.#open])].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, of]) => of);
    return this.#inOrder;
  }

  #set(files: Map<string, readonly Definition[]>, uri: string, manifests: readonly Manifest[] | undefined): void {
    const before = files.get(uri) ?? [];
    const definitions = (manifests ?? [])
      .filter((manifest) => manifest.header.kind?.text === definitionKind)
      .map((manifest) => before.find((known) => known.manifest === manifest) ?? { manifest, kinds: undefined });
    const same = definitions.length === before.length && definitions.every((definition, index) => definition === before[index]);
    // An open file without definitions still hides the saved one, which may have had some.
    if (manifests !== undefined && (definitions.length > 0 || this.#saved.has(uri))) files.set(uri, definitions);
    else files.delete(uri);
    this.#inOrder = undefined;
    if (!same) this.#generation++;
  }
}
