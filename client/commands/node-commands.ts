import * as vscode from 'vscode';
import type { Cluster } from '../cluster/cluster.ts';
import { evictPods, planDrain, setSchedulable } from '../cluster/drain.ts';
import { messageOf } from '../cluster/failure.ts';
import type { HasObject } from './object-commands.ts';

/** Milliseconds until a pod whose disruption budget refused is asked for again. */
const retry = 2_000;

/** Cordon, uncordon and drain: what a person tries on a node to see what the pods do. */
export class NodeCommands {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  cordon(row?: HasObject): Promise<void> {
    return this.#onNode(row, async (node) => {
      await setSchedulable(this.#cluster, node, false);
      vscode.window.setStatusBarMessage(`$(circle-slash) ${vscode.l10n.t('{0} cordoned: no new pods are placed there', node)}`, 4_000);
    });
  }

  uncordon(row?: HasObject): Promise<void> {
    return this.#onNode(row, async (node) => {
      await setSchedulable(this.#cluster, node, true);
      vscode.window.setStatusBarMessage(`$(check) ${vscode.l10n.t('{0} takes pods again', node)}`, 4_000);
    });
  }

  /** Asks, then cordons the node and evicts its pods; a disruption budget is waited for until the person cancels. */
  drain(row?: HasObject): Promise<void> {
    return this.#onNode(row, async (node) => {
      const { evict, lost, stay } = planDrain(node, this.#cluster.objects.list('pods'));
      const detail = [
        evict.length === 1
          ? vscode.l10n.t('The node is cordoned and one pod on it is evicted.')
          : vscode.l10n.t('The node is cordoned and {0} pods on it are evicted.', evict.length),
        ...(stay.length > 0 ? [vscode.l10n.t('Pods of DaemonSets and static pods that stay: {0}.', stay.length)] : []),
        ...(lost.length > 0
          ? [vscode.l10n.t('Nothing makes these again: {0}.', lost.map(({ metadata }) => metadata?.name ?? '').join(', '))]
          : []),
      ].join('\n');
      const drain = vscode.l10n.t('Drain');
      const answer = await vscode.window.showWarningMessage(vscode.l10n.t('Drain {0}?', node), { modal: true, detail }, drain);
      if (answer !== drain) return;
      await setSchedulable(this.#cluster, node, false);
      const stopped = new AbortController();
      const location = vscode.ProgressLocation.Notification;
      await vscode.window.withProgress({ location, title: vscode.l10n.t('Draining {0}', node), cancellable: true }, (progress, token) => {
        token.onCancellationRequested(() => stopped.abort());
        return evictPods(this.#cluster, evict, {
          signal: stopped.signal,
          pause: () => new Promise((resolve) => setTimeout(resolve, retry)),
          told: (name, waits) =>
            progress.report({
              message: waits ? vscode.l10n.t('{0} waits for its disruption budget', name) : name,
              increment: waits ? 0 : 100 / evict.length,
            }),
        });
      });
      const done = stopped.signal.aborted
        ? vscode.l10n.t('Stopped draining {0}. It stays cordoned.', node)
        : vscode.l10n.t('{0} is drained and cordoned.', node);
      vscode.window.setStatusBarMessage(done, 6_000);
    });
  }

  async #onNode(row: HasObject | undefined, act: (node: string) => Promise<void>): Promise<void> {
    if (row?.object?.kind !== 'Node') return;
    const { name } = row.object;
    try {
      await act(name);
    } catch (error) {
      void vscode.window.showErrorMessage(vscode.l10n.t('Node {0}: {1}', name, messageOf(error)));
    }
  }
}
