import { t } from '@vscode/l10n';

/** `1 pod`, `3 pods`. */
export function podCount(n: number): string {
  return n === 1 ? t('1 pod') : t('{0} pods', written(n));
}

/** `1 node`, `3 nodes`. */
export function nodeCount(n: number): string {
  return n === 1 ? t('1 node') : t('{0} nodes', written(n));
}

/** `1 restart`, `3 restarts`. */
export function restartCount(n: number): string {
  return n === 1 ? t('1 restart') : t('{0} restarts', written(n));
}

function written(n: number): string {
  return n.toLocaleString('en');
}
