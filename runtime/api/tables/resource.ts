import type { DeviceClass, ResourceClaim, ResourceClaimTemplate, ResourceSlice } from '../generated/types/resource/v1.ts';
import type { DeviceTaintRule } from '../generated/types/resource/v1beta2.ts';
import { since } from './human-duration.ts';
import { ageColumn, ageOf, column, documented, nameColumn, nameOf, type Printers, printer } from './printer.ts';

function claimState(claim: ResourceClaim): string {
  const deleted = claim.metadata?.deletionTimestamp !== undefined;
  if (claim.status?.allocation === undefined) return deleted ? 'deleted' : 'pending';
  const reserved = (claim.status.reservedFor?.length ?? 0) > 0;
  return [...(deleted ? ['deleted'] : []), 'allocated', ...(reserved ? ['reserved'] : [])].join(',');
}

const plainPrinter = printer<DeviceClass | ResourceClaimTemplate>([nameColumn, ageColumn], (object, now) => [
  nameOf(object),
  ageOf(object, now),
]);

export const resourcePrinters: Printers = {
  DeviceClass: plainPrinter,
  ResourceClaimTemplate: plainPrinter,
  DeviceTaintRule: printer<DeviceTaintRule>(
    [
      nameColumn,
      column('Key', documented('resource.v1.DeviceTaint', 'key')),
      column('Value', documented('resource.v1.DeviceTaint', 'value')),
      column('Effect', documented('resource.v1.DeviceTaint', 'effect')),
      column('TimeAdded', documented('resource.v1.DeviceTaint', 'timeAdded')),
      ageColumn,
    ],
    (object, now) => {
      const { key, value = '', effect, timeAdded } = object.spec.taint;
      return [nameOf(object), key, value, effect, timeAdded === undefined ? '' : since(timeAdded, now), ageOf(object, now)];
    },
  ),
  ResourceClaim: printer<ResourceClaim>(
    [nameColumn, column('State', 'A summary of the current state (allocated, pending, reserved, etc.).'), ageColumn],
    (object, now) => [nameOf(object), claimState(object), ageOf(object, now)],
  ),
  ResourceSlice: printer<ResourceSlice>(
    [
      nameColumn,
      column('Node', documented('resource.v1.ResourceSliceSpec', 'nodeName')),
      column('Driver', documented('resource.v1.ResourceSliceSpec', 'driver')),
      column('Pool', documented('resource.v1.ResourcePool', 'name')),
      ageColumn,
    ],
    (object, now) => [nameOf(object), object.spec.nodeName ?? '', object.spec.driver, object.spec.pool.name, ageOf(object, now)],
  ),
};
