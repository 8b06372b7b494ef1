import * as vscode from 'vscode';
import type { Cluster } from '../cluster/cluster.ts';
import { messageOf } from '../cluster/failure.ts';
import { objectPath } from '../cluster/resource-path.ts';
import { objectAddress } from './object-address.ts';
import type { ObjectRef } from './row.ts';

/** Scheme of read-only documents that show objects of the cluster. */
export const objectScheme = 'kubeside';

/** The address of an object's document: `kubeside:/default/web (Pod).yaml`. */
export function objectUri(ref: ObjectRef): vscode.Uri {
  return vscode.Uri.from({ scheme: objectScheme, path: objectAddress(ref), query: JSON.stringify(ref) });
}

/** Objects of the cluster as YAML, as they are at the moment they are opened. */
export class ObjectDocuments implements vscode.TextDocumentContentProvider {
  readonly #cluster: Cluster;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Opens an object beside nothing: in the editor's preview tab. */
  async open(ref: ObjectRef): Promise<void> {
    const uri = objectUri(ref);
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, 'yaml');
    await vscode.window.showTextDocument(document, { preview: true });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { stringify } = await import('yaml');
    const ref = JSON.parse(uri.query) as ObjectRef;
    try {
      const { body } = await this.#cluster.request<Record<string, unknown>>('GET', objectPath(ref, ref.name, ref.namespace));
      const { apiVersion, kind } = body;
      const { managedFields: _managedFields, name, namespace, ...rest } = (body.metadata ?? {}) as Record<string, unknown>;
      const metadata = { name, ...(namespace === undefined ? {} : { namespace }), ...rest };
      return stringify({ apiVersion, kind, ...body, metadata }, { version: '1.1', lineWidth: 0 });
    } catch (error) {
      return `# ${messageOf(error)}\n`;
    }
  }
}
