import type { Pod } from '../../api/generated/types/core/v1.ts';
import { uidOf } from './pods.ts';

/** Pods that wait for a node on which others are being evicted for them. Upstream: the nominator of kube-scheduler's queue. */
export class Nominator {
  readonly #nodes = new Map<string, string>();
  readonly #pods = new Map<string, Map<string, Pod>>();

  /** Nominates the pod for a node, or tells a new state of it. */
  nominate(pod: Pod, node: string): void {
    const uid = uidOf(pod);
    this.remove(uid);
    this.#nodes.set(uid, node);
    const pods = this.#pods.get(node) ?? new Map<string, Pod>();
    this.#pods.set(node, pods.set(uid, pod));
  }

  remove(uid: string): void {
    const node = this.#nodes.get(uid);
    if (node === undefined) return;
    this.#nodes.delete(uid);
    const pods = this.#pods.get(node);
    if (pods?.delete(uid) && pods.size === 0) this.#pods.delete(node);
  }

  /** The node the pod is nominated for. */
  nodeOf(uid: string): string | undefined {
    return this.#nodes.get(uid);
  }

  /** The pods nominated for a node. */
  podsOn(node: string): Iterable<Pod> {
    return this.#pods.get(node)?.values() ?? [];
  }
}
