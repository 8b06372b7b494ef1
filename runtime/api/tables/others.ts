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
      column('Service', 'Service that serves the group and version, or Local.'),
      column('Available', 'Whether it can be reached.'),
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
      column('BinaryVersion', 'Version of the program.'),
      column('EmulationVersion', 'Version the program behaves as.'),
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
  RuntimeClass: printer<RuntimeClass>([nameColumn, column('Handler', 'Name of the runtime on the nodes.'), ageColumn], (object, now) => [
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
};

export const internalPrinters: Printers = {
  StorageVersion: printer<StorageVersion>(
    [
      nameColumn,
      column('CommonEncodingVersion', 'Version all servers write.'),
      column('StorageVersions', 'Versions the servers write.'),
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
    [{ ...nameColumn, format: '' }, column('Resource', 'Resource whose objects are written anew.')],
    (object) => [nameOf(object), `${object.spec?.resource.resource ?? ''}.${object.spec?.resource.group ?? ''}`],
  ),
};
