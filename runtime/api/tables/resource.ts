import type { Condition } from '../generated/types/meta/v1.ts';
import type { ResourceClaim, ResourceSlice } from '../generated/types/resource/v1.ts';
import type { PoolStatus, ResourcePoolStatusRequest, ResourcePoolStatusRequestStatus } from '../generated/types/resource/v1alpha3.ts';
import type { DeviceTaintRule } from '../generated/types/resource/v1beta2.ts';
import { since } from './human-duration.ts';
import { ageColumn, ageOf, column, documented, nameColumn, nameOf, type Printers, plainPrinter, printer } from './printer.ts';

function claimState(claim: ResourceClaim): string {
  const deleted = claim.metadata?.deletionTimestamp !== undefined;
  if (claim.status?.allocation === undefined) return deleted ? 'deleted' : 'pending';
  const reserved = (claim.status.reservedFor?.length ?? 0) > 0;
  return [...(deleted ? ['deleted'] : []), 'allocated', ...(reserved ? ['reserved'] : [])].join(',');
}

/** Devices of all pools as far as they are known, and in how many pools something is wrong. */
function poolCells({ status }: ResourcePoolStatusRequest): string[] {
  if (status === undefined || outcomeOf(status)?.type === 'Failed') return ['-', '-', '-', '-', '-'];
  const pools = status.pools ?? [];
  const sum = (count: (pool: PoolStatus) => number | undefined): string =>
    String(pools.reduce((total, pool) => total + (count(pool) ?? 0), 0));
  return [
    sum((pool) => pool.totalDevices),
    sum((pool) => pool.availableDevices),
    sum((pool) => pool.allocatedDevices),
    sum((pool) => pool.unavailableDevices),
    sum((pool) => (pool.validationError === undefined ? 0 : 1)),
  ];
}

function outcomeOf(status: ResourcePoolStatusRequestStatus): Condition | undefined {
  return status.conditions?.find((condition) => ['Complete', 'Failed'].includes(condition.type) && condition.status === 'True');
}

function requestState(status: ResourcePoolStatusRequestStatus | undefined): string {
  const state = (status && outcomeOf(status)?.type) ?? 'Pending';
  const [count, listed] = [status?.poolCount ?? 0, status?.pools?.length ?? 0];
  return state === 'Complete' && count > listed ? `Complete (${listed}/${count} pools)` : state;
}

function completedCell(status: ResourcePoolStatusRequestStatus | undefined, now: number): string {
  const outcome = status && outcomeOf(status);
  return outcome?.type === 'Complete' ? since(outcome.lastTransitionTime, now) : '<none>';
}

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
  ResourcePoolStatusRequest: printer<ResourcePoolStatusRequest>(
    [
      nameColumn,
      column('Driver', 'The driver to query pools for.'),
      column('Total', 'Total number of devices across all pools.'),
      column('Available', 'Number of available devices across all pools.'),
      column('Allocated', 'Number of allocated devices across all pools.'),
      column('Unavailable', 'Number of unavailable devices across all pools.'),
      column('Errors', 'Number of pools with validation errors.'),
      column('Pools', 'Total number of matching pools.', 'integer'),
      column('Status', 'Processing status.'),
      column('Completed', 'Time since the observation completed.'),
    ],
    (object, now) => [
      nameOf(object),
      object.spec.driver,
      ...poolCells(object),
      object.status?.poolCount ?? 0,
      requestState(object.status),
      completedCell(object.status, now),
    ],
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
