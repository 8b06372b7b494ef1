import type { Position, Range } from 'vscode-languageserver';
import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import { Manifest } from './manifest.ts';
import { splitDocuments } from './split.ts';

/** A file longer than this is only cut into documents: what lies in it is not checked. */
export const fileLimit = 2 * 1024 * 1024;
/** The same holds for a file of more documents: nobody keeps so many by hand. */
const documentLimit = 10_000;

/** A document where it stands in its file. */
export interface Placed {
  readonly manifest: Manifest;
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** An open file: its text as the editor has it, and the documents in it. */
export class ManifestFile {
  #document: TextDocument;
  #placed: readonly Placed[];
  #edited = false;

  constructor(document: TextDocument) {
    this.#document = document;
    this.#placed = place(document.getText(), []);
  }

  get uri(): string {
    return this.#document.uri;
  }

  get version(): number {
    return this.#document.version;
  }

  /** Whether it was written in since it was opened. The version does not tell: editors begin to count where they like. */
  get isEdited(): boolean {
    return this.#edited;
  }

  get text(): string {
    return this.#document.getText();
  }

  get tooLong(): boolean {
    return this.#placed.length > documentLimit || this.#document.getText().length > fileLimit;
  }

  get documents(): readonly Placed[] {
    return this.#placed;
  }

  /** Takes in an edit. Documents whose text is as before keep all that is known about them. */
  update(changes: TextDocumentContentChangeEvent[], version: number): void {
    this.#edited = true;
    this.#document = TextDocument.update(this.#document, changes, version);
    this.#placed = place(this.#document.getText(), this.#placed);
  }

  /** The document that holds a place; at a border, the one that begins there. */
  at(position: Position): Placed | undefined {
    const offset = this.#document.offsetAt(position);
    return this.#placed.findLast((placed) => placed.start <= offset) ?? this.#placed[0];
  }

  offsetAt(position: Position): number {
    return this.#document.offsetAt(position);
  }

  positionAt(offset: number): Position {
    return this.#document.positionAt(offset);
  }

  /** The text of a line, with its line break. */
  line(line: number): string {
    return this.#document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  }

  /** From offsets in a document to a range in the file. */
  range(placed: Placed, start: number, end: number): Range {
    return { start: this.#document.positionAt(placed.start + start), end: this.#document.positionAt(placed.start + end) };
  }
}

function place(text: string, before: readonly Placed[]): Placed[] {
  const slices = splitDocuments(text);
  // An edit changes some documents in a row: those above it keep their places, those below count from the end.
  const more = slices.length - before.length;
  let known: ReadonlyMap<string, Manifest> | undefined;
  return slices.map(({ start, end }, index) => {
    for (const candidate of [before[index], before[index - more]]) {
      if (!candidate || candidate.manifest.source.length !== end - start || !text.startsWith(candidate.manifest.source, start)) continue;
      return candidate.index === index && candidate.start === start ? candidate : { manifest: candidate.manifest, index, start, end };
    }
    const part = text.slice(start, end);
    known ??= new Map(before.map(({ manifest }) => [manifest.source, manifest]));
    return {
      manifest: known.get(part) ?? new Manifest(before.length > 0 && part.length < text.length ? ownCopy(part) : part),
      index,
      start,
      end,
    };
  });
}

/** A slice holds on to the text it was cut from: documents that were edited one after the other would each keep a whole file of its own. */
function ownCopy(slice: string): string {
  return JSON.parse(JSON.stringify(slice)) as string;
}
