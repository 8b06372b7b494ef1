import type { Node, Pod } from '../../api/generated/types/core/v1.ts';
import { NodeInfo } from './node-info.ts';

/**
 * The scheduler's picture of nodes and the pods on them. A pod counts from the moment it is assumed to land on a node, before its
 * binding is written, so that the next pod sees the room it takes. Upstream: kube-scheduler's internal cache.
 */
export class ClusterSnapshot {
  readonly #nodes = new Map<string, NodeInfo>();
  /** Pods whose node is not known (yet), by node name. */
  readonly #waiting = new Map<string, Map<string, Pod>>();
  readonly #placed = new Map<string, string>();

  get nodes(): readonly NodeInfo[] {
    return [...this.#nodes.values()];
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
    for (const pod of this.#waiting.get(name)?.values() ?? []) info.add(pod);
    this.#waiting.delete(name);
  }

  removeNode(name: string): void {
    const info = this.#nodes.get(name);
    if (!info) return;
    this.#nodes.delete(name);
    if (info.pods.size > 0) this.#waiting.set(name, new Map(info.pods));
  }

  /** Puts the pod on a node, moving it when it was thought to be elsewhere. */
  place(pod: Pod, node: string): void {
    const uid = pod.metadata?.uid ?? '';
    const before = this.#placed.get(uid);
    if (before !== undefined && before !== node) this.remove(uid);
    this.#placed.set(uid, node);
    const info = this.#nodes.get(node);
    if (info) {
      info.add(pod);
      return;
    }
    const waiting = this.#waiting.get(node) ?? new Map<string, Pod>();
    this.#waiting.set(node, waiting.set(uid, pod));
  }

  remove(uid: string): void {
    const node = this.#placed.get(uid);
    if (node === undefined) return;
    this.#placed.delete(uid);
    this.#nodes.get(node)?.remove(uid);
    this.#waiting.get(node)?.delete(uid);
  }
}
