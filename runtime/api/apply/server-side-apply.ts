import type { ManagedFieldsEntry } from '../generated/types/meta/v1.ts';
import type { Json, KubeObject } from '../object.ts';
import { equalJson, getKey, isMap, type JsonMap, setKey } from '../patches/json-tree.ts';
import { ApplyError } from './apply-error.ts';
import { compareValues, typeOfField } from './compare.ts';
import { type Conflict, conflictError } from './conflicts.ts';
import { fieldSetOf, removeFields, withNamedFields } from './field-set.ts';
import type { FieldType, MapType } from './field-types.ts';
import { difference, type FieldsV1, intersection, isEmptySet, leaf, union } from './fields-v1.ts';
import { fieldsLastApplied, kubectl, withLastApplied } from './last-applied.ts';
import { ItemError } from './list-items.ts';
import {
  asJson,
  entryOf,
  fieldsOf,
  isSameManager,
  lastOfEach,
  type ManagedChange,
  ownable,
  sortEntries,
  taken,
  withFields,
  withoutManagedFields,
} from './managed-fields.ts';
import { mergeValues } from './merge-values.ts';
import { problemsText, validateValue } from './validate-values.ts';

const beforeFirstApply = 'before-first-apply';

/** What is applied, and by whom. */
export interface Application extends ManagedChange {
  /** Kind the request's address is for. */
  readonly kind: string;
  /** Take fields from other managers instead of failing. */
  readonly force: boolean;
  /** Whether objects of the kind are kept as they are written, nulls with them; else they are what Go makes of them. */
  readonly keepsNulls: boolean;
}

/** What an application makes of an object. */
export interface Applied {
  /** The object to default, validate and store, with its managedFields. The live object itself if nothing changed at all. */
  readonly object: KubeObject;
  readonly managedFields: ManagedFieldsEntry[] | undefined;
}

/**
 * Applies a configuration from the server's side: the manager owns what the configuration says, keeps nothing it no longer says, and must not
 * change what others own unless forced to. Follows structured-merge-diff's `Updater.Apply` and apimachinery's `managedfields`.
 *
 * Entries of other API versions are treated as if their fields had the same names in the request's version.
 *
 * @param type type of the object's definition, from `FieldTypes.root`
 * @param live the stored object; undefined if applying creates it
 * @param configuration what the request holds
 * @throws ApplyError for a configuration or a stored object that does not fit, ApplyConflictError for fields of others
 */
export function applyServerSide(type: MapType, live: KubeObject | undefined, configuration: KubeObject, application: Application): Applied {
  checkConfiguration(type, configuration, application);
  try {
    return applySound(type, live, configuration, application);
  } catch (error) {
    if (!(error instanceof ItemError) || live === undefined) throw error;
    // Objects may be older than their schema. To look for that each time would take long.
    const problems = validateValue(asJson(live), type, true);
    throw new ApplyError(500, `failed to create typed live object (${nameInGo(live)}): ${problemsText(problems)}`);
  }
}

function applySound(type: MapType, live: KubeObject | undefined, configuration: KubeObject, application: Application): Applied {
  const before = live === undefined ? undefined : withoutManagedFields(live);
  const entries = knownEntries(type, live, before, application);
  // What nobody can own, such as the name, stays because the configuration says it.
  const said = fieldSetOf(asJson(configuration), type) ?? leaf;
  const own = entryOf(application, 'Apply', ownable(said, application));
  const previous = entries.find((entry) => isSameManager(entry, own));
  const others = entries.filter((entry) => entry !== previous);

  const merged = mergeValues(before ?? {}, asJson(configuration), type) ?? {};
  const pruned = previous === undefined ? merged : prune(merged, type, fieldsOf(previous), [said, ...others.map(fieldsOf)]);
  const allowed = application.manager === kubectl && live !== undefined ? fieldsLastApplied(live, application.apiVersion, type) : undefined;
  const kept = settle(type, before, asMap(pruned), others, application, allowed);

  const same = before !== undefined && equalJson(before, pruned);
  const mine = entryAfter(previous, own, same);
  const managedFields = sortEntries(mine === undefined ? kept : [...kept, mine]);
  const next = application.keepsNulls ? withoutNullsInMetadata(asMap(pruned), type, before) : asMap(withoutNulls(pruned, type, before));
  const annotations = application.manager === kubectl ? withLastApplied(next as unknown as KubeObject, configuration) : undefined;
  if (live !== undefined && same && annotations === undefined && sameEntries(live.metadata?.managedFields ?? [], managedFields)) {
    return { object: live, managedFields: live.metadata?.managedFields };
  }
  return {
    object: finish(next, managedFields, annotations),
    managedFields: managedFields.length === 0 ? undefined : managedFields,
  };
}

function checkConfiguration(type: MapType, configuration: KubeObject, { apiVersion, kind }: Application): void {
  if (configuration.apiVersion !== apiVersion || configuration.kind !== kind) {
    throw new ApplyError(400, `invalid object type: ${goKind(configuration)}`);
  }
  if (configuration.metadata?.managedFields !== undefined && configuration.metadata.managedFields !== null) {
    throw new ApplyError(400, 'metadata.managedFields must be nil');
  }
  const problems = validateValue(asJson(configuration), type);
  if (problems.length === 0) return;
  throw new ApplyError(500, `failed to create typed patch object (${nameInGo(configuration)}): ${problemsText(problems)}`);
}

/** `default/web; apps/v1, Kind=Deployment` */
function nameInGo(object: KubeObject): string {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return `${text(object.metadata?.namespace)}/${text(object.metadata?.name)}; ${goKind(object)}`;
}

/** `apps/v1, Kind=Deployment`, as Go prints a kind with its group. */
function goKind({ apiVersion = '', kind = '' }: KubeObject): string {
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
}

/** Who owns what so far. Fields of an object nobody has kept track of belong to what was before the first application. */
function knownEntries(
  type: MapType,
  live: KubeObject | undefined,
  before: JsonMap | undefined,
  application: Application,
): readonly ManagedFieldsEntry[] {
  const entries = lastOfEach(live?.metadata?.managedFields ?? []);
  if (entries.length > 0 || before === undefined) return entries;
  const all = compareValues({}, before, type, 'filled')?.changed ?? leaf;
  const entry = entryOf({ ...application, manager: beforeFirstApply }, 'Update', ownable(all, application));
  return isEmptySet(fieldsOf(entry)) ? [] : [entry];
}

/** Takes away what the manager applied last time and does not apply now, unless somebody else owns it, too. */
function prune(merged: Json, type: MapType, last: FieldsV1, owned: readonly FieldsV1[]): Json {
  const named = (set: FieldsV1 | undefined) => withNamedFields(set ?? leaf, type);
  const mergedSet = named(fieldSetOf(merged, type));
  const lastSet = named(last);
  const stripped = removeFields(merged, lastSet, type) ?? {};

  const keep = union(named(fieldSetOf(stripped, type)), named(owned.reduce(union, leaf)));
  const withOwned = removeFields(merged, difference(mergedSet, keep), type) ?? {};
  // Only what the manager itself had owned may go.
  const missing = difference(mergedSet, named(fieldSetOf(withOwned, type)));
  return removeFields(merged, intersection(missing, lastSet), type) ?? {};
}

/** The entries of the other managers without what is taken from them. Throws if something would be taken that must not be. */
function settle(
  type: MapType,
  before: JsonMap | undefined,
  next: JsonMap,
  others: readonly ManagedFieldsEntry[],
  application: Application,
  allowed: FieldsV1 | undefined,
): ManagedFieldsEntry[] {
  const comparison = compareValues(before ?? {}, next, type, 'left');
  const changed = taken(comparison?.changed ?? leaf, application);
  const removed = taken(comparison?.removed ?? leaf, application);
  if (!application.force) {
    const conflicts: Conflict[] = others
      .map((entry) => ({ entry, fields: difference(intersection(fieldsOf(entry), changed), allowed ?? leaf) }))
      .filter(({ fields }) => !isEmptySet(fields));
    if (conflicts.length > 0) throw conflictError(conflicts);
  }
  return others
    .map((entry) => withFields(entry, difference(difference(fieldsOf(entry), changed), removed)))
    .filter((entry) => entry !== undefined);
}

/**
 * The manager's own entry. An application that changes nothing of the object leaves it as it was, or at least its time; whoever first applies what is
 * there already gets none.
 */
function entryAfter(previous: ManagedFieldsEntry | undefined, own: ManagedFieldsEntry, same: boolean): ManagedFieldsEntry | undefined {
  if (isEmptySet(fieldsOf(own))) return undefined;
  if (!same) return own;
  if (previous !== undefined && previous.apiVersion === own.apiVersion && equalFields(fieldsOf(previous), fieldsOf(own))) return previous;
  const { time: _, ...rest } = own;
  return previous?.time === undefined ? rest : { ...own, time: previous.time };
}

function equalFields(left: FieldsV1, right: FieldsV1): boolean {
  return isEmptySet(difference(left, right)) && isEmptySet(difference(right, left));
}

function sameEntries(left: readonly ManagedFieldsEntry[], right: readonly ManagedFieldsEntry[]): boolean {
  return left.length === right.length && left.every((entry) => right.includes(entry));
}

function finish(next: JsonMap, managedFields: readonly ManagedFieldsEntry[], annotations: Record<string, string> | undefined): KubeObject {
  const object: KubeObject = next as unknown as KubeObject;
  const metadata = { ...object.metadata, ...(annotations && { annotations }), managedFields: [...managedFields] };
  if (managedFields.length > 0) return { ...object, metadata };
  const { managedFields: _, ...untracked } = metadata;
  return { ...object, metadata: untracked };
}

function asMap(value: Json): JsonMap {
  return isMap(value) ? value : {};
}

/**
 * What Go makes of nulls: no value for a field, the empty text for a text in a map. What has no schema keeps them, and so does what has had them
 * `before`: Go writes some fields as null when they are empty, and whoever applies does not change those.
 */
function withoutNulls(value: Json, type: FieldType, before?: Json): Json {
  if (value === before) return value;
  if (Array.isArray(value)) {
    if (type.kind !== 'list') return value;
    const old = Array.isArray(before) ? before : [];
    const known = new Set(old);
    const items = value.map((item, index) => (known.has(item) ? item : withoutNulls(item, type.element, old[index])));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isMap(value) || type.kind !== 'map') return value;
  let result: JsonMap | undefined;
  for (const [name, field] of Object.entries(value)) {
    const fieldType = typeOfField(type, name);
    const old = isMap(before) ? getKey(before, name) : undefined;
    if (field === null && old === null) continue;
    const clean = field === null ? nullOf(type, name, fieldType) : withoutNulls(field, fieldType, old);
    if (clean === field) continue;
    result ??= { ...value };
    if (clean === undefined) delete result[name];
    else setKey(result, name, clean);
  }
  return result ?? value;
}

/** Metadata has Go's types whatever the kind. */
function withoutNullsInMetadata(object: JsonMap, type: MapType, before: JsonMap | undefined): JsonMap {
  const { metadata } = object;
  if (metadata === undefined) return object;
  const clean = withoutNulls(metadata, typeOfField(type, 'metadata'), before?.metadata);
  return clean === metadata ? object : { ...object, metadata: clean };
}

function nullOf(type: MapType, name: string, fieldType: FieldType): Json | undefined {
  if (fieldType.kind === 'untyped') return null;
  return type.field(name) === undefined && fieldType.kind === 'scalar' && fieldType.scalar === 'string' ? '' : undefined;
}
