import * as vscode from 'vscode';
import type { Cluster } from '../cluster/cluster.ts';
import { findProblems } from '../cluster/state/problems.ts';

/** Two items in the status bar: the cluster, and how much of it needs attention when something does. */
export class StatusBar implements vscode.Disposable {
  readonly #cluster: Cluster;
  readonly #state = vscode.window.createStatusBarItem('kubeside.cluster', vscode.StatusBarAlignment.Left, 10);
  readonly #problems = vscode.window.createStatusBarItem('kubeside.problems', vscode.StatusBarAlignment.Left, 9);
  readonly #unsubscribe: (() => void)[];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#state.name = vscode.l10n.t('Kubeside cluster');
    this.#problems.name = vscode.l10n.t('Kubeside: needs attention');
    this.#unsubscribe = [cluster.onState(() => this.#draw()), cluster.objects.onChange(() => this.#draw())];
    this.#draw();
    this.#state.show();
  }

  dispose(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#state.dispose();
    this.#problems.dispose();
  }

  #draw(): void {
    const { name, state, objects } = this.#cluster;
    const { t } = vscode.l10n;
    const looks = {
      stopped: ['kubeside-cluster', t('{0}: stopped', name), t('Start the simulated cluster'), 'kubeside.cluster.start'],
      starting: ['loading~spin', t('{0}: starting', name), t('The cluster is starting'), 'kubeside.openCluster'],
      running: ['kubeside-cluster', t('{0}: running', name), t('Simulated cluster, running. Open it.'), 'kubeside.openCluster'],
      stopping: ['loading~spin', t('{0}: stopping', name), t('The cluster is stopping'), 'kubeside.openCluster'],
      lost: ['debug-disconnect', t('{0}: stopped', name), t('{0} Start it again.', state.message ?? ''), 'kubeside.cluster.start'],
      failed: ['error', t('{0}: could not start', name), t('{0} Try again.', state.message ?? ''), 'kubeside.cluster.start'],
    } as const;
    const [icon, text, tooltip, command] = looks[state.phase];
    this.#state.text = `$(${icon}) ${text}`;
    this.#state.tooltip = tooltip;
    this.#state.command = command;
    this.#state.backgroundColor =
      state.phase === 'lost' || state.phase === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;

    const problems = state.phase === 'running' ? findProblems(objects, Date.now()) : [];
    if (problems.length === 0) {
      this.#problems.hide();
      return;
    }
    this.#problems.text = `$(warning) ${problems.length}`;
    const lines = problems.slice(0, 10).map(({ title }) => `- ${title}`);
    this.#problems.tooltip = new vscode.MarkdownString(
      [`**${t('To look at in {0}: {1}', name, problems.length)}**`, '', ...lines].join('\n'),
    );
    this.#problems.command = 'kubeside.showProblems';
    this.#problems.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
    this.#problems.show();
  }
}
