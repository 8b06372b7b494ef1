import { type DocumentHighlight, DocumentHighlightKind, type Location, type Position } from 'vscode-languageserver';
import type { Occurrence } from '../index/facts.ts';
import type { Found } from '../index/found.ts';
import type { WorkspaceIndex } from '../index/workspace-index.ts';

/** Where what the cursor stands on is declared. */
export function definitionsAt(index: WorkspaceIndex, uri: string, position: Position): Location[] {
  const found = index.at(uri, position);
  return found ? locations(index.same(found.what).filter(({ what }) => what.role === 'declaration')) : [];
}

/** Every place that mentions what the cursor stands on. */
export function referencesAt(index: WorkspaceIndex, uri: string, position: Position, withDeclaration: boolean): Location[] {
  const found = index.at(uri, position);
  if (!found) return [];
  return locations(index.same(found.what).filter(({ what }) => withDeclaration || what.role === 'reference'));
}

/** The same, in the file at hand. */
export function highlightsAt(index: WorkspaceIndex, uri: string, position: Position): DocumentHighlight[] {
  const found = index.at(uri, position);
  if (!found) return [];
  return index
    .same(found.what)
    .filter((same) => same.uri === uri)
    .map(({ range, what }) => ({ range, kind: what.role === 'declaration' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read }));
}

function locations(found: readonly Found<Occurrence>[]): Location[] {
  return found.map(({ uri, range }) => ({ uri, range }));
}
