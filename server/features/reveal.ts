import type { Position } from 'vscode-languageserver';
import { isMap } from 'yaml';
import { base64Bytes, base64Problem } from '../../runtime/api/base64.ts';
import { Field } from '../documents/field.ts';
import type { ManifestFile } from '../documents/file.ts';
import { objectsIn } from '../documents/objects.ts';
import { formatPath, placeAt } from '../documents/path.ts';

/** What the base64 data at a position of a Secret says; undefined when it is none, or no text. */
export function revealAt(file: ManifestFile, position: Position): string | undefined {
  const placed = file.at(position);
  if (!placed || file.tooLong || placed.manifest.tooLong || !placed.manifest.tree.sound) return undefined;
  const { tree } = placed.manifest;
  const place = placeAt(tree, file.offsetAt(position) - placed.start);
  const data = place?.path.at(-2);
  if (!place || data !== 'data' || !isMap(tree.root)) return undefined;
  const root = new Field(tree, tree.root);
  const object = formatPath(place.path.slice(0, -2));
  if (!objectsIn(root).some(({ object: { path }, type }) => type.kind === 'Secret' && formatPath(path) === object)) return undefined;
  const text = root.at(place.path).text?.replace(/\s/g, '');
  if (text === undefined || base64Problem(text) !== undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(base64Bytes(text));
  } catch {
    // Bytes that are no text cannot be shown.
    return undefined;
  }
}
