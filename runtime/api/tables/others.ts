import type { APIService } from '../generated/types/apiregistration/v1.ts';
import type { Lease } from '../generated/types/coordination/v1.ts';
import type { LeaseCandidate } from '../generated/types/coordination/v1beta1.ts';
import type { StorageVersion } from '../generated/types/internal/v1alpha1.ts';
import type { RuntimeClass } from '../generated/types/node/v1.ts';
import type { PriorityClass } from '../generated/types/scheduling/v1.ts';
import type { StorageVersionMigration } from '../generated/types/storagemigration/v1beta1.ts';
import { listCell } from './cells.ts';
import { ageColumn, ageOf, column, documented, nameColumn, nameOf, type Printers, printer } from './printer.ts';

function availableCell(service: APIService): string {
  const available = service.status?.conditions?.find((condition) => condition.type === 'Available');
  if (available === undefined) return 'Unknown';
  return available.status === 'True' ? 'True' : `${available.status} (${available.reason ?? ''})`;
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
      column('BinaryVersion', documented('coordination.v1beta1.LeaseCandidateSpec', 'binaryVersion')),
      column('EmulationVersion', documented('coordination.v1beta1.LeaseCandidateSpec', 'emulationVersion')),
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
  RuntimeClass: printer<RuntimeClass>(
    [nameColumn, column('Handler', documented('node.v1.RuntimeClass', 'handler')), ageColumn],
    (object, now) => [nameOf(object), object.handler, ageOf(object, now)],
  ),
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
    [
      { ...nameColumn, format: '' },
      column(
        'Resource',
        'The resource that is being migrated. The migrator sends requests to the endpoint serving the resource. Immutable.',
      ),
    ],
    (object) => [nameOf(object), `${object.spec?.resource.resource ?? ''}.${object.spec?.resource.group ?? ''}`],
  ),
};
