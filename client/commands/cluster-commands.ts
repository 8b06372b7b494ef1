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
      await vscode.window.withProgress({ location: { viewId: 'kubeside.clusters' }, title: `Starting ${this.#cluster.name}` }, () =>
        this.#cluster.start(),
      );
      return true;
    } catch (error) {
      void this.#offer(`The cluster could not start: ${messageOf(error)}`, 'Try again');
      return false;
    }
  }

  async stop(): Promise<void> {
    if (this.#cluster.attached)
      void vscode.window.showInformationMessage('The cluster runs in another window and goes on there. This window no longer follows it.');
    await this.#cluster.stop();
  }

  async restart(): Promise<void> {
    await this.#cluster.leave();
    await this.start();
  }

  /** Asks, then removes every object of the cluster and starts it empty. */
  async reset(): Promise<void> {
    if (this.#cluster.attached) {
      void vscode.window.showWarningMessage('The cluster runs in another window. Reset it there.');
      return;
    }
    const detail = 'Every object in it is removed: namespaces, workloads, configuration. Your manifest files stay.';
    const answer = await vscode.window.showWarningMessage(`Reset ${this.#cluster.name}?`, { modal: true, detail }, 'Reset');
    if (answer !== 'Reset') return;
    try {
      await this.#cluster.reset();
    } catch (error) {
      void this.#offer(`The cluster could not be reset: ${messageOf(error)}`);
      return;
    }
    await this.start();
  }

  async copyKubeconfigPath(): Promise<void> {
    const path = await this.#kubeconfig();
    if (path === undefined) return;
    await vscode.env.clipboard.writeText(path);
    vscode.window.setStatusBarMessage(`$(check) Copied ${path}`, 4_000);
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
    await this.#offer(`${message} Its objects are kept.`, 'Restart');
  }

  async #offer(message: string, again?: 'Restart' | 'Try again'): Promise<void> {
    const answer = await vscode.window.showErrorMessage(message, ...(again === undefined ? [] : [again]), 'Show log');
    if (answer === 'Show log') this.#log.show();
    else if (answer !== undefined) await this.start();
  }

  async #kubeconfig(): Promise<string | undefined> {
    return (await this.start()) ? this.#cluster.kubeconfig : undefined;
  }
}
