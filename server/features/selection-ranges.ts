import type { Position, SelectionRange } from 'vscode-languageserver';
import { isMap, isNode, isSeq, type Node } from 'yaml';
import type { ManifestFile, Placed } from '../documents/file.ts';
import { rangeOf, type Tree } from '../documents/tree.ts';

/** What grows around each position: the word, the value, the field, the item, and so on up to the document. */
export function selectionRanges(file: ManifestFile, positions: readonly Position[]): SelectionRange[] {
  return positions.map((position) => {
    const placed = file.tooLong ? undefined : file.at(position);
    if (!placed) return { range: { start: position, end: position } };
    const { tree, header, text, tooLong } = placed.manifest;
    const whole: Extent = { start: Math.max(header.content, 0), end: text.trimEnd().length };
    const offset = file.offsetAt(position) - placed.start;
    const extents = [whole, ...(tooLong || !tree.sound ? [] : around(tree, tree.root, offset, text))];
    return (
      nested(
        file,
        placed,
        extents.filter(({ start, end }) => start <= offset && offset <= end),
      ) ?? { range: { start: position, end: position } }
    );
  });
}

interface Extent {
  readonly start: number;
  readonly end: number;
}

/** The extents that hold an offset, the widest first. */
function around(tree: Tree, node: Node | null, offset: number, text: string): Extent[] {
  if (!node) return [];
  const own = extentOf(node, text);
  if (isMap(node)) {
    for (const { key, value } of tree.own(node)) {
      const name = rangeOf(key);
      const end = value ? Math.max(extentOf(value, text).end, name.end) : name.end;
      if (offset < name.start || offset > end) continue;
      const inside = offset <= name.end ? [name] : around(tree, value, offset, text);
      return [own, { start: name.start, end }, ...inside];
    }
  } else if (isSeq(node)) {
    for (const item of node.items) {
      if (!isNode(item)) continue;
      const { start, end } = extentOf(item, text);
      if (start <= offset && offset <= end) return [own, ...around(tree, item, offset, text)];
    }
  }
  return [own];
}

/** Where a node stands, without the line breaks behind it. */
function extentOf(node: Node, text: string): Extent {
  const { start, end } = rangeOf(node);
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

function nested(file: ManifestFile, placed: Placed, extents: readonly Extent[]): SelectionRange | undefined {
  let selection: SelectionRange | undefined;
  let before: Extent | undefined;
  for (const extent of extents) {
    // Each must lie in the one before it, and be smaller.
    if (before && (extent.start < before.start || extent.end > before.end || extent.end - extent.start === before.end - before.start))
      continue;
    before = extent;
    selection = { range: file.range(placed, extent.start, extent.end), ...(selection && { parent: selection }) };
  }
  return selection;
}
