import type { Controller, ControllerContext } from '../common/context.ts';
import { followRemoteServers, refreshPeriod } from './follow-remote-servers.ts';
import type { RemoteServers } from './remote-servers.ts';

/** How long after a change a server is asked, in milliseconds. */
const soon = 1000;
const longestDelay = 60 * 60_000;

/**
 * Keeps the OpenAPI documents of other API servers: asks these a second after an APIService has come, every minute as long as they answer, and more and
 * more seldom when they do not, until the APIService changes. Follows upstream's aggregation controllers of both versions.
 */
export function createRemoteOpenApi(context: ControllerContext, servers: RemoteServers): Controller {
  return followRemoteServers(context, {
    name: 'open_api_v3_aggregation_controller',
    workers: 1,
    baseDelay: refreshPeriod,
    maxDelay: longestDelay,
    refresh: (apiService) => servers.refreshOpenApi(apiService),
    wake(queue, apiService, change) {
      if (change === 'changed' && queue.failures(apiService) === 0) return;
      queue.forget(apiService);
      queue.addAfter(apiService, soon);
    },
  });
}
