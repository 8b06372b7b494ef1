import type { Labels, ObjectFacts } from './facts.ts';
import type { WorkspaceIndex } from './workspace-index.ts';

/** An object that exists somewhere, as far as naming it goes. */
export interface NamedObject {
  readonly kind: string;
  /** Empty for kinds that belong to none. */
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** Keys of a ConfigMap or Secret. */
  readonly keys?: readonly string[];
  /** Ports of a Service. */
  readonly servicePorts?: readonly { readonly name: string | undefined; readonly number: number | undefined }[];
  readonly replicas?: number;
  /** The pods it makes, or is. */
  readonly pod?: ObjectFacts['pod'];
  /** Where it was found, in a few words for a person: a file's name, a cluster's context. */
  readonly origin: string;
}

/** Knows objects by name: the workspace, a connected cluster. Asked while somebody types, so it answers from memory. */
export interface NameSource {
  /** The objects of a kind in a namespace; an empty namespace for kinds that belong to none. */
  objects(kind: string, namespace: string): Iterable<NamedObject>;
  /** All objects of a namespace. */
  inNamespace(namespace: string): Iterable<NamedObject>;
}

/** What the manifests of the workspace declare. */
export function workspaceNames(index: WorkspaceIndex): NameSource {
  const named = ({ uri, what }: { readonly uri: string; readonly what: ObjectFacts }): NamedObject => ({
    kind: what.kind,
    namespace: what.namespace,
    name: what.name,
    labels: what.labels,
    ...(what.servicePorts ? { servicePorts: portsOf(what) } : what.keys && { keys: what.keys }),
    ...(what.pod && { pod: what.pod }),
    ...(what.replicas !== undefined && { replicas: what.replicas }),
    origin: decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1)),
  });
  return {
    objects: (kind, namespace) =>
      index
        .objects(kind, namespace)
        .filter(({ what }) => what.name !== '')
        .map(named),
    inNamespace: (namespace) => index.inNamespace(namespace).map(named),
  };
}

/** A Service's ports have names or not; only when all have do names and numbers belong together. */
function portsOf({ keys = [], servicePorts = [] }: ObjectFacts): NonNullable<NamedObject['servicePorts']> {
  if (keys.length === servicePorts.length) return servicePorts.map((number, at) => ({ number, name: keys[at] }));
  return [...servicePorts.map((number) => ({ number, name: undefined })), ...keys.map((name) => ({ number: undefined, name }))];
}

/** Asks several sources in turn; an object that two of them know is told once. */
export function joinNames(sources: readonly NameSource[]): NameSource {
  function* told(lists: readonly Iterable<NamedObject>[]): Generator<NamedObject> {
    const seen = new Set<string>();
    for (const list of lists) {
      for (const object of list) {
        const key = `${object.kind} ${object.namespace} ${object.name}`;
        if (object.name !== '' && seen.has(key)) continue;
        seen.add(key);
        yield object;
      }
    }
  }
  return {
    objects: (kind, namespace) => told(sources.map((source) => source.objects(kind, namespace))),
    inNamespace: (namespace) => told(sources.map((source) => source.inNamespace(namespace))),
  };
}
