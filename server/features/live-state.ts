import { type Connection, type Hover, MarkupContent, MarkupKind, type Position } from 'vscode-languageserver';
import type { ConnectedCluster } from '../cluster/connected-cluster.ts';
import type { ManifestFile } from '../documents/file.ts';
import { placeAt } from '../documents/path.ts';
import type { Environment } from '../environment.ts';
import { nameOf, sortOf } from '../index/symbol.ts';
import type { WorkspaceIndex } from '../index/workspace-index.ts';
import { type LiveStateParams, liveStateRequest } from '../protocol.ts';

/** A cluster that has not answered by then is not waited for, in milliseconds: the rest of the hover is there already. */
const patience = 700;

export interface LiveParts {
  readonly connection: Connection;
  readonly cluster: ConnectedCluster;
  readonly index: WorkspaceIndex;
  readonly environment: Environment;
}

/** How the object at a place is in the connected cluster, in a line of Markdown; undefined when there is nothing to ask or no answer. */
export async function liveStateAt(file: ManifestFile, position: Position, parts: LiveParts): Promise<string | undefined> {
  const { connection, cluster, index, environment } = parts;
  if (!cluster.isConnected) return undefined;
  const object = objectAt(file, position, index);
  if (!object) return undefined;
  let cancel = () => {};
  const late = new Promise<null>((resolve) => {
    cancel = environment.after(patience, () => resolve(null));
  });
  // A cluster that went away meanwhile takes nothing from the rest of the hover.
  const asked = connection.sendRequest(liveStateRequest, object).catch(() => null);
  const state = await Promise.race([asked, late]);
  cancel();
  return state ?? undefined;
}

/** A hover with a line before all else. */
export function withLiveState(hover: Hover | null, state: string | undefined): Hover | null {
  if (state === undefined) return hover;
  const rest = hover && MarkupContent.is(hover.contents) ? `\n\n---\n\n${hover.contents.value}` : '';
  return { ...hover, contents: { kind: MarkupKind.Markdown, value: state + rest } };
}

/** The object whose state is worth telling: the one whose kind stands at the place, or whose name. */
function objectAt(file: ManifestFile, position: Position, index: WorkspaceIndex): LiveStateParams | undefined {
  const found = index.at(file.uri, position);
  if (found) {
    const { symbol } = found.what;
    if (sortOf(symbol) !== 'object') return undefined;
    const [, kind = '', namespace = ''] = symbol.split(' ');
    return { kind, namespace, name: nameOf(symbol) };
  }
  const placed = file.at(position);
  if (!placed || placed.manifest.tooLong || file.tooLong || placed.manifest.empty) return undefined;
  const path = placeAt(placed.manifest.tree, file.offsetAt(position) - placed.start)?.path ?? [];
  if (path.at(-1) !== 'kind') return undefined;
  const object = index
    .document(file.uri, placed.index)
    ?.objects.find((candidate) => candidate.path.length === path.length - 1 && candidate.path.every((step, at) => step === path[at]));
  return object && object.name !== '' ? { kind: object.kind, namespace: object.namespace, name: object.name } : undefined;
}
