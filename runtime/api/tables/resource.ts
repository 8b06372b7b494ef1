import type { DeviceClass, ResourceClaim, ResourceClaimTemplate, ResourceSlice } from '../generated/types/resource/v1.ts';
import { ageColumn, ageOf, column, nameColumn, nameOf, type Printers, printer } from './printer.ts';

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
  ResourceClaim: printer<ResourceClaim>([nameColumn, column('State', 'How far the claim has come.'), ageColumn], (object, now) => [
    nameOf(object),
    claimState(object),
    ageOf(object, now),
  ]),
  ResourceSlice: printer<ResourceSlice>(
    [
      nameColumn,
      column('Node', 'Node the devices are on.'),
      column('Driver', 'Driver of the devices.'),
      column('Pool', 'Pool the devices belong to.'),
      ageColumn,
    ],
    (object, now) => [nameOf(object), object.spec.nodeName ?? '', object.spec.driver, object.spec.pool.name, ageOf(object, now)],
  ),
};
