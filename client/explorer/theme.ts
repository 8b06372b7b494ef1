import * as vscode from 'vscode';
import type { State } from '../cluster/state/states.ts';

const colors: Readonly<Record<State, string>> = {
  // The green of passed tests is too pale on white, and a tree cannot choose by theme.
  ready: 'charts.green',
  running: 'terminal.ansiCyan',
  creating: 'charts.blue',
  pending: 'charts.yellow',
  failing: 'charts.red',
  terminating: 'charts.purple',
  succeeded: 'testing.iconSkipped',
  unknown: 'descriptionForeground',
};

/** The colour of a state in the current theme. */
export function stateColor(state: State): vscode.ThemeColor {
  return new vscode.ThemeColor(colors[state]);
}
