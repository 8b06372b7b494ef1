import * as vscode from 'vscode';
import type { Cluster } from '../cluster/cluster.ts';
import { messageOf } from '../cluster/failure.ts';
import { displayName, objectPath } from '../cluster/resource-path.ts';
import type { ObjectDocuments } from '../explorer/object-documents.ts';
import type { ObjectRef } from '../explorer/row.ts';

/** A row of the tree, or anything else that stands for an object. */
export interface HasObject {
  readonly object?: ObjectRef;
}

/** Commands on one object of the cluster. */
export class ObjectCommands {
  readonly #cluster: Cluster;
  readonly #documents: ObjectDocuments;

  constructor(cluster: Cluster, documents: ObjectDocuments) {
    this.#cluster = cluster;
    this.#documents = documents;
  }

  async openYaml(row?: HasObject): Promise<void> {
    if (row?.object !== undefined) await this.#documents.open(row.object);
  }

  async copyName(row?: HasObject): Promise<void> {
    if (row?.object !== undefined) await vscode.env.clipboard.writeText(row.object.name);
  }

  async copyKubectl(row?: HasObject): Promise<void> {
    if (row?.object === undefined) return;
    const { kind, name, namespace } = row.object;
    const space = namespace === undefined ? '' : ` --namespace ${namespace}`;
    await vscode.env.clipboard.writeText(`kubectl get ${kind.toLowerCase()} ${name}${space} --output yaml`);
  }

  /** Asks, then deletes the object and what it owns. */
  async delete(row?: HasObject): Promise<void> {
    const ref = row?.object;
    if (ref === undefined) return;
    const title = displayName(ref, ref.name);
    const details: Readonly<Record<string, string>> = {
      Namespace: vscode.l10n.t('Everything in it goes with it.'),
      Node: vscode.l10n.t('Its pods go with it; those that a controller wants are made again on other nodes.'),
    };
    const detail = details[ref.kind];
    const remove = vscode.l10n.t('Delete');
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('Delete {0} from {1}?', title, this.#cluster.name),
      { modal: true, ...(detail === undefined ? {} : { detail }) },
      remove,
    );
    if (answer !== remove) return;
    try {
      const { deleteOne } = await import('../manifest/apply.ts');
      const { outcome } = await deleteOne(this.#cluster, { path: objectPath(ref, ref.name, ref.namespace), title });
      vscode.window.setStatusBarMessage(`$(trash) ${title} ${outcome}`, 4_000);
    } catch (error) {
      void vscode.window.showErrorMessage(`${title}: ${messageOf(error)}`);
    }
  }
}
