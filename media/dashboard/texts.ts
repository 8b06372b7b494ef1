import { config } from '@vscode/l10n';

/** Takes the texts that the extension wrote into the page as JSON: what is missing there is told in English. */
export function useTexts(json: string): void {
  config({ contents: json });
}
