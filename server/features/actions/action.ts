import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import type { Definitions } from '../../../runtime/api/kinds/schema.ts';
import type { Field } from '../../documents/field.ts';
import type { ManifestFile, Placed } from '../../documents/file.ts';
import type { FieldPath } from '../../documents/path.ts';
import type { Problem } from '../../documents/problem.ts';
import type { ObjectFacts } from '../../index/facts.ts';
import { defaultNamespace } from '../../index/symbol.ts';
import type { WorkspaceIndex } from '../../index/workspace-index.ts';
import type { KnownKind } from '../../schemas/kinds.ts';
import { DocumentEdits } from './edits.ts';

/** A problem of the document, with the editor's own copy of it. */
export interface Reported {
  readonly problem: Problem;
  readonly diagnostic: Diagnostic;
}

/** What an action is made from: the document around the cursor, and what is known of it. */
export interface ActionContext {
  readonly file: ManifestFile;
  readonly placed: Placed;
  /** The object around the cursor. */
  readonly object: Field;
  readonly facts: ObjectFacts | undefined;
  readonly known: KnownKind;
  /** Where the cursor stands in the document, from its root. */
  readonly path: FieldPath;
  /** What is selected; offsets from the document's start. */
  readonly start: number;
  readonly end: number;
  /** The problems that the editor asks about, and all of the document. */
  readonly reported: readonly Reported[];
  readonly problems: readonly Problem[];
  readonly definitions: Definitions;
  readonly index: WorkspaceIndex;
}

/** Offers what can be done at a place. */
export type Action = (context: ActionContext) => readonly CodeAction[];

/** Fresh edits of the document. */
export function editsOf({ placed }: ActionContext): DocumentEdits {
  return new DocumentEdits(placed.manifest.text, placed.manifest.tree);
}

/** An action of one document's edits; none where nothing is to be written. */
export function offer(
  { file, placed }: ActionContext,
  title: string,
  kind: string,
  edits: DocumentEdits,
  more: Partial<CodeAction> = {},
): CodeAction[] {
  const changes = edits.replacements.map(({ start, end, newText }) => ({ range: file.range(placed, start, end), newText }));
  return changes.length === 0 ? [] : [{ title, kind, ...more, edit: { changes: { [file.uri]: changes } } }];
}

const containerLists = ['initContainers', 'containers', 'ephemeralContainers'];

/** The container around the cursor. */
export function containerAt({ path, object }: ActionContext): Field | undefined {
  const at = path.findLastIndex((step, index) => containerLists.includes(String(step)) && typeof path[index + 1] === 'number');
  return at < 0 ? undefined : object.at(path.slice(0, at + 2));
}

/** The pods that the object makes: its template, or itself. */
export function podOf({ object, facts }: ActionContext): Field | undefined {
  return facts?.pod && object.at(facts.pod.path);
}

/** The labels by which the pods of the object are told from others. */
export function podLabels({ object, facts }: ActionContext): Readonly<Record<string, string>> | undefined {
  const wanted = textsOf(object.get('spec', 'selector', 'matchLabels'));
  const labels = Object.keys(wanted).length > 0 ? wanted : facts?.pod?.labels;
  return labels && Object.keys(labels).length > 0 ? labels : undefined;
}

/** The texts that a mapping holds. */
export function textsOf(field: Field): Readonly<Record<string, string>> {
  return Object.fromEntries(field.entries().flatMap(([name, { text }]) => (text === undefined ? [] : [[name, text]])));
}

/** Name and namespace for an object that belongs to this one; the namespace only where this one says it. */
export function metadataFor({ object }: ActionContext, name: string): Readonly<Record<string, string>> {
  const namespace = object.get('metadata', 'namespace').text;
  return { name, ...(namespace !== undefined && { namespace }) };
}

/** The name itself, or with a number behind it when an object of the kind has it already. */
export function freeName({ object, index }: ActionContext, kind: string, name: string): string {
  const namespace = object.get('metadata', 'namespace').text ?? defaultNamespace;
  let free = name;
  for (let count = 2; index.declared(kind, namespace, free).length > 0; count++) free = `${name}-${count}`;
  return free;
}

/** The text from the document to the end of the file: where another document is written. */
export function toEndOfFile({ file, placed }: ActionContext): string {
  return file.text.slice(placed.start);
}
