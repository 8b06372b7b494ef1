import type { ResourceClaim } from '../generated/types/resource/v1.ts';
import { type Quantity, quantityOf } from '../quantity.ts';
import { countName, type QuotaEvaluator } from './evaluator.ts';

const counted = countName('resource.k8s.io', 'resourceclaims');
/** `gpu.deviceclass.resource.k8s.io/devices`: how many devices of a class are claimed. */
const perClass = '.deviceclass.resource.k8s.io/devices';
/** A claim for all devices may get at most this many; upstream's `AllocationResultsMaxSize`. */
const mostDevices = 32;

/** Counts claims for devices, and the devices. Follows `pkg/quota/v1/evaluator/core/resource_claims.go`. */
export const resourceClaimEvaluator: QuotaEvaluator = {
  group: 'resource.k8s.io',
  plural: 'resourceclaims',
  handles: ({ operation, subresource }) => subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),
  matchesResource: (name) => name === counted || name.endsWith(perClass),
  matchesScope: () => false,
  usage(object) {
    const { spec }: ResourceClaim = object as ResourceClaim;
    const usage = new Map<string, Quantity>([[counted, quantityOf(1)]]);
    const devices = new Map<string, number>();
    for (const { exactly, firstAvailable = [] } of spec.devices?.requests ?? []) {
      // Of alternatives only one is taken: each class is charged for the most that it may come to.
      const most = new Map<string, number>();
      for (const { deviceClassName, allocationMode, count = 1 } of exactly === undefined ? firstAvailable : [exactly]) {
        const wanted = allocationMode === 'All' ? mostDevices : count;
        most.set(deviceClassName, Math.max(most.get(deviceClassName) ?? 0, wanted));
      }
      for (const [name, count] of most) devices.set(name, (devices.get(name) ?? 0) + count);
    }
    for (const [name, count] of devices) usage.set(name + perClass, quantityOf(count));
    return usage;
  },
};
