import type { State } from '../../client/cluster/state/states.ts';

/** The states in the order they are counted and explained. */
export const stateOrder: readonly State[] = ['ready', 'running', 'creating', 'pending', 'failing', 'terminating', 'unknown', 'succeeded'];

export const stateNames: Readonly<Record<State, string>> = {
  ready: 'Ready',
  running: 'Running, not ready',
  creating: 'Creating',
  pending: 'Pending',
  failing: 'Failing',
  terminating: 'Terminating',
  unknown: 'Unknown',
  succeeded: 'Completed',
};

/** How many, in words as short as a count allows. */
export const countNames: Readonly<Record<State, string>> = {
  ready: 'ready',
  running: 'not ready',
  creating: 'creating',
  pending: 'pending',
  failing: 'failing',
  terminating: 'terminating',
  unknown: 'unknown',
  succeeded: 'completed',
};

/** `10:42:18` */
export function clockTime(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB');
}

/** `64%`; a dash where there is nothing to take it from. */
export function percent(part: number, whole: number): string {
  return whole > 0 ? `${Math.round((part / whole) * 100)}%` : '–';
}
