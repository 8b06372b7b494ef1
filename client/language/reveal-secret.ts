import { commands, type Disposable, l10n, window } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

/** The command behind the links in hovers over a Secret's data. */
export const revealCommand = 'kubeside.secret.reveal';

interface Place {
  readonly uri: string;
  readonly position: { readonly line: number; readonly character: number };
}

/** Shows what base64 data says, in a dialog: it is written down nowhere. */
export function registerRevealSecret(client: LanguageClient): Disposable {
  return commands.registerCommand(revealCommand, async (place: Place) => {
    const text = await client.sendRequest<string | null>('kubeside/reveal', place);
    if (text === null) void window.showInformationMessage(l10n.t('These bytes are no text.'));
    else void window.showInformationMessage(l10n.t('Decoded'), { modal: true, detail: text });
  });
}
