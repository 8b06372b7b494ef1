import type { Json } from '../../runtime/api/object.ts';
import { getKey, isMap, type JsonMap } from '../../runtime/api/patches/json-tree.ts';
import { type Selectable, textsIn } from './target.ts';

/** An object on its way through kustomizations. */
export interface Resource extends Selectable {
  /** What it is like by now; undefined when that cannot be told. */
  readonly object: JsonMap | undefined;
  /** Whether its values may be others by now, though its fields are these. */
  readonly revalued: boolean;
}

/** The objects that documents hold, those in a List among them. */
export function resourcesIn(documents: readonly Json[]): Resource[] {
  return documents.flatMap((document) => {
    if (!isMap(document)) return [];
    const { apiVersion, kind, items } = document;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
    if (kind.endsWith('List') && Array.isArray(items)) return resourcesIn(items);
    const metadata = mapAt(document, 'metadata');
    return [
      {
        apiVersion,
        kind,
        names: [textOf(metadata, 'name')],
        namespaces: [textOf(metadata, 'namespace') || 'default'],
        labels: textsIn(metadata.labels),
        annotations: textsIn(metadata.annotations),
        object: document,
        revalued: false,
      },
    ];
  });
}

/** A ConfigMap or Secret that a kustomization generates: what is in it is not worked out. */
export function generated(kind: string, generator: Json): Resource[] {
  if (!isMap(generator) || typeof generator.name !== 'string') return [];
  const namespaces = [textOf(generator, 'namespace') || 'default'];
  const options = mapAt(generator, 'options');
  const own = { labels: textsIn(options.labels), annotations: textsIn(options.annotations) };
  return [{ apiVersion: 'v1', kind, names: [generator.name], namespaces, ...own, object: undefined, revalued: true }];
}

/** The same object, of which is no longer known what it is like. */
export function unknown(resource: Resource): Resource {
  return { ...resource, object: undefined };
}

/**
 * The same object with annotations, be it none: kustomize notes in them what an object was called before a patch or another name, and takes them out
 * at the end.
 */
export function annotated(resource: Resource): Resource {
  if (!resource.object) return resource;
  const metadata = mapAt(resource.object, 'metadata');
  if (isMap(metadata.annotations)) return resource;
  return { ...resource, object: { ...resource.object, metadata: { ...metadata, annotations: {} } } };
}

/** The mapping in a field; an empty one where there is none. */
export function mapAt(map: JsonMap, name: string): JsonMap {
  const value = getKey(map, name);
  return isMap(value) ? value : {};
}

/** The items of a list in a field; none where there is none. */
export function listAt(map: JsonMap, name: string): readonly Json[] {
  const value = getKey(map, name);
  return Array.isArray(value) ? value : [];
}

function textOf(map: JsonMap, name: string): string {
  const value = getKey(map, name);
  return typeof value === 'string' ? value : '';
}
