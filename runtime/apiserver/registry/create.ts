import {
  alreadyExists,
  conflict,
  forbidden,
  generateNameConflict,
  invalidFields,
  optimisticLockMessage,
  plainError,
} from '../../api/status.ts';
import { validateCreate } from '../../api/validation/index.ts';
import type { Change, Entry } from '../../store/store.ts';
import type { Attributes } from '../admission/admission.ts';
import type { ApiObject } from './api-object.ts';
import { storableOf } from './converted.ts';
import type { Core, WriteOptions } from './core.ts';
import { dropDuplicateOwners } from './owner-references.ts';
import type { Resource } from './resource.ts';
import { resetStatus } from './rules.ts';
import { fitted, isLarge } from './size-limit.ts';

const maxNameLength = 63;
const suffixLength = 5;
const maxNameAttempts = 8;

const systemFields = ['uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink'] as const;

/** Drops what a client cannot say of an object that it makes; nobody is told of it. Upstream: `WipeObjectMetaSystemFields`. */
export function wipeSystemFields({ metadata }: ApiObject): void {
  for (const field of systemFields) delete metadata[field];
}

/**
 * A name made of `prefix` that nothing has, if there is one after a few tries. It is looked for before anything else is done, as some objects write
 * their name down elsewhere, too.
 */
function generateName(core: Core, resource: Resource, namespace: string, prefix: string): string {
  const base = prefix.slice(0, maxNameLength - suffixLength);
  let name = '';
  for (let attempt = 1; attempt <= maxNameAttempts; attempt++) {
    name = base + core.random.suffix(suffixLength);
    if (core.store.get(resource.keyOf(namespace, name)) === undefined) break;
  }
  return name;
}

/**
 * Makes an object of its stored version, decoded and defaulted. The object is changed on the way and must not be used afterwards.
 * Throws a `StatusError` when it may not be made. Follows upstream's `rest.BeforeCreate` and `registry.Store.Create`.
 */
export async function createObject(
  core: Core,
  resource: Resource,
  namespace: string,
  object: ApiObject,
  options: WriteOptions,
): Promise<Entry> {
  const { strategy } = resource;
  const { metadata } = object;
  const { resourceVersion = '' } = metadata;
  delete metadata.resourceVersion;
  wipeSystemFields(object);
  if (resource.kind.namespaced) metadata.namespace = namespace;
  else delete metadata.namespace;
  if (strategy.uncreatable !== undefined) throw forbidden(resource.subject, metadata.name ?? '', strategy.uncreatable);
  const attributes: Attributes = {
    operation: 'CREATE',
    resource,
    subresource: '',
    namespace,
    name: metadata.name ?? '',
    object,
    user: options.user,
    dryRun: options.dryRun,
    time: options.time,
    warn: options.warn,
    ...(options.annotate && { annotate: options.annotate }),
  };
  await core.admission.admit(attributes);
  dropDuplicateOwners(object, options.warn, true);

  if (!metadata.name && metadata.generateName) {
    const prefix = metadata.generateName;
    metadata.name = strategy.namesAreGiven ? prefix : generateName(core, resource, namespace, prefix);
  }
  metadata.creationTimestamp = core.now();
  metadata.uid = core.random.uuid();
  if (resource.hasStatus && !strategy.keepsStatusOnCreate) resetStatus(resource.stored, object);
  strategy.prepareForCreate?.(object, options.user, options.warn);
  if (strategy.generationFields !== undefined) metadata.generation = 1;

  const reservation = strategy.reserve?.(object, undefined, options.dryRun);
  try {
    const errors = strategy.validate?.(object, undefined, '', options.warn) ?? validateCreate(resource.judgedKind, resource.judged(object));
    if (errors.length > 0) throw invalidFields(resource.kindSubject, metadata.name ?? '', errors);
    for (const warning of strategy.warnings?.(object, undefined) ?? []) options.warn(warning);
    await options.checkMayCreate?.();
    await core.admission.validate({ ...attributes, name: metadata.name ?? '' });
    if (resourceVersion !== '' && resourceVersion !== '0' && !options.dryRun) {
      throw plainError('resourceVersion should not be set on objects to be created');
    }

    const name = metadata.name ?? '';
    const key = resource.keyOf(namespace, name);
    const taken = core.store.get(key);
    const further = taken !== undefined || options.dryRun ? [] : reservation?.changes?.(object);
    const entry = taken === undefined ? await put(core, resource, key, object, options, further) : undefined;
    if (entry !== undefined) {
      if (options.dryRun) reservation?.undo();
      else reservation?.keep();
      return entry;
    }
    const holder = core.store.get(key);
    // What is written with the object was in the way.
    if (holder === undefined && further !== undefined && further.length > 0) throw conflict(resource.subject, name, optimisticLockMessage);
    const deleting = holder !== undefined && core.cache.object(resource, holder).metadata.deletionTimestamp !== undefined;
    throw (metadata.generateName ? generateNameConflict : alreadyExists)(resource.subject, name, deleting);
  } catch (error) {
    reservation?.undo();
    throw error;
  }
}

async function put(
  core: Core,
  resource: Resource,
  key: string,
  object: ApiObject,
  { dryRun, time, isApply = false }: WriteOptions,
  further: readonly Change[] | undefined,
): Promise<Entry | undefined> {
  const pending = storableOf(resource, object);
  const made = pending instanceof Promise ? await pending : pending;
  const storable = !dryRun && isLarge(made) ? await fitted(made, { resource, key, object, isApply }) : made;
  time?.check();
  return core.put(key, storable, undefined, dryRun, further);
}
