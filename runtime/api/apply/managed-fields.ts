import type { ManagedFieldsEntry } from '../generated/types/meta/v1.ts';
import type { Json, KubeObject } from '../object.ts';
import type { JsonMap } from '../patches/json-tree.ts';
import { compareValues } from './compare.ts';
import type { MapType } from './field-types.ts';
import { difference, type FieldsV1, isEmptySet, leaf, onlyBelow, recursiveDifference, sorted, union } from './fields-v1.ts';

/** Who changes an object, and when. */
export interface ManagedChange {
  /** `fieldManager` of the request, or what its user agent says. */
  readonly manager: string;
  /** Version the request is made in. */
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** RFC 3339, whole seconds. */
  readonly time: string;
  /** Fields that this way of writing leaves alone, and so cannot own: `{"f:status": {}}` for the object itself where status is a subresource. */
  readonly resetFields?: FieldsV1;
  /** The paths that this way of writing takes anything from, as `onlyBelow` has them; everything when left out. */
  readonly onlyFields?: readonly (readonly string[])[];
}

/**
 * Fields that a way of writing leaves alone: the object itself its status, where that is a subresource, and the status all that is wished for.
 *
 * @param hasStatus whether the kind has the subresource `status`
 * @param subresource empty for the object itself
 */
export function resetFieldsOf(hasStatus: boolean, subresource: string): FieldsV1 {
  if (subresource === 'status') return { 'f:spec': leaf };
  return hasStatus ? { 'f:status': leaf } : leaf;
}

/** Fields nobody owns: the server sets them. */
const unowned: FieldsV1 = {
  'f:apiVersion': leaf,
  'f:kind': leaf,
  'f:metadata': {
    '.': leaf,
    'f:name': leaf,
    'f:namespace': leaf,
    'f:creationTimestamp': leaf,
    'f:selfLink': leaf,
    'f:uid': leaf,
    'f:clusterName': leaf,
    'f:generation': leaf,
    'f:managedFields': leaf,
    'f:resourceVersion': leaf,
  },
};

/** How many entries of updates an object keeps before the oldest are put together. */
const maximumUpdateManagers = 10;
const oldUpdates = 'ancient-changes';

/** The fields of a change that this way of writing takes. */
export function taken(set: FieldsV1, { resetFields, onlyFields }: ManagedChange): FieldsV1 {
  const rest = resetFields === undefined ? set : recursiveDifference(set, resetFields);
  return onlyFields === undefined ? rest : onlyBelow(rest, onlyFields);
}

/** The fields of a change that a manager can own. */
export function ownable(set: FieldsV1, change: ManagedChange): FieldsV1 {
  return difference(taken(set, change), unowned);
}

/** An entry's set of fields. */
export function fieldsOf(entry: ManagedFieldsEntry): FieldsV1 {
  // Written by this server, or checked when a request brought it.
  return (entry.fieldsV1 as FieldsV1 | undefined) ?? leaf;
}

/** The entry with another set of fields; undefined if it is empty. */
export function withFields(entry: ManagedFieldsEntry, set: FieldsV1): ManagedFieldsEntry | undefined {
  if (set === entry.fieldsV1) return entry;
  return isEmptySet(set) ? undefined : { ...entry, fieldsV1: set };
}

/** Whether two entries are of the same manager. What is applied belongs to a manager whatever the version, an update to manager and version. */
export function isSameManager(left: ManagedFieldsEntry, right: ManagedFieldsEntry): boolean {
  return (
    left.manager === right.manager &&
    left.operation === right.operation &&
    (left.subresource ?? '') === (right.subresource ?? '') &&
    (left.operation === 'Apply' || left.apiVersion === right.apiVersion)
  );
}

/** A new entry. */
export function entryOf(change: ManagedChange, operation: 'Apply' | 'Update', set: FieldsV1): ManagedFieldsEntry {
  return {
    manager: change.manager === '' ? 'unknown' : change.manager,
    operation,
    apiVersion: change.apiVersion,
    time: change.time,
    fieldsType: 'FieldsV1',
    fieldsV1: sorted(set),
    ...(change.subresource === '' ? {} : { subresource: change.subresource }),
  };
}

/** Entries in the order upstream writes them: what is applied first, then by time, manager, version and subresource. */
export function sortEntries(entries: readonly ManagedFieldsEntry[]): ManagedFieldsEntry[] {
  return entries.toSorted(
    (left, right) =>
      compareTexts(left.operation, right.operation) ||
      compareTexts(left.time, right.time) ||
      compareTexts(left.manager, right.manager) ||
      compareTexts(left.apiVersion, right.apiVersion) ||
      compareTexts(left.subresource, right.subresource),
  );
}

function compareTexts(left = '', right = ''): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The object as far as managers can own it. */
export function withoutManagedFields(object: KubeObject): JsonMap {
  const { metadata } = object;
  const plain = metadata?.managedFields === undefined ? object : { ...object, metadata: { ...metadata, managedFields: undefined } };
  return plain as unknown as JsonMap;
}

/** Whether the entries of a request can be used: a request may send along what it read, or nonsense. */
function isUsable(entry: ManagedFieldsEntry): boolean {
  const operation = entry.operation === 'Apply' || entry.operation === 'Update';
  return operation && Boolean(entry.apiVersion) && entry.fieldsType === 'FieldsV1' && isFieldsV1(entry.fieldsV1 ?? {});
}

function isFieldsV1(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([element, node]) => /^(\.$|[fiv]:|k:\{)/.test(element) && isParsable(element) && isFieldsV1(node));
}

/** Keys and values are JSON. */
function isParsable(element: string): boolean {
  if (!element.startsWith('k:') && !element.startsWith('v:')) return true;
  try {
    JSON.parse(element.slice(2));
    return true;
  } catch {
    return false;
  }
}

/** The entries an update starts from: those it sends along unless it is to a subresource, else those of the live object. */
function startingEntries(live: KubeObject | undefined, object: KubeObject, change: ManagedChange): readonly ManagedFieldsEntry[] {
  const before = live?.metadata?.managedFields ?? [];
  const sent = object.metadata?.managedFields;
  if (change.subresource !== '' || sent === undefined || sent === before) return lastOfEach(before);
  const isReset = sent.length === 0 || (sent.length === 1 && Object.keys(sent[0] ?? {}).length === 0);
  if (isReset) return [];
  return lastOfEach(sent.every(isUsable) ? sent : before);
}

/** Of entries of one manager only the last counts, as a write of the scale leaves two of them. The very entries if there are no such. */
export function lastOfEach(entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] {
  if (entries.length < 2) return entries;
  const last = new Map(entries.map((entry) => [identity(entry), entry]));
  return last.size === entries.length ? entries : [...last.values()];
}

function identity({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): string {
  return JSON.stringify([manager, operation, subresource, operation === 'Apply' ? '' : apiVersion]);
}

/**
 * `metadata.managedFields` of an object that is created, updated or patched (other than by server-side apply). Follows apimachinery's
 * `managedfields.FieldManager.Update`.
 *
 * An object without entries that is updated gets none: its managers are not known. Sending an empty list takes the entries away.
 *
 * @param type type of the object's definition, from `FieldTypes.root`
 * @param live the stored object; undefined when it is created
 * @param object the object that is about to be stored, after defaults and admission; its own managedFields are what the request sent
 * @returns the live object's very own entries if nothing changed, undefined if there are none
 */
export function updateManagedFields(
  type: MapType,
  live: KubeObject | undefined,
  object: KubeObject,
  change: ManagedChange,
): ManagedFieldsEntry[] | undefined {
  const entries = startingEntries(live, object, change);
  if (entries.length === 0 && live !== undefined) return undefined;
  const comparison = compareValues(live === undefined ? {} : withoutManagedFields(live), withoutManagedFields(object), type, 'filled');
  if (comparison === undefined) return entries.length === 0 ? undefined : asList(entries);
  const changed = taken(comparison.changed ?? leaf, change);
  const removed = taken(comparison.removed ?? leaf, change);

  const own = entryOf(change, 'Update', difference(changed, unowned));
  const gained = !isEmptySet(fieldsOf(own));
  const next: ManagedFieldsEntry[] = [];
  let merged = false;
  for (const entry of entries) {
    const kept = difference(difference(fieldsOf(entry), changed), removed);
    if (gained && isSameManager(entry, own)) {
      next.push({ ...own, fieldsV1: sorted(union(kept, fieldsOf(own))) });
      merged = true;
    } else {
      const rest = withFields(entry, kept);
      if (rest !== undefined) next.push(rest);
    }
  }
  if (gained && !merged) next.push(own);
  const result = sortEntries(capUpdates(next));
  return result.length === 0 ? undefined : result;
}

function asList(entries: readonly ManagedFieldsEntry[]): ManagedFieldsEntry[] {
  return entries as ManagedFieldsEntry[];
}

/** Puts the oldest updates of each version together when there are too many. */
function capUpdates(entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] {
  const updates = entries.filter((entry) => entry.operation === 'Update');
  let excess = updates.length - maximumUpdateManagers;
  if (excess <= 0) return entries;
  const oldest = updates.toSorted((left, right) => compareTexts(left.time, right.time) || compareTexts(left.manager, right.manager));
  const buckets = new Map<string, ManagedFieldsEntry>();
  const firsts = new Map<string, ManagedFieldsEntry>();
  const gone = new Set<ManagedFieldsEntry>();
  for (const entry of oldest) {
    if (excess <= 0) break;
    const version = entry.apiVersion ?? '';
    const first = buckets.get(version) ?? firsts.get(version);
    if (first === undefined) {
      firsts.set(version, entry);
      continue;
    }
    gone.add(first).add(entry);
    const { subresource: _, ...bucket } = { ...entry, manager: oldUpdates, fieldsV1: union(fieldsOf(first), fieldsOf(entry)) };
    buckets.set(version, bucket);
    excess--;
  }
  return [...entries.filter((entry) => !gone.has(entry)), ...buckets.values()];
}

/** A JSON view of an object, for the functions of this folder. */
export function asJson(object: KubeObject): Json {
  return object as unknown as Json;
}
