import * as vscode from 'vscode';
import type { Cluster } from '../cluster/cluster.ts';
import { evictPods, planDrain, setSchedulable } from '../cluster/drain.ts';
import { messageOf } from '../cluster/failure.ts';
import { count } from '../cluster/state/problems.ts';
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
      vscode.window.setStatusBarMessage(`$(circle-slash) ${node} cordoned: no new pods are placed there`, 4_000);
    });
  }

  uncordon(row?: HasObject): Promise<void> {
    return this.#onNode(row, async (node) => {
      await setSchedulable(this.#cluster, node, true);
      vscode.window.setStatusBarMessage(`$(check) ${node} takes pods again`, 4_000);
    });
  }

  /** Asks, then cordons the node and evicts its pods; a disruption budget is waited for until the person cancels. */
  drain(row?: HasObject): Promise<void> {
    return this.#onNode(row, async (node) => {
      const { evict, lost, stay } = planDrain(node, this.#cluster.objects.list('pods'));
      const detail = [
        `The node is cordoned and ${count(evict.length, 'pod')} on it ${evict.length === 1 ? 'is' : 'are'} evicted.`,
        ...(stay.length > 0 ? [`${count(stay.length, 'pod')} of DaemonSets and static pods stay.`] : []),
        ...(lost.length > 0 ? [`Nothing makes these again: ${lost.map(({ metadata }) => metadata?.name ?? '').join(', ')}.`] : []),
      ].join('\n');
      const answer = await vscode.window.showWarningMessage(`Drain ${node}?`, { modal: true, detail }, 'Drain');
      if (answer !== 'Drain') return;
      await setSchedulable(this.#cluster, node, false);
      const stopped = new AbortController();
      const location = vscode.ProgressLocation.Notification;
      await vscode.window.withProgress({ location, title: `Draining ${node}`, cancellable: true }, (progress, token) => {
        token.onCancellationRequested(() => stopped.abort());
        return evictPods(this.#cluster, evict, {
          signal: stopped.signal,
          pause: () => new Promise((resolve) => setTimeout(resolve, retry)),
          told: (name, waits) =>
            progress.report({
              message: waits ? `${name} waits for its disruption budget` : name,
              increment: waits ? 0 : 100 / evict.length,
            }),
        });
      });
      const done = stopped.signal.aborted ? `Stopped draining ${node}. It stays cordoned.` : `${node} is drained and cordoned.`;
      vscode.window.setStatusBarMessage(done, 6_000);
    });
  }

  async #onNode(row: HasObject | undefined, act: (node: string) => Promise<void>): Promise<void> {
    if (row?.object?.kind !== 'Node') return;
    const { name } = row.object;
    try {
      await act(name);
    } catch (error) {
      void vscode.window.showErrorMessage(`Node ${name}: ${messageOf(error)}`);
    }
  }
}
