import type { Labels, ObjectFacts } from './facts.ts';
import type { Found } from './found.ts';
import { keyOfLabels, keys } from './object-lists.ts';
import type { WorkspaceIndex } from './workspace-index.ts';

/** What rules may ask about the objects of the workspace. */
export type ObjectNames = Pick<WorkspaceIndex, 'objects' | 'declared' | 'inNamespace' | 'selectedBy' | 'all' | 'has'>;

/** What rules may ask a connected cluster. */
export interface ClusterNames {
  /** Goes up whenever a name comes to the cluster or leaves it. */
  readonly namesGeneration: number;
  has(kind: string, namespace: string, name: string): boolean;
}

/** Asks the workspace and the cluster, and notes what was asked: as long as no answer has changed, nobody needs to ask again. */
export class Inquiry implements ObjectNames {
  readonly #index: WorkspaceIndex;
  readonly #cluster: ClusterNames;
  readonly #asked = new Set<string>();
  #generation: number;
  #clusterGeneration: number | undefined;

  constructor(index: WorkspaceIndex, cluster: ClusterNames) {
    this.#index = index;
    this.#cluster = cluster;
    this.#generation = index.generation;
  }

  /** Whether some answer may be another one now. */
  get stale(): boolean {
    if (this.#clusterGeneration !== undefined && this.#clusterGeneration !== this.#cluster.namesGeneration) return true;
    const { generation } = this.#index;
    if (generation === this.#generation) return false;
    if (this.#index.changedSince(this.#generation, this.#asked)) return true;
    this.#generation = generation;
    return false;
  }

  isInCluster(kind: string, namespace: string, name: string): boolean {
    this.#clusterGeneration = this.#cluster.namesGeneration;
    return this.#cluster.has(kind, namespace, name);
  }

  objects(kind: string, namespace: string): readonly Found<ObjectFacts>[] {
    this.#asked.add(keys.kind(kind, namespace));
    return this.#index.objects(kind, namespace);
  }

  declared(kind: string, namespace: string, name: string): readonly Found<ObjectFacts>[] {
    this.#asked.add(keys.name(kind, namespace, name));
    return this.#index.declared(kind, namespace, name);
  }

  inNamespace(namespace: string): readonly Found<ObjectFacts>[] {
    this.#asked.add(keys.namespace(namespace));
    return this.#index.inNamespace(namespace);
  }

  selectedBy(namespace: string, labels: Labels): readonly Found<ObjectFacts>[] {
    const key = keyOfLabels(namespace, labels);
    if (key !== undefined) this.#asked.add(key);
    return this.#index.selectedBy(namespace, labels);
  }

  all(): readonly Found<ObjectFacts>[] {
    this.#asked.add(keys.all);
    return this.#index.all();
  }

  has(uri: string): boolean {
    this.#asked.add(keys.file(uri));
    return this.#index.has(uri);
  }
}
