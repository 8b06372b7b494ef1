import { Manifest } from '../documents/manifest.ts';
import type { NamedObject, NameSource } from '../index/names.ts';
import type { ClusterObject, ClusterObjects } from '../protocol.ts';
import { type CustomKind, customKinds } from '../schemas/custom.ts';
import type { CustomKinds } from '../schemas/kinds.ts';

/** What the editor has told of the cluster it is connected to: names for completion, and the kinds that were defined there. */
export class ConnectedCluster implements NameSource, CustomKinds {
  #name: string | undefined;
  /** By kind, then by namespace, then by name. */
  readonly #kinds = new Map<string, Map<string, Map<string, NamedObject>>>();
  #custom: readonly CustomKind[] = [];
  #definitions = '';
  #generation = 0;
  #namesGeneration = 0;

  /** Goes up whenever the kinds change that are defined there. */
  get generation(): number {
    return this.#generation;
  }

  /** Goes up whenever an object comes or goes. */
  get namesGeneration(): number {
    return this.#namesGeneration;
  }

  get isConnected(): boolean {
    return this.#name !== undefined;
  }

  /** Another cluster is connected, or the same one again. */
  connect(name: string): void {
    this.disconnect();
    this.#name = name;
  }

  /** Nothing is known of a cluster that is not connected. */
  disconnect(): void {
    this.#name = undefined;
    this.#kinds.clear();
    this.#namesGeneration++;
    this.define([]);
  }

  /** Takes all objects of a kind in place of what was known of it. */
  replace({ kind, objects }: ClusterObjects): void {
    const namespaces = new Map<string, Map<string, NamedObject>>();
    for (const object of objects) {
      const { namespace = '', name } = object;
      const named = namespaces.get(namespace) ?? new Map<string, NamedObject>();
      namespaces.set(namespace, named.set(name, this.#named(kind, object)));
    }
    const before = this.#kinds.get(kind);
    this.#kinds.set(kind, namespaces);
    if (before === undefined || !haveSameNames(before, namespaces)) this.#namesGeneration++;
  }

  /** Takes the CustomResourceDefinitions of the cluster, whole. */
  define(definitions: readonly unknown[]): void {
    const text = JSON.stringify(definitions);
    if (text === this.#definitions) return;
    this.#definitions = text;
    // JSON is YAML, and a definition is read in one way wherever it comes from.
    this.#custom = definitions.flatMap((definition) => customKinds(new Manifest(JSON.stringify(definition))));
    this.#generation++;
  }

  /** Whether the cluster has an object. */
  has(kind: string, namespace: string, name: string): boolean {
    return this.#kinds.get(kind)?.get(namespace)?.has(name) ?? false;
  }

  objects(kind: string, namespace: string): Iterable<NamedObject> {
    return this.#kinds.get(kind)?.get(namespace)?.values() ?? [];
  }

  *inNamespace(namespace: string): Iterable<NamedObject> {
    for (const namespaces of this.#kinds.values()) yield* namespaces.get(namespace)?.values() ?? [];
  }

  list(group?: string): readonly CustomKind[] {
    return group === undefined ? this.#custom : this.#custom.filter((kind) => kind.group === group);
  }

  #named(kind: string, { namespace = '', name, labels = {}, keys, servicePorts, podLabels, replicas }: ClusterObject): NamedObject {
    return {
      ...{ kind, namespace, name, labels, origin: this.#name ?? '' },
      ...(keys && { keys }),
      ...(servicePorts && { servicePorts: servicePorts.map((port) => ({ name: port.name, number: port.number })) }),
      ...(podLabels && { pod: { labels: podLabels, ports: [], images: [], path: [] } }),
      ...(replicas !== undefined && { replicas }),
    };
  }
}

type Named = ReadonlyMap<string, ReadonlyMap<string, NamedObject>>;

function haveSameNames(one: Named, other: Named): boolean {
  const has = (objects: Named, than: Named) =>
    [...than].every(([namespace, named]) => [...named.keys()].every((name) => objects.get(namespace)?.has(name)));
  return has(one, other) && has(other, one);
}
