import { type SemanticTokens, SemanticTokensBuilder, type SemanticTokensLegend } from 'vscode-languageserver';
import { sortOf } from '../index/symbol.ts';
import type { WorkspaceIndex } from '../index/workspace-index.ts';

/** How names that lead somewhere are coloured; labels are too many to stand out. */
const types = { object: 0, key: 1, port: 2, monitored: 2, volume: 2, container: 2, kind: 0 } as const;

export const tokensLegend: SemanticTokensLegend = { tokenTypes: ['class', 'property', 'variable'], tokenModifiers: ['declaration'] };

/** The names in a file that declare or refer to something, in the order of the text. */
export function tokensOf(index: WorkspaceIndex, uri: string): SemanticTokens {
  const builder = new SemanticTokensBuilder();
  const places = index.inFile(uri).sort((one, other) => {
    const [left, right] = [one.range.start, other.range.start];
    return left.line - right.line || left.character - right.character;
  });
  let last = '';
  for (const { range, what } of places) {
    const sort = sortOf(what.symbol);
    const { line, character } = range.start;
    const place = `${line}:${character}`;
    // A name may be a reference in two ways, and tokens must not overlap.
    if (sort === 'label' || sort === 'labelName' || place === last || range.end.line !== line) continue;
    last = place;
    builder.push(line, character, range.end.character - character, types[sort], what.role === 'declaration' ? 1 : 0);
  }
  return builder.build();
}
