import type { Pod } from '../../api/generated/types/core/v1.ts';
import { groupVersionPath } from '../../api/kinds/kind.ts';
import type { KubeObject } from '../../api/object.ts';
import { type Client, isReason } from '../../client/client.ts';
import { type Discovered, type DiscoveredResource, discover, staleMessage } from '../../client/discovery.ts';
import { answer, clusterUrl } from '../../client/http-client.ts';
import { nameOf, namespaceOf } from '../../client/object-key.ts';
import { messageOf } from '../common/pod-control.ts';

/** What is left of a namespace's content. */
interface Totals {
  /** How many objects are left, by `plural.group` (the core group ends in a dot, as upstream writes it). */
  readonly remaining: Map<string, number>;
  /** How many objects a finalizer still holds. */
  readonly finalizers: Map<string, number>;
}

/** What deleting a namespace's content has come to. */
export interface ContentReport {
  /** Left out while nothing but pods was looked at: upstream does not tell of these. */
  readonly totals?: Totals;
  readonly discoveryFailure?: string;
  /** Why something could not be deleted. */
  readonly failures: readonly string[];
  /** Why the namespace has to be looked at again. */
  readonly errors: readonly string[];
  /** Seconds until the last of what is left may be gone; 0 when nothing is left that takes time. */
  readonly estimate: number;
}

/** Seconds to wait for finalizers, which say nothing about how long they take. */
const finalizerEstimate = 15;

/**
 * Deletes everything in a namespace: pods first and the rest only when they are gone, so that no pod outlives what protects it. `age` is for how
 * many seconds the namespace has been deleted. Upstream: `namespacedResourcesDeleter.deleteAllContent`.
 */
export async function deleteContent(client: Client, namespace: string, age: number): Promise<ContentReport> {
  const { resources, discoveryFailure, errors } = await known(client);
  const totals: Totals = { remaining: new Map(), finalizers: new Map() };
  const failures: string[] = [];
  let estimate = 0;
  const report = { ...(discoveryFailure !== undefined && { discoveryFailure }), failures, errors };
  const clear = async (resource: DiscoveredResource, describe = (message: string) => message): Promise<boolean> => {
    const allowed = isPods(resource) ? await podEstimate(client, resource, namespace, age).catch(messageOf) : 0;
    let left: KubeObject[] = [];
    const failed = (message: string) => {
      failures.push(message);
      errors.push(describe(message));
    };
    if (typeof allowed === 'string') failed(allowed);
    else {
      let held = 0;
      try {
        left = await deleteAll(client, resource, namespace);
        const finalizers = left.flatMap(({ metadata }) => metadata?.finalizers ?? []);
        for (const finalizer of finalizers) totals.finalizers.set(finalizer, (totals.finalizers.get(finalizer) ?? 0) + 1);
        if (left.length > 0) {
          totals.remaining.set(`${resource.plural}.${resource.group}`, left.length);
          held = allowed > 0 ? allowed : finalizers.length > 0 ? finalizerEstimate : 0;
          if (held === 0) failed(`unexpected items still remain in namespace: ${namespace} for gvr: ${nameInGo(resource)}`);
        }
      } catch (error) {
        held = allowed;
        failed(messageOf(error));
      }
      estimate = Math.max(estimate, held);
    }
    return left.length === 0;
  };

  const deletable = resources.filter(({ namespaced, verbs }) => namespaced && verbs.includes('delete'));
  for (const resource of deletable.filter(isPods)) {
    const gone = await clear(resource, (message) => `failed to delete pods for namespace: ${namespace}, err: ${message}`);
    if (!gone) return { ...report, estimate };
  }
  for (const resource of deletable) if (!isPods(resource)) await clear(resource);
  return { ...report, totals, estimate };
}

type Known = Pick<Discovered, 'resources'> & { readonly discoveryFailure?: string; readonly errors: string[] };

/** What there can be in a namespace, as far as that can be told: what is known is deleted all the same. */
async function known(client: Client): Promise<Known> {
  try {
    const { resources, stale } = await discover(client);
    if (stale.length === 0) return { resources, errors: [] };
    const message = staleMessage(stale);
    return {
      resources,
      errors: [message],
      discoveryFailure: `Discovery failed for some groups, ${stale.length} failing: ${message}`,
    };
  } catch (error) {
    const message = messageOf(error);
    return { resources: [], errors: [message], discoveryFailure: message };
  }
}

function isPods({ group, plural }: DiscoveredResource): boolean {
  return group === '' && plural === 'pods';
}

function nameInGo({ group, version, plural }: DiscoveredResource): string {
  return `${group}/${version}, Resource=${plural}`;
}

/** Seconds that the pods of a namespace may take to end; 0 when they have had them. */
async function podEstimate(client: Client, resource: DiscoveredResource, namespace: string, age: number): Promise<number> {
  const { items } = await client.resource<Pod>(resource).list({ namespace });
  const running = items.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  const longest = Math.max(0, ...running.map(({ spec }) => spec?.terminationGracePeriodSeconds ?? 0));
  return age >= longest ? 0 : longest;
}

/** Gives what is left afterwards, as far as that can be told. */
async function deleteAll(client: Client, resource: DiscoveredResource, namespace: string): Promise<KubeObject[]> {
  const objects = client.resource(resource);
  const list = async () => (resource.verbs.includes('list') ? ((await ifServed(objects.list({ namespace })))?.items ?? []) : undefined);
  const before = await list();
  if (before?.length === 0) return [];
  const collected = resource.verbs.includes('deletecollection') ? await ifServed(deleteCollection(client, resource, namespace)) : undefined;
  if (collected === undefined) {
    for (const object of before ?? []) {
      await ifServed(objects.delete(nameOf(object), namespaceOf(object), { propagationPolicy: 'Background' }));
    }
  }
  return (await list()) ?? [];
}

async function deleteCollection(client: Client, resource: DiscoveredResource, namespace: string): Promise<true> {
  const url = `${clusterUrl}${groupVersionPath(resource)}/namespaces/${namespace}/${resource.plural}`;
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' });
  await answer(await client.transport(new Request(url, { method: 'DELETE', body, headers: { 'content-type': 'application/json' } })));
  return true;
}

/** Some servers list resources that they do not serve, and objects go while they are looked at. */
async function ifServed<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isReason(error, 'NotFound') || isReason(error, 'MethodNotAllowed')) return undefined;
    throw error;
  }
}
