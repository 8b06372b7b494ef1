import * as vscode from 'vscode';
import type { Row } from './row.ts';
import { stateColor } from './theme.ts';

/** Scheme of the addresses under which rows carry their badge. */
export const rowScheme = 'kubeside-row';

/** What a letter says; undefined of a number. */
function meaningOf(badge: string): string | undefined {
  const { t } = vscode.l10n;
  switch (badge) {
    case '!':
      return t('Failing');
    case '?':
      return t('Waiting');
    case '~':
      return t('Changing');
    default:
      return undefined;
  }
}

/** The address of a row, with all that its badge is drawn from: another badge is another address. */
export function rowUri(row: Row): vscode.Uri | undefined {
  if (row.badge === undefined) return undefined;
  const query = new URLSearchParams({ badge: row.badge, ...(row.loud ? { loud: '1' } : {}) });
  return vscode.Uri.from({ scheme: rowScheme, path: `/${encodeURIComponent(row.id)}`, query: query.toString() });
}

/** Draws the letters at the end of the tree's rows. */
export class RowBadges implements vscode.FileDecorationProvider {
  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== rowScheme) return undefined;
    const query = new URLSearchParams(uri.query);
    const badge = query.get('badge') ?? '';
    const meaning = meaningOf(badge);
    if (meaning === undefined) return new vscode.FileDecoration(badge, vscode.l10n.t('{0} need attention', badge));
    // A colour would tint the label as well; only the rows that should be loud take one.
    return new vscode.FileDecoration(badge, meaning, query.has('loud') && badge === '!' ? stateColor('failing') : undefined);
  }
}
