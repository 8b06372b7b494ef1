import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type Location,
  type Position,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Occurrence } from '../index/facts.ts';
import { nameOf, sortOf } from '../index/symbol.ts';
import type { Found, WorkspaceIndex } from '../index/workspace-index.ts';

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

/** What a rename would replace; `null` where nothing can be renamed: a kind belongs to its definition's many other names. */
export function renamableAt(index: WorkspaceIndex, uri: string, position: Position): { range: Range; placeholder: string } | null {
  const found = index.at(uri, position);
  return found && sortOf(found.what.symbol) !== 'kind' ? { range: found.range, placeholder: nameOf(found.what.symbol) } : null;
}

const nameRules: Readonly<Record<string, { readonly pattern: RegExp; readonly limit: number; readonly told: string }>> = {
  object: {
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    limit: 253,
    told: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  },
  key: {
    pattern: /^[-._a-zA-Z0-9]+$/,
    limit: 253,
    told: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  },
  label: {
    pattern: /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
    limit: 63,
    told: "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  },
  port: {
    pattern: /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/,
    limit: 15,
    told: 'a port name must be at most 15 lower case alphanumeric characters or hyphens, with at least one letter',
  },
  volume: {
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    limit: 63,
    told: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  },
};

/** The edits of a rename in every file of the workspace; a text that says why when the new name is not allowed. */
export function renameAt(index: WorkspaceIndex, uri: string, position: Position, newName: string): WorkspaceEdit | string | null {
  const found = index.at(uri, position);
  const rule = found && nameRules[sortOf(found.what.symbol)];
  if (!found || !rule) return null;
  if (!rule.pattern.test(newName) || newName.length > rule.limit) return `${JSON.stringify(newName)} is not allowed here: ${rule.told}`;
  const changes: Record<string, TextEdit[]> = {};
  const seen = new Set<string>();
  for (const { uri: file, range, what } of index.same(found.what)) {
    // A shared anchor is one place, however many fields take their value from it.
    const place = `${file} ${range.start.line}:${range.start.character}`;
    if (seen.has(place)) continue;
    seen.add(place);
    const edits = changes[file] ?? [];
    changes[file] = edits;
    edits.push({ range, newText: what.quoted ? newName : plain(newName) });
  }
  return { changes };
}

/** Quotes what YAML would read as a number, a boolean or nothing. */
function plain(name: string): string {
  return /^([-+.\d].*|~|null|true|false|yes|no|on|off|y|n)$/i.test(name) ? `"${name}"` : name;
}

function locations(found: readonly Found<Occurrence>[]): Location[] {
  return found.map(({ uri, range }) => ({ uri, range }));
}
