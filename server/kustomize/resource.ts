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
        relabelled: false,
        reidentified: false,
        object: document,
        revalued: false,
      },
    ];
  });
}

/** The same object, of which is no longer known what it is like, nor perhaps which labels or which kind and name it has. */
export function unknown(resource: Resource, maybe: { readonly relabelled: boolean; readonly reidentified: boolean }): Resource {
  return {
    ...resource,
    object: undefined,
    relabelled: resource.relabelled || maybe.relabelled,
    reidentified: resource.reidentified || maybe.reidentified,
  };
}

/** The object after a patch that is known in full: targets are compared with its kind and labels now, and with all names it has had. */
export function remade(resource: Resource, object: JsonMap): Resource {
  const [now] = resourcesIn([object]);
  if (!now) return unknown(resource, { relabelled: true, reidentified: true });
  return {
    ...now,
    names: [...new Set([...resource.names, ...now.names])],
    namespaces: [...new Set([...resource.namespaces, ...now.namespaces])],
    revalued: resource.revalued,
  };
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
