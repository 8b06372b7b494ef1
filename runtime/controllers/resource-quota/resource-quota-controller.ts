import type { ResourceQuota } from '../../api/generated/types/core/v1.ts';
import type { KubeObject } from '../../api/object.ts';
import type { QuotaEvaluator } from '../../api/quota/index.ts';
import { listsEqual, type ResourceList, readList, writeList } from '../../api/resource-list.ts';
import { isReason, type ResourceRef } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { discoverPreferred } from '../../client/discovery.ts';
import type { Informer } from '../../client/informer.ts';
import { keyOf, namespaceOf } from '../../client/object-key.ts';
import { persistentVolumeClaims, pods, resourceQuotas, services } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';
import { calculateUsage, concerns, evaluatorsOf, statusOf, withoutLowering } from './quota-usage.ts';

const name = 'resourcequota-controller';
const workers = 5;
/** How often everything is counted again, whatever was heard of it. */
const resyncPeriod = 5 * 60_000;
/** After a recount its outcome is looked at once more: what was admitted meanwhile may not have been in the caches. */
const recheckDelay = 5_000;

const wellKnown: readonly ResourceRef<KubeObject>[] = [pods, services, persistentVolumeClaims];

/**
 * How long a quota has to stay as it is before its usage is lowered. Admission charges a quota before the object is written, so whatever
 * was charged less than this ago may not be there to be counted yet.
 */
const settleTime = 1_000;

interface Followed {
  readonly informer: Informer<KubeObject>;
  readonly ref: ResourceRef<KubeObject>;
  /** Listens to it no more. */
  readonly leave: () => void;
}

/** Counts what the objects of a namespace use of its quotas, and follows their deletion; after `pkg/controller/resourcequota` of Kubernetes. */
export function createResourceQuotaController(context: ControllerContext): Controller {
  const { client, informers, clock, log } = context;
  const quotas = informers.for(resourceQuotas);
  const resource = client.resource(resourceQuotas);
  const queue = queueFor(context, 'resourcequota_primary');
  /** The caches of what quotas count, by group and plural; only what some quota counts is followed. */
  const followed = new Map<string, Followed>();
  /** The newest version of each quota, by key, and since when nothing was charged to it. */
  const versions = new Map<string, { readonly resourceVersion: string | undefined; readonly since: number }>();

  const see = (quota: ResourceQuota, since = clock.now()) => {
    const { resourceVersion } = quota.metadata ?? {};
    if (versions.get(keyOf(quota))?.resourceVersion !== resourceVersion) versions.set(keyOf(quota), { resourceVersion, since });
  };

  quotas.on({
    added(quota) {
      see(quota);
      queue.add(keyOf(quota));
    },
    updated(quota, previous) {
      see(quota);
      if (!listsEqual(readList(quota.spec?.hard), readList(previous.spec?.hard))) queue.add(keyOf(quota));
    },
    deleted: (quota) => versions.delete(keyOf(quota)),
  });

  /** Something of a namespace uses less than before: its quotas are counted again. */
  const replenish = (evaluator: QuotaEvaluator, object: KubeObject) => {
    for (const quota of quotas.lister.list(namespaceOf(object))) if (concerns(quota, evaluator)) queue.add(keyOf(quota));
  };

  const follow = async (evaluator: QuotaEvaluator): Promise<Followed | undefined> => {
    const id = `${evaluator.plural}.${evaluator.group}`;
    const known = followed.get(id);
    if (known !== undefined) return known;
    const same = ({ group, plural }: ResourceRef<KubeObject>) => group === evaluator.group && plural === evaluator.plural;
    const ref =
      wellKnown.find(same) ??
      (await discoverPreferred(client)).find(
        (each) => same(each) && each.namespaced && each.verbs.includes('list') && each.verbs.includes('watch'),
      );
    if (ref === undefined) return undefined;
    const other = followed.get(id);
    if (other !== undefined) return other;
    const informer = informers.for(ref);
    const leave = informer.on({
      updated(object, previous) {
        const now = clock.now();
        if (!listsEqual(evaluator.usage(object, now), evaluator.usage(previous, now))) replenish(evaluator, object);
      },
      deleted: (object) => replenish(evaluator, object),
    });
    const entry = { informer, ref, leave };
    followed.set(id, entry);
    return entry;
  };

  /** Everything is counted anew, from caches that are looked up anew: kinds may have gone and come back since. */
  const resync = () => {
    for (const { leave } of followed.values()) leave();
    followed.clear();
    for (const quota of quotas.lister.list()) queue.add(keyOf(quota));
  };

  const reconcile = async (key: string) => {
    const [namespace = '', quotaName = ''] = key.split('/');
    const quota = quotas.lister.get(namespace, quotaName);
    if (quota === undefined) return;
    const sources = new Map<QuotaEvaluator, Followed>();
    for (const evaluator of evaluatorsOf(quota)) {
      const source = await follow(evaluator);
      if (source === undefined) continue;
      await source.informer.synced();
      sources.set(evaluator, source);
    }
    const objects = new Map([...sources].map(([evaluator, { informer }]) => [evaluator, informer.lister.list(namespace)]));
    const counted = count(quota, objects);
    if (!statusOf(quota, counted).lowers) return write(quota, counted);
    if (!hasSettled(key, quota)) return write(quota, withoutLowering(quota, counted));
    // What was charged before the quota settled is written by now, though caches may not have it; what is charged from now on changes
    // the quota, and the write fails.
    const newest = await Promise.all(
      [...sources].map(async ([evaluator, { ref }]) => [evaluator, (await client.resource(ref).list({ namespace })).items] as const),
    );
    await write(quota, count(quota, new Map(newest)));
  };

  const count = (quota: ResourceQuota, objects: ReadonlyMap<QuotaEvaluator, readonly KubeObject[]>) =>
    calculateUsage(quota, [...objects.keys()], (evaluator) => objects.get(evaluator) ?? [], clock.now());

  /** Whether nothing was charged to a quota for long enough; when not, it comes back. */
  const hasSettled = (key: string, quota: ResourceQuota): boolean => {
    const known = versions.get(key);
    const isNewest = known !== undefined && known.resourceVersion === quota.metadata?.resourceVersion;
    const left = isNewest ? known.since + settleTime - clock.now() : settleTime;
    if (left > 0) queue.addAfter(key, left);
    return left <= 0;
  };

  /** A write of the controller's own charges nothing: the quota stays as settled as it was. */
  const keepSettled = (key: string, old: ResourceQuota, written: ResourceQuota) => {
    const known = versions.get(key);
    if (known?.resourceVersion === old.metadata?.resourceVersion) see(written, known?.since);
  };

  const write = async (quota: ResourceQuota, counted: ResourceList) => {
    const { used, dirty } = statusOf(quota, counted);
    if (!dirty) return;
    try {
      const written = await resource.update({ ...quota, status: { hard: { ...quota.spec?.hard }, used: writeList(used) } }, 'status');
      keepSettled(keyOf(quota), quota, written);
      queue.addAfter(keyOf(quota), recheckDelay);
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  };

  return {
    name,
    async run(signal) {
      await quotas.synced();
      const cancel = clock.every(resyncPeriod, resync);
      try {
        await runController({ name, queue, workers, reconcile, signal, log });
      } finally {
        cancel();
      }
    },
  };
}
