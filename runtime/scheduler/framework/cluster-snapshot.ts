import type { Node, Pod } from '../../api/generated/types/core/v1.ts';
import { NodeInfo } from './node-info.ts';
import { uidOf } from './pods.ts';

/**
 * The scheduler's picture of nodes and the pods on them. A pod counts from the moment it is assumed to land on a node, before its
 * binding is written, so that the next pod sees the room it takes. Upstream: kube-scheduler's internal cache.
 */
export class ClusterSnapshot {
  readonly #nodes = new Map<string, NodeInfo>();
  #list: readonly NodeInfo[] | undefined;
  /** Pods whose node is not known (yet), by node name. */
  readonly #waiting = new Map<string, Map<string, Pod>>();
  readonly #placed = new Map<string, string>();
  /** Pods that are on their node only by the scheduler's decision so far. */
  readonly #assumed = new Set<string>();

  get nodes(): readonly NodeInfo[] {
    this.#list ??= [...this.#nodes.values()];
    return this.#list;
  }

  node(name: string): NodeInfo | undefined {
    return this.#nodes.get(name);
  }

  setNode(node: Node): void {
    const name = node.metadata?.name ?? '';
    const known = this.#nodes.get(name);
    if (known) {
      known.node = node;
      return;
    }
    const info = new NodeInfo(node);
    this.#nodes.set(name, info);
    this.#list = undefined;
    for (const pod of this.#waiting.get(name)?.values() ?? []) info.add(pod);
    this.#waiting.delete(name);
  }

  /** Pods on the node are kept in mind: the node may come back. */
  removeNode(name: string): void {
    const info = this.#nodes.get(name);
    if (!info) return;
    this.#nodes.delete(name);
    this.#list = undefined;
    if (info.pods.size > 0) this.#waiting.set(name, new Map(info.pods));
  }

  /** Puts the pod on a node before its binding is written. */
  assume(pod: Pod, node: string): void {
    this.place(pod, node);
    this.#assumed.add(uidOf(pod));
  }

  /** Whether the pod is on its node only by the scheduler's decision so far. */
  isAssumed(uid: string): boolean {
    return this.#assumed.has(uid);
  }

  /** Takes an assumed pod off its node again; false when it is not assumed any more, because the API has shown it there or it is gone. */
  forget(uid: string): boolean {
    if (!this.#assumed.has(uid)) return false;
    this.remove(uid);
    return true;
  }

  /** Puts the pod on the node where the API says it is, moving it when it was thought to be elsewhere. */
  place(pod: Pod, node: string): void {
    const uid = uidOf(pod);
    const before = this.#placed.get(uid);
    if (before !== undefined && before !== node) this.remove(uid);
    this.#assumed.delete(uid);
    this.#placed.set(uid, node);
    const info = this.#nodes.get(node);
    if (info) {
      info.add(pod);
      return;
    }
    const waiting = this.#waiting.get(node) ?? new Map<string, Pod>();
    this.#waiting.set(node, waiting.set(uid, pod));
  }

  /** The pod is gone; true when it was on a node. */
  remove(uid: string): boolean {
    const node = this.#placed.get(uid);
    if (node === undefined) return false;
    this.#placed.delete(uid);
    this.#assumed.delete(uid);
    this.#nodes.get(node)?.remove(uid);
    const waiting = this.#waiting.get(node);
    if (waiting?.delete(uid) && waiting.size === 0) this.#waiting.delete(node);
    return true;
  }
}
