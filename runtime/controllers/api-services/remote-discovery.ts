import { runController, Unfulfilled } from '../../client/controller.ts';
import { nameOf } from '../../client/object-key.ts';
import { apiServices } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';
import type { RemoteServers } from './remote-servers.ts';

const name = 'discovery-manager';
/** How often a server that has told its resources is asked again, in milliseconds; one that has not is asked this often at last. */
const refreshPeriod = 60_000;
const firstDelay = 500;

/**
 * Keeps what discovery tells of the resources that others serve: asks their servers whenever an APIService changes, and every minute. Follows upstream's
 * `discoveryManager`.
 */
export function createRemoteDiscovery(context: ControllerContext, servers: RemoteServers): Controller {
  const { informers, log } = context;
  const registered = informers.for(apiServices);
  const queue = queueFor(context, name, { baseDelay: firstDelay, maxDelay: refreshPeriod });
  const isRemote = (key: string) => registered.lister.get(undefined, key)?.spec?.service !== undefined;
  /** Those that are known to the server, so that it can forget them. */
  const followed = new Set<string>();

  const changed = (key: string) => {
    if (isRemote(key) || followed.has(key)) queue.add(key);
  };
  registered.on({
    added: (apiService) => changed(nameOf(apiService)),
    updated: (apiService) => changed(nameOf(apiService)),
    deleted: (apiService) => changed(nameOf(apiService)),
  });

  const reconcile = async (key: string) => {
    if (isRemote(key)) followed.add(key);
    else followed.delete(key);
    await servers.refreshDiscovery(key).catch((error: unknown) => {
      throw new Unfulfilled(error instanceof Error ? error.message : String(error));
    });
    if (isRemote(key)) queue.addAfter(key, refreshPeriod);
  };

  return {
    name,
    async run(signal) {
      await registered.synced();
      await runController({ name, queue, workers: 2, reconcile, signal, log });
    },
  };
}
