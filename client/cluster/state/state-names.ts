import { t } from '@vscode/l10n';
import type { State } from './states.ts';

const names: Readonly<Record<State, () => string>> = {
  ready: () => t('Ready'),
  running: () => t('Running, not ready'),
  creating: () => t('Creating'),
  pending: () => t('Pending'),
  failing: () => t('Failing'),
  terminating: () => t('Terminating'),
  unknown: () => t('Unknown'),
  succeeded: () => t('Completed'),
};

/** A state in a person's words. */
export function stateName(state: State): string {
  return names[state]();
}
