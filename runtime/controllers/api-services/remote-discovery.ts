import type { Controller, ControllerContext } from '../common/context.ts';
import { followRemoteServers, refreshPeriod } from './follow-remote-servers.ts';
import type { RemoteServers } from './remote-servers.ts';

/**
 * Keeps what discovery tells of the resources that others serve: asks their servers whenever an APIService changes, and every minute. Follows upstream's
 * `discoveryManager`.
 */
export function createRemoteDiscovery(context: ControllerContext, servers: RemoteServers): Controller {
  return followRemoteServers(context, {
    name: 'discovery-manager',
    workers: 2,
    baseDelay: 500,
    maxDelay: refreshPeriod,
    refresh: (apiService) => servers.refreshDiscovery(apiService),
    wake: (queue, apiService) => queue.add(apiService),
  });
}
