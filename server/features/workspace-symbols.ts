import type { WorkspaceSymbol } from 'vscode-languageserver';
import { movingInto } from '../index/made-objects.ts';
import type { WorkspaceIndex } from '../index/workspace-index.ts';
import { iconOf } from './symbol-kinds.ts';

const answerLimit = 500;

/** The objects of the workspace as `Deployment/web`, whose letters come in the order of the query's. */
export function workspaceSymbols(index: WorkspaceIndex, query: string): WorkspaceSymbol[] {
  const symbols: WorkspaceSymbol[] = [];
  const letters = query.toLowerCase();
  for (const { uri, range, what } of index.all()) {
    if (what.kind === movingInto) continue;
    const name = what.name === '' ? what.kind : `${what.kind}/${what.name}`;
    if (!inOrder(letters, name.toLowerCase())) continue;
    symbols.push({ name, kind: iconOf(what.kind), containerName: what.namespace, location: { uri, range } });
    if (symbols.length === answerLimit) break;
  }
  return symbols;
}

function inOrder(letters: string, text: string): boolean {
  let at = -1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}
