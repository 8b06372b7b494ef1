import { type CompletionItem, CompletionItemKind, InsertTextFormat, type Position, type Range, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Definitions, Descriptions } from '../../runtime/api/kinds/schema.ts';
import { type Cursor, cursorAt } from '../documents/cursor.ts';
import type { ManifestFile, Placed } from '../documents/file.ts';
import type { WorkspaceIndex } from '../index/workspace-index.ts';
import type { Completer } from '../schemas/completer.ts';
import { step, walk } from '../schemas/describe.ts';
import { editorSchema, listSchema } from '../schemas/editor-schema.ts';
import { type KindAt, kindAt } from '../schemas/kind-at.ts';
import type { Kinds } from '../schemas/kinds.ts';
import { fieldSnippet } from '../schemas/skeleton.ts';
import { type StructuralSchema, typeName } from '../schemas/structural.ts';
import { headItems, manifestItems } from './completion-kinds.ts';
import { listItems } from './completion-lists.ts';
import { nameItems } from './names.ts';

/** A document longer than this is not completed in: the answer would come too late to be of use. */
const completionLimit = 128 * 1024;

export interface CompletionParts {
  readonly kinds: Kinds;
  readonly definitions: Definitions;
  readonly descriptions: Descriptions;
  readonly completer: Completer;
  readonly index: WorkspaceIndex;
}

/** Everything that could be written at a position. */
export async function completeAt(file: ManifestFile, position: Position, parts: CompletionParts): Promise<CompletionItem[]> {
  const placed = file.at(position);
  if (!placed || file.tooLong || placed.manifest.text.length > completionLimit) return [];
  const { manifest } = placed;
  const offset = file.offsetAt(position) - placed.start;
  const cursor = cursorAt(manifest.text, offset);
  if (cursor.inText || /(^|\s)#/.test(cursor.before) || /^---\S*$/.test(cursor.before)) return [];
  const word = /[\w./-]*$/.exec(cursor.before)?.[0] ?? '';
  const replaced: Range = { start: { line: position.line, character: position.character - word.length }, end: position };

  const head = headItems(file, placed, cursor, replaced, parts.kinds);
  if (head) return head;
  if (!manifest.header.kind) {
    const atMargin = cursor.parent.length === 0 && /^\w*$/.test(cursor.before);
    return atMargin ? manifestItems(manifest.header, replaced, parts.kinds, parts.definitions) : [];
  }
  // An exploding document must not reach the library, which writes aliases out.
  if (manifest.tree.problems.some((problem) => problem.code === 'alias')) return [];
  const at = kindAt(manifest, cursor.parent, parts.kinds);
  if (!at) return [];
  const items = cursor.blank ? listItems(at, cursor, replaced, parts.definitions, parts.descriptions) : undefined;
  if (items) return items;
  const names = nameItems(placed, offset, word, replaced, parts.index);
  return [...names, ...(await fieldItems(file, placed, offset, at, cursor, parts))];
}

/** What yaml-language-server proposes for the document's schema. */
async function fieldItems(
  file: ManifestFile,
  placed: Placed,
  offset: number,
  at: KindAt,
  cursor: Cursor,
  parts: CompletionParts,
): Promise<CompletionItem[]> {
  const { known, inList } = at;
  const { text } = placed.manifest;
  const position = TextDocument.create('', 'yaml', 0, text).positionAt(offset);
  const id = `kubeside:/${inList ? 'list/' : ''}${parts.kinds.generation}/${known.apiVersion}/${known.kind}`;
  const items = await parts.completer.complete(text, position, id, () => {
    const schema = editorSchema(known, parts.definitions, parts.descriptions);
    return inList ? listSchema(schema) : schema;
  });
  const shift = file.positionAt(placed.start).line;
  const parent = walk(known.schema, at.rest, parts.definitions);
  const behindDash = /^\s*-/.test(cursor.before);
  return items.map((item) => {
    const adapted = adapt(item, shift);
    return parent && item.kind === CompletionItemKind.Property
      ? describeField(adapted, parent.schema, parts.definitions, !behindDash)
      : adapted;
  });
}

/** Adds the type of a field; puts required ones first and status, which nobody writes, last; writes out what is required below. */
function describeField(item: CompletionItem, parent: StructuralSchema, definitions: Definitions, writeOut: boolean): CompletionItem {
  const field = step(parent, item.label, definitions);
  if (!field) return item;
  const rank = field.required ? '0' : item.label === 'status' ? '2' : '1';
  const described: CompletionItem = { ...item, detail: typeName(field.schema, definitions), sortText: rank + item.label };
  const written = item.textEdit?.newText ?? item.insertText ?? '';
  const snippet = writeOut && written.startsWith(`${item.label}:`) ? fieldSnippet(item.label, field.schema, definitions) : undefined;
  if (snippet === undefined) return described;
  return { ...described, insertText: snippet, ...(item.textEdit && { textEdit: { ...item.textEdit, newText: snippet } }) };
}

/** Moves an item from the document to the file. */
function adapt(item: CompletionItem, shift: number): CompletionItem {
  const adapted: CompletionItem = { ...item, label: item.label.replace(/^- \(array item\) /, '- ') };
  // Zero is no likelier than any other number: the place for it stays empty.
  const written = (text: string) => text.replace(/: \$\{1:0\}$/, ': $1');
  if (item.insertText !== undefined) adapted.insertText = written(item.insertText);
  if (item.textEdit && TextEdit.is(item.textEdit)) {
    const { start, end } = item.textEdit.range;
    const range = { start: { ...start, line: start.line + shift }, end: { ...end, line: end.line + shift } };
    adapted.textEdit = { newText: written(item.textEdit.newText), range };
  }
  // The library calls the group of required fields by the name of their type.
  if (item.kind === CompletionItemKind.Class) adapted.detail = 'required fields';
  adapted.insertTextFormat ??= InsertTextFormat.PlainText;
  return adapted;
}
