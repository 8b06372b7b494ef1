import type { WorkspaceSymbol } from 'vscode-languageserver';
import { movingInto } from '../index/made-objects.ts';
import type { WorkspaceIndex } from '../index/workspace-index.ts';
import { iconOf } from './symbol-kinds.ts';

const answerLimit = 500;

/** The objects of the workspace as `Deployment/web`, whose letters come in the order of the query's. */
export function workspaceSymbols(index: WorkspaceIndex, query: string): WorkspaceSymbol[] {
  const symbols: WorkspaceSymbol[] = [];
  const letters = query.toLowerCase();
  const kinds = new Map<string, number>();
  for (const { uri, range, what } of index.all()) {
    if (what.kind === movingInto) continue;
    // Thousands are looked through for each letter that somebody types, and are of few kinds.
    const inKind = kinds.get(what.kind) ?? lettersIn(what.kind, letters, 0);
    kinds.set(what.kind, inKind);
    const found = what.name === '' ? inKind : lettersIn(what.name, letters, lettersIn('/', letters, inKind));
    if (found < letters.length) continue;
    const name = what.name === '' ? what.kind : `${what.kind}/${what.name}`;
    symbols.push({ name, kind: iconOf(what.kind), containerName: what.namespace, location: { uri, range } });
    if (symbols.length === answerLimit) break;
  }
  return symbols;
}

/** How many of some letters have come in their order at the end of a text, of which so many had come before it. */
function lettersIn(text: string, letters: string, before: number): number {
  const lower = text.toLowerCase();
  let found = before;
  for (let at = 0; at < lower.length && found < letters.length; at++) if (lower.charCodeAt(at) === letters.charCodeAt(found)) found++;
  return found;
}
