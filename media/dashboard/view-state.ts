/** What a person chose in the view; kept while the tab is hidden and over a restart of the editor. */
export interface ViewState {
  readonly filter: string;
  readonly group: Group;
  readonly resource: Resource;
  readonly problemsFirst: boolean;
  readonly scroll: number;
}

export type Group = 'zone' | 'node' | 'workload' | 'namespace';
export type Resource = 'cpu' | 'memory';

export const initialView: ViewState = { filter: '', group: 'node', resource: 'cpu', problemsFirst: true, scroll: 0 };
