import { groupVersionPath } from '../../api/kinds/kind.ts';
import type { KubeObject } from '../../api/object.ts';
import { type Client, isReason } from '../../client/client.ts';
import { type Discovered, type DiscoveredResource, discover, staleMessage } from '../../client/discovery.ts';
import { answer, clusterUrl } from '../../client/http-client.ts';
import { nameOf, namespaceOf } from '../../client/object-key.ts';
import { messageOf } from '../common/pod-control.ts';

/** What deleting a namespace's content has come to. */
export interface ContentReport {
  /** How many objects are left, by `plural.group` (the core group ends in a dot, as upstream writes it). */
  readonly remaining: ReadonlyMap<string, number>;
  /** How many objects a finalizer still holds. */
  readonly finalizers: ReadonlyMap<string, number>;
  readonly discoveryFailure?: string;
  readonly deletionFailures: readonly string[];
  /** Seconds until the last of what is left may be gone; 0 when nothing is known to take time. */
  readonly estimate: number;
}

/** Seconds to wait for finalizers, which say nothing about how long they take. */
const finalizerEstimate = 15;

/** Deletes everything in a namespace, pods first and the rest only when they are gone, so that no pod outlives what protects it. */
export async function deleteContent(client: Client, namespace: string): Promise<ContentReport> {
  const remaining = new Map<string, number>();
  const finalizers = new Map<string, number>();
  const deletionFailures: string[] = [];
  let estimate = 0;
  let discovered: Discovered;
  try {
    discovered = await discover(client);
  } catch (error) {
    return { remaining, finalizers, deletionFailures, estimate, discoveryFailure: messageOf(error) };
  }
  // What is known is deleted all the same.
  const { resources, stale } = discovered;
  const missing = stale.length > 0 && {
    discoveryFailure: `Discovery failed for some groups, ${stale.length} failing: ${staleMessage(stale)}`,
  };
  const deletable = resources.filter(({ namespaced, verbs }) => namespaced && verbs.includes('list') && verbs.includes('delete'));
  const isPods = ({ group, plural }: DiscoveredResource) => group === '' && plural === 'pods';
  const clear = async (resource: DiscoveredResource) => {
    try {
      const left = await deleteAll(client, resource, namespace);
      if (left.length === 0) return;
      remaining.set(`${resource.plural}.${resource.group}`, left.length);
      for (const object of left) {
        for (const finalizer of object.metadata?.finalizers ?? []) {
          finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
          estimate = Math.max(estimate, finalizerEstimate);
        }
        if (isPods(resource)) estimate = Math.max(estimate, object.metadata?.deletionGracePeriodSeconds ?? 0);
      }
    } catch (error) {
      deletionFailures.push(messageOf(error));
    }
  };
  for (const resource of deletable.filter(isPods)) await clear(resource);
  if (remaining.size === 0 && deletionFailures.length === 0) {
    for (const resource of deletable) if (!isPods(resource)) await clear(resource);
  }
  return { remaining, finalizers, deletionFailures, estimate, ...missing };
}

/** Gives what is left afterwards. */
async function deleteAll(client: Client, resource: DiscoveredResource, namespace: string): Promise<KubeObject[]> {
  const objects = client.resource(resource);
  const before = await objects.list({ namespace });
  if (before.items.length === 0) return [];
  if (resource.verbs.includes('deletecollection')) {
    const url = `${clusterUrl}${groupVersionPath(resource)}/namespaces/${namespace}/${resource.plural}`;
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' });
    await answer(await client.transport(new Request(url, { method: 'DELETE', body, headers: { 'content-type': 'application/json' } })));
  } else {
    for (const object of before.items) {
      try {
        await objects.delete(nameOf(object), namespaceOf(object), { propagationPolicy: 'Background' });
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
    }
  }
  return (await objects.list({ namespace })).items;
}
