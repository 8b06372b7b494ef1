import { config } from '@vscode/l10n';

let isChinese = false;

/** Takes the texts of the editor's language (`zh-cn`), as far as there are any; all others are the English ones of the code. */
export async function useLocale(locale: string | undefined): Promise<void> {
  isChinese = /^zh(-(cn|hans|sg).*)?$/i.test(locale ?? '');
  if (!isChinese) {
    config({ contents: {} });
    return;
  }
  // What English does without is loaded only here.
  const [{ default: contents }] = await Promise.all([
    import('../l10n/server.zh-cn.json', { with: { type: 'json' } }),
    import('cronstrue/locales/zh_CN.js'),
  ]);
  config({ contents });
}

/** The language of schedules in words, as cronstrue names it. */
export function scheduleLocale(): 'en' | 'zh_CN' {
  return isChinese ? 'zh_CN' : 'en';
}

/** The language of dates. */
export function dateLocale(): 'en-GB' | 'zh-CN' {
  return isChinese ? 'zh-CN' : 'en-GB';
}
