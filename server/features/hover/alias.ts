import type { Position } from 'vscode-languageserver';
import type { ManifestFile } from '../../documents/file.ts';
import { anchorAt } from '../anchors.ts';

/** So many lines of what an alias stands for are shown. */
const shown = 15;

/** What the alias under the mouse stands for, as it is written at its anchor. */
export function alias(file: ManifestFile, position: Position): string | undefined {
  const found = anchorAt(file, position);
  if (!found?.isAlias) return undefined;
  const { start, end } = found.value;
  const [first = '', ...rest] = file.text.slice(file.offsetAt(start), file.offsetAt(end)).trimEnd().split('\n');
  const indent = ' '.repeat(start.character);
  const lines = [first, ...rest.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))];
  const said = lines.length > shown ? [...lines.slice(0, shown), '…'] : lines;
  return ['```yaml', ...said, '```'].join('\n');
}
