import type { Pod, ResourceRequirements } from './generated/types/core/v1.ts';
import { compareQuantities, parseQuantity, tryParseQuantity } from './quantity.ts';

const computeResources = ['cpu', 'memory'] as const;

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

/**
 * The quality of service of a pod: `Guaranteed` when every container has limits for cpu and memory and requests that equal them, `BestEffort`
 * when none asks for either, else `Burstable`. Resources of the pod as a whole come before those of its containers.
 */
export function podQosClass({ spec }: Pod): QosClass {
  const holders: readonly { readonly resources?: ResourceRequirements }[] =
    spec?.resources === undefined ? [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])] : [spec];
  let any = false;
  let guaranteed = holders.length > 0;
  for (const { resources } of holders) {
    for (const resource of computeResources) {
      const limit = positive(resources?.limits?.[resource]);
      const request = positive(resources?.requests?.[resource]);
      any ||= limit !== undefined || request !== undefined;
      guaranteed &&=
        limit !== undefined && (request === undefined || compareQuantities(parseQuantity(limit), parseQuantity(request)) === 0);
    }
  }
  if (!any) return 'BestEffort';
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function positive(value: string | number | undefined): string | number | undefined {
  if (value === undefined) return undefined;
  const quantity = tryParseQuantity(value);
  return quantity !== undefined && quantity.nanos > 0n ? value : undefined;
}
