import { config } from '@vscode/l10n';

/** Takes the texts of the editor's language (`zh-cn`), as far as there are any; all others are the English ones of the code. */
export async function useLocale(locale: string | undefined): Promise<void> {
  if (!/^zh(-(cn|hans|sg).*)?$/i.test(locale ?? '')) {
    config({ contents: {} });
    return;
  }
  const { default: contents } = await import('../l10n/server.zh-cn.json', { with: { type: 'json' } });
  config({ contents });
}
