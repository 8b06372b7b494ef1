import { type Hover, MarkupKind, type Position } from 'vscode-languageserver';
import { isMap } from 'yaml';
import type { Definitions, Descriptions } from '../../runtime/api/kinds/schema.ts';
import { Field } from '../documents/field.ts';
import type { ManifestFile } from '../documents/file.ts';
import { placeAt } from '../documents/path.ts';
import { rangeOf } from '../documents/tree.ts';
import type { NameSource } from '../index/names.ts';
import { defaultNamespace } from '../index/symbol.ts';
import type { WorkspaceIndex } from '../index/workspace-index.ts';
import { walk } from '../schemas/describe.ts';
import { kindAt } from '../schemas/kind-at.ts';
import type { Kinds } from '../schemas/kinds.ts';
import { deref } from '../schemas/structural.ts';
import { ownerOf } from './completion/context.ts';
import { glanceAt } from './glance.ts';
import { access } from './hover/access.ts';
import { alias } from './hover/alias.ts';
import { documentation } from './hover/documentation.ts';
import { image } from './hover/image.ts';
import type { Hovered, HoverPart } from './hover/part.ts';
import { probe } from './hover/probe.ts';
import { quantity } from './hover/quantity.ts';
import { schedule } from './hover/schedule.ts';
import { seconds } from './hover/seconds.ts';
import { secret } from './hover/secret.ts';
import { selector } from './hover/selector.ts';
import { strategy } from './hover/strategy.ts';

/** What can be told of a field as it stands there, before what it is for. */
const parts: readonly HoverPart[] = [quantity, probe, image, selector, strategy, schedule, seconds, access, secret];

export interface HoverParts {
  readonly kinds: Kinds;
  readonly definitions: Definitions;
  readonly descriptions: Descriptions;
  readonly index: WorkspaceIndex;
  readonly names: NameSource;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What is known about the field under the mouse: what it comes to here, then its type, default, allowed values and purpose. */
export function hoverAt(file: ManifestFile, position: Position, context: HoverParts): Hover | null {
  const placed = file.at(position);
  if (!placed || placed.manifest.tooLong || file.tooLong || placed.manifest.empty) return null;
  const { tree } = placed.manifest;
  const place = placeAt(tree, file.offsetAt(position) - placed.start);
  if (!place) return null;
  const found = kindAt(placed.manifest, place.path, context.kinds);
  if (!found || found.rest.length === 0) return null;
  const { definitions, descriptions } = context;
  const { known, rest: path } = found;
  const { owner, rest } = ownerOf(known.schema, path, definitions);
  const start = place.path.slice(0, place.path.length - path.length);
  const object = new Field(tree, isMap(tree.root) ? tree.root : null).at(start);
  const field = walk(known.schema, path, definitions);
  const hovered: Hovered = {
    uri: file.uri,
    position,
    known,
    object,
    field: object.at(place.path),
    path,
    owner,
    rest,
    format: field && deref(field.schema, definitions).format,
    namespace: object.get('metadata', 'namespace').text ?? defaultNamespace,
    names: context.names,
    now: context.now,
  };
  // What stands in a broken document may not be what it seems, aliases that explode among it.
  const told = tree.sound ? parts.map((part) => part(hovered)) : [];
  const release = context.kinds.version.release;
  const all = [
    alias(file, position),
    glanceAt(context.index, file.uri, position)?.value,
    ...told,
    documentation(known, path, owner, release, definitions, descriptions),
  ];
  const value = all.filter((part) => part !== undefined && part !== '').join('\n\n---\n\n');
  const range = rangeOf(place.node);
  return value === '' ? null : { contents: { kind: MarkupKind.Markdown, value }, range: file.range(placed, range.start, range.end) };
}
