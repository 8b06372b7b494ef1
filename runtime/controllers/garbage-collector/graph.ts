import { jsonEqual } from '../../api/equality.ts';
import type { OwnerReference } from '../../api/generated/types/meta/v1.ts';
import { groupOf } from '../../api/kinds/kind.ts';
import type { KubeObject } from '../../api/object.ts';
import type { DiscoveredResource } from '../../client/discovery.ts';
import { nameOf, namespaceOf, uidOf } from '../../client/object-key.ts';

export const orphanFinalizer = 'orphan';
export const foregroundFinalizer = 'foregroundDeletion';

/** An object as the garbage collector knows it. */
export interface GraphNode {
  readonly uid: string;
  /** Undefined while only a reference to it was seen, never itself. */
  seen: SeenObject | undefined;
  /** What is needed to ask for an object that only a reference tells of; of one that was seen, where and what it is. */
  reference: { readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string };
  readonly dependents: Set<GraphNode>;
}

export interface SeenObject {
  readonly resource: DiscoveredResource;
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly owners: readonly OwnerReference[];
  readonly finalizers: readonly string[];
  readonly deleting: boolean;
}

/** Whether an object waits, deleted, for its dependents to go first. */
export function awaitsDependents({ seen }: GraphNode): boolean {
  return seen?.deleting === true && seen.finalizers.includes(foregroundFinalizer);
}

/** What the graph asks to be done. */
export interface GraphWishes {
  /** See whether the object must go, or can. */
  attemptToDelete(node: GraphNode): void;
  /** Take the object's dependents from it. */
  attemptToOrphan(node: GraphNode): void;
  /** Tell that an object refers to an owner that is in another namespace. */
  misplaced(node: GraphNode, owner: OwnerReference): void;
}

/** How long a memory of owners that are gone is kept, in entries. UIDs never come back, so it is never wrong. */
const absentLimit = 10_000;

/** Who owns whom, by UID, over all kinds. After the GraphBuilder of `pkg/controller/garbagecollector` of Kubernetes. */
export class OwnerGraph {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #absent = new Set<string>();
  readonly #wishes: GraphWishes;

  constructor(wishes: GraphWishes) {
    this.#wishes = wishes;
  }

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid);
  }

  /** Whether an object with this UID once was, or was looked for, and is no more: in this namespace, or without one. */
  isAbsent(uid: string, namespace: string): boolean {
    return this.#absent.has(placeOf(uid, '')) || this.#absent.has(placeOf(uid, namespace));
  }

  /** Takes in an object as it is now. */
  observe(resource: DiscoveredResource, object: KubeObject): void {
    const node = this.#nodeOf(object);
    const before = node.seen;
    const { ownerReferences = [], finalizers = [], deletionTimestamp, resourceVersion = '' } = object.metadata ?? {};
    const seen: SeenObject = {
      resource,
      namespace: namespaceOf(object),
      name: nameOf(object),
      resourceVersion,
      owners: ownerReferences,
      finalizers,
      deleting: deletionTimestamp !== undefined,
    };
    const waited = awaitsDependents(node);
    const orphaned = before?.deleting === true && before.finalizers.includes(orphanFinalizer);
    node.seen = seen;
    if (before === undefined) this.#meet(node, object);
    if (before === undefined || !jsonEqual(before.owners, seen.owners)) this.#reconnect(node, before?.owners ?? [], seen.owners);
    if (seen.deleting && finalizers.includes(orphanFinalizer) && !orphaned) this.#wishes.attemptToOrphan(node);
    if (awaitsDependents(node) && !waited) {
      for (const dependent of node.dependents) this.#wishes.attemptToDelete(dependent);
      this.#wishes.attemptToDelete(node);
    }
  }

  /** Forgets an owner that nobody has seen and that is not where it was looked for. It may be where other dependents are. */
  forget(node: GraphNode): void {
    const { uid, seen } = node;
    if (seen !== undefined || this.#nodes.get(uid) !== node) return;
    const { namespace } = node.reference;
    this.#remember(placeOf(uid, namespace));
    let elsewhere: string | undefined;
    for (const dependent of node.dependents) {
      const place = dependent.reference.namespace;
      if (place === namespace) this.#wishes.attemptToDelete(dependent);
      else if (!this.isAbsent(uid, place)) elsewhere ??= place;
    }
    if (elsewhere === undefined) {
      this.#nodes.delete(uid);
      return;
    }
    node.reference = { ...node.reference, namespace: elsewhere };
    this.#wishes.attemptToDelete(node);
  }

  /** Forgets an object that is gone; its dependents may have to follow, its owners may be free to go. */
  remove(uid: string, namespace: string): void {
    const node = this.#nodes.get(uid);
    this.#remember(placeOf(uid, namespace));
    if (node === undefined) return;
    this.#nodes.delete(uid);
    for (const dependent of node.dependents) this.#wishes.attemptToDelete(dependent);
    for (const reference of node.seen?.owners ?? []) {
      const owner = this.#nodes.get(reference.uid);
      if (owner === undefined) continue;
      owner.dependents.delete(node);
      if (awaitsDependents(owner)) this.#wishes.attemptToDelete(owner);
    }
  }

  #nodeOf(object: KubeObject): GraphNode {
    const uid = uidOf(object);
    const known = this.#nodes.get(uid);
    if (known !== undefined) return known;
    const { apiVersion = '', kind = '' } = object;
    return this.#insert(uid, { apiVersion, kind, namespace: namespaceOf(object), name: nameOf(object) });
  }

  #insert(uid: string, reference: GraphNode['reference']): GraphNode {
    const node: GraphNode = { uid, seen: undefined, reference, dependents: new Set() };
    this.#nodes.set(uid, node);
    return node;
  }

  #reconnect(node: GraphNode, before: readonly OwnerReference[], after: readonly OwnerReference[]): void {
    for (const old of before) {
      const now = after.find(({ uid }) => uid === old.uid);
      const owner = this.#nodes.get(old.uid);
      if (owner === undefined) continue;
      if (now === undefined) owner.dependents.delete(node);
      const unblocked = old.blockOwnerDeletion === true && now?.blockOwnerDeletion !== true;
      if (unblocked && awaitsDependents(owner)) this.#wishes.attemptToDelete(owner);
    }
    for (const { uid, apiVersion, kind, name } of after) {
      const known = this.#nodes.get(uid);
      const owner = known ?? this.#insert(uid, { apiVersion, kind, name, namespace: node.seen?.namespace ?? '' });
      owner.dependents.add(node);
      // An owner nobody has seen may never have been: ask for it.
      if (known === undefined) this.#wishes.attemptToDelete(owner);
      else this.#compare(node, known);
    }
  }

  /** Of an object that was only heard of, what dependents said of it can be compared with what it is. */
  #meet(node: GraphNode, object: KubeObject): void {
    const { apiVersion = '', kind = '' } = object;
    node.reference = { apiVersion, kind, namespace: namespaceOf(object), name: nameOf(object) };
    for (const dependent of node.dependents) this.#compare(dependent, node);
  }

  #compare(dependent: GraphNode, owner: GraphNode): void {
    const said = dependent.seen?.owners.find(({ uid }) => uid === owner.uid);
    if (said === undefined || isOwner(owner, said, dependent.reference.namespace)) return;
    const { namespace } = owner.reference;
    if (owner.seen !== undefined && namespace !== '' && namespace !== dependent.reference.namespace)
      this.#wishes.misplaced(dependent, said);
    this.#wishes.attemptToDelete(dependent);
  }

  #remember(place: string): void {
    this.#absent.add(place);
    if (this.#absent.size <= absentLimit) return;
    const [oldest] = this.#absent;
    if (oldest !== undefined) this.#absent.delete(oldest);
  }
}

/** Whether an owner is what a dependent says of it, and where the dependent may refer to: in the same namespace, or in none. */
export function isOwner({ reference }: GraphNode, said: OwnerReference, namespace: string): boolean {
  const same = reference.name === said.name && reference.kind === said.kind && groupOf(reference.apiVersion) === groupOf(said.apiVersion);
  return same && (reference.namespace === '' || reference.namespace === namespace);
}

function placeOf(uid: string, namespace: string): string {
  return `${uid}/${namespace}`;
}
