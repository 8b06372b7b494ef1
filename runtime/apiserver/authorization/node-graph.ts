import type { Container, Pod, PodSpec } from '../../api/generated/types/core/v1.ts';
import { podSecrets } from '../../api/pod-secrets.ts';
import { mirrorAnnotation } from '../../api/validation/pod/annotations.ts';
import { nodeSecrets } from '../../api/volume-secrets.ts';
import type { Store } from '../../store/store.ts';
import { type ApiObject, stringAt } from '../registry/api-object.ts';
import type { EntryCache } from '../registry/entry-cache.ts';
import type { ObjectReader } from '../registry/object-reader.ts';
import type { Resource } from '../registry/resource.ts';

/** Kinds that a pod can refer to and its node must see, and the pod itself. */
export type Referenced = 'pods' | 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'serviceaccounts' | 'resourceclaims';

interface Placed {
  readonly node: string;
  readonly references: readonly string[];
}

/** What the pods of each node refer to, following the store. Upstream: the graph of plugin/pkg/auth/authorizer/node. */
export class NodeGraph {
  readonly #reader: ObjectReader;
  readonly #pods = new Map<string, Placed>();
  /** Node, then reference, then how many pods have it. */
  readonly #byNode = new Map<string, Map<string, number>>();

  constructor(store: Store, pods: Resource, reader: ObjectReader, cache: EntryCache) {
    this.#reader = reader;
    const prefix = pods.prefixIn('');
    const { revision } = store;
    // All at once, they would only push each other out of the cache; one that was just written is in there.
    for (const { key, value } of store.current(prefix)) this.#put(key, pods.form.decode(value, revision) as Pod);
    store
      .watch(prefix, revision, (events) => {
        for (const { type, entry, key } of events) {
          if (type === 'delete') this.#remove(key);
          else this.#put(key, cache.object(pods, entry) as Pod);
        }
      })
      .catch(() => {}); // A store that has failed or was closed answers no request either.
  }

  /** Whether a pod on the node refers to the object. */
  refers(node: string, kind: Referenced, namespace: string, name: string): boolean {
    return this.#byNode.get(node)?.has(referenceTo(kind, namespace, name)) === true;
  }

  /** Whether a claim of a pod on the node is bound to the volume. */
  usesVolume(node: string, name: string): boolean {
    return this.#uses(node, this.#reader.get('', 'persistentvolumes', '', name));
  }

  /** Whether a volume that a pod on the node uses needs the secret there. */
  needsForVolume(node: string, namespace: string, name: string): boolean {
    const found = this.#reader.list('', 'persistentvolumes').find((volume) => {
      return nodeSecrets(volume).some((secret) => secret.namespace === namespace && secret.name === name) && this.#uses(node, volume);
    });
    return found !== undefined;
  }

  /** Whether an object, of a kind without namespaces, says that it is for the node. */
  isFor(node: string, group: string, plural: string, name: string): boolean {
    return stringAt(this.#reader.get(group, plural, '', name), 'spec', 'nodeName') === node;
  }

  #uses(node: string, volume: ApiObject | undefined): boolean {
    const namespace = stringAt(volume, 'spec', 'claimRef', 'namespace');
    return namespace !== '' && this.refers(node, 'persistentvolumeclaims', namespace, stringAt(volume, 'spec', 'claimRef', 'name'));
  }

  #put(key: string, pod: Pod): void {
    const node = pod.spec?.nodeName ?? '';
    const known = this.#pods.get(key);
    // Once a pod has a node, ephemeral containers and claims that are made for it add to what it refers to.
    const placed = node === '' || pod.spec === undefined ? undefined : { node, references: references(pod, pod.spec) };
    if (known?.node === placed?.node && sameTexts(known?.references, placed?.references)) return;
    this.#remove(key);
    if (placed === undefined) return;
    this.#pods.set(key, placed);
    const counts = this.#byNode.get(node) ?? new Map<string, number>();
    this.#byNode.set(node, counts);
    for (const reference of placed.references) counts.set(reference, (counts.get(reference) ?? 0) + 1);
  }

  #remove(key: string): void {
    const placed = this.#pods.get(key);
    if (placed === undefined) return;
    this.#pods.delete(key);
    const counts = this.#byNode.get(placed.node);
    if (counts === undefined) return;
    for (const reference of placed.references) {
      const left = (counts.get(reference) ?? 1) - 1;
      if (left === 0) counts.delete(reference);
      else counts.set(reference, left);
    }
    if (counts.size === 0) this.#byNode.delete(placed.node);
  }
}

function referenceTo(kind: Referenced, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}

function sameTexts(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}

/** Every object that a pod names, each once; of a mirror pod, which its node makes, only itself. */
function references({ metadata, status }: Pod, spec: PodSpec): string[] {
  const found = new Set<string>();
  const add = (kind: Referenced, name: string | undefined) => {
    if (name) found.add(referenceTo(kind, metadata?.namespace ?? '', name));
  };
  add('pods', metadata?.name);
  if (Object.hasOwn(metadata?.annotations ?? {}, mirrorAnnotation)) return [...found];
  add('serviceaccounts', spec.serviceAccountName);
  for (const name of podSecrets(spec)) add('secrets', name);
  const containers: readonly Pick<Container, 'env' | 'envFrom'>[] = [
    ...(spec.initContainers ?? []),
    ...spec.containers,
    ...(spec.ephemeralContainers ?? []),
  ];
  for (const { env = [], envFrom = [] } of containers) {
    for (const { configMapRef } of envFrom) add('configmaps', configMapRef?.name);
    for (const { valueFrom } of env) add('configmaps', valueFrom?.configMapKeyRef?.name);
  }
  for (const volume of spec.volumes ?? []) {
    add('configmaps', volume.configMap?.name);
    add('persistentvolumeclaims', volume.persistentVolumeClaim?.claimName);
    if (volume.ephemeral !== undefined) add('persistentvolumeclaims', `${metadata?.name ?? ''}-${volume.name}`);
    for (const { configMap } of volume.projected?.sources ?? []) add('configmaps', configMap?.name);
  }
  for (const { name, resourceClaimName } of spec.resourceClaims ?? []) {
    const made = status?.resourceClaimStatuses?.find((each) => each.name === name);
    add('resourceclaims', resourceClaimName ?? made?.resourceClaimName);
  }
  add('resourceclaims', status?.extendedResourceClaimStatus?.resourceClaimName);
  return [...found];
}
