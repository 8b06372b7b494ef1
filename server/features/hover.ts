import { type Hover, MarkupKind, type Position } from 'vscode-languageserver';
import type { Definitions, Descriptions } from '../../runtime/api/kinds/schema.ts';
import type { ManifestFile } from '../documents/file.ts';
import { type FieldPath, formatPath, placeAt } from '../documents/path.ts';
import { rangeOf } from '../documents/tree.ts';
import type { WorkspaceIndex } from '../index/workspace-index.ts';
import { descriptionOf, type Field, lifeOf, markdownOf, walk } from '../schemas/describe.ts';
import { kindAt } from '../schemas/kind-at.ts';
import type { Kinds, KnownKind } from '../schemas/kinds.ts';
import { glanceAt } from './glance.ts';

/** What is known about the field under the mouse: its type, whether it is required, its default, and what it is for. */
export function hoverAt(
  file: ManifestFile,
  position: Position,
  kinds: Kinds,
  definitions: Definitions,
  descriptions: Descriptions,
  index: WorkspaceIndex,
): Hover | null {
  const placed = file.at(position);
  if (!placed || placed.manifest.tooLong || file.tooLong || placed.manifest.empty) return null;
  const { tree } = placed.manifest;
  const place = placeAt(tree, file.offsetAt(position) - placed.start);
  if (!place) return null;
  const found = kindAt(placed.manifest, place.path, kinds);
  if (!found || found.rest.length === 0) return null;
  const { start, end } = rangeOf(place.node);
  const parts = [glanceAt(index, file.uri, position)?.value, describe(found.known, found.rest, definitions, descriptions)];
  const value = parts.filter((part) => part !== undefined).join('\n\n---\n\n');
  return value === '' ? null : { contents: { kind: MarkupKind.Markdown, value }, range: file.range(placed, start, end) };
}

function describe(known: KnownKind, path: FieldPath, definitions: Definitions, descriptions: Descriptions): string | undefined {
  if (path.length === 1 && path[0] === 'kind') {
    const field: Field = { schema: known.schema, required: false };
    const scope = known.namespaced ? 'namespaced' : 'cluster-wide';
    const facts = [`**${known.kind}** \`${known.apiVersion}\``, scope, ...lifeOf(known.apiVersion, known.kind)];
    return [facts.join(' · '), descriptionOf(field, descriptions)].filter((part) => part !== '').join('\n\n');
  }
  const field = walk(known.schema, path, definitions);
  if (!field) return undefined;
  return `**${formatPath(path.slice(-1))}** ${markdownOf(field, definitions, descriptions)}\n\n*${known.kind}* \`${formatPath(path)}\``;
}
