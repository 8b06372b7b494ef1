import { runController, Unfulfilled } from '../../client/controller.ts';
import { nameOf } from '../../client/object-key.ts';
import { apiServices } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';
import type { RemoteServers } from './remote-servers.ts';

const name = 'open_api_v3_aggregation_controller';
/** In milliseconds. */
const soon = 1000;
const refreshPeriod = 60_000;
const longestDelay = 60 * 60_000;

/**
 * Keeps the OpenAPI documents of other API servers: asks these a second after an APIService has come, every minute as long as they answer, and more and
 * more seldom when they do not, until the APIService changes. Follows upstream's aggregation controllers of both versions.
 */
export function createRemoteOpenApi(context: ControllerContext, servers: RemoteServers): Controller {
  const { informers, log } = context;
  const registered = informers.for(apiServices);
  const queue = queueFor(context, name, { baseDelay: refreshPeriod, maxDelay: longestDelay });
  const followed = new Set<string>();
  const isRemote = (key: string) => registered.lister.get(undefined, key)?.spec?.service !== undefined;

  const changed = (key: string) => {
    const isNew = isRemote(key) && !followed.has(key);
    const isGone = !isRemote(key) && followed.has(key);
    if (isNew) followed.add(key);
    if (isGone) followed.delete(key);
    if (isNew || isGone || queue.failures(key) > 0) {
      queue.forget(key);
      queue.addAfter(key, soon);
    }
  };
  registered.on({
    added: (apiService) => changed(nameOf(apiService)),
    updated: (apiService) => changed(nameOf(apiService)),
    deleted: (apiService) => changed(nameOf(apiService)),
  });

  const reconcile = async (key: string) => {
    await servers.refreshOpenApi(key).catch((error: unknown) => {
      throw new Unfulfilled(error instanceof Error ? error.message : String(error));
    });
    if (isRemote(key)) queue.addAfter(key, refreshPeriod);
  };

  return {
    name,
    async run(signal) {
      await registered.synced();
      await runController({ name, queue, workers: 1, reconcile, signal, log });
    },
  };
}
