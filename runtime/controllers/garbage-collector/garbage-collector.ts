import type { OwnerReference } from '../../api/generated/types/meta/v1.ts';
import { groupOf } from '../../api/kinds/kind.ts';
import type { KubeObject } from '../../api/object.ts';
import { type DeleteQuery, isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { type DiscoveredResource, discover } from '../../client/discovery.ts';
import { namespaceOf, uidOf } from '../../client/object-key.ts';
import { type Controller, type ControllerContext, queueFor, recorderFor } from '../common/context.ts';
import { awaitsDependents, foregroundFinalizer, type GraphNode, isOwner, OwnerGraph, orphanFinalizer, type SeenObject } from './graph.ts';

const name = 'garbage-collector-controller';
/** How often the server is asked for kinds that have come or gone, in milliseconds. */
const discoveryInterval = 30_000;
const workers = 20;

/** Deletes what has lost all of its owners, in background or foreground, or lets it go free; after `pkg/controller/garbagecollector` of Kubernetes. */
export function createGarbageCollector(context: ControllerContext): Controller {
  const { client, informers, clock, log } = context;
  const toDelete = queueFor(context, 'garbage_collector_attempt_to_delete');
  const toOrphan = queueFor(context, 'garbage_collector_attempt_to_orphan');
  const recorder = recorderFor(context, name);
  const graph = new OwnerGraph({
    attemptToDelete: (node) => toDelete.add(node.uid),
    attemptToOrphan: (node) => toOrphan.add(node.uid),
    misplaced({ uid, reference: { apiVersion, kind, namespace, name } }, owner) {
      const said = `[${owner.apiVersion}/${owner.kind}, namespace: ${namespace}, name: ${owner.name}, uid: ${owner.uid}]`;
      const object = { apiVersion, kind, metadata: { name, uid, ...(namespace !== '' && { namespace }) } };
      recorder.event(
        object,
        'Warning',
        'OwnerRefInvalidNamespace',
        `ownerRef ${said} does not exist in namespace ${JSON.stringify(namespace)}`,
      );
    },
  });
  const monitored = new Map<string, { readonly resource: DiscoveredResource; readonly unsubscribe: () => void }>();
  let byKind = new Map<string, DiscoveredResource>();

  /** Follows the kinds the server has now. */
  const monitor = async (signal: AbortSignal) => {
    const { resources: all, stale } = await discover(client);
    const resources = all.filter(isCollected);
    byKind = new Map(resources.map((resource) => [`${resource.group}/${resource.kind}`, resource]));
    const present = new Set(resources.map(idOf));
    for (const [id, { resource, unsubscribe }] of monitored) {
      // Of what cannot be asked for now, what has been seen still holds.
      if (present.has(id) || stale.includes(`${resource.group}/${resource.version}`)) continue;
      unsubscribe();
      informers.stop(resource);
      monitored.delete(id);
    }
    const synced: Promise<void>[] = [];
    for (const resource of resources) {
      if (monitored.has(idOf(resource))) continue;
      const informer = informers.for(resource);
      const observe = (object: KubeObject) => graph.observe(resource, object);
      const unsubscribe = informer.on({
        added: observe,
        updated: observe,
        deleted: (object) => graph.remove(uidOf(object), namespaceOf(object)),
      });
      monitored.set(idOf(resource), { resource, unsubscribe });
      synced.push(informer.synced());
    }
    // Another API server may tell what it serves, and not list it.
    if (synced.length > 0) await Promise.race([Promise.all(synced), clock.sleep(discoveryInterval, signal)]);
  };

  const resourceOf = ({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): DiscoveredResource => {
    const resource = byKind.get(`${groupOf(apiVersion)}/${kind}`);
    if (resource === undefined) throw new Error(`the server serves no kind ${kind} of ${apiVersion}`);
    return resource;
  };

  /** Asks the server for an owner that the graph cannot vouch for. */
  const exists = async (reference: GraphNode['reference'], uid: string): Promise<boolean> => {
    const resource = resourceOf(reference);
    // An object without a namespace cannot name one that has to have one.
    if (resource.namespaced && reference.namespace === '') return true;
    try {
      const object = await client.resource(resource).get(reference.name, resource.namespaced ? reference.namespace : undefined);
      return uidOf(object) === uid;
    } catch (error) {
      if (isReason(error, 'NotFound')) return false;
      throw error;
    }
  };

  const isDangling = async ({ reference: { namespace } }: GraphNode, owner: OwnerReference): Promise<boolean> => {
    if (graph.isAbsent(owner.uid, namespace)) return true;
    const known = graph.get(owner.uid);
    if (known?.seen !== undefined && isOwner(known, owner, namespace)) return false;
    return !(await exists({ ...owner, namespace }, owner.uid));
  };

  /** Whether an object without a namespace names an owner of a kind that has one: nobody knows whether that is there, and the object stays. */
  const cannotTell = ({ reference: { namespace } }: GraphNode, owner: OwnerReference): boolean =>
    namespace === '' && !graph.isAbsent(owner.uid, '') && resourceOf(owner).namespaced;

  const attemptToDelete = async (uid: string) => {
    const node = graph.get(uid);
    if (node === undefined) return;
    const { seen } = node;
    if (seen === undefined) {
      if (!(await exists(node.reference, uid))) graph.forget(node);
      return;
    }
    if (awaitsDependents(node)) {
      await releaseForeground(node, seen);
      return;
    }
    if (seen.deleting || seen.owners.length === 0) return;
    const lost: OwnerReference[] = [];
    let solid = 0;
    let waiting = 0;
    for (const owner of seen.owners) {
      if (cannotTell(node, owner)) return;
      const known = graph.get(owner.uid);
      if (await isDangling(node, owner)) lost.push(owner);
      else if (known !== undefined && awaitsDependents(known)) {
        waiting++;
        lost.push(owner);
      } else solid++;
    }
    if (lost.length === 0) return;
    if (solid > 0) {
      const ownerReferences = seen.owners.filter((owner) => !lost.includes(owner));
      await patchMetadata(uid, seen, { ownerReferences });
      return;
    }
    if (waiting > 0 && node.dependents.size > 0) {
      await unblockIfCircular(node, seen);
      await remove(uid, seen, 'Foreground');
      return;
    }
    await remove(uid, seen, policyOf(seen));
  };

  /** Two objects that wait for each other would wait for ever: what is in such a circle does not block its owner. */
  const unblockIfCircular = async (node: GraphNode, seen: SeenObject) => {
    if (![...node.dependents].some(awaitsDependents) || !seen.owners.some((owner) => owner.blockOwnerDeletion === true)) return;
    await patchMetadata(node.uid, seen, { ownerReferences: seen.owners.map((owner) => ({ ...owner, blockOwnerDeletion: false })) });
  };

  /** Lets an object go whose dependents are gone, or asks again for those that are not. */
  const releaseForeground = async (node: GraphNode, seen: SeenObject) => {
    const blocking = [...node.dependents].filter((dependent) =>
      dependent.seen?.owners.some((owner) => owner.uid === node.uid && owner.blockOwnerDeletion === true),
    );
    if (blocking.length === 0) await removeFinalizer(node.uid, seen, foregroundFinalizer);
    for (const dependent of blocking) if (!awaitsDependents(dependent)) toDelete.add(dependent.uid);
  };

  const attemptToOrphan = async (uid: string) => {
    const node = graph.get(uid);
    if (node?.seen === undefined) return;
    for (const dependent of node.dependents) {
      if (dependent.seen === undefined) continue;
      await patchMetadata(dependent.uid, dependent.seen, { ownerReferences: dependent.seen.owners.filter((owner) => owner.uid !== uid) });
    }
    await removeFinalizer(uid, node.seen, orphanFinalizer);
  };

  const removeFinalizer = (uid: string, seen: SeenObject, finalizer: string) =>
    patchMetadata(uid, seen, { finalizers: seen.finalizers.filter((other) => other !== finalizer) });

  /** Guarded by the version the decision was made on; a conflict means the graph will soon know better. */
  const patchMetadata = async (
    uid: string,
    { resource, namespace, name, resourceVersion }: SeenObject,
    change: { readonly finalizers?: string[]; readonly ownerReferences?: OwnerReference[] },
  ) => {
    const metadata = {
      uid,
      resourceVersion,
      ...(change.finalizers === undefined ? {} : { finalizers: change.finalizers }),
      ...(change.ownerReferences === undefined ? {} : { ownerReferences: change.ownerReferences.map((owner) => ({ ...owner })) }),
    };
    try {
      await client.resource(resource).patch(name, namespace, { type: 'merge', body: { metadata } });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  };

  const remove = async (
    uid: string,
    { resource, namespace, name, resourceVersion }: SeenObject,
    propagationPolicy: NonNullable<DeleteQuery['propagationPolicy']>,
  ) => {
    try {
      await client.resource(resource).delete(name, namespace, { propagationPolicy, preconditions: { uid, resourceVersion } });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  };

  return {
    name,
    async run(signal) {
      const tryMonitor = async () => {
        try {
          await monitor(signal);
        } catch (error) {
          log.warn(`${name}: discovery failed`, error);
        }
      };
      const keepMonitoring = async () => {
        while (!signal.aborted) {
          await clock.sleep(discoveryInterval, signal);
          if (!signal.aborted) await tryMonitor();
        }
      };
      await tryMonitor();
      await Promise.all([
        keepMonitoring(),
        runController({ name, queue: toDelete, workers, reconcile: attemptToDelete, signal, log }),
        runController({ name, queue: toOrphan, workers, reconcile: attemptToOrphan, signal, log }),
      ]);
    },
  };
}

/** Events own nothing, are owned by nobody and are many. */
function isCollected({ group, plural, verbs }: DiscoveredResource): boolean {
  const isEvent = plural === 'events' && (group === '' || group === 'events.k8s.io');
  return !isEvent && ['list', 'watch', 'delete'].every((verb) => verbs.some((known) => known === verb));
}

function idOf({ group, version, plural }: DiscoveredResource): string {
  return `${group}/${version}/${plural}`;
}

/** What the object's own finalizers ask for. */
function policyOf({ finalizers }: SeenObject): NonNullable<DeleteQuery['propagationPolicy']> {
  if (finalizers.includes(orphanFinalizer)) return 'Orphan';
  return finalizers.includes(foregroundFinalizer) ? 'Foreground' : 'Background';
}
