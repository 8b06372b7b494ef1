import type { CompletionItem, CompletionList, Position } from 'vscode-languageserver';
import type { Definitions, Descriptions } from '../../runtime/api/kinds/schema.ts';
import type { ManifestFile, Placed } from '../documents/file.ts';
import { itemTypeAt, typeAt } from '../documents/objects.ts';
import { readOutline } from '../documents/outline.ts';
import type { OutlineNode } from '../documents/outline-node.ts';
import type { NameSource } from '../index/names.ts';
import type { Completer } from '../schemas/completer.ts';
import { type Field, walk } from '../schemas/describe.ts';
import { isItemsAt, isObjectAt, type KindOf, kindOf } from '../schemas/kind-of.ts';
import { isToolFile, type Kinds } from '../schemas/kinds.ts';
import { deref, shapeOf } from '../schemas/structural.ts';
import { alternativeItems, hasAlternatives } from './completion/alternatives.ts';
import { anchorItems } from './completion/anchors.ts';
import { type Context, namespaceAt, ownerOf } from './completion/context.ts';
import { belowItems, fieldItems, wholeItem } from './completion/fields.ts';
import { headItems, kindItems, manifestItems, nextManifestItems, versionItems } from './completion/heads.ts';
import { type Place, placesOf } from './completion/places.ts';
import { variables } from './completion/pods.ts';
import { entryItems, valueItems, variableItems } from './completion/values.ts';
import { styleOf, Writing } from './completion/writing.ts';

export interface CompletionParts {
  readonly kinds: Kinds;
  readonly definitions: Definitions;
  readonly descriptions: Descriptions;
  readonly names: NameSource;
  /** yaml-language-server, loaded when it is needed. */
  completer(): Promise<Completer>;
}

/** Everything that could be written at a position. The document may be broken: it is read by its lines. */
export async function completeAt(file: ManifestFile, position: Position, parts: CompletionParts): Promise<CompletionList> {
  const placed = file.at(position);
  if (!placed || file.tooLong || placed.manifest.tooLong) return listOf([]);
  const offset = file.offsetAt(position) - placed.start;
  const { root, spot } = readOutline(placed.manifest.text, offset);
  if (!spot || isToolFile(root.textAt('apiVersion') ?? '', root.textAt('kind') ?? '')) return listOf([]);
  const anchors = spot.type === 'text' ? undefined : anchorItems(file, placed, offset);
  if (anchors) return listOf(anchors);
  const { kinds, definitions } = parts;
  const style = styleOf(root);
  const found = new Map<OutlineNode, KindOf | undefined>();
  const kindAt = (node: OutlineNode) => {
    if (!found.has(node)) found.set(node, kindOf(node, root, kinds, definitions));
    return found.get(node);
  };
  const places = placesOf(spot, offset, (node) => {
    if (isObjectAt(node, root, kinds)) return 'map';
    if (isItemsAt(node, root, kinds)) return 'list';
    const at = kindAt(node);
    const field = at && fieldAt(node, at, definitions);
    return field && shapeOf(field.schema, definitions);
  });
  const items: CompletionItem[] = [];
  let isIncomplete = false;
  for (const place of places) {
    const writing = new Writing(file, placed, offset, place, style);
    const edited = { file, placed, offset };
    const { items: heads, isIncomplete: standBack } = headsAt(place, writing, root, edited, parts);
    items.push(...heads);
    isIncomplete ||= standBack;
    const at = kindAt(place.node);
    if (!at) continue;
    const own = itemsAt(place, writing, root, at, parts);
    const headed = new Set(heads.map(({ label }) => label));
    items.push(...own.filter(({ label }) => !headed.has(label)));
    const path = place.node.path.slice(at.object.path.length);
    if (at.known.builtIn || !hasAlternatives(at.known, path, definitions)) continue;
    const known = new Set(own.map(({ label }) => label));
    const more = await alternativeItems(edited, { known: at.known, inList: at.object !== root }, await parts.completer(), parts);
    items.push(...more.filter(({ label }) => !known.has(label)));
  }
  return listOf(items, isIncomplete);
}

/** @param isIncomplete whether other proposals come with the next letter */
function listOf(items: CompletionItem[], isIncomplete = false): CompletionList {
  return { items, isIncomplete };
}

function fieldAt(node: OutlineNode, { known, object }: KindOf, definitions: Definitions): Field | undefined {
  return walk(known.schema, node.path.slice(object.path.length), definitions);
}

/** What an object says it is, and whole objects where one begins. */
function headsAt(
  place: Place,
  writing: Writing,
  root: OutlineNode,
  edited: { readonly file: ManifestFile; readonly placed: Placed; readonly offset: number },
  { kinds, definitions }: CompletionParts,
): CompletionList {
  const { node } = place;
  if (place.kind === 'item' && isItemsAt(node, root, kinds))
    return listOf(manifestItems(undefined, itemTypeAt(node), writing, kinds, definitions));
  if (place.kind === 'value' && node.parent && isObjectAt(node.parent, root, kinds)) {
    if (node.name === 'kind') return listOf(kindItems(node.parent, writing, kinds, edited));
    if (node.name === 'apiVersion') return listOf(versionItems(node.parent, writing, kinds, edited));
  }
  if (place.kind !== 'field' || !isObjectAt(node, root, kinds)) return listOf([]);
  if (node.textAt('kind') !== undefined) {
    const { text } = edited.placed.manifest;
    return node === root && !writing.inFlow ? nextManifestItems(node, edited.offset, text, writing, kinds, definitions) : listOf([]);
  }
  return listOf([
    ...headItems(node, writing, kinds),
    ...(place.self ? [] : manifestItems(node, typeAt(node), writing, kinds, definitions)),
  ]);
}

/** What the schema of the kind, and what is known besides, propose for a place. */
function itemsAt(place: Place, writing: Writing, root: OutlineNode, at: KindOf, parts: CompletionParts): CompletionItem[] {
  const { definitions, kinds } = parts;
  const { node } = place;
  const field = fieldAt(node, at, definitions);
  if (!field) return [];
  const path = node.path.slice(at.object.path.length);
  const { owner, rest } = ownerOf(at.known.schema, path, definitions);
  const context: Context = {
    ...parts,
    root,
    object: at.object,
    known: at.known,
    node,
    owner,
    rest: rest.filter((step) => typeof step === 'string'),
    namespace: namespaceAt(at.object),
  };
  const target = deref(field.schema, definitions);
  if (place.kind === 'field') {
    const isEntries = target.additionalProperties !== undefined || (!target.properties && shapeOf(field.schema, definitions) === 'map');
    return target.properties ? fieldItems(context, field.schema, writing) : isEntries ? entryItems(context, writing) : [];
  }
  if (place.kind === 'item') {
    if (!target.items) return [];
    const item: Field = { schema: target.items, required: false };
    if (shapeOf(target.items, definitions) === 'scalar')
      return [...variableItems(variables(node), writing), ...valueItems(context, item, writing)];
    const whole = wholeItem(field.schema, writing, context);
    return [...(whole ? [whole] : []), ...(writing.place.ownLine ? fieldItems(context, target.items, writing) : [])];
  }
  if (place.kind === 'value' && node.parent && isObjectAt(node.parent, root, kinds) && /^(kind|apiVersion)$/.test(String(node.name)))
    return [];
  const shape = shapeOf(field.schema, definitions);
  if (shape === 'scalar') return [...variableItems(variables(node), writing), ...valueItems(context, field, writing)];
  return shape === undefined || node.flow ? [] : belowItems(context, String(node.name), field, writing);
}
