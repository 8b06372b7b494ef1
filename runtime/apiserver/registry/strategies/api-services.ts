import { valueAt } from '../api-object.ts';
import type { Strategy } from '../strategy.ts';

/** Rules of `kube-aggregator/pkg/registry/apiservice`: what this server answers itself is available from the start. */
export const apiServiceStrategy: Strategy = {
  needsResourceVersion: true,
  statusKeeps: 'metadata',
  prepareForCreate(service) {
    if (valueAt(service, 'spec', 'service') !== undefined) return;
    const condition = {
      type: 'Available',
      status: 'True',
      lastTransitionTime: service.metadata.creationTimestamp,
      reason: 'Local',
      message: 'Local APIServices are always available',
    };
    service.status = { conditions: [condition] };
  },
};
