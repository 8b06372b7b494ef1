import type { APIService } from '../generated/types/apiregistration/v1.ts';
import type { Lease } from '../generated/types/coordination/v1.ts';
import type { LeaseCandidate } from '../generated/types/coordination/v1beta1.ts';
import type { StorageVersion } from '../generated/types/internal/v1alpha1.ts';
import type { Condition } from '../generated/types/meta/v1.ts';
import type { RuntimeClass } from '../generated/types/node/v1.ts';
import type { PriorityClass } from '../generated/types/scheduling/v1.ts';
import type { PodGroup } from '../generated/types/scheduling/v1alpha2.ts';
import type { StorageVersionMigration } from '../generated/types/storagemigration/v1beta1.ts';
import { listCell } from './cells.ts';
import { ageColumn, ageOf, column, documented, nameColumn, nameOf, type Printers, plainPrinter, printer } from './printer.ts';

/** What upstream looks up where it does not stand. */
const undocumented = '';

function availableCell(service: APIService): string {
  const available = service.status?.conditions?.find((condition) => condition.type === 'Available');
  if (available === undefined) return 'Unknown';
  return available.status === 'True' ? 'True' : `${available.status} (${available.reason ?? ''})`;
}

function migrationState({ status }: StorageVersionMigration): string {
  const states = ['Running', 'Failed', 'Succeeded'];
  return status?.conditions?.findLast((condition) => condition.status === 'True' && states.includes(condition.type))?.type ?? 'Unknown';
}

function podGroupState({ status }: PodGroup): string {
  const last = (type: string): Condition | undefined => status?.conditions?.findLast((condition) => condition.type === type);
  const disruption = last('DisruptionTarget');
  if (disruption !== undefined) return disruption.reason;
  const scheduled = last('PodGroupScheduled');
  if (scheduled === undefined) return 'Pending';
  return scheduled.status === 'True' ? 'Scheduled' : 'Unschedulable';
}

// Groups with one or two kinds.

export const apiregistrationPrinters: Printers = {
  APIService: printer<APIService>(
    [
      nameColumn,
      column('Service', 'The reference to the service that hosts this API endpoint.'),
      column('Available', 'Whether this service is available.'),
      ageColumn,
    ],
    (object, now) => {
      const service = object.spec?.service;
      const place = service === undefined ? 'Local' : `${service.namespace ?? ''}/${service.name ?? ''}`;
      return [nameOf(object), place, availableCell(object), ageOf(object, now)];
    },
  ),
};

export const coordinationPrinters: Printers = {
  Lease: printer<Lease>(
    [nameColumn, column('Holder', documented('coordination.v1.LeaseSpec', 'holderIdentity')), ageColumn],
    (object, now) => [nameOf(object), object.spec?.holderIdentity ?? '', ageOf(object, now)],
  ),
  LeaseCandidate: printer<LeaseCandidate>(
    [
      nameColumn,
      column('LeaseName', documented('coordination.v1beta1.LeaseCandidateSpec', 'leaseName')),
      column('BinaryVersion', undocumented),
      column('EmulationVersion', undocumented),
      ageColumn,
    ],
    (object, now) => [
      nameOf(object),
      object.spec?.leaseName ?? '',
      object.spec?.binaryVersion ?? '',
      object.spec?.emulationVersion ?? '',
      ageOf(object, now),
    ],
  ),
};

export const nodeGroupPrinters: Printers = {
  RuntimeClass: printer<RuntimeClass>([nameColumn, column('Handler', undocumented), ageColumn], (object, now) => [
    nameOf(object),
    object.handler,
    ageOf(object, now),
  ]),
};

export const schedulingPrinters: Printers = {
  PriorityClass: printer<PriorityClass>(
    [
      nameColumn,
      column('Value', documented('scheduling.v1.PriorityClass', 'value'), 'integer'),
      column('Global-Default', documented('scheduling.v1.PriorityClass', 'globalDefault'), 'boolean'),
      ageColumn,
      column('PreemptionPolicy', documented('scheduling.v1.PriorityClass', 'preemptionPolicy')),
    ],
    (object, now) => [nameOf(object), object.value ?? 0, object.globalDefault ?? false, ageOf(object, now), object.preemptionPolicy ?? ''],
  ),
  Workload: plainPrinter,
  PodGroup: printer<PodGroup>(
    [
      nameColumn,
      column(
        'Policy',
        'SchedulingPolicy defines the scheduling policy for this instance of the PodGroup. Controllers are expected to fill this field by copying it from a PodGroupTemplate. This field is immutable.',
      ),
      column('Workload', 'Name of the referenced Workload object'),
      column('Status', 'Status of the PodGroup'),
      ageColumn,
    ],
    (object, now) => [
      nameOf(object),
      object.spec?.schedulingPolicy?.gang === undefined ? 'Basic' : 'Gang',
      // Null when it is stored.
      object.spec?.podGroupTemplateRef ? (object.spec.podGroupTemplateRef.workload?.workloadName ?? '') : '<none>',
      podGroupState(object),
      ageOf(object, now),
    ],
  ),
};

export const internalPrinters: Printers = {
  StorageVersion: printer<StorageVersion>(
    [
      nameColumn,
      column('CommonEncodingVersion', documented('internal.v1alpha1.StorageVersionStatus', 'commonEncodingVersion')),
      column('StorageVersions', documented('internal.v1alpha1.StorageVersionStatus', 'storageVersions')),
      ageColumn,
    ],
    (object, now) => [
      nameOf(object),
      object.status?.commonEncodingVersion ?? '<unset>',
      listCell(
        (object.status?.storageVersions ?? []).map((version) => `${version.apiServerID ?? ''}=${version.encodingVersion ?? ''}`),
        '<unset>',
      ),
      ageOf(object, now),
    ],
  ),
};

export const storagemigrationPrinters: Printers = {
  StorageVersionMigration: printer<StorageVersionMigration>(
    [{ ...nameColumn, format: '' }, column('Resource', 'GroupResource to migrate'), column('Status', 'Status of the migration')],
    (object) => {
      const { resource = '', group = '' } = object.spec?.resource ?? {};
      return [nameOf(object), group === '' ? resource : `${resource}.${group}`, migrationState(object)];
    },
  ),
};
