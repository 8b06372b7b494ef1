import type { ManagedFieldsEntry } from '../../api/generated/types/meta/v1.ts';
import { conflict, invalidFields, notFound, optimisticLockMessage, plainError, StatusError } from '../../api/status.ts';
import { checkStructure, dropEmptyStructs } from '../../api/structure/index.ts';
import { semanticEqual } from '../../api/validation/equality.ts';
import { type FieldError, invalid } from '../../api/validation/field-error.ts';
import { validateStatusUpdate, validateUpdate } from '../../api/validation/index.ts';
import { Path } from '../../api/validation/path.ts';
import type { Change, Entry } from '../../store/store.ts';
import type { Attributes } from '../admission/admission.ts';
import { type ApiObject, copyJson, jsonEqual } from './api-object.ts';
import { liveObject, type Storable, storableOf } from './converted.ts';
import { type Core, maxAttempts, type WriteOptions } from './core.ts';
import { createObject } from './create.ts';
import { dropDuplicateOwners } from './owner-references.ts';
import type { Resource } from './resource.ts';
import { metadataErrors } from './rules.ts';
import { fitted, isLarge } from './size-limit.ts';

export interface UpdateOptions extends WriteOptions {
  /** Empty for the object itself; `status` and others write only their part of it. */
  readonly subresource: string;
  /** Makes the object when there is none. */
  readonly mayCreate?: boolean;
  /** A uid in the object must be that of the one that stands there, as for PUT; otherwise it is only immutable. */
  readonly uidGuards?: boolean;
  /** Admission is not asked: it has had its say about what the request holds, or the server itself is at work. */
  readonly withoutAdmission?: boolean;
  /** Takes back what may not be changed this way, in place of the strategy's rules for the object and for status. */
  readonly prepare?: (object: ApiObject, old: ApiObject, now: string) => void;
  /** Refuses an outcome, in place of the kind's validation of updates. */
  readonly check?: (object: ApiObject, old: ApiObject) => readonly FieldError[];
}

export interface Updated {
  readonly entry: Entry;
  readonly created: boolean;
}

/**
 * Changes an object: `change` is given what stands there (shared, not to be changed; `undefined` when nothing does) and gives what shall
 * stand there, an object of its own in the stored version, and is called again when another write came first. The resourceVersion of its answer guards the
 * write. Writing what is there already writes nothing. Follows upstream's `registry.Store.Update` and `rest.BeforeUpdate`.
 */
export async function updateObject(
  core: Core,
  resource: Resource,
  namespace: string,
  name: string,
  change: (live: ApiObject | undefined) => ApiObject | Promise<ApiObject>,
  options: UpdateOptions,
): Promise<Updated> {
  const key = resource.keyOf(namespace, name);
  for (let attempt = 1; ; attempt++) {
    const old = core.store.get(key);
    if (old === undefined) {
      if (!options.mayCreate) throw notFound(resource.subject, name);
      const object = await change(undefined);
      const { uid } = object.metadata;
      if (uid) {
        const mismatch = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
        throw conflict(resource.subject, name, options.uidGuards ? otherUid(key, uid, '') : mismatch);
      }
      // Upstream minds a version only when objects are made by POST.
      delete object.metadata.resourceVersion;
      try {
        return { entry: await createObject(core, resource, namespace, object, options), created: true };
      } catch (error) {
        // Another write has made it meanwhile, which is to be changed then.
        const isThere = error instanceof StatusError && error.is('AlreadyExists') && core.store.get(key) !== undefined;
        if (isThere && attempt < maxAttempts) continue;
        throw error;
      }
    }
    const found = liveObject(core.cache, resource, old);
    const live = found instanceof Promise ? await found : found;
    const object = await change(live);
    const entry = await replace(core, resource, key, live, old, object, options);
    if (entry !== undefined) return { entry, created: false };
    if (attempt === maxAttempts) throw conflict(resource.subject, name, optimisticLockMessage);
  }
}

/** One attempt; `undefined` when another write came first. */
async function replace(
  core: Core,
  resource: Resource,
  key: string,
  live: ApiObject,
  old: Entry,
  object: ApiObject,
  options: UpdateOptions,
): Promise<Entry | undefined> {
  const { strategy } = resource;
  const { metadata } = object;
  const name = live.metadata.name ?? '';
  if (resource.kind.namespaced && live.metadata.namespace !== undefined) metadata.namespace ??= live.metadata.namespace;
  else delete metadata.namespace;
  const attributes: Attributes = {
    operation: 'UPDATE',
    resource,
    subresource: options.subresource,
    namespace: live.metadata.namespace ?? '',
    name,
    object,
    oldObject: live,
    user: options.user,
    ...(options.verb !== undefined && { verb: options.verb }),
    dryRun: options.dryRun,
    time: options.time,
    warn: options.warn,
    ...(options.annotate && { annotate: options.annotate }),
  };
  if (!options.withoutAdmission) await core.admission.admit(attributes);
  dropDuplicateOwners(object, options.warn, true);
  checkPreconditions(resource, key, name, live, old, object, options.uidGuards === true);
  prepareMetadata(live, object);
  if (options.prepare !== undefined) options.prepare(object, live, core.now());
  else if (options.subresource === 'status') prepareStatus(resource, object, live, core.now());
  else prepareObject(resource, object, live, core.now());

  const reservation = strategy.reserve?.(object, live, options.dryRun);
  try {
    const errors = [...metadataErrors(resource.kind, object, live), ...checkRules(resource, object, live, options)];
    if (errors.length > 0) throw invalidFields(resource.kindSubject, name, errors);
    if (options.subresource !== 'status') for (const warning of strategy.warnings?.(object, live) ?? []) options.warn(warning);
    if (!options.withoutAdmission) await core.admission.validate(attributes);
    const entry = isReleased(resource, object)
      ? await removeReleased(core, resource, key, object, old, options.dryRun)
      : await write(core, resource, key, object, live, old, options, () => reservation?.changes?.(object));
    if (entry === undefined || options.dryRun) reservation?.undo();
    else reservation?.keep();
    return entry;
  } catch (error) {
    reservation?.undo();
    throw error;
  }
}

function checkRules(resource: Resource, object: ApiObject, live: ApiObject, options: UpdateOptions): readonly FieldError[] {
  const errors = brokenRules(resource, object, live, options);
  if (errors.length === 0 || resource.isCustom) return errors;
  // Only what seems forbidden is worth reading anew: what was stored has empty structs that may be left out now, and earlier versions of ours
  // stored zeros that Go leaves out.
  const { definition } = resource.stored;
  const [now, before] = [copyJson(object), copyJson(live)];
  checkStructure(definition, before);
  for (const each of [now, before]) dropEmptyStructs(definition, each);
  return brokenRules(resource, now, before, options);
}

function brokenRules(resource: Resource, object: ApiObject, live: ApiObject, options: UpdateOptions): readonly FieldError[] {
  if (options.check !== undefined) return options.check(object, live);
  if (resource.strategy.validate !== undefined) return resource.strategy.validate(object, live, options.subresource, options.warn);
  return options.subresource === 'status'
    ? validateStatusUpdate(resource.judgedKind, resource.judged(object), resource.judged(live))
    : validateUpdate(resource.judgedKind, resource.judged(object), resource.judged(live));
}

async function write(
  core: Core,
  resource: Resource,
  key: string,
  object: ApiObject,
  live: ApiObject,
  old: Entry,
  { dryRun, time, isApply = false }: WriteOptions,
  further: () => readonly Change[] | undefined,
): Promise<Entry | undefined> {
  keepTimes(object, live);
  const pending = storableOf(resource, object);
  const made = pending instanceof Promise ? await pending : pending;
  if (isSameForm(resource, made, old) && jsonEqual(withoutRevision(object), withoutRevision(live))) {
    return core.store.get(key)?.revision === old.revision ? old : undefined;
  }
  const storable = !dryRun && isLarge(made) ? await fitted(made, { resource, key, object, isApply }) : made;
  time?.check();
  return core.put(key, storable, old, dryRun, dryRun ? [] : further());
}

/** Whether what is stored may stay as it is. With a converter it is of the same length by chance alone, but its version must be the one to store. */
function isSameForm({ converter, form }: Resource, { value }: Storable, old: Entry): boolean {
  return converter === undefined ? value.length === old.value.length : form.fits(old.value);
}

/**
 * Takes back new times of managed fields when nothing else has changed, so that writing what is there already writes nothing, whatever form its
 * values had. After upstream's `IgnoreManagedFieldsTimestampsTransformer`.
 */
function keepTimes(object: ApiObject, live: ApiObject): void {
  const { managedFields: after = [] } = object.metadata;
  const { managedFields: before = [] } = live.metadata;
  if (before.length !== after.length || after.every(({ time }, index) => time === before[index]?.time)) return;
  const isSame = ({ time: _, ...entry }: ManagedFieldsEntry, index: number) => {
    const { time: _time, ...old } = before[index] ?? {};
    return jsonEqual(entry, old);
  };
  if (!after.every(isSame)) return;
  const kept: ApiObject = { ...object, metadata: { ...object.metadata, managedFields: before } };
  if (jsonEqual(withoutRevision(kept), withoutRevision(live))) object.metadata.managedFields = before;
}

function withoutRevision(object: ApiObject): ApiObject {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** The last finalizer is gone from an object that is being deleted: it goes too. */
function isReleased(resource: Resource, object: ApiObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  return (
    deletionTimestamp !== undefined &&
    !deletionGracePeriodSeconds &&
    (finalizers === undefined || finalizers.length === 0) &&
    !resource.strategy.isHeld?.(object)
  );
}

async function removeReleased(
  core: Core,
  resource: Resource,
  key: string,
  object: ApiObject,
  old: Entry,
  dryRun: boolean,
): Promise<Entry | undefined> {
  if ((await core.remove(key, old, dryRun, resource.strategy.removedWith?.(object))) !== undefined) {
    if (!dryRun) resource.strategy.released?.(object);
  } else if (core.store.get(key) !== undefined) return undefined;
  // Otherwise another write has taken the last finalizer away, too, and the object with it.
  const { value } = await storableOf(resource, object);
  return { ...old, value };
}

function checkPreconditions(
  resource: Resource,
  key: string,
  name: string,
  live: ApiObject,
  old: Entry,
  object: ApiObject,
  uidGuards: boolean,
): void {
  const { uid, resourceVersion } = object.metadata;
  if (uidGuards && uid !== undefined && uid !== '' && uid !== live.metadata.uid) {
    throw conflict(resource.subject, name, otherUid(key, uid, live.metadata.uid ?? ''));
  }
  if (resourceVersion === undefined || resourceVersion === '' || resourceVersion === '0') {
    if (resource.strategy.needsResourceVersion) {
      throw invalidFields(resource.subject, name, [invalid(Path.of('metadata', 'resourceVersion'), 0, 'must be specified for an update')]);
    }
  } else if (!/^\d+$/.test(resourceVersion)) {
    throw plainError(`strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`);
  } else if (resourceVersion !== String(old.revision)) {
    throw conflict(resource.subject, name, optimisticLockMessage);
  }
}

function otherUid(key: string, wanted: string, found: string): string {
  return failedPrecondition(key, 'UID', wanted, found);
}

/** What upstream's storage says of an object that is not as it was wanted to be. */
export function failedPrecondition(key: string, what: 'UID' | 'ResourceVersion', wanted: string, found: string): string {
  const precondition = `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${found}`;
  return `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${precondition}`;
}

/** Completes what a client may leave out and takes back what only the server sets. */
function prepareMetadata(live: ApiObject, object: ApiObject): void {
  const { metadata } = object;
  const from = live.metadata;
  metadata.resourceVersion = from.resourceVersion ?? '';
  delete metadata.selfLink;
  if (from.uid !== undefined && !metadata.uid) metadata.uid = from.uid;
  if (from.creationTimestamp !== undefined) metadata.creationTimestamp = from.creationTimestamp;
  if (from.deletionTimestamp !== undefined) metadata.deletionTimestamp = from.deletionTimestamp;
  if (from.deletionGracePeriodSeconds !== undefined) metadata.deletionGracePeriodSeconds ??= from.deletionGracePeriodSeconds;
  if (from.generation === undefined) delete metadata.generation;
  else metadata.generation = from.generation;
}

function prepareObject(resource: Resource, object: ApiObject, live: ApiObject, now: string): void {
  const { strategy } = resource;
  if (resource.hasStatus) keepField(object, live, 'status');
  strategy.prepareForUpdate?.(object, live, now);
  const changed = strategy.generationFields?.some((field) => !semanticEqual(object[field], live[field]));
  if (changed) object.metadata.generation = (live.metadata.generation ?? 0) + 1;
}

function prepareStatus(resource: Resource, object: ApiObject, live: ApiObject, now: string): void {
  for (const field of new Set([...Object.keys(object), ...Object.keys(live)])) {
    if (field !== 'status' && field !== 'metadata' && field !== 'kind' && field !== 'apiVersion') keepField(object, live, field);
  }
  const { statusKeeps } = resource.strategy;
  const kept = resource.isCustom || statusKeeps === 'metadata' ? ownMetadata : statusKeeps === 'labels' ? (['labels'] as const) : [];
  for (const field of kept) {
    delete object.metadata[field];
    if (live.metadata[field] !== undefined) Object.assign(object.metadata, { [field]: live.metadata[field] });
  }
  resource.strategy.prepareForStatusUpdate?.(object, live, now);
}

/** Metadata that clients may write, or try to. */
const ownMetadata = ['labels', 'annotations', 'finalizers', 'ownerReferences', 'deletionTimestamp'] as const;

function keepField(object: ApiObject, live: ApiObject, field: string): void {
  if (live[field] === undefined) delete object[field];
  else object[field] = live[field];
}
