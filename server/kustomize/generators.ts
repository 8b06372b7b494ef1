import { toBase64 } from '../../runtime/api/base64.ts';
import type { Json } from '../../runtime/api/object.ts';
import { getKey, isMap, type JsonMap } from '../../runtime/api/patches/json-tree.ts';
import type { Reading } from '../documents/workspace-documents.ts';
import { type Pairs, pairsOf } from './generator-sources.ts';
import { listAt, mapAt, type Resource, resourcesIn, unknown } from './resource.ts';
import { textsIn } from './target.ts';

/** Why kustomize refuses a generator: what it would change is not there, or what it would make is there already. */
export type Clash = 'missing' | 'exists';

/** The lists of generators, and what they make, in the order in which kustomize goes through them. */
export const generatorKinds = { configMapGenerator: 'ConfigMap', secretGenerator: 'Secret' } as const;

interface Generators {
  readonly uri: string;
  readonly root: JsonMap;
  readonly reading: Reading;
}

/**
 * Objects with the ConfigMaps and Secrets that the generators of a kustomization add to them, or make of them; `clash` is told of those that
 * kustomize refuses. The hash behind a name comes at the very end, when all patches are applied, and is left out. Upstream: api/internal/generators.
 */
export async function withGenerated(
  { uri, root, reading }: Generators,
  resources: readonly Resource[],
  clash: (key: string, clash: Clash) => void,
): Promise<readonly Resource[]> {
  let now = resources;
  for (const [list, kind] of Object.entries(generatorKinds)) {
    for (const [index, generator] of listAt(root, list).entries()) {
      if (!isMap(generator) || typeof generator.name !== 'string') continue;
      const made = objectOf(kind, generator, mapAt(root, 'generatorOptions'), await pairsOf(generator, uri, reading));
      now = absorbed(now, made, getKey(generator, 'behavior'), (found) => clash(`${list}/${index}`, found));
    }
  }
  return now;
}

/** What a generator makes by itself. Its annotations are there in any case: kustomize notes in them what to do with it. */
function objectOf(kind: string, generator: JsonMap, common: JsonMap, pairs: Pairs | undefined): Resource {
  const options = mapAt(generator, 'options');
  const labels = { ...textsIn(common.labels), ...textsIn(options.labels) };
  const annotations = { ...textsIn(common.annotations), ...textsIn(options.annotations) };
  const { name = '', namespace } = textsIn(generator);
  const isImmutable = options.immutable === true || common.immutable === true;
  const [resource] = resourcesIn([
    {
      apiVersion: 'v1',
      kind,
      metadata: { name, ...(namespace && { namespace }), ...(Object.keys(labels).length > 0 && { labels }), annotations },
      ...(kind === 'Secret' ? { type: textsIn(generator).type || 'Opaque', data: {} } : {}),
      ...dataOf(kind, pairs ?? new Map()),
      ...(isImmutable && { immutable: true }),
    },
  ]);
  if (!resource) throw new Error('An object of a kind is always read as one');
  const isRead = pairs !== undefined && [...pairs.values()].every((text) => text !== undefined);
  return { ...resource, object: pairs && resource.object, revalued: !isRead };
}

/** What is in it; a text that is not known is left empty. */
function dataOf(kind: string, pairs: Pairs): JsonMap {
  // Keys are written in order.
  const entries = [...pairs].sort(([one], [other]) => (one < other ? -1 : 1));
  if (kind === 'Secret') return { data: Object.fromEntries(entries.map(([key, text = '']) => [key, encoded(text)])) };
  const fields: Record<string, Record<string, Json>> = {};
  for (const [key, text] of entries) {
    const field = text === null ? 'binaryData' : 'data';
    fields[field] = { ...fields[field], [key]: text ?? '' };
  }
  return fields;
}

/** In lines of 70 characters, where it is longer than one. */
function encoded(text: string | null): string {
  const whole = toBase64(new TextEncoder().encode(text ?? ''));
  return whole.length < 70 ? whole : whole.replace(/.{1,70}/g, '$&\n');
}

/** Objects with one that was generated: in the place of the one of its name, where it is to replace that or to be merged with it. */
function absorbed(
  resources: readonly Resource[],
  made: Resource,
  behavior: Json | undefined,
  clash: (clash: Clash) => void,
): readonly Resource[] {
  const isChange = behavior === 'merge' || behavior === 'replace';
  const index = resources.findIndex((resource) => isSame(resource, made));
  const before = resources[index];
  if (!before) {
    // Something of another name by now may be meant.
    if (isChange && !resources.some(({ reidentified }) => reidentified)) clash('missing');
    return [...resources, made];
  }
  if (!isChange) clash('exists');
  const after = isChange ? changed(before, made, behavior === 'merge') : unknown(before, { relabelled: true, reidentified: false });
  return resources.with(index, after);
}

function isSame(resource: Resource, made: Resource): boolean {
  return (
    resource.apiVersion === made.apiVersion &&
    resource.kind === made.kind &&
    resource.names.some((name) => made.names.includes(name)) &&
    resource.namespaces.some((namespace) => made.namespaces.includes(namespace))
  );
}

/** The generated object under the name of the one that is there, with its labels and annotations, and to be merged with what is in that. */
function changed(before: Resource, made: Resource, isMerged: boolean): Resource {
  const both = {
    ...before,
    labels: { ...before.labels, ...made.labels },
    annotations: { ...before.annotations, ...made.annotations },
    revalued: before.revalued || made.revalued,
  };
  const [old, own] = [before.object, made.object];
  if (!own || !old) return { ...both, object: undefined };
  const { name, namespace, labels, annotations } = mapAt(old, 'metadata');
  const joined = (field: 'data' | 'binaryData') => {
    const data = { ...(isMerged ? mapAt(old, field) : {}), ...mapAt(own, field) };
    return Object.keys(data).length > 0 || own[field] !== undefined ? { [field]: data } : {};
  };
  const metadata = {
    ...(name !== undefined && { name }),
    ...(namespace !== undefined && { namespace }),
    ...((isMap(labels) || Object.keys(made.labels).length > 0) && { labels: both.labels }),
    annotations: { ...(isMap(annotations) ? annotations : {}), ...made.annotations },
  };
  return { ...both, object: { ...own, metadata, ...joined('data'), ...joined('binaryData') } };
}
