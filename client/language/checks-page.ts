import { t } from '@vscode/l10n';
/** A check as the language server describes it. */
export interface Check {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly usual: string;
  readonly severity: string;
  readonly equivalents: readonly string[];
}

/** The page about all checks, as Markdown: what each is, why it matters, how it is told, and what other linters call it. */
export function checksPage(profile: string, checks: readonly Check[]): string {
  const rows = checks.map(({ id, title, why, usual, severity, equivalents }) => {
    const told = severity === usual ? usual : t('**{0}** ({1} by default)', severity, usual);
    return `| \`${id}\` | ${cell(title)}. ${cell(why)} | ${told} | ${equivalents.map(cell).join(', ')} |`;
  });
  return [
    `# ${t('Checks')}`,
    '',
    t(
      'The profile is `{0}` (setting `kubeside.checks.profile`): `recommended` tells what is most likely a mistake, `strict` also what is a matter of opinion, `off` nothing.',
      profile,
    ),
    t('Single checks are set with `kubeside.rules`: `{ "cpu-limit": "warning", "latest-image": "off" }`.'),
    '',
    t(
      'In a manifest a check is silenced by a comment on the line, above it or above the document (`# kubeside: ignore latest-image`), or for an object by the annotation `kubeside/ignore: latest-image`.',
    ),
    t('Annotations for kube-linter, kube-score, Polaris and Datree silence what their checks would find.'),
    '',
    `| ${t('Check')} | ${t('What it is about')} | ${t('Told as')} | ${t('Elsewhere')} |`,
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
