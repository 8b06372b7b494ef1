import type { Json } from '../../runtime/api/object.ts';
import { applyJsonPatch, TestFailedError } from '../../runtime/api/patches/json-patch.ts';
import { getKey, isMap, type JsonMap } from '../../runtime/api/patches/json-tree.ts';
import { PatchError } from '../../runtime/api/patches/patch-error.ts';
import { Tree } from '../documents/tree.ts';
import { jsonOf, type Reading } from '../documents/workspace-documents.ts';
import { targetOf } from './paths.ts';
import { annotated, listAt, mapAt, type Resource, remade, resourcesIn, unknown } from './resource.ts';
import { selectsObject, type Target, targetIn } from './target.ts';

/** An operation that cannot be applied to an object, and what kustomize says of that. */
export interface Failure {
  readonly operation: number;
  /** `Deployment/web` */
  readonly name: string;
  /** What the object is like before the operation. */
  readonly object: JsonMap;
  readonly message: string;
}

/** What a JSON patch meets. */
export interface Applied {
  readonly target: Target | undefined;
  /** The objects it is for, as it finds them. */
  readonly resources: readonly Resource[];
  readonly failures: readonly Failure[];
  /** All objects that the kustomization takes in, when it is for none of them. */
  readonly missed?: readonly Resource[];
}

/** The lists that hold JSON patches. kustomize applies one list wholly before the next. */
export type PatchList = 'patches' | 'patchesJson6902';

interface PatchedList {
  readonly uri: string;
  readonly root: JsonMap;
  readonly list: PatchList;
  /** Whether all objects that the kustomization takes in are known. */
  readonly complete: boolean;
}

/** Applies the patches of one list of a kustomization to objects; `meet` is told what each entry of it meets. */
export async function applyPatches(
  { uri, root, list, complete }: PatchedList,
  resources: readonly Resource[],
  reading: Reading,
  meet: (index: number, applied: Applied) => void,
): Promise<readonly Resource[]> {
  let now = resources;
  for (const [index, entry] of listAt(root, list).entries()) {
    if (!isMap(entry)) continue;
    const patch = await documentsOf(entry, uri, reading);
    const target = targetIn(entry);
    const [operations] = patch ?? [];
    if (!Array.isArray(operations)) {
      // One that is being written may become a JSON patch.
      if (target && !patch?.length)
        meet(index, { target, resources: now.filter((resource) => selectsObject(target, resource)), failures: [] });
      now = merge(now, patch, target, mapAt(entry, 'options'));
      continue;
    }
    const found: Resource[] = [];
    const failures: Failure[] = [];
    const changes = changesOf(operations);
    let isKnown = complete;
    now = now.map((resource) => {
      const isMeant = target !== undefined && selectsObject(target, resource);
      if (isMeant === undefined) isKnown = false;
      if (isMeant !== true) return isMeant === false ? resource : unknown(resource, changes);
      // Before a patch of `patches` the object's name is noted in its annotations, which thereby are there.
      const ready = list === 'patches' ? annotated(resource) : resource;
      found.push(ready);
      return patched(ready, operations, changes, failures);
    });
    const missed = isKnown && found.length === 0 && now.length > 0 ? { missed: now } : {};
    meet(index, { target, resources: found, failures, ...missed });
  }
  return now;
}

/** The patches that a kustomization names by `patchesStrategicMerge`, which come before all others. */
export async function mergePatches(
  uri: string,
  root: JsonMap,
  resources: readonly Resource[],
  reading: Reading,
): Promise<readonly Resource[]> {
  let now = resources;
  for (const item of listAt(root, 'patchesStrategicMerge')) {
    const entry = typeof item === 'string' && item.includes('\n') ? { patch: item } : { path: item };
    now = merge(now, await documentsOf(entry, uri, reading), undefined, {});
  }
  return now;
}

/** What a strategic merge patch makes of an object is not worked out; a patch that cannot be read may change all. Kinds and names change only where options allow it. */
function merge(
  resources: readonly Resource[],
  patch: readonly Json[] | undefined,
  target: Target | undefined,
  options: JsonMap,
): readonly Resource[] {
  const named = resourcesIn(patch ?? []);
  const isNamed = ({ kind, names, reidentified }: Resource) =>
    reidentified || named.some((object) => object.kind === kind && object.names.some((name) => names.includes(name)));
  const mayMean = (resource: Resource) => (target ? selectsObject(target, resource) !== false : !patch || isNamed(resource));
  const changes = { relabelled: true, reidentified: !patch || options.allowKindChange === true || options.allowNameChange === true };
  return resources.map((resource) => (mayMean(resource) ? unknown(resource, changes) : resource));
}

/** What the operations of a JSON patch may change of an object besides its fields. */
function changesOf(operations: readonly Json[]): { readonly relabelled: boolean; readonly reidentified: boolean } {
  const paths = operations.flatMap((operation) => (isMap(operation) ? [operation.path, operation.from] : []));
  const changes = (field: string) =>
    paths.some((path) => typeof path === 'string' && (`${field}/`.startsWith(`${path}/`) || path.startsWith(`${field}/`)));
  return {
    relabelled: ['/metadata/labels', '/metadata/annotations'].some(changes),
    reidentified: ['/apiVersion', '/kind', '/metadata/name', '/metadata/namespace'].some(changes),
  };
}

/** The documents of a patch, wherever it stands; undefined when it cannot be read. */
async function documentsOf(entry: JsonMap, uri: string, reading: Reading): Promise<readonly Json[] | undefined> {
  const text = getKey(entry, 'patch');
  if (typeof text === 'string') {
    const patch = jsonOf(new Tree(text));
    return patch === undefined ? undefined : [patch];
  }
  const path = getKey(entry, 'path');
  const there = typeof path === 'string' ? targetOf(path, uri) : undefined;
  return there === undefined ? undefined : (await reading.read(there))?.documents;
}

/** An object after a patch. Of one that cannot be patched, nobody knows what it is like afterwards: the build has failed. */
function patched(resource: Resource, operations: readonly Json[], changes: ReturnType<typeof changesOf>, failures: Failure[]): Resource {
  let { object } = resource;
  for (const [operation, step] of operations.entries()) {
    if (!object) break;
    const before = object;
    try {
      const after = applyJsonPatch(before, [step]);
      object = isMap(after) ? after : undefined;
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      object = undefined;
      // A test of a value that may be another one by now proves nothing.
      if (error instanceof TestFailedError && resource.revalued) break;
      failures.push({ operation, name: `${resource.kind}/${resource.names[0] ?? ''}`, object: before, message: error.message });
    }
  }
  return object ? remade(resource, object) : unknown(resource, changes);
}
