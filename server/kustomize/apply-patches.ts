import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import type { Json } from '../../runtime/api/object.ts';
import { applyJsonPatch, TestFailedError } from '../../runtime/api/patches/json-patch.ts';
import { isMap, type JsonMap } from '../../runtime/api/patches/json-tree.ts';
import { PatchError } from '../../runtime/api/patches/patch-error.ts';
import type { Reading } from '../documents/workspace-documents.ts';
import { documentsOf } from './patch-documents.ts';
import { annotated, listAt, mapAt, type Resource, remade, unknown } from './resource.ts';
import { mergeStrategic, type Unmatched } from './strategic-patches.ts';
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
  /** The schemas that say how lists merge. */
  readonly definitions: Definitions;
  readonly list: PatchList;
  /** Whether all objects that the kustomization takes in are known. */
  readonly complete: boolean;
}

/** Applies the patches of one list of a kustomization to objects; `meet` is told what each JSON patch in it meets, `miss` of the others that are for nothing there. */
export async function applyPatches(
  { uri, root, list, complete, definitions }: PatchedList,
  resources: readonly Resource[],
  reading: Reading,
  meet: (index: number, applied: Applied) => void,
  miss: (index: number, unmatched: Unmatched) => void,
): Promise<readonly Resource[]> {
  let now = resources;
  for (const [index, entry] of listAt(root, list).entries()) {
    if (!isMap(entry)) continue;
    const documents = await documentsOf(entry, uri, reading);
    const target = targetIn(entry);
    const [operations] = documents ?? [];
    if (!Array.isArray(operations)) {
      // One that is being written may become a JSON patch.
      if (target && !documents?.length)
        meet(index, { target, resources: now.filter((resource) => selectsObject(target, resource)), failures: [] });
      const options = mapAt(entry, 'options');
      now = mergeStrategic(now, { documents, target, options }, definitions, (unmatched) => miss(index, unmatched));
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
