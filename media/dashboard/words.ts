import { t } from '@vscode/l10n';
import type { State } from '../../client/cluster/state/states.ts';

/** The states in the order they are counted and explained. */
export const stateOrder: readonly State[] = ['ready', 'running', 'creating', 'pending', 'failing', 'terminating', 'unknown', 'succeeded'];

const countNames: Readonly<Record<State, () => string>> = {
  ready: () => t('ready'),
  running: () => t('not ready'),
  creating: () => t('creating'),
  pending: () => t('pending'),
  failing: () => t('failing'),
  terminating: () => t('terminating'),
  unknown: () => t('unknown'),
  succeeded: () => t('completed'),
};

/** A state behind a count, in words as short as that allows. */
export function countName(state: State): string {
  return countNames[state]();
}

/** `10:42:18` */
export function clockTime(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB');
}

/** `64%`; a dash where there is nothing to take it from. */
export function percent(part: number, whole: number): string {
  return whole > 0 ? `${Math.round((part / whole) * 100)}%` : '–';
}
