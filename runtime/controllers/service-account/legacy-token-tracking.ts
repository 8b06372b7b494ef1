import { isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { configMaps } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';
import { dayOf, startOfDay, trackedSince, trackingConfigMap } from './legacy-tokens.ts';

const name = 'legacy_token_tracking_controller';
const namespace = 'kube-system';
/** How long it takes until the ConfigMap is made again, in milliseconds. */
const creationInterval = 30 * 60_000;

/**
 * Says in a ConfigMap since when it is noted on secrets that their tokens are used, and puts a day there that is none. Who deletes it begins
 * anew. After `pkg/controlplane/controller/legacytokentracking`.
 */
export function createLegacyTokenTracking(context: ControllerContext): Controller {
  const { client, informers, clock, log } = context;
  const informer = informers.for(configMaps, { namespace, fieldSelector: `metadata.name=${trackingConfigMap}` });
  const resource = client.resource(configMaps);
  const queue = queueFor(context, name);
  const changed = () => queue.add(trackingConfigMap);
  informer.on({ added: changed, updated: changed, deleted: changed });
  let created = Number.NEGATIVE_INFINITY;

  const reconcile = async () => {
    const current = informer.lister.get(namespace, trackingConfigMap);
    const today = { [trackedSince]: dayOf(clock.now()) };
    if (current === undefined) {
      const wait = created + creationInterval - clock.now();
      if (wait > 0) return queue.addAfter(trackingConfigMap, wait);
      try {
        await resource.create({ metadata: { name: trackingConfigMap, namespace }, data: today });
        created = clock.now();
      } catch (error) {
        if (!isReason(error, 'AlreadyExists')) throw error;
      }
    } else if (startOfDay(current.data?.[trackedSince] ?? '') === undefined) {
      try {
        await resource.update({ ...current, data: { ...current.data, ...today } });
      } catch (error) {
        if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
      }
    }
  };

  return {
    name,
    async run(signal) {
      await informer.synced();
      changed();
      await runController({ name, queue, workers: 1, reconcile, signal, log });
    },
  };
}
