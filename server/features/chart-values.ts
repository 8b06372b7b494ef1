import {
  type CompletionItem,
  CompletionItemKind,
  type Hover,
  type Location,
  MarkupKind,
  type Position,
  type Range,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Field } from '../documents/field.ts';
import type { ManifestFile } from '../documents/file.ts';
import { Tree } from '../documents/tree.ts';

/** Reads a file as it is now, be it open or not; undefined when there is none. */
export type ReadText = (uri: string) => Promise<string | undefined>;

/** What `.Values` may be followed by where the cursor stands; undefined outside of actions, where the YAML around them is completed. */
export async function completeInAction(file: ManifestFile, position: Position, read: ReadText): Promise<CompletionItem[] | undefined> {
  if (!inAction(file, position)) return undefined;
  const before = file.line(position.line).slice(0, position.character);
  const [, path, word = ''] = /\.Values((?:\.[\w-]+)*)\.([\w-]*)$/.exec(before) ?? [];
  const values = path === undefined ? undefined : await chartValues(file.uri, read);
  if (!values) return [];
  const replaced: Range = { start: { line: position.line, character: position.character - word.length }, end: position };
  const parent = values.root.get(...names(path));
  return parent.entries().map(([name, field]) => ({
    label: name,
    kind: field.entries().length > 0 ? CompletionItemKind.Module : CompletionItemKind.Property,
    detail: shortly(field),
    textEdit: { range: replaced, newText: name },
  }));
}

/** Where the chart's values say what the path under the cursor is, or as much of it as they say; undefined outside of actions. */
export async function valueDefinition(file: ManifestFile, position: Position, read: ReadText): Promise<Location[] | undefined> {
  if (!inAction(file, position)) return undefined;
  const found = await valueAt(file, position, read);
  if (!found) return [];
  const { uri, document, field } = found;
  const { start, end } = field.keySpan;
  return [{ uri, range: { start: document.positionAt(start), end: document.positionAt(end) } }];
}

/** What the chart's values say of the whole path under the cursor; undefined where they do not, and outside of actions. */
export async function hoverValue(file: ManifestFile, position: Position, read: ReadText): Promise<Hover | undefined> {
  const found = inAction(file, position) ? await valueAt(file, position, read) : undefined;
  if (!found?.whole) return undefined;
  const { uri, document, field, path, range } = found;
  const { line } = document.positionAt(field.keySpan.start);
  const place = `[values.yaml:${line + 1}](${uri}#L${line + 1})`;
  const value = `**.Values.${path.join('.')}** · ${place}\n\n\`\`\`yaml\n${shortly(field, 600)}\n\`\`\``;
  return { contents: { kind: MarkupKind.Markdown, value }, range };
}

/** The value whose path is under the cursor, or the nearest above it that the chart has. */
async function valueAt(file: ManifestFile, position: Position, read: ReadText) {
  const line = file.line(position.line);
  const found = [...line.matchAll(/\.Values((?:\.[\w-]+)+)/g)].find(
    (match) => match.index <= position.character && position.character <= match.index + match[0].length,
  );
  const values = found && (await chartValues(file.uri, read));
  if (!found || !values) return undefined;
  const dot = line.slice(position.character).search(/[^\w-]|$/) + position.character;
  const path = names(line.slice(found.index + '.Values'.length, Math.max(dot, found.index + '.Values.'.length)));
  const range = { start: { line: position.line, character: found.index }, end: { line: position.line, character: dot } };
  for (let length = path.length; length > 0; length--) {
    const field = values.root.get(...path.slice(0, length));
    if (field.keySpan.end > field.keySpan.start) return { ...values, field, path, range, whole: length === path.length };
  }
  return undefined;
}

function inAction(file: ManifestFile, position: Position): boolean {
  const placed = file.at(position);
  if (!placed?.manifest.template) return false;
  const before = placed.manifest.source.slice(0, file.offsetAt(position) - placed.start);
  return before.lastIndexOf('{{') > before.lastIndexOf('}}');
}

function names(path = ''): string[] {
  return path.split('.').filter((name) => name !== '');
}

/** The `values.yaml` of the chart that a template belongs to. */
async function chartValues(uri: string, read: ReadText) {
  const folder = uri.lastIndexOf('/templates/');
  const valuesUri = `${uri.slice(0, folder)}/values.yaml`;
  const text = folder < 0 ? undefined : await read(valuesUri);
  if (text === undefined) return undefined;
  const tree = new Tree(text);
  return tree.sound
    ? { uri: valuesUri, root: new Field(tree, tree.root), document: TextDocument.create(valuesUri, 'yaml', 0, text) }
    : undefined;
}

function shortly(field: Field, length = 60): string {
  const text = field.source();
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
