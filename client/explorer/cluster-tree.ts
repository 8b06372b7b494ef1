import * as vscode from 'vscode';
import type { Cluster } from '../cluster/cluster.ts';
import { stateName } from '../cluster/state/state-names.ts';
import { rowUri } from './badges.ts';
import { clusterRows } from './cluster-rows.ts';
import type { Row, Tooltip } from './row.ts';
import { stateColor } from './theme.ts';

/**
 * The tree of the clusters, drawn from the watched objects. Its elements are the ids of rows, so that the editor keeps
 * selection and open rows while the rows behind them are made anew.
 */
export class ClusterTree implements vscode.TreeDataProvider<string>, vscode.Disposable {
  readonly #cluster: Cluster;
  readonly #changed = new vscode.EventEmitter<string[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #unsubscribe: (() => void)[];
  #roots: readonly Row[] = [];
  #rows: ReadonlyMap<string, Row> = new Map();
  #parents: ReadonlyMap<string, string> = new Map();
  /** What a person opened or closed; kept here, for rows that leave with a stopped cluster and come back. */
  readonly #unfolded = new Map<string, boolean>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#unsubscribe = [cluster.onState(() => this.#refresh()), cluster.objects.onChange(() => this.#refresh())];
    this.#refresh();
  }

  dispose(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#changed.dispose();
  }

  getChildren(id?: string): string[] {
    const rows = id === undefined ? this.#roots : this.#rows.get(id)?.children;
    return (rows ?? []).map((row) => row.id);
  }

  getParent(id: string): string | undefined {
    return this.#parents.get(id);
  }

  getTreeItem(id: string): vscode.TreeItem {
    const row = this.#rows.get(id);
    return row === undefined ? new vscode.TreeItem('') : itemOf(row, this.#unfolded.get(id) ?? row.open ?? false);
  }

  /** Remembers that a row was opened or closed. */
  unfold(id: string, open: boolean): void {
    this.#unfolded.set(id, open);
  }

  /** The row with this id, as it is now. */
  row(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /** The id of an object's own row, to be revealed. */
  find(kind: string, name: string, namespace?: string): string | undefined {
    for (const [id, { object }] of this.#rows) {
      if (!id.startsWith('attention/') && object?.kind === kind && object.name === name && object.namespace === namespace) return id;
    }
    return undefined;
  }

  /** The id of the first row under "Needs attention". */
  get firstProblem(): string | undefined {
    return this.#rows.get('attention')?.children?.[0]?.id;
  }

  #refresh(): void {
    const before = { roots: this.#roots, rows: this.#rows };
    const rows = new Map<string, Row>();
    const parents = new Map<string, string>();
    const index = (list: readonly Row[], parent?: string): void => {
      for (const row of list) {
        rows.set(row.id, row);
        if (parent !== undefined) parents.set(row.id, parent);
        index(row.children ?? [], row.id);
      }
    };
    this.#roots = clusterRows(this.#cluster, Date.now());
    index(this.#roots);
    this.#rows = rows;
    this.#parents = parents;
    if (ids(this.#roots) !== ids(before.roots)) {
      this.#changed.fire(undefined);
      return;
    }
    const changed: string[] = [];
    const compare = (list: readonly Row[]): void => {
      for (const row of list) {
        const old = before.rows.get(row.id);
        // A row that is drawn again draws those below it too.
        if (old !== undefined && face(old) !== face(row)) changed.push(row.id);
        else compare(row.children ?? []);
      }
    };
    compare(this.#roots);
    if (changed.length > 0) this.#changed.fire(changed);
  }
}

function itemOf(row: Row, open: boolean): vscode.TreeItem {
  const folds = row.children !== undefined && row.children.length > 0;
  const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(row.label, folds ? (open ? Expanded : Collapsed) : None);
  item.id = row.id;
  if (row.description !== undefined) item.description = row.description;
  item.iconPath = new vscode.ThemeIcon(row.icon, row.state === undefined ? undefined : stateColor(row.state));
  item.contextValue = row.context;
  const uri = rowUri(row);
  if (uri !== undefined) item.resourceUri = uri;
  item.tooltip = row.tooltip === undefined ? [row.label, row.description].filter(Boolean).join(', ') : render(row.tooltip, row);
  item.accessibilityInformation = {
    label: [row.object?.kind, row.label, row.state && stateName(row.state), row.description].filter(Boolean).join(', '),
  };
  if (!folds && row.object !== undefined) {
    item.command = { command: 'kubeside.object.openYaml', title: vscode.l10n.t('Open YAML'), arguments: [{ object: row.object }] };
  }
  return item;
}

/** All that is drawn of a row: its own parts and which children it has. */
function face(row: Row): string {
  const { children, ...own } = row;
  return JSON.stringify([own, children?.map(({ id }) => id)]);
}

function ids(rows: readonly Row[]): string {
  return rows.map(({ id, context }) => `${id} ${context}`).join();
}

function render(tooltip: Tooltip, row: Row): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  text.isTrusted = { enabledCommands: ['kubeside.object.openYaml'] };
  text.appendMarkdown(`$(${row.icon.replace('~spin', '')}) **`);
  text.appendText(tooltip.title);
  text.appendMarkdown('**');
  if (tooltip.status !== undefined) {
    text.appendMarkdown(' &nbsp; ');
    text.appendText(tooltip.status);
  }
  if (tooltip.message !== undefined) {
    text.appendMarkdown('\n\n');
    text.appendText(tooltip.message);
  }
  if (tooltip.facts.length > 0) {
    text.appendMarkdown('\n\n|  |  |\n|:--|:--|\n');
    for (const [name, value] of tooltip.facts) text.appendMarkdown(`| ${name} | ${value.replace(/[\\`*_{}[\]<>()#+!|~]/g, '\\$&')} |\n`);
  }
  if (row.object !== undefined) {
    const target = encodeURIComponent(JSON.stringify([{ object: row.object }]));
    text.appendMarkdown(`\n\n---\n\n[YAML](command:kubeside.object.openYaml?${target})`);
  }
  return text;
}
