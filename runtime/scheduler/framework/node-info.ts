import type { Node, Pod } from '../../api/generated/types/core/v1.ts';
import { addTo, parseResources, podRequests, type Resources, scoredRequests, takeFrom } from './resources.ts';

/** A host port as it blocks others. */
export interface HostPort {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
}

/** A node with the pods on it, summed up so that a filter need not go through them. */
export class NodeInfo {
  readonly name: string;
  readonly pods = new Map<string, Pod>();
  /** What the pods ask for together. */
  readonly requested: Record<string, number> = {};
  /** The same with assumed amounts, see {@link scoredRequests}. */
  readonly scored: Record<string, number> = {};
  readonly ports: HostPort[] = [];
  #node: Node;
  #allocatable: Resources;

  constructor(node: Node) {
    this.name = node.metadata?.name ?? '';
    this.#node = node;
    this.#allocatable = parseResources(node.status?.allocatable);
  }

  get node(): Node {
    return this.#node;
  }

  set node(node: Node) {
    this.#node = node;
    this.#allocatable = parseResources(node.status?.allocatable);
  }

  get allocatable(): Resources {
    return this.#allocatable;
  }

  add(pod: Pod): void {
    const uid = pod.metadata?.uid ?? '';
    if (this.pods.has(uid)) this.remove(uid);
    this.pods.set(uid, pod);
    addTo(this.requested, podRequests(pod));
    addTo(this.scored, scoredRequests(pod));
    this.ports.push(...hostPorts(pod));
  }

  remove(uid: string): void {
    const pod = this.pods.get(uid);
    if (!pod) return;
    this.pods.delete(uid);
    takeFrom(this.requested, podRequests(pod));
    takeFrom(this.scored, scoredRequests(pod));
    for (const port of hostPorts(pod)) {
      const at = this.ports.findIndex((p) => p.port === port.port && p.protocol === port.protocol && p.address === port.address);
      if (at >= 0) this.ports.splice(at, 1);
    }
  }

  /** The same node with the same pods, to try something on. */
  copy(): NodeInfo {
    const copy = new NodeInfo(this.#node);
    for (const pod of this.pods.values()) copy.add(pod);
    return copy;
  }
}

/** Every host port the pod's containers want, those of sidecars included. */
export function hostPorts(pod: Pod): HostPort[] {
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always')];
  return containers.flatMap((container) =>
    (container.ports ?? []).flatMap(({ hostPort, hostIP, protocol }) =>
      hostPort ? [{ port: hostPort, address: hostIP ?? '0.0.0.0', protocol: protocol ?? 'TCP' }] : [],
    ),
  );
}
