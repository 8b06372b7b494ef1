import { t } from '@vscode/l10n';
import { type CompletionItem, CompletionItemKind, InsertTextFormat, TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Definitions, Descriptions } from '../../../runtime/api/kinds/schema.ts';
import type { ManifestFile, Placed } from '../../documents/file.ts';
import type { FieldPath } from '../../documents/path.ts';
import type { Completer } from '../../schemas/completer.ts';
import { step } from '../../schemas/describe.ts';
import { editorSchema, listSchema } from '../../schemas/editor-schema.ts';
import type { Kinds, KnownKind } from '../../schemas/kinds.ts';
import { deref, type StructuralSchema } from '../../schemas/structural.ts';

/** Whether a schema on the way to a path offers alternatives: which of them is meant, yaml-language-server finds out. */
export function hasAlternatives(known: KnownKind, path: FieldPath, definitions: Definitions): boolean {
  let schema: StructuralSchema | undefined = known.schema;
  for (const name of [undefined, ...path]) {
    if (name !== undefined) schema = schema && step(schema, name, definitions)?.schema;
    const target: StructuralSchema | undefined = schema && deref(schema, definitions);
    if (target?.oneOf || target?.anyOf || target?.allOf) return true;
  }
  return false;
}

/** What yaml-language-server proposes where a custom resource may be one thing or another. */
export async function alternativeItems(
  { file, placed, offset }: { readonly file: ManifestFile; readonly placed: Placed; readonly offset: number },
  { known, inList }: { readonly known: KnownKind; readonly inList: boolean },
  completer: Completer,
  { kinds, definitions, descriptions }: { readonly kinds: Kinds; readonly definitions: Definitions; readonly descriptions: Descriptions },
): Promise<CompletionItem[]> {
  const { text } = placed.manifest;
  // An exploding document must not reach the library, which writes aliases out.
  if (placed.manifest.tree.problems.some((problem) => problem.code === 'alias')) return [];
  const position = TextDocument.create('', 'yaml', 0, text).positionAt(offset);
  const id = `kubeside:/${inList ? 'list/' : ''}${kinds.generation}/${known.apiVersion}/${known.kind}`;
  const items = await completer.complete(text, position, id, () => {
    const schema = editorSchema(known, definitions, descriptions);
    return inList ? listSchema(schema) : schema;
  });
  const shift = file.positionAt(placed.start).line;
  return items.map((item) => moved(item, shift));
}

/** Moves an item from the document to the file. */
function moved(item: CompletionItem, shift: number): CompletionItem {
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
  if (item.kind === CompletionItemKind.Class) adapted.detail = t('required fields');
  adapted.insertTextFormat ??= InsertTextFormat.PlainText;
  return adapted;
}
