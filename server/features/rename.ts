import { t } from '@vscode/l10n';
import type { Position, Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { kinds } from '../../runtime/api/generated/kinds.ts';
import { apiVersionOf } from '../../runtime/api/kinds/kind.ts';
import {
  configMapKeyProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  labelValueProblems,
  portNameProblems,
  qualifiedNameProblems,
} from '../../runtime/api/names/index.ts';
import { rulesByKind } from '../../runtime/api/validation/table.ts';
import type { Occurrence } from '../index/facts.ts';
import { nameOf, renamed, sortOf } from '../index/symbol.ts';
import type { WorkspaceIndex } from '../index/workspace-index.ts';

/** What a rename would replace; a text that says why nothing can be renamed here, or `null` where there is no name. */
export function renamableAt(index: WorkspaceIndex, uri: string, position: Position): { range: Range; placeholder: string } | string | null {
  const found = index.at(uri, position);
  if (!found) return null;
  if (sortOf(found.what.symbol) !== 'kind') return { range: found.range, placeholder: nameOf(found.what.symbol) };
  return t('A kind cannot be renamed: its definition says it in many forms, and clusters keep objects of it.');
}

/** The edits of a rename in every file of the workspace; a text that says why when the new name is not allowed. */
export function renameAt(index: WorkspaceIndex, uri: string, position: Position, newName: string): WorkspaceEdit | string | null {
  const found = index.at(uri, position);
  if (!found || sortOf(found.what.symbol) === 'kind') return null;
  const { symbol } = found.what;
  const [problem] = nameProblems(symbol, newName);
  if (problem !== undefined) return t('{0} is not allowed here: {1}', JSON.stringify(newName), problem);
  const all = index.same(found.what);
  if (newName !== nameOf(symbol) && isTaken(index, found.what, newName)) return t('{0} is there already.', JSON.stringify(newName));
  const changes: Record<string, TextEdit[]> = {};
  const seen = new Set<string>();
  for (const { uri: file, range, what } of all) {
    // A shared anchor is one place, however many fields take their value from it.
    const place = `${file} ${range.start.line}:${range.start.character}`;
    if (seen.has(place)) continue;
    seen.add(place);
    const edits = changes[file] ?? [];
    changes[file] = edits;
    edits.push({ range, newText: (what.quoted ? newName : plain(newName)) + lineEnd(range) });
  }
  return { changes };
}

/** Why a name does not do, in the words of the API server. */
function nameProblems(symbol: string, name: string): readonly string[] {
  const [, kind = ''] = symbol.split(' ');
  switch (sortOf(symbol)) {
    case 'object':
      return objectNameProblems(kind, name);
    case 'key':
      return kind === 'Service' ? dns1123LabelProblems(name) : configMapKeyProblems(name);
    case 'label':
      return labelValueProblems(name);
    case 'labelName':
      return qualifiedNameProblems(name);
    case 'port':
      return portNameProblems(name);
    case 'monitored':
      return kind === 'Pod' ? portNameProblems(name) : dns1123LabelProblems(name);
    default:
      return dns1123LabelProblems(name);
  }
}

function objectNameProblems(kind: string, name: string): readonly string[] {
  if (name === '') return ['name or generateName is required'];
  const known = kinds.find((candidate) => candidate.kind === kind);
  const rule = known && rulesByKind[`${apiVersionOf(known)}/${kind}`]?.name;
  return rule?.(name, false) ?? dns1123SubdomainProblems(name);
}

/** Whether something of the same sort has the new name where this one is: the two could not be told apart any more. */
function isTaken(index: WorkspaceIndex, what: Occurrence, newName: string): boolean {
  const sort = sortOf(what.symbol);
  // Many objects carry the same labels, and that is what they are for.
  if (sort === 'label' || sort === 'labelName') return false;
  const other = { ...what, symbol: renamed(what.symbol, newName) };
  return index.same(other).some(({ what: found }) => found.role === 'declaration');
}

/** A value that is written as a block reaches to the beginning of the next line, which stays a line of its own. */
function lineEnd({ start, end }: Range): string {
  return end.line > start.line && end.character === 0 ? '\n' : '';
}

/** Quotes what YAML would read as a number, a boolean or nothing. */
function plain(name: string): string {
  return name === '' || /^([-+.\d].*|~|null|true|false|yes|no|on|off|y|n)$/i.test(name) ? `"${name}"` : name;
}
