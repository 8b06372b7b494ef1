import { t } from '@vscode/l10n';

/** ` (did you mean "name"?)`, to be put behind what is told; nothing where nothing comes near. */
export function didYouMean(meant: string | undefined): string {
  return meant === undefined ? '' : t(' (did you mean "{0}"?)', meant);
}
