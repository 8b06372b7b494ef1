import { kinds } from '../../runtime/api/generated/kinds.ts';
import { apiVersionOf } from '../../runtime/api/kinds/kind.ts';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import type { Json } from '../../runtime/api/object.ts';
import { isMap, type JsonMap } from '../../runtime/api/patches/json-tree.ts';
import { PatchError } from '../../runtime/api/patches/patch-error.ts';
import type { Reading } from '../documents/workspace-documents.ts';
import { refTo, type StructuralSchema } from '../schemas/structural.ts';
import { mergeAsKustomize } from './merge.ts';
import { documentsOf } from './patch-documents.ts';
import { listAt, mapAt, type Resource, remade, resourcesIn, unknown } from './resource.ts';
import { selectsObject, type Target } from './target.ts';

/** A strategic merge patch, which may hold several. */
interface StrategicPatch {
  /** Undefined when it cannot be read. */
  readonly documents: readonly Json[] | undefined;
  readonly target?: Target | undefined;
  readonly options?: JsonMap;
}

/** A patch for an object that is not there: kustomize refuses it. */
export interface Unmatched {
  readonly named: Resource;
  /** The objects that there are. */
  readonly among: readonly Resource[];
}

/** The patches that a kustomization names by `patchesStrategicMerge`, which come before all others; `miss` is told of those that are for nothing there. */
export async function mergePatches(
  { uri, root, definitions }: { readonly uri: string; readonly root: JsonMap; readonly definitions: Definitions },
  resources: readonly Resource[],
  reading: Reading,
  miss: (index: number, unmatched: Unmatched) => void,
): Promise<readonly Resource[]> {
  let now = resources;
  for (const [index, item] of listAt(root, 'patchesStrategicMerge').entries()) {
    const entry = typeof item === 'string' && item.includes('\n') ? { patch: item } : { path: item };
    const documents = await documentsOf(entry, uri, reading);
    now = mergeStrategic(now, { documents }, definitions, (unmatched) => miss(index, unmatched));
  }
  return now;
}

/** What strategic merge patches make of objects; one that cannot be read may change all. Kinds and names change only where options allow it. */
export function mergeStrategic(
  resources: readonly Resource[],
  { documents, target, options = {} }: StrategicPatch,
  definitions: Definitions,
  miss: (unmatched: Unmatched) => void,
): readonly Resource[] {
  const allowed = { kind: options.allowKindChange === true, name: options.allowNameChange === true };
  const changes = { relabelled: true, reidentified: !documents || allowed.kind || allowed.name };
  const patches = documents?.filter(isMap) ?? [];
  // What is being written may become any patch.
  if (patches.length === 0) {
    return resources.map((resource) => (target && selectsObject(target, resource) === false ? resource : unknown(resource, changes)));
  }
  return patches.reduce<readonly Resource[]>((now, patch) => {
    const [named] = target ? [] : resourcesIn([patch]);
    const isMeant = now.map((resource) => (target ? selectsObject(target, resource) : named ? isSame(named, resource) : false));
    if (named && now.length > 0 && isMeant.every((meant) => meant === false)) miss({ named, among: now });
    return now.flatMap((resource, index) => {
      const meant = isMeant[index];
      if (meant !== true) return meant === false ? resource : unknown(resource, changes);
      return mergedInto(resource, target ? withoutHead(patch) : patch, allowed, definitions) ?? [];
    });
  }, resources);
}

/** Whether a patch names an object by what it is, or was before; undefined when that is not known. */
function isSame(named: Resource, resource: Resource): boolean | undefined {
  const isNamed =
    named.apiVersion === resource.apiVersion &&
    named.kind === resource.kind &&
    named.names.some((name) => resource.names.includes(name)) &&
    named.namespaces.some((namespace) => resource.namespaces.includes(namespace));
  return isNamed || (resource.reidentified ? undefined : false);
}

/** A patch with a target is for objects of any version and name. */
function withoutHead(patch: JsonMap): JsonMap {
  const { apiVersion: _, ...rest } = patch;
  return rest;
}

/** An object after a strategic merge patch; undefined when that deletes it. Of one that cannot be patched nobody knows what it is like: the build has failed. */
function mergedInto(
  resource: Resource,
  patch: JsonMap,
  allowed: { readonly kind: boolean; readonly name: boolean },
  definitions: Definitions,
): Resource | undefined {
  const { object } = resource;
  const changes = { relabelled: true, reidentified: allowed.kind || allowed.name };
  if (!object) return unknown(resource, changes);
  try {
    const result = mergeAsKustomize(object, patch, schemaOf(object), definitions);
    if (!result || Object.keys(result).length === 0) return undefined;
    const before = mapAt(object, 'metadata');
    const { name, namespace, ...rest } = mapAt(result, 'metadata');
    const metadata = {
      ...rest,
      ...kept('name', allowed.name ? name : before.name),
      ...kept('namespace', before.namespace),
    };
    const kind = allowed.kind ? result.kind : object.kind;
    return remade(resource, { ...result, ...kept('kind', kind), metadata });
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    return unknown(resource, changes);
  }
}

function kept(name: string, value: Json | undefined): JsonMap {
  return value === undefined ? {} : { [name]: value };
}

function schemaOf({ apiVersion, kind }: JsonMap): StructuralSchema | undefined {
  const known = kinds.find((row) => row.kind === kind && apiVersionOf(row) === apiVersion);
  return known && refTo(known.definition);
}
