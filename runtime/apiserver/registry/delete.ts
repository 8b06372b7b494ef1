import type { DeleteOptions } from '../../api/generated/types/meta/v1.ts';
import { conflict, notFound, optimisticLockMessage } from '../../api/status.ts';
import { formatTime } from '../../simulation/clock.ts';
import type { Entry } from '../../store/store.ts';
import type { Attributes } from '../admission/admission.ts';
import type { ApiObject } from './api-object.ts';
import { foregroundFinalizer, orphanFinalizer } from './collection-finalizers.ts';
import { liveObject, storableOf } from './converted.ts';
import { type Core, maxAttempts, type WriteOptions } from './core.ts';
import type { Resource } from './resource.ts';
import type { Strategy } from './strategy.ts';

export interface Deleted {
  /** The object as it was last, at the revision at which it went, or as it is now when something still holds it. */
  readonly entry: Entry;
  /** Whether it is gone. */
  readonly gone: boolean;
}

/**
 * Deletes an object, or begins to: grace and finalizers leave it standing with a deletionTimestamp. Follows upstream's `registry.Store.Delete`
 * and `rest.BeforeDelete`. Throws a `StatusError` when there is none or a precondition does not hold.
 */
export async function deleteObject(
  core: Core,
  resource: Resource,
  namespace: string,
  name: string,
  request: DeleteOptions,
  options: WriteOptions,
): Promise<Deleted> {
  const key = resource.keyOf(namespace, name);
  for (let attempt = 1; ; attempt++) {
    const old = core.store.get(key);
    if (old === undefined) throw notFound(resource.subject, name);
    const found = liveObject(core.cache, resource, old);
    const live = found instanceof Promise ? await found : found;
    checkPreconditions(resource, name, live, request);
    const attributes: Attributes = {
      operation: 'DELETE',
      resource,
      subresource: '',
      namespace,
      name,
      oldObject: live,
      user: options.user,
      dryRun: options.dryRun,
      time: options.time,
      warn: options.warn,
      ...(options.annotate && { annotate: options.annotate }),
    };
    await core.admission.admit(attributes);
    await core.admission.validate(attributes);
    const step = nextStep(core, resource, live, request);
    const deleted = await take(core, resource, key, old, step, options.dryRun);
    if (deleted !== undefined) return deleted;
    if (attempt === maxAttempts) throw conflict(resource.subject, name, optimisticLockMessage);
  }
}

/** What a deletion does now: leave the object as it is, mark it, mark it and remove it, or just remove it. */
type Step = { readonly do: 'nothing' | 'remove' } | { readonly do: 'mark' | 'mark and remove'; readonly object: ApiObject };

function nextStep(core: Core, resource: Resource, live: ApiObject, request: DeleteOptions): Step {
  const { strategy } = resource;
  const { metadata } = live;
  if (strategy.beginDeletion !== undefined && metadata.deletionTimestamp === undefined) {
    const object: ApiObject = { ...live, metadata: { ...metadata, deletionTimestamp: core.now() } };
    strategy.beginDeletion(object, request);
    return { do: 'mark', object };
  }
  if (strategy.isHeld?.(live)) return { do: 'nothing' };
  const finalizers = wantedFinalizers(metadata.finalizers ?? [], request, strategy.propagation);
  const finalizersChange = finalizers.join() !== (metadata.finalizers ?? []).join();
  const held = finalizers.length > 0;
  const marked = (): ApiObject => {
    const copy: ApiObject = { ...live, metadata: { ...metadata } };
    if (finalizers.length > 0) copy.metadata.finalizers = finalizers;
    else delete copy.metadata.finalizers;
    return copy;
  };

  if (strategy.graceSeconds !== undefined) {
    if (metadata.deletionTimestamp === undefined) {
      const grace = strategy.graceSeconds(live, positiveGrace(request));
      const object = marked();
      setDeletion(object, core.clock.now() + grace * 1000, grace);
      return { do: grace > 0 || held ? 'mark' : 'mark and remove', object };
    }
    const running = metadata.deletionGracePeriodSeconds;
    const requested = positiveGrace(request);
    if (running !== undefined && running > 0) {
      if (requested === undefined || requested >= running) return { do: 'nothing' };
      const object = marked();
      const at = Date.parse(metadata.deletionTimestamp) - (running - requested) * 1000;
      const now = core.clock.now();
      // Nobody is to have gone in the past: who has had the time already gets the shortest there is.
      const grace = at < now && requested !== 0 ? 1 : requested;
      object.metadata.deletionTimestamp = formatTime(Math.max(at, now));
      object.metadata.deletionGracePeriodSeconds = grace;
      return { do: grace > 0 || held ? 'mark' : 'mark and remove', object };
    }
  }
  if (!held && !finalizersChange) return { do: 'remove' };
  if (metadata.deletionTimestamp !== undefined) {
    if (finalizersChange) return held ? { do: 'mark', object: marked() } : { do: 'remove' };
    return { do: 'nothing' };
  }
  if (!held) return { do: 'remove' };
  const object = marked();
  setDeletion(object, core.clock.now(), 0);
  return { do: 'mark', object };
}

/** Upstream takes a negative grace period as one second. */
function positiveGrace({ gracePeriodSeconds }: DeleteOptions): number | undefined {
  return gracePeriodSeconds !== undefined && gracePeriodSeconds < 0 ? 1 : gracePeriodSeconds;
}

function setDeletion(object: ApiObject, at: number, grace: number): void {
  const { metadata } = object;
  metadata.deletionTimestamp = formatTime(at);
  metadata.deletionGracePeriodSeconds = grace;
  if (metadata.generation !== undefined) metadata.generation += 1;
}

/** The finalizers with those for the garbage collector as the request, or else the object itself, wants them. */
function wantedFinalizers(finalizers: readonly string[], request: DeleteOptions, standard: Strategy['propagation']): string[] {
  const others = finalizers.filter((finalizer) => finalizer !== orphanFinalizer && finalizer !== foregroundFinalizer);
  const policy = standard === 'unsupported' ? 'Background' : propagation(finalizers, request, standard);
  if (policy === 'Orphan') return [...others, orphanFinalizer];
  if (policy === 'Foreground') return [...others, foregroundFinalizer];
  return others;
}

function propagation(finalizers: readonly string[], request: DeleteOptions, standard = 'Background'): string {
  if (request.orphanDependents !== undefined) return request.orphanDependents ? 'Orphan' : 'Background';
  if (request.propagationPolicy !== undefined) return request.propagationPolicy;
  const given = finalizers.find((finalizer) => finalizer === orphanFinalizer || finalizer === foregroundFinalizer);
  if (given === orphanFinalizer) return 'Orphan';
  return given === foregroundFinalizer ? 'Foreground' : standard;
}

/** Does one step; `undefined` when another write came first. */
async function take(core: Core, resource: Resource, key: string, old: Entry, step: Step, dryRun: boolean): Promise<Deleted | undefined> {
  if (step.do === 'nothing') return { entry: old, gone: false };
  let last = old;
  if ('object' in step) {
    const marked = await core.put(key, await storableOf(resource, step.object), old, dryRun);
    if (marked === undefined) return undefined;
    if (step.do === 'mark') return { entry: marked, gone: false };
    last = marked;
  }
  const { strategy } = resource;
  const object = core.cache.object(resource, last);
  const revision = await core.remove(key, last, dryRun, strategy.removedWith?.(object));
  if (revision === undefined) return undefined;
  if (!dryRun) strategy.released?.(object);
  return { entry: { ...last, revision }, gone: true };
}

/** Throws 409 when the object is not the one that a deletion is meant for. */
export function checkPreconditions(resource: Resource, name: string, live: ApiObject, { preconditions }: DeleteOptions): void {
  if (preconditions === undefined) return;
  const { uid, resourceVersion } = preconditions;
  const { uid: itsUid = '', resourceVersion: itsVersion = '' } = live.metadata;
  if (uid !== undefined && uid !== itsUid) throw unmet(resource, name, 'UID', uid, itsUid);
  if (resourceVersion !== undefined && resourceVersion !== itsVersion)
    throw unmet(resource, name, 'ResourceVersion', resourceVersion, itsVersion);
}

function unmet(resource: Resource, name: string, what: 'UID' | 'ResourceVersion', wanted: string, found: string): Error {
  if (resource.strategy.plainPreconditions) {
    return conflict(resource.subject, name, `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${found}`);
  }
  const maybe = what === 'UID' ? 'deleted and then recreated' : 'modified';
  const why = `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${found}). The object might have been ${maybe}`;
  return conflict(resource.kindSubject, name, why);
}
