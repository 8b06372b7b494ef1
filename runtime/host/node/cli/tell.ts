import { isUnattended } from '../../../api/kinds/unattended.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { Displaced } from '../../../bootstrap/kubeconfig.ts';
import type { Client } from '../../../client/client.ts';
import { nodes } from '../../../client/resources.ts';
import type { Store } from '../../../store/store.ts';
import type { DataDirectory } from '../data-directory.ts';

/** What a person would otherwise learn too late, in one line each. */

/** Of a folder whose name is misspelt nobody else would tell that it holds another cluster, or none. */
export function tellOrigin(path: string, store: Pick<Store, 'revision' | 'current'>): string {
  const objects = store.current('').length;
  return objects === 0
    ? `Made a new cluster in ${path}\n`
    : `Restored the cluster of ${path}: revision ${store.revision}, ${objects} objects\n`;
}

/** What is wrong with the files of a cluster that cannot be started, and what is left to do. */
export function tellDamage({ path, store }: Pick<DataDirectory, 'path' | 'store'>, what: string): string {
  return `${store}: ${what}. Nothing in it was changed. Put a copy of ${path} in its place, or remove the cluster with: kubeside reset --data ${path}`;
}

/** Where the cluster is until the next start; a signal that came early enough left none. */
export function tellStopped({ path, holdsCluster }: Pick<DataDirectory, 'path' | 'holdsCluster'>): string {
  return holdsCluster ? `Stopped. The cluster is kept in ${path}.\n` : 'Stopped.\n';
}

/** Who keeps several clusters in one kubeconfig would otherwise find out by speaking to the wrong one; empty when nothing was displaced. */
export function tellDisplaced(file: string, name: string, { server, currentContext }: Displaced): string {
  const led = server === undefined ? '' : `The context ${name} of ${file} led to ${server} before; it leads to this cluster now.\n`;
  return currentContext === undefined ? led : `${led}The current context of ${file} was ${currentContext}; it is ${name} now.\n`;
}

/** How many nodes are named one by one. */
const longestList = 8;

/** Names nodes of an earlier start with more of them, which nobody runs now; empty when there are none. */
export async function tellNodesLeft(client: Client, running: ReadonlySet<string>): Promise<string> {
  const { items } = await client.resource(nodes).list();
  const left = items
    .map(({ metadata }) => Number(/^node-(\d+)$/.exec(metadata?.name ?? '')?.[1]))
    .filter((number) => !Number.isNaN(number) && !running.has(`node-${number}`))
    .sort((a, b) => a - b)
    .map((number) => `node-${number}`);
  if (left.length === 0) return '';
  const named = left.slice(0, longestList).join(' ');
  const all = left.length > longestList ? `${named} … (${left.length} nodes)` : named;
  return `Left over from an earlier start and not run now: ${all}. They become NotReady; kubectl delete node NAME removes one\n`;
}

/** Names applied objects that nothing comes of; empty when there are none. */
export function tellUnattended(applied: readonly KubeObject[]): string {
  const names = applied
    .filter(isUnattended)
    .map(({ kind = '', metadata }) => `${kind.toLowerCase()} ${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`);
  return names.length === 0 ? '' : `Only stored, for nothing acts on these kinds yet: ${names.join(', ')}\n`;
}

/** Names files and folders in which nothing is found to apply; empty when there are none. */
export function tellEmpty(paths: readonly string[]): string {
  return paths.map((path) => `There are no objects in ${path}\n`).join('');
}

/** What has come of a start: `missing` is what was not up after so many minutes. */
export function tellOutcome(applied: readonly KubeObject[], missing: readonly string[], minutes: number): string {
  if (applied.length === 0) return 'The cluster runs; nothing was applied.';
  if (missing.length === 0) return 'All pods are running and ready.';
  return `Not ready after ${minutes} minutes: ${missing.join(', ')}. The cluster goes on.`;
}
