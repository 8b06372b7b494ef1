import { compareQuantities, parseQuantity, tryParseQuantity } from '../../../api/quantity.ts';
import { type ApiObject, arrayAt, valueAt } from '../api-object.ts';

const computeResources = ['cpu', 'memory'] as const;

/**
 * The quality of service of a pod: `Guaranteed` when every container has limits for cpu and memory and requests that equal them, `BestEffort`
 * when none asks for either, else `Burstable`. Resources of the pod as a whole come before those of its containers.
 */
export function podQosClass(pod: ApiObject): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const holders =
    valueAt(pod, 'spec', 'resources') === undefined
      ? [...arrayAt(pod, 'spec', 'containers'), ...arrayAt(pod, 'spec', 'initContainers')]
      : [valueAt(pod, 'spec')];
  let any = false;
  let guaranteed = holders.length > 0;
  for (const holder of holders) {
    for (const resource of computeResources) {
      const limit = positive(valueAt(holder, 'resources', 'limits', resource));
      const request = positive(valueAt(holder, 'resources', 'requests', resource));
      any ||= limit !== undefined || request !== undefined;
      guaranteed &&=
        limit !== undefined && (request === undefined || compareQuantities(parseQuantity(limit), parseQuantity(request)) === 0);
    }
  }
  if (!any) return 'BestEffort';
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function positive(value: unknown): string | number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const quantity = tryParseQuantity(value);
  return quantity !== undefined && quantity.nanos > 0n ? value : undefined;
}
