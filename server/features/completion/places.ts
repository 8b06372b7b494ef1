import type { OutlineNode, Spot } from '../../documents/outline-node.ts';

/** Where something new can be written. */
export interface Place {
  /** A field of a mapping, an item of a list, or the value of a field. */
  readonly kind: 'field' | 'item' | 'value';
  /** The mapping, the list, or the field. */
  readonly node: OutlineNode;
  /** The column that it has to stand at: of the key, of the dash, or of the field whose value it is. */
  readonly column: number;
  /** Whether the place is on a line of its own, so that what is left of it may be indented anew. */
  readonly ownLine: boolean;
  /** The field whose name the cursor is in: what is chosen takes its place. */
  readonly self?: OutlineNode;
  /** The field that the cursor stands right before: what is chosen comes ahead of it. */
  readonly next?: OutlineNode;
}

/** What a node is by its schema. */
export type Shape = 'map' | 'list' | 'scalar' | undefined;

/** The places that a spot stands for, the likeliest first. On a line of its own, the column decides. */
export function placesOf(spot: Spot, offset: number, shapeOf: (node: OutlineNode) => Shape): Place[] {
  switch (spot.type) {
    case 'text':
      return [];
    case 'value':
      return spot.node.kind === 'map' || spot.node.kind === 'list'
        ? []
        : [{ kind: 'value', node: spot.node, column: spot.node.column, ownLine: false }];
    case 'item':
      return [{ kind: 'item', node: spot.parent, column: spot.parent.inner, ownLine: false }];
    case 'field': {
      const { parent, self } = spot;
      const column = self?.column ?? (parent.inner >= 0 ? parent.inner : Math.max(parent.column, -2) + 2);
      if (shapeOf(parent) === 'scalar' && !self) return [{ kind: 'value', node: parent, column: parent.column, ownLine: false }];
      const named = self && (self.start === offset ? { next: self } : { self });
      return [{ kind: 'field', node: parent, column, ownLine: false, ...named }];
    }
    case 'line':
      return linePlaces(spot.chain, spot.column, offset, shapeOf);
  }
}

/** Walks up from what was read last to what has room for a line at this column. */
function linePlaces(chain: readonly OutlineNode[], column: number, offset: number, shapeOf: (node: OutlineNode) => Shape): Place[] {
  const places: Place[] = [];
  const field = (node: OutlineNode, at: number) => places.push({ kind: 'field', node, column: at, ownLine: true });
  const item = (node: OutlineNode, at: number) => places.push({ kind: 'item', node, column: at, ownLine: true });
  // A block that stands further right than the cursor: it may be meant, when nothing stands right here.
  let deeper: OutlineNode | undefined;
  for (const node of chain.toReversed()) {
    if (node.flow) continue;
    if (node.kind === 'empty') {
      const shape = shapeOf(node);
      const list = shape === 'list';
      if (shape === 'scalar' && column > node.column) {
        // The value may stand in a line of its own.
        places.push({ kind: 'value', node, column: node.column, ownLine: false });
        return places;
      }
      if (column > node.column || (list && node.isField && column === node.column)) {
        if (list) item(node, column);
        else field(node, node.parent ? column : 0);
        if (column > node.column) return places;
      }
    } else if (node.kind === 'list') {
      if (column === node.inner) {
        item(node, column);
        // A field between the items would part the list from its name.
        const isBehind = (node.children.at(-1)?.start ?? 0) < offset;
        if (isBehind && node.column === column && node.parent?.kind === 'map') field(node.parent, column);
        return places;
      }
      if (column > node.inner && deeper) {
        field(deeper, deeper.inner);
        return places;
      }
      if (column > node.column) {
        item(node, node.inner);
        return places;
      }
      deeper = undefined;
    } else if (node.kind === 'map') {
      if (column >= node.inner) {
        const target = column > node.inner ? (deeper ?? node) : node;
        field(target, target.inner);
        return places;
      }
      deeper = node;
    }
  }
  return places;
}
