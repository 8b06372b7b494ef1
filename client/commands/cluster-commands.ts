import * as vscode from 'vscode';
import type { EmbeddedCluster } from '../cluster/embedded-cluster.ts';
import { messageOf } from '../cluster/failure.ts';

/** Start, stop, reset and reach the embedded cluster. */
export class ClusterCommands {
  readonly #cluster: EmbeddedCluster;
  readonly #log: vscode.LogOutputChannel;

  constructor(cluster: EmbeddedCluster, log: vscode.LogOutputChannel) {
    this.#cluster = cluster;
    this.#log = log;
  }

  /** Starts the cluster and tells why when it cannot. True when it runs. */
  async start(): Promise<boolean> {
    if (this.#cluster.state.phase === 'running') return true;
    try {
      await vscode.window.withProgress(
        { location: { viewId: 'kubeside.clusters' }, title: vscode.l10n.t('Starting {0}', this.#cluster.name) },
        () => this.#cluster.start(),
      );
      return true;
    } catch (error) {
      void this.#offer(vscode.l10n.t('The cluster could not start: {0}', messageOf(error)), vscode.l10n.t('Try again'));
      return false;
    }
  }

  async stop(): Promise<void> {
    if (this.#cluster.attached)
      void vscode.window.showInformationMessage(
        vscode.l10n.t('The cluster runs in another window and goes on there. This window no longer follows it.'),
      );
    await this.#cluster.stop();
  }

  async restart(): Promise<void> {
    await this.#cluster.leave();
    await this.start();
  }

  /** Asks, then removes every object of the cluster and starts it empty. */
  async reset(): Promise<void> {
    if (this.#cluster.attached) {
      void vscode.window.showWarningMessage(vscode.l10n.t('The cluster runs in another window. Reset it there.'));
      return;
    }
    const detail = vscode.l10n.t('Every object in it is removed: namespaces, workloads, configuration. Your manifest files stay.');
    const reset = vscode.l10n.t('Reset');
    const question = vscode.l10n.t('Reset {0}?', this.#cluster.name);
    const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, reset);
    if (answer !== reset) return;
    try {
      await this.#cluster.reset();
    } catch (error) {
      void this.#offer(vscode.l10n.t('The cluster could not be reset: {0}', messageOf(error)));
      return;
    }
    await this.start();
  }

  async copyKubeconfigPath(): Promise<void> {
    const path = await this.#kubeconfig();
    if (path === undefined) return;
    await vscode.env.clipboard.writeText(path);
    vscode.window.setStatusBarMessage(`$(check) ${vscode.l10n.t('Copied {0}', path)}`, 4_000);
  }

  /** Opens a terminal in which kubectl reaches this cluster. */
  async openTerminal(): Promise<void> {
    const path = await this.#kubeconfig();
    if (path === undefined) return;
    vscode.window
      .createTerminal({ name: this.#cluster.name, env: { KUBECONFIG: path }, iconPath: new vscode.ThemeIcon('kubeside-cluster') })
      .show();
  }

  /** Says that the cluster is gone and offers to bring it back. */
  async tellLost(message: string): Promise<void> {
    await this.#offer(vscode.l10n.t('{0} Its objects are kept.', message), vscode.l10n.t('Restart'));
  }

  async #offer(message: string, again?: string): Promise<void> {
    const show = vscode.l10n.t('Show log');
    const answer = await vscode.window.showErrorMessage(message, ...(again === undefined ? [] : [again]), show);
    if (answer === show) this.#log.show();
    else if (answer !== undefined) await this.start();
  }

  async #kubeconfig(): Promise<string | undefined> {
    return (await this.start()) ? this.#cluster.kubeconfig : undefined;
  }
}
