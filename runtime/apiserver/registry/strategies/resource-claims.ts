import type {
  AllocatedDeviceStatus,
  DeviceRequestAllocationResult,
  ResourceClaimStatus,
} from '../../../api/generated/types/resource/v1.ts';
import type { ApiObject } from '../api-object.ts';
import type { Strategy } from '../strategy.ts';

type Device = Pick<AllocatedDeviceStatus | DeviceRequestAllocationResult, 'driver' | 'pool' | 'device' | 'shareID'>;

function keyOf({ driver, pool, device, shareID = '' }: Device): string {
  return [driver, pool, device, shareID].join('/');
}

function allocated(object: ApiObject): ReadonlySet<string> {
  return new Set((object.status as ResourceClaimStatus | undefined)?.allocation?.devices?.results?.map(keyOf));
}

/** Rules of `pkg/registry/resource/resourceclaim`: what is told of devices goes with them, so that nobody who gives them back needs to know of it. */
export const resourceClaimStrategy: Strategy = {
  returnsDeleted: true,
  statusKeeps: 'metadata',
  prepareForStatusUpdate(object, old) {
    const status = object.status as ResourceClaimStatus | undefined;
    if (status?.devices === undefined) return;
    const [before, now] = [allocated(old), allocated(object)];
    const devices = status.devices.filter((device) => !before.has(keyOf(device)) || now.has(keyOf(device)));
    if (devices.length > 0) status.devices = devices;
    else delete status.devices;
  },
};
