import { t } from '@vscode/l10n';
import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { typeOfItem } from '../../runtime/api/kinds/listed.ts';
import { unmask } from '../../runtime/api/yaml/template.ts';
import type { ManifestFile, Placed } from '../documents/file.ts';
import { rangeOf, type Tree } from '../documents/tree.ts';
import type { Turns } from '../turns.ts';
import { iconOf, itemsOf } from './symbol-kinds.ts';

/** Deeper fields are no help in an outline. */
const depthLimit = 8;

/** More documents than this are no help in one either. */
const documentLimit = 10_000;

/**
 * The outline: one symbol per document, `Deployment/web`, with its fields below. `isOver` is asked after others had their turn: whoever wanted it may
 * not want it any more, and undefined is the answer.
 */
export async function symbolsOf(file: ManifestFile, turns: Turns, isOver: () => boolean): Promise<DocumentSymbol[] | undefined> {
  const symbols: DocumentSymbol[] = [];
  for (const placed of file.documents) {
    if (symbols.length === documentLimit) {
      symbols.push(remainder(file, placed));
      break;
    }
    if ((await turns.take(placed.end - placed.start)) && isOver()) return undefined;
    if (!placed.manifest.empty) symbols.push(documentSymbol(file, placed));
  }
  return symbols;
}

/** What stands for a document and all below it. */
function remainder(file: ManifestFile, placed: Placed): DocumentSymbol {
  const range = { start: file.positionAt(placed.start), end: file.positionAt(file.text.length) };
  const name = t('{0} more documents', file.documents.length - placed.index);
  return { name, kind: SymbolKind.Object, range, selectionRange: { start: range.start, end: range.start } };
}

function documentSymbol(file: ManifestFile, placed: Placed): DocumentSymbol {
  const { header, text, tooLong } = placed.manifest;
  const tree = tooLong || file.tooLong ? undefined : placed.manifest.tree;
  const end = text.trimEnd().length;
  const heading = header.kind ?? { start: header.content, end: header.content };
  const name = header.kind
    ? [header.kind.text, header.name?.text].filter((part) => part !== undefined).join('/')
    : t('document {0}', placed.index + 1);
  return {
    name,
    detail: header.namespace?.text ?? '',
    kind: header.kind ? iconOf(header.kind.text) : SymbolKind.Object,
    range: file.range(placed, Math.min(header.content, end), end),
    selectionRange: file.range(placed, heading.start, heading.end),
    children: tree?.sound ? children(file, placed, tree, tree.root, 0) : [],
  };
}

/** What a list's field says of its items. */
interface ListField {
  readonly name: string;
  /** The kind of objects in it that do not say theirs. */
  readonly kind: string;
}

const noList: ListField = { name: '', kind: '' };

function children(file: ManifestFile, placed: Placed, tree: Tree, node: Node | null, depth: number, list = noList): DocumentSymbol[] {
  if (depth === depthLimit) return [];
  if (isMap(node)) {
    const { kind = '' } = typeOfItem({ kind: textOf(tree.find(node, 'kind')?.value) }, {});
    return tree.own(node).map(({ name, key, value }) => {
      const keyRange = rangeOf(key);
      const end = value ? Math.max(contentEnd(placed, value), keyRange.end) : keyRange.end;
      return {
        name: name === '' ? '""' : unmask(name),
        detail: textOf(value),
        kind: symbolKind(value),
        range: file.range(placed, keyRange.start, end),
        selectionRange: file.range(placed, keyRange.start, keyRange.end),
        children: children(file, placed, tree, value, depth + 1, { name, kind }),
      };
    });
  }
  if (isSeq(node)) {
    const { icon, detail } = itemsOf(list.name);
    return node.items.filter(isMap).map((item, index) => {
      const { start } = rangeOf(item);
      const textAt = (field: string) => textOf(tree.own(item).find((entry) => entry.name === field)?.value);
      const range = file.range(placed, start, contentEnd(placed, item));
      const told = [...detail, 'name'].map(textAt).find((text) => text !== '') ?? '';
      const kind = list.name === 'items' ? textAt('kind') || list.kind : '';
      const itemName = kind === '' ? textAt('name') : [kind, objectName(tree, item)].filter((part) => part !== '').join('/');
      return {
        name: itemName === '' ? told || `[${index}]` : itemName,
        detail: itemName === '' || told === itemName ? '' : told,
        kind: kind === '' ? icon : iconOf(kind),
        range,
        selectionRange: { start: range.start, end: range.start },
        children: children(file, placed, tree, item, depth + 1),
      };
    });
  }
  return [];
}

/** What an object in a `List` is called. */
function objectName(tree: Tree, object: YAMLMap): string {
  const metadata = tree.resolve(tree.own(object).find((entry) => entry.name === 'metadata')?.value);
  return isMap(metadata) ? textOf(tree.find(metadata, 'name')?.value) : '';
}

/** A value as an outline shows it. */
function textOf(node: Node | null | undefined): string {
  return isScalar(node) && node.value !== null ? unmask(String(node.value)).slice(0, 60) : '';
}

/** Where a node's text ends, without the line breaks that YAML counts in. */
function contentEnd(placed: Placed, node: Node): number {
  const { start, end } = rangeOf(node);
  return start + placed.manifest.text.slice(start, end).trimEnd().length;
}

function symbolKind(node: Node | null): SymbolKind {
  if (isMap(node)) return SymbolKind.Struct;
  if (isSeq(node)) return SymbolKind.Array;
  if (isScalar(node) && typeof node.value === 'number') return SymbolKind.Number;
  if (isScalar(node) && typeof node.value === 'boolean') return SymbolKind.Boolean;
  return SymbolKind.String;
}
