import type { ResourceQuota } from '../../api/generated/types/core/v1.ts';
import type { KubeObject } from '../../api/object.ts';
import type { QuotaEvaluator } from '../../api/quota/index.ts';
import { listsEqual, readList, writeList } from '../../api/resource-list.ts';
import { isReason, type ResourceRef } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { discoverPreferred } from '../../client/discovery.ts';
import type { Informer } from '../../client/informer.ts';
import { keyOf, namespaceOf } from '../../client/object-key.ts';
import { persistentVolumeClaims, pods, resourceQuotas, services } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';
import { calculateUsage, concerns, evaluatorsOf, statusOf } from './quota-usage.ts';

const name = 'resourcequota-controller';
const workers = 5;
/** How often everything is counted again, whatever was heard of it. */
const resyncPeriod = 5 * 60_000;
/** After a recount its outcome is looked at once more: what was admitted meanwhile may not have been in the caches. */
const recheckDelay = 5_000;

const wellKnown: readonly ResourceRef<KubeObject>[] = [pods, services, persistentVolumeClaims];

interface Followed {
  readonly informer: Informer<KubeObject>;
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

  quotas.on({
    added: (quota) => queue.add(keyOf(quota)),
    updated(quota, previous) {
      if (!listsEqual(readList(quota.spec?.hard), readList(previous.spec?.hard))) queue.add(keyOf(quota));
    },
  });

  /** Something of a namespace uses less than before: its quotas are counted again. */
  const replenish = (evaluator: QuotaEvaluator, object: KubeObject) => {
    for (const quota of quotas.lister.list(namespaceOf(object))) if (concerns(quota, evaluator)) queue.add(keyOf(quota));
  };

  const follow = async (evaluator: QuotaEvaluator): Promise<Informer<KubeObject> | undefined> => {
    const id = `${evaluator.plural}.${evaluator.group}`;
    const known = followed.get(id);
    if (known !== undefined) return known.informer;
    const same = ({ group, plural }: ResourceRef<KubeObject>) => group === evaluator.group && plural === evaluator.plural;
    const ref =
      wellKnown.find(same) ??
      (await discoverPreferred(client)).find(
        (each) => same(each) && each.namespaced && each.verbs.includes('list') && each.verbs.includes('watch'),
      );
    if (ref === undefined) return undefined;
    const other = followed.get(id);
    if (other !== undefined) return other.informer;
    const informer = informers.for(ref);
    const leave = informer.on({
      updated(object, previous) {
        const now = clock.now();
        if (!listsEqual(evaluator.usage(object, now), evaluator.usage(previous, now))) replenish(evaluator, object);
      },
      deleted: (object) => replenish(evaluator, object),
    });
    followed.set(id, { informer, leave });
    return informer;
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
    const sources = new Map<QuotaEvaluator, Informer<KubeObject>>();
    for (const evaluator of evaluatorsOf(quota)) {
      const informer = await follow(evaluator);
      if (informer === undefined) continue;
      await informer.synced();
      sources.set(evaluator, informer);
    }
    await write(quota, sources);
  };

  const write = async (quota: ResourceQuota, sources: ReadonlyMap<QuotaEvaluator, Informer<KubeObject>>) => {
    const list = (evaluator: QuotaEvaluator) => sources.get(evaluator)?.lister.list(namespaceOf(quota)) ?? [];
    const { used, dirty } = statusOf(quota, calculateUsage(quota, [...sources.keys()], list, clock.now()));
    if (!dirty) return;
    try {
      await resource.update({ ...quota, status: { hard: { ...quota.spec?.hard }, used: writeList(used) } }, 'status');
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
